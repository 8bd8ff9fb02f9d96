"""The demonstration county's cases: some three hundred in every state, taken there step by step by the people who take them.

What was found this July goes through the procedure now; what was found since last winter is helped, or on its way out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from shouwang.casework import pausing, runner, signals, verification
from shouwang.casework.models import Case, Lead
from shouwang.casework.risks import RISKS
from shouwang.foundation.errors import UserError
from shouwang.households import assigning, categories, kinds, measures
from shouwang.households.kinds import ALLEVIATED
from shouwang.households.models.responsibility import CONTACT
from shouwang.organisation.models import Account, Appointment, PostKind
from shouwang.organisation.roles import GridWorker, TownshipClerk
from shouwang.policy import Policies
from shouwang.registry.models import Household, Monitoring

from .calibration import COUNTY, DEMONSTRATION_TOWNSHIP, DEMONSTRATION_VILLAGE
from .courses import CURRENT, PAST, Course, Move

TODAY = dt.date(2022, 7, 18)
_SENT_DOWN_ON = dt.date(2022, 7, 4)
_CHANNELS = ("visit", "hotline", "desk")
_REFERENCE = "演示"
_AT_ONCE = 40
_RISK_OF_RULE = {
    "household.major_illness_cost": "illness",
    "household.severe_disability_low_income": "disability",
    "household.sudden_hardship": "accident",
    "household.spending_exceeds_income": "illness",
    "household.child_not_in_school": "schooling",
    "household.housing_unsafe": "housing",
    "household.water_unsafe": "water",
    "household.no_labour_low_income": "labour_shortage",
}
_USUAL = ("unstable_work", "illness", "industry_failure", "disability", "schooling")


@dataclass
class _County:
    """Whoever acts in it, found or made when first needed."""

    policies: Policies
    officer: Account
    people: dict[str, Account]

    def of(self, level: str, village: str) -> Account:
        if level == "county":
            return self.officer
        return self._person(village if level == "village" else f"{village[:9]}000")

    def _person(self, code: str) -> Account:
        """The account of the village's grid worker or the station's officer. Nobody signs in with those made here."""
        if code not in self.people:
            is_village = not code.endswith("000")
            login = f"demonstration-{code}"
            account = Account.objects.filter(login=login).first()
            if account is None:
                kind = PostKind.GRID_WORKER if is_village else PostKind.STATION_OFFICER
                posts = Appointment.objects.filter(post__unit__region_code=code, post__kind=kind, until_on=None)
                post = posts.select_related("staff").first()
                account = Account.objects.create_account(
                    login=login,
                    password=None,
                    name=post.staff.name if post else ("网格员" if is_village else "监测专干"),
                    role=GridWorker.code if is_village else TownshipClerk.code,
                    region_code=code,
                    staff=post.staff if post else None,
                )
            self.people[code] = account
        return self.people[code]


def fill(*, policies: Policies) -> int:
    """Takes leads and older signals through their courses; returns how many cases there are. Doing it again adds none."""
    officer, clerk, worker = (Account.objects.get(login=login) for login in ("sun", "qian", "zhao"))
    county = _County(policies, officer, {DEMONSTRATION_TOWNSHIP: clerk, DEMONSTRATION_VILLAGE: worker})
    if not Case.objects.filter(region_code__startswith=COUNTY[:6]).exists():
        _send_down(county)
        for chunk in _chunks(_current(), _AT_ONCE):
            with transaction.atomic():
                for lead, course in chunk:
                    _take(county, lead, course, lead.opened_on)
        for chunk in _chunks(_past(county), _AT_ONCE):
            with transaction.atomic():
                for lead, course in chunk:
                    _take(county, lead, course, lead.opened_on)
    return Case.objects.filter(region_code__startswith=COUNTY[:6]).count()


def follow(*, lead: Lead, course: Course, policies: Policies) -> None:
    """Takes one lead through a course from its own day on, by the people who would."""
    officer, clerk, worker = (Account.objects.get(login=login) for login in ("sun", "qian", "zhao"))
    county = _County(policies, officer, {DEMONSTRATION_TOWNSHIP: clerk, DEMONSTRATION_VILLAGE: worker})
    _take(county, lead, course, lead.opened_on)


def _send_down(county: _County) -> None:
    """All but the last leads of the county go to the villages in one go; the rest still waits."""
    rows = list(
        Lead.objects.filter(region_code__startswith=COUNTY[:6], state=verification.OPEN, opened_on__lte=_SENT_DOWN_ON)
        .order_by("region_code", "lead_no")
        .values_list("pk", flat=True)
    )
    runner.act_together(
        procedure_code=verification.CODE,
        rows=rows[: len(rows) * 9 // 10],
        step="dispatch",
        by=county.officer,
        today=_SENT_DOWN_ON,
        now=_moment(_SENT_DOWN_ON),
        policies=county.policies,
    )


def _current() -> Iterator[tuple[Lead, Course]]:
    """What the screenings of July found: our own township first, then every third lead of the others."""
    rows = Lead.objects.filter(region_code__startswith=COUNTY[:6], state=verification.AT_VILLAGE)
    rows = rows.filter(channels=["screening"]).select_related("household").order_by("region_code", "lead_no")
    leads = list(rows)
    ours = [lead for lead in leads if lead.region_code[:9] == DEMONSTRATION_TOWNSHIP[:9]]
    others = [lead for lead in leads if lead.region_code[:9] != DEMONSTRATION_TOWNSHIP[:9]][::3]
    courses = list(_in_turn(CURRENT))
    yield from zip([*ours[::2], *others], courses, strict=False)


def _past(county: _County) -> Iterator[tuple[Lead, Course]]:
    """Households without a lead, as they were found on visits and by telephone since last winter."""
    standing, cleared = _households(is_cleared=False), _households(is_cleared=True)
    for number, course in enumerate(_in_turn(PAST)):
        pool = cleared if course.is_over else standing
        household = pool.pop(number * 7 % len(pool))
        told_on = (course.since or TODAY) + dt.timedelta(days=number % 24)
        signal = signals.receive(
            channel=_CHANNELS[number % len(_CHANNELS)],
            household=household,
            region_code=household.region_code,
            risk=_USUAL[number % len(_USUAL)],
            told_on=told_on,
            reference=f"{_REFERENCE}{number + 1}",
            by=None,
            now=_moment(told_on),
            policies=county.policies,
        )
        yield Lead.objects.select_related("household").get(reasons__signal=signal), course


def _households(*, is_cleared: bool) -> list[Household]:
    """Those of the monitored sheet; in a small demonstration others of the 脱贫户 as well."""
    needed = sum(course.count for course in PAST if course.is_over == is_cleared)
    free = Household.objects.filter(region_code__startswith=COUNTY[:6], is_withdrawn=False, leads__isnull=True)
    watched = Monitoring.objects.filter(household__in=free, is_withdrawn=False, is_cleared=is_cleared)
    found = [
        row.household for row in watched.select_related("household").order_by("household__household_no")[: needed * 2]
    ]
    others = free.filter(household_type=ALLEVIATED, monitoring__isnull=True).order_by(
        "household_no" if is_cleared else "-household_no"
    )
    return found + list(others[: max(needed - len(found), 0)])


def _take(county: _County, lead: Lead, course: Course, start: dt.date) -> None:
    """Verified, and then move by move; a move that would lie after the demonstration's day is left for later."""
    verified_on = start + dt.timedelta(days=2)
    if verified_on < _SENT_DOWN_ON and lead.state == verification.OPEN:
        _act(county, lead, Move("dispatch", 1, "county"), start)
    elif lead.state == verification.OPEN:
        return
    on = max(start + dt.timedelta(days=course.verified_after), _SENT_DOWN_ON) if course.since is None else verified_on
    if course.result != "confirm":
        _act(county, lead, Move(course.result, (on - start).days, "village", course.data), start)
        return
    risks = list(course.data.get("risks", ())) or _risks(lead, course)
    data = {"risks": risks, "note": "入户看过，情况属实"}
    if "disaster" in risks:
        data["disaster_kind"] = "风雹"
    if course.is_green_channel:
        data["green_channel"] = "on"
    _act(county, lead, Move("confirm", (on - start).days, "village", data), start)
    case = Case.objects.select_related("household").get(lead=lead)
    for move in course.moves:
        day = on + dt.timedelta(days=move.after)
        if day > TODAY or (move.step == "ask_clearance" and not kinds.has_labour(case.household)):
            break
        if move.step == "name_contact" and not _named(county, case, day):
            continue
        _move(county, case, move, on)
        if move.step == "county_decision":
            _help(county, case, course)
    if case.is_green_channel:
        _help(county, case, course)


