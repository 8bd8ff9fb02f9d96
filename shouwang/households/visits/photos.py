"""Pictures that somebody chose to take: whatever is not the picture (place, device, time) is taken out, the rest kept encrypted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.db import IntegrityError, transaction

from shouwang.foundation import secrets, workspace
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation import audit
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope

from ..models import Photo, Visit

# Parts of a JPEG that the picture needs; every other marker carries something about where, when or with what it was taken.
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_TABLES = {0xDB, 0xC4, 0xDD, 0xDC, *(0xC0 + n for n in (0, 1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15))}
_BARE = {0x01, *range(0xD0, 0xD8)}
_NOT_A_PICTURE = "不是 JPEG 照片，或照片不完整"


def keep(
    *, number: uuid.UUID, record: uuid.UUID, content: bytes, region_code: str, by: Account, now: dt.datetime
) -> str:
    """Keeps a picture of a visit once; ``repeated`` when it is there already. Raises UserError."""
    bare = stripped(content)
    digest = secrets.load().blind_index(bare.hex())
    visit = Scope.of(by).narrowed(region_code).filter(Visit.objects.filter(pk=record, by=by, undone_at=None)).first()
    if visit is None:
        raise UserError("这张照片的走访还没有收到", next_step="先传走访记录，照片随后再传。")
    known = Photo.objects.filter(pk=number).first()
    if known is None:
        # The file first: a row without its picture would be a lie, a picture without its row is only litter.
        workspace.private_file(path_of(number, digest), secrets.load().encrypt(bare))
        try:
            with transaction.atomic():
                Photo(
                    id=number,
                    visit=visit,
                    region_code=visit.region_code,
                    digest=digest,
                    size=len(bare),
                    by=by,
                    received_at=now,
                ).save(force_insert=True)
        except IntegrityError:
            known = Photo.objects.get(pk=number)
        else:
            return "accepted"
    if known.digest != digest or known.visit_id != visit.pk:
        raise ConflictError("这个编号已经有另一张照片，没有覆盖")
    return "repeated"


def of_visits(visits: Iterable[Visit]) -> dict[uuid.UUID, list[Photo]]:
    """Visit → its pictures, the first first; one query. Those of a visit that was taken back are not shown."""
    found: dict[uuid.UUID, list[Photo]] = {}
    rows = Photo.objects.filter(visit__in=[one.pk for one in visits], visit__undone_at=None)
    for photo in rows.order_by("received_at", "pk"):
        found.setdefault(photo.visit_id, []).append(photo)
    return found


def shown(*, photo: Photo, by: Account) -> bytes:
    """The picture in the clear; goes into the log. Raises NotPermittedError when the account sees nothing of the place."""
    if not Scope.of(by).contains(photo.region_code) or photo.visit.undone_at is not None:
        raise NotPermittedError("您的账号看不到这张照片")
    audit.record(by=by, action="查看走访照片", region_code=photo.region_code, target=photo.visit.household.household_no)
    return opened(photo)


def opened(photo: Photo) -> bytes:
    """The picture in the clear."""
    return secrets.load().decrypt(path_of(photo.pk, photo.digest).read_bytes())


def path_of(number: uuid.UUID, digest: str) -> Path:
    return workspace.home() / "photos" / number.hex[:2] / f"{number.hex}-{digest[:16]}.jpg.enc"


def stripped(content: bytes) -> bytes:
    """A JPEG with nothing in it but the picture. Raises UserError when it is none."""
    if content[:2] != bytes((0xFF, _START)):
        raise UserError(_NOT_A_PICTURE, next_step="请在程序里重拍。")
    kept, place = bytearray(content[:2]), 2
    while place < len(content):
        if content[place] != 0xFF:
            raise UserError(_NOT_A_PICTURE, next_step="请在程序里重拍。")
        while place + 1 < len(content) and content[place + 1] == 0xFF:
            place += 1
        marker = content[place + 1] if place + 1 < len(content) else _END
        if marker == _END:
            return bytes(kept + bytes((0xFF, _END)))
        if marker in _BARE:
            place += 2
            continue
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        end = place + 2 + length
        if length < 2 or end > len(content):
            raise UserError(_NOT_A_PICTURE, next_step="请在程序里重拍。")
        if marker in _TABLES or marker == _SCAN:
            kept += content[place:end]
        place = end
        if marker == _SCAN:
            after = _after_scan(content, place)
            kept += content[place:after]
            place = after
    raise UserError(_NOT_A_PICTURE, next_step="请在程序里重拍。")


def _after_scan(content: bytes, place: int) -> int:
    """The next marker after picture data: FF followed by neither 00 nor a restart."""
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        if content[place + 1] != 0 and content[place + 1] not in _BARE and content[place + 1] != 0xFF:
            return place
        place += 1 if content[place + 1] == 0xFF else 2
    raise UserError(_NOT_A_PICTURE, next_step="请在程序里重拍。")
