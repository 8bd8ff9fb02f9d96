"""Takes a picture from a phone to where it belongs: to the visit that it was taken on, or to the step of a lead or case."""

from __future__ import annotations

import datetime as dt
import uuid

from shouwang.organisation.models import Account

from .. import step_photos
from ..models import SentRecord
from ..models.visits import STEP
from . import photos


def keep(
    *, number: uuid.UUID, record: uuid.UUID, content: bytes, region_code: str, by: Account, now: dt.datetime
) -> str:
    """Keeps a picture of one's own record once; ``repeated`` when it is there already. Raises UserError, ConflictError."""
    steps = SentRecord.objects.select_related("event__lead", "event__case")
    sent = steps.filter(pk=record, by=by, kind=STEP, event__isnull=False).first()
    if sent is None or sent.event is None:
        return photos.keep(number=number, record=record, content=content, region_code=region_code, by=by, now=now)
    return step_photos.from_phone(number=number, event=sent.event, content=content, by=by, now=now)
