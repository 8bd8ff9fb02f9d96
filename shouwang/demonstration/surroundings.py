"""What surrounds the demonstration's cases, made by the same actions that people use: who looks after whom, June's natural
changes, a pushed list, a sample check, an event, lists to departments."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from shouwang.casework.models import Case
from shouwang.foundation.periods import Month
from shouwang.households import (
    assigning,
    contacts,
    department_lists,
    large_scale,
    list_answers,
    natural_changes,
    pushes,
    responsibilities,
    sampling,
)
from shouwang.households.models import (
    DepartmentList,
    LargeScaleEvent,
    ListRow,
    NaturalChange,
    Push,
    Responsibility,
    SampleDraw,
)
from shouwang.households.models.responsibility import CONTACT, GRID_WORKER, SUPPORT_PERSON
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation.models import Account, Appointment, PostKind
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household

from .calibration import COUNTY, DEMONSTRATION_TOWNSHIP, DEMONSTRATION_VILLAGE, SCREENED_MONTH

TODAY = dt.date(2022, 7, 18)
_ROSTER_ON, _PUSHED_ON, _DRAWN_ON, _STORM_ON = (dt.date(2022, 7, day) for day in (1, 5, 12, 10))
# Every this many a household, so that the lists of what is missing have something to show.
_WITHOUT_CONTACT, _WITHOUT_HELPER, _SAMPLE = 7, 5, 50
_WRONG = "收入主要靠一次性补助，并未稳定"


def arrange(*, policies: Policies) -> None:
    """Each piece once; what is there already is left as it is."""
    sun, zhao = (Account.objects.get(login=login) for login in ("sun", "zhao"))
    for made, make in (
        (Responsibility.objects.filter(kind=GRID_WORKER), lambda: _responsibilities(sun, policies)),
        (NaturalChange.objects.all(), lambda: _natural_changes(sun, zhao)),
        (Push.objects.all(), lambda: _push(sun, policies)),
        (SampleDraw.objects.all(), lambda: _sample(sun, policies)),
        (LargeScaleEvent.objects.all(), lambda: _event(sun, zhao, policies)),
        (DepartmentList.objects.all(), lambda: _lists(sun)),
    ):
        if not made.exists():
            with transaction.atomic():
                make()


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))


def _responsibilities(sun: Account, policies: Policies) -> None:
    """Grid workers have their villages, most objects a contact and somebody who helps; the cases that waited for one go on."""
    workers = _by_village(PostKind.GRID_WORKER)
    posts = _by_village(PostKind.MONITORING_CONTACT) or workers
    objects = responsibilities.lacking(scope=Scope.of_region(COUNTY), gap="no_contact", on=TODAY)
    monitored = list(objects.order_by("region_code", "pk"))
    homes: dict[str, list[Household]] = {}
    for home in Scope.of_region(COUNTY).filter(Household.objects.filter(is_withdrawn=False)):
        homes.setdefault(home.region_code, []).append(home)
    for village, here in homes.items():
        if village in workers:
            post = workers[village]
            on = max(_ROSTER_ON, post.from_on)
            assigning.assign(
                households=here, kind=GRID_WORKER, staff=post.staff, from_on=on, by=sun, now=_at(_ROSTER_ON)
            )
    for village in {home.region_code for home in monitored} & set(posts):
        here = [home for n, home in enumerate(monitored) if n % _WITHOUT_CONTACT and home.region_code == village]
        post = posts[village]
        on = max(_ROSTER_ON, post.from_on)
        if here:
            assigning.assign(households=here, kind=CONTACT, staff=post.staff, from_on=on, by=sun, now=_at(_ROSTER_ON))
    _helpers(sun)
    contacts.follow(scope=Scope.of(sun), by=sun, today=_ROSTER_ON, now=_at(_ROSTER_ON), policies=policies)


def _helpers(sun: Account) -> None:
    """The village team helps the objects of the village, where there is none the township's station; one in five has nobody."""
    helpers = _by_village(PostKind.STATION_OFFICER) | _by_village(PostKind.VILLAGE_TEAM)
    objects = responsibilities.lacking(scope=Scope.of_region(COUNTY), gap="no_support", on=TODAY)
    homes: dict[str, list[Household]] = {}
    for number, home in enumerate(objects.order_by("region_code", "pk")):
        place = home.region_code if home.region_code in helpers else f"{home.region_code[:9]}000"
        if number % _WITHOUT_HELPER and place in helpers:
            homes.setdefault(place, []).append(home)
    for place, here in homes.items():
        post = helpers[place]
        on = max(_ROSTER_ON, post.from_on)
        assigning.assign(
            households=here, kind=SUPPORT_PERSON, staff=post.staff, from_on=on, by=sun, now=_at(_ROSTER_ON)
        )


