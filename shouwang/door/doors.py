"""The codes on the villages' walls: opened, renewed, looked up."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from shouwang.foundation.errors import UserError
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .models import VillageDoor
from .receipts import ALPHABET

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

# 23 possibilities a character: 63 bits, on a wall for everybody, by guessing for nobody.
_TOKEN_LENGTH = 14


def open_missing(*, villages: Iterable[str], by: Account | None, now: dt.datetime) -> int:
    """Gives a code to every village that has none; returns how many."""
    villages = list(villages)
    with transaction.atomic():
        have = set(
            VillageDoor.objects.filter(region_code__in=villages, closed_at=None).values_list("region_code", flat=True)
        )
        new = [
            VillageDoor(token=_token(), region_code=village, opened_at=now, opened_by=by)
            for village in villages
            if village not in have
        ]
        made = VillageDoor.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
        if made:
            audit.record(by=by, action="生成村码", detail={"villages": len(made)}, region_code=_common(villages))
    return len(made)


def renew(*, region_code: str, by: Account, now: dt.datetime) -> VillageDoor:
    """A new code for a village; whoever scans the old one is told kindly. Raises UserError for anything but a village."""
    if regions.region(region_code).level != Level.VILLAGE:
        raise UserError("只有村才有申报码", next_step="请选择一个村。")
    Scope.of(by).narrowed(region_code)
    with transaction.atomic():
        VillageDoor.objects.filter(region_code=region_code, closed_at=None).update(closed_at=now)
        door = VillageDoor.objects.create(token=_token(), region_code=region_code, opened_at=now, opened_by=by)
        audit.record(by=by, action="换新村码", region_code=region_code)
    return door


def found(token: str) -> VillageDoor | None:
    """The door of a code, open or closed."""
    if len(token) != _TOKEN_LENGTH or set(token) - set(ALPHABET):
        return None
    return VillageDoor.objects.filter(token=token).first()


def open_ones(*, villages: Iterable[str]) -> dict[str, VillageDoor]:
    """The codes in force of some villages."""
    return {
        door.region_code: door for door in VillageDoor.objects.filter(region_code__in=list(villages), closed_at=None)
    }


def _token() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(_TOKEN_LENGTH))


def _common(villages: list[str]) -> str:
    """The smallest division that holds all of these villages."""
    above = [set(regions.ancestors(code)) for code in (min(villages), max(villages))]
    return next(code for code in regions.ancestors(min(villages)) if code in above[1])
