"""Pictures of a step that was taken: the notice on the wall (S3-B-13), the family's signature, what was seen (S0-C-06). No step needs one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from shouwang.casework import procedure
from shouwang.casework.models import Case, Event, Lead
from shouwang.foundation import secrets, workspace
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope

from .models import StepPhoto
from .models.evidence import KINDS, NOTICE, SIGNATURE, SITE
from .visits import photos

KIND_OF_STEP = {
    "publish": NOTICE,
    "out_publish": NOTICE,
    "announce": NOTICE,
    "confirm": SIGNATURE,
    "ask_clearance": SIGNATURE,
}
LABELS = dict(KINDS)
# As many as one step keeps; a way to hold the disk, not a norm of any document.
MOST = 3


def kind_of(event: Event, *, by: Account) -> str:
    """The kind of picture that an account may add to a step, or empty: whoever may take the step may also show it."""
    kind = KIND_OF_STEP.get(event.step, "")
    step = next((one for table in procedure.all_procedures() if (one := table.step(event.step)) is not None), None)
    is_seen = Scope.of(by).contains(_proceeding(event).region_code)
    return kind if kind and step is not None and by.may(step.permission) and is_seen else ""


def attach(*, event: Event, content: bytes, by: Account, now: dt.datetime) -> StepPhoto:
    """Keeps a picture once: the same again is the same photo. Raises UserError for anything but a JPEG, or too many."""
    kind = kind_of(event, by=by)
    if not kind:
        raise NotPermittedError("您的账号不能给这一步加照片", next_step="由办这一步的单位添加公示照片或签字照片。")
    return _keep(number=uuid.uuid4(), event=event, kind=kind, content=content, by=by, now=now)


def from_phone(*, number: uuid.UUID, event: Event, content: bytes, by: Account, now: dt.datetime) -> str:
    """A picture that came after the step it was taken with; ``repeated`` when it is there already. Raises UserError, ConflictError."""
    if event.by_id != by.pk or not Scope.of(by).contains(_proceeding(event).region_code):
        raise NotPermittedError("只能给自己办的这一步加照片")
    kind = KIND_OF_STEP.get(event.step, SITE)
    known = StepPhoto.objects.filter(pk=number).first()
    kept = known or _keep(number=number, event=event, kind=kind, content=content, by=by, now=now)
    if kept.event_id != event.pk or kept.digest != _digest(photos.stripped(content)):
        raise ConflictError("这个编号已经有另一张照片，没有覆盖")
    return "repeated" if known or kept.pk != number else "accepted"


def _keep(*, number: uuid.UUID, event: Event, kind: str, content: bytes, by: Account, now: dt.datetime) -> StepPhoto:
    bare = photos.stripped(content)
    digest, region_code = _digest(bare), _proceeding(event).region_code
    with transaction.atomic():
        Event.objects.select_for_update().get(pk=event.pk)  # two at once are counted one after the other
        kept = list(StepPhoto.objects.filter(event=event))
        if known := next((one for one in kept if one.digest == digest), None):
            return known
        if len(kept) >= MOST:
            raise UserError(f"这一步已有 {MOST} 张照片", next_step="一步最多留三张，能看清即可。")
        # The file first: a row without its picture would be a lie, a picture without its row is only litter.
        workspace.private_file(photos.path_of(number, digest), secrets.load().encrypt(bare))
        made = StepPhoto.objects.create(
            id=number,
            event=event,
            kind=kind,
            region_code=region_code,
            digest=digest,
            size=len(bare),
            by=by,
            received_at=now,
        )
        audit.record(by=by, action=f"添加{LABELS[kind]}", region_code=region_code, target=_proceeding(event).number)
    return made


def _digest(bare: bytes) -> str:
    return secrets.load().blind_index(bare.hex())


def opened(*, photo: StepPhoto, by: Account) -> bytes:
    """The picture in the clear; goes into the log. Raises UserError when the account sees nothing of the place."""
    if not Scope.of(by).contains(photo.region_code):
        raise NotPermittedError("您的账号看不到这张照片")
    content = secrets.load().decrypt(photos.path_of(photo.pk, photo.digest).read_bytes())
    number = _proceeding(photo.event).number
    audit.record(by=by, action=f"查看{LABELS[photo.kind]}", region_code=photo.region_code, target=number)
    return content


def of_events(events: Iterable[Event]) -> dict[int, list[StepPhoto]]:
    """Event → its pictures, the first first; one query."""
    found: dict[int, list[StepPhoto]] = {}
    for one in StepPhoto.objects.filter(event__in=[event.pk for event in events]).order_by("received_at", "pk"):
        found.setdefault(one.event_id, []).append(one)
    return found


def _proceeding(event: Event) -> Lead | Case:
    found = event.case or event.lead
    assert found is not None  # a constraint of the table
    return found
