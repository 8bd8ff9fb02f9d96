"""The idle worker brings kept sums up to date, a few places at a time, and rests longer than it worked."""

from __future__ import annotations

import logging
import time

from shouwang import policy
from shouwang.regions import kept_sums, watching

from . import clock

_log = logging.getLogger(__name__)
# Every write makes some place stale, and pages count few such places as they are opened: there is no hurry to count them here.
_REST_SECONDS = 5.0
_REST_TIMES = 10
_REST_AFTER_FAULT = 600.0
# Beside the watched tables a new screening says what is wanted: looked at anew now and then though nothing changed.
_LOOK_SECONDS = 60.0


class Upkeep:
    """What one worker remembers between its steps: what everything stood at when nothing was left to do, and until when it rests."""

    def __init__(self) -> None:
        self._rests_until = self._looks_at = 0.0
        self._worked = 0.0
        self._done: tuple[object, ...] | None = None
        self._is_watched = False

    def step(self) -> bool:
        """Renews some places, if any changed and the rest is over. False when there is nothing to do now."""
        began = time.monotonic()
        if began < self._rests_until:
            return False
        try:
            is_left = self._renew(began)
        except Exception:  # pages count what is not kept: that is no reason to stop the work people asked for
            _log.exception("合计未能更新")
            self._rests_until = began + _REST_AFTER_FAULT
            return False
        self._worked += time.monotonic() - began
        if not is_left:
            self._rests_until = time.monotonic() + _REST_SECONDS + _REST_TIMES * self._worked
            self._worked = 0.0
        return is_left

    def _renew(self, now: float) -> bool:
        if not self._is_watched:  # a newer program may watch more than the last migration knew of
            watching.install(kept_sums.sources())
            self._is_watched = True
        today, policies = clock.today(), policy.load()
        stand = (today, policies.version, watching.count())
        if stand == self._done and now < self._looks_at:
            return False
        if kept_sums.keep_up(today=today, policies=policies):
            return True
        self._done, self._looks_at = stand, now + _LOOK_SECONDS
        return False