def _named(county: _County, case: Case, day: dt.date) -> bool:
    """Makes the grid worker whom the village had on that day the family's contact; not where nobody was in office yet."""
    terms = Appointment.objects.in_office(day).filter(
        post__unit__region_code=case.region_code, post__kind=PostKind.GRID_WORKER
    )
    term = terms.select_related("staff").first()
    staff = term.staff if term else county.of("village", case.region_code).staff
    if staff is None:
        return False
    try:
        assigning.assign(households=[case.household], kind=CONTACT, staff=staff, from_on=day, by=None, now=_moment(day))
    except UserError:
        return False
    return True


def _move(county: _County, case: Case, move: Move, start: dt.date) -> None:
    if move.step == "pause":
        day = start + dt.timedelta(days=move.after)
        reason = "户主外出住院，无法核对，按演示规定中止"
        pausing.pause(proceeding=case, by=county.officer, reason=reason, today=day, now=_moment(day))
        return
    if move.step == "county_decision":
        category = case.proposed_category or categories.MARGINAL_VULNERABLE
        move = Move(move.step, move.after, move.level, {"object_category": category, **move.data})
    _act(county, case, move, start)


def _act(county: _County, proceeding: Lead | Case, move: Move, start: dt.date) -> None:
    day = start + dt.timedelta(days=move.after)
    data = dict(move.data)
    if "shown_for" in data:
        data["shown_until"] = (day + dt.timedelta(days=data.pop("shown_for"))).isoformat()
    runner.act(
        proceeding=proceeding,
        step=move.step,
        by=county.of(move.level, proceeding.region_code),
        today=day,
        now=_moment(day),
        policies=county.policies,
        data=data,
    )