def _by_village(kind: str) -> dict[str, Appointment]:
    rows = Scope.of_region(COUNTY).filter(
        Appointment.objects.in_office(TODAY).filter(post__kind=kind), "post__unit__region_code"
    )
    rows = rows.select_related("staff", "post__unit").order_by("-from_on")
    return {row.post.unit.region_code: row for row in rows}


def _natural_changes(sun: Account, zhao: Account) -> None:
    month = Month(SCREENED_MONTH.year, SCREENED_MONTH.month)
    natural_changes.generate(region_code=COUNTY, month=month, by=sun, now=_at(_PUSHED_ON))
    for number, change in enumerate(NaturalChange.objects.filter(effect=-1).order_by("pk")):
        if number % 3 == 0:
            natural_changes.confirm(change=change, by=sun, now=_at(_PUSHED_ON))
    home = Household.objects.filter(region_code=DEMONSTRATION_VILLAGE, is_withdrawn=False).order_by("pk").first()
    if home is not None:
        natural_changes.tell(
            household=home,
            kind="出生",
            changed_on=TODAY - dt.timedelta(days=8),
            person=None,
            name=f"{home.head_name}之孙",
            relation="之孙子",
            by=zhao,
            today=TODAY,
            now=_at(TODAY),
        )


def _push(sun: Account, policies: Policies) -> None:
    for dataset in ("accident", "disability"):
        rows = Batch.objects.filter(dataset=dataset, region_code=COUNTY, state=BatchState.APPLIED, split_from=None)
        if (batch := rows.order_by("-period").first()) is not None:
            pushes.push(batch=batch, by=sun, today=_PUSHED_ON, now=_at(_PUSHED_ON), policies=policies)


def _sample(sun: Account, policies: Policies) -> None:
    first = Case.objects.filter(region_code__startswith=COUNTY[:6], cleared_on__isnull=False)
    if not first.exists():
        return
    made = sampling.draw(
        region_code=COUNTY,
        from_on=dt.date(2022, 1, 1),
        until_on=TODAY,
        size=_SAMPLE,
        seed="2022年7月",
        by=sun,
        today=_DRAWN_ON,
        now=_at(_DRAWN_ON),
    )
    right = dict.fromkeys(sampling.FIELDS, sampling.AGREE)
    rows = list(made.cases.order_by("place"))
    for number, row in enumerate(rows[: len(rows) * 4 // 5]):
        is_wrong = number in (2, 5)
        found = right | ({"income": sampling.DIFFER} if is_wrong else {})
        sampling.check(sampled=row, findings=found, note=_WRONG if is_wrong else "", by=sun, today=TODAY)
    wrong = made.cases.filter(is_correct=False, case__state="cleared").first()
    if wrong is not None:
        sampling.reopen(sampled=wrong, by=sun, today=TODAY, now=_at(TODAY), policies=policies)


def _event(sun: Account, zhao: Account, policies: Policies) -> None:
    event = large_scale.register(
        kind="natural_disaster",
        title="7月10日局地暴雨",
        region_code=COUNTY,
        areas=[DEMONSTRATION_TOWNSHIP],
        happened_on=_STORM_ON,
        source="县应急管理局报告",
        basis=large_scale.ALLEVIATED,
        by=sun,
        today=_STORM_ON,
        now=_at(_STORM_ON),
        policies=policies,
    )
    keys = list(
        event.households.filter(region_code=DEMONSTRATION_VILLAGE).order_by("pk").values_list("household_id", flat=True)
    )
    large_scale.screen(
        event=event,
        affected=keys[:1],
        not_affected=keys[1:4],
        by=zhao,
        today=_DRAWN_ON,
        now=_at(_DRAWN_ON),
        policies=policies,
    )
    large_scale.note(event=event, text="转移临河三户，发放救灾物资。", by=sun, today=_DRAWN_ON, now=_at(_DRAWN_ON))


def _lists(sun: Account) -> None:
    """To the two departments with an account, and to one without; a part of the answers has come."""
    scope = Scope.of(sun)
    for department, title in (
        ("medical_insurance", "监测对象参保和医疗救助"),
        ("disabled_federation", "残疾监测对象补贴"),
        ("housing", "住房安全待解决的户"),
    ):
        subjects = department_lists.proposed(scope=scope, department=department)[:60]
        if not subjects:
            continue
        made = department_lists.send(
            department=department,
            region_code=COUNTY,
            title=title,
            purpose="落实监测对象的帮扶措施",
            subjects=subjects,
            answer_by_on=dt.date(2022, 7, 15),
            by=sun,
            today=_PUSHED_ON,
            now=_at(_PUSHED_ON),
        )
        marks = ListRow.objects.filter(list=made).order_by("pk").values_list("mark", flat=True)
        said = {mark: ("doing" if n % 3 else "done", "") for n, mark in enumerate(marks) if n % 4}
        list_answers.answer(made=made, answers=said, by=sun, today=_DRAWN_ON)
