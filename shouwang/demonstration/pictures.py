"""What the demonstration keeps as evidence: drawn pictures of a notice, a signature and a visit, and the archive compared with what was seen."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

from django.utils import timezone

from shouwang.casework.models import Event
from shouwang.households import step_photos
from shouwang.households.archive import actions as archive
from shouwang.households.models import ArchiveComparison, ArchiveDifference, Photo, StepPhoto, Visit
from shouwang.households.models.archive import EXPLAINED
from shouwang.households.visits import photos
from shouwang.organisation.models import Account
from shouwang.policy import Policies

from .calibration import COUNTY, DEMONSTRATION_TOWNSHIP, DEMONSTRATION_VILLAGE

_FOLDER = Path(__file__).with_name("photos")
_COMPARED_ON = dt.date(2022, 7, 15)
_NUMBER = uuid.UUID(int=20220702)
# How many steps of a kind show one: pictures are optional, and most have none.
_STEPS = {"publish": ("notice.jpg", 3), "confirm": ("signature.jpg", 2)}


def arrange(*, policies: Policies) -> None:
    """Each piece once; what is there already is left as it is."""
    sun, qian, zhao = (Account.objects.get(login=login) for login in ("sun", "qian", "zhao"))
    if not StepPhoto.objects.exists():
        _of_steps(zhao)
    if not Photo.objects.exists():
        _of_a_visit(zhao)
    if not ArchiveComparison.objects.exists():
        archive.compare(county=COUNTY, by=sun, today=_COMPARED_ON, now=_at(_COMPARED_ON))
        rows = ArchiveDifference.objects.filter(region_code__startswith=DEMONSTRATION_TOWNSHIP[:9], settled_on=None)
        first = rows.order_by("region_code", "pk").first()
        if first is not None:
            how = "（演示）6月人口变动，已报全国系统，下月导出后一致"
            archive.settle(difference=first, settled_as=EXPLAINED, how=how, by=qian, today=_COMPARED_ON)


def _of_steps(zhao: Account) -> None:
    for step, (name, count) in _STEPS.items():
        taken = Event.objects.filter(step=step, by=zhao).select_related("lead", "case").order_by("-on", "pk")
        for event in taken[:count]:
            content = (_FOLDER / name).read_bytes()
            step_photos.attach(event=event, content=content, by=zhao, now=_at(event.on))


def _of_a_visit(zhao: Account) -> None:
    visits = Visit.objects.filter(by=zhao, region_code=DEMONSTRATION_VILLAGE, undone_at=None, changes__isnull=False)
    visit = visits.order_by("-on", "pk").first()
    if visit is not None:
        content = (_FOLDER / "visit.jpg").read_bytes()
        photos.keep(
            number=_NUMBER, record=visit.pk, content=content, region_code=visit.region_code, by=zhao, now=_at(visit.on)
        )


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(17)))
