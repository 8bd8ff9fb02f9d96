"""The idle worker brings kept sums up to date, a few places at a time, and rests longer than it worked."""

from __future__ import annotations

import logging
import time

from shouwang import policy
from shouwang.regions import kept_sums

from . import clock

_log = logging.getLogger(__name__)
# Every write makes some place stale, and pages count few such places as they are opened: there is no hurry to count them here.
_REST_SECONDS = 5.0
_REST_TIMES = 10
_REST_AFTER_FAULT = 600.0


class Upkeep:
    """What one worker remembers between its steps: since when it works, and until when it rests."""

    def __init__(self) -> None:
        self._rests_until = 0.0
        self._worked = 0.0

    def step(self) -> bool:
        """Renews some places, if any changed and the rest is over. False when there is nothing to do now."""
        began = time.monotonic()
        if began < self._rests_until:
            return False
        try:
            done = kept_sums.keep_up(today=clock.today(), policies=policy.load())
        except Exception:  # pages count what is not kept: that is no reason to stop the work people asked for
            _log.exception("合计未能更新")
            self._rests_until = time.monotonic() + _REST_AFTER_FAULT
            return False
        self._worked += time.monotonic() - began
        if done:
            return True
        self._rests_until = time.monotonic() + _REST_SECONDS + _REST_TIMES * self._worked
        self._worked = 0.0
        return False