def _help(county: _County, case: Case, course: Course) -> None:
    """The proposed measures, as far as the course goes: planned, begun, done with an amount."""
    by = county.of("township", case.region_code)
    start = case.opened_on if case.is_green_channel else case.included_on or case.opened_on
    planned_on = min(start + dt.timedelta(days=3), TODAY)
    chosen = dict(reversed(measures.proposed(case)))  # the first proposal of each risk
    for number, (risk, kind) in enumerate(sorted(chosen.items())[: course.plans]):
        measure = measures.plan(
            case=case,
            kind=kind.code,
            risk=risk,
            planned_on=planned_on,
            today=planned_on,
            now=_moment(planned_on),
            by=by,
        )
        begun_on = planned_on + dt.timedelta(days=6 + number)
        if (case.included_on is None and not case.is_green_channel) or begun_on > TODAY:
            continue
        measures.start(measure=measure, on=begun_on, today=begun_on, by=by)
        done_on = begun_on + dt.timedelta(days=20)
        if course.is_carried_out and done_on <= TODAY:
            amount = (300 + 150 * (case.pk % 9)) * 100 if not kind.is_developmental else None
            measures.finish(measure=measure, on=done_on, result="已落实", amount_fen=amount, today=done_on, by=by)


def _risks(lead: Lead, course: Course) -> list[str]:
    """From the rules that found it; else what is usual. A hail household goes through the green channel."""
    if course.is_green_channel:
        return ["disaster"]
    found = list(dict.fromkeys(_RISK_OF_RULE[rule] for rule in lead.rules if rule in _RISK_OF_RULE))
    if not found:
        found = [_USUAL[lead.pk % len(_USUAL)]]
        if lead.pk % 3 == 0:
            found.append(_USUAL[(lead.pk + 2) % len(_USUAL)])
    return [risk for risk in found if risk in RISKS][:3]


def _in_turn(courses: Iterable[Course]) -> Iterator[Course]:
    """One of each kind after the other, until every kind has been given as often as it wants: all kinds everywhere."""
    left = {course: course.count for course in courses}
    while left:
        yield from left
        left = {course: count - 1 for course, count in left.items() if count > 1}


def _chunks(rows: Iterable[tuple[Lead, Course]], size: int) -> Iterator[list[tuple[Lead, Course]]]:
    chunk: list[tuple[Lead, Course]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10, 40)))
