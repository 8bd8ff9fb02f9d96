"""Signed slips that the door hands out: one per form, one per look at an answer. Nothing is stored for them."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.core import signing

_FORM, _OBJECTION = "door.form", "door.objection"


@dataclass(frozen=True)
class FormSlip:
    """Belongs to one form of one door: ``nonce`` makes sending it twice the same report."""

    door: int
    nonce: str
    handed_at: dt.datetime

    def age(self, now: dt.datetime) -> dt.timedelta:
        return now - self.handed_at


def form_slip(*, door: int, now: dt.datetime) -> str:
    content = {"d": door, "n": secrets.token_hex(16), "t": int(now.timestamp())}
    return signing.dumps(content, salt=_FORM)


def read_form_slip(text: str) -> FormSlip | None:
    """None for anything that this program did not hand out."""
    try:
        content = signing.loads(text[:400], salt=_FORM)
        return FormSlip(content["d"], content["n"], dt.datetime.fromtimestamp(content["t"], tz=dt.UTC))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def objection_slip(*, report: int) -> str:
    return signing.dumps(report, salt=_OBJECTION)


def read_objection_slip(text: str, *, seconds: int) -> int | None:
    """The report that an answer was shown of a moment ago."""
    try:
        return int(signing.loads(text[:400], salt=_OBJECTION, max_age=seconds))
    except (signing.BadSignature, TypeError, ValueError):
        return None
