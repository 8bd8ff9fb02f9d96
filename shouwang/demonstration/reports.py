"""Reports at the farmer's door of the demonstration county: some twenty families, in every state that a report can be in.

Households are taken from the demonstration's own register; whoever reports, what is said and every telephone number is invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from shouwang.casework import runner
from shouwang.casework.models import Lead
from shouwang.door import actions, answering, doors, said
from shouwang.door.models import Channel, Outcome, SelfReport
from shouwang.foundation import secrets
from shouwang.organisation.models import Account
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household

from . import caseload, courses
from .calibration import DEMONSTRATION_TOWNSHIP, DEMONSTRATION_VILLAGE

WAITS, MATCHED, CLEARED, REFUSED, OBJECTED, NOT_HERE = "waits", "matched", "cleared", "refused", "objected", "not_here"
CONFIRMED, INCLUDED = "confirmed", "included"


@dataclass(frozen=True)
class Told:
    """One report: on which day, how, about what, and how far it came. ``family`` counts the households of the village;
    ``follows`` says that the same family was reported before (it merges)."""

    on: dt.date
    channel: Channel
    difficulty: str
    text: str
    becomes: str
    family: int
    is_for_other: bool = False
    has_number: bool = False
    is_nearby: bool = False  # in the next village instead of the demonstration village
    name: str = ""  # a householder whom the register does not know


def _day(month: int, day: int) -> dt.date:
    return dt.date(2022, month, day)


TOLD = (
    Told(_day(5, 12), Channel.HOTLINE, "schooling", "两个孩子上高中和大专，学费凑不齐", REFUSED, 1),
    Told(_day(5, 26), Channel.DESK, "unstable_work", "工地停工，两个月没有收入", REFUSED, 2),
    Told(_day(6, 2), Channel.SCAN, "industry_failure", "养的猪死了一多半，赔了本钱", OBJECTED, 3),
    Told(_day(6, 9), Channel.SCAN, "illness", "老人住院，自己花了两万多", REFUSED, 4),
    Told(_day(6, 6), Channel.SCAN, "illness", "做手术借了六万多，还要接着治", INCLUDED, 13),
    Told(_day(6, 14), Channel.DESK, "unstable_work", "在外面摔伤回来，半年没有收入", CONFIRMED, 14),
    Told(_day(6, 20), Channel.HOTLINE, "other", "在外地打工，想问低保怎么申请", NOT_HERE, 0, name="郝来顺"),
    Told(_day(6, 28), Channel.SCAN, "disaster", "雹子打了玉米，快绝收了", REFUSED, 5),
    Told(_day(7, 4), Channel.SCAN, "accident", "骑三轮车摔断了腿，不能下地", CLEARED, 6),
    Told(_day(7, 5), Channel.DESK, "housing", "西屋墙裂了，下雨不敢住", CLEARED, 7),
    Told(_day(7, 6), Channel.SCAN, "illness", "查出大病，借了不少钱", MATCHED, 8, has_number=True),
    Told(_day(7, 7), Channel.HOTLINE, "illness", "我是邻居，他家看病欠了账", MATCHED, 8, is_for_other=True),
    Told(_day(7, 8), Channel.SCAN, "labour_shortage", "就剩两个老人，地没人种", MATCHED, 9),
    Told(_day(7, 11), Channel.APP, "disability", "儿子残疾，药费多", MATCHED, 10, has_number=True),
    Told(_day(7, 12), Channel.SCAN, "water", "自来水停了十几天，从沟里挑水", MATCHED, 1, is_nearby=True),
    Told(_day(7, 13), Channel.DESK, "unstable_work", "厂子关门，工资没发", MATCHED, 2, is_nearby=True),
    Told(_day(7, 14), Channel.SCAN, "schooling", "孩子考上大学，没有学费", WAITS, 11),
    Told(_day(7, 15), Channel.SCAN, "illness", "我妈半身不遂，离不开人", WAITS, 12),
    Told(_day(7, 15), Channel.SCAN, "illness", "上次忘了说，还要天天吃药", WAITS, 12),
    Told(_day(7, 16), Channel.HOTLINE, "disaster", "大风把棚刮塌了", WAITS, 3, is_nearby=True),
    Told(_day(7, 17), Channel.SCAN, "other", "刚从外县嫁过来，户口还没迁", WAITS, 0, name="门春芳"),
    Told(_day(7, 18), Channel.SCAN, "accident", "帮人盖房摔伤，没人管", WAITS, 4, is_nearby=True, is_for_other=True),
)


def take(*, policies: Policies) -> int:
    """Writes the reports and takes each as far as it came, by the people who would; returns how many. Doing it again adds none."""
    sun, qian, zhao = (Account.objects.get(login=login) for login in ("sun", "qian", "zhao"))
    villages = [region.code for region in regions.children(DEMONSTRATION_TOWNSHIP)]
    doors.open_missing(villages=villages, by=sun, now=_moment(TOLD[0].on))
    nearby = _nearby(villages)
    families = {code: _families(code, 20) for code in (DEMONSTRATION_VILLAGE, nearby)}
    count = 0
    for number, told in enumerate(TOLD, 1):
        nonce = f"demonstration-{number}"
        if SelfReport.objects.filter(form_nonce=nonce).exists():
            continue
        village = nearby if told.is_nearby else DEMONSTRATION_VILLAGE
        family = families[village][told.family] if not told.name and len(families[village]) > told.family else None
        report = _receive(
            told,
            family,
            village,
            nonce,
            zhao if told.channel in (Channel.DESK, Channel.HOTLINE) and not told.is_nearby else None,
            policies,
        )
        count += 1
        if told.becomes != WAITS:
            _go_on(told, report, family, sun, qian, zhao, policies)
    return count


def _nearby(villages: list[str]) -> str:
    """The first other village with families enough; a very small county has none, then the first of those with most."""
    return max((code for code in villages if code != DEMONSTRATION_VILLAGE), key=lambda code: len(_families(code, 5)))


def _families(village: str, most: int) -> list[Household]:
    """Households without a lead, so that the report alone is what brings them up."""
    rows = Household.objects.filter(region_code=village, is_withdrawn=False, leads__isnull=True)
    return list(rows.order_by("household_no")[:most])


def _receive(
    told: Told, family: Household | None, village: str, nonce: str, by: Account | None, policies: Policies
) -> SelfReport:
    place = int(f"{told.family:02d}{int(told.is_for_other)}{int(told.is_nearby)}")
    number = ""
    if family and told.has_number and (head := family.persons.filter(name=family.head_name).first()):
        kept = secrets.load().decrypt_values(bytes(head.secrets) if head.secrets else None)
        number = kept.get("证件号码", "")
    answers = said.read(
        householder_name=family.head_name if family else told.name or "无名",
        phone=f"1390000{place:04d}",
        difficulty=told.difficulty,
        description=told.text,
        identity_number=number,
        is_for_other=told.is_for_other,
    )
    return actions.receive(
        said=answers, channel=told.channel, region_code=village, by=by, now=_moment(told.on), today=told.on,
        policies=policies, form_nonce=nonce,
    )  # fmt: skip


def _go_on(
    told: Told,
    report: SelfReport,
    family: Household | None,
    sun: Account,
    qian: Account,
    zhao: Account,
    policies: Policies,
) -> None:
    later = min(told.on + dt.timedelta(days=4), dt.date(2022, 7, 18))
    if told.becomes == NOT_HERE:
        text = answering.text_of(Outcome.NOT_HERE)
        _answer(report, Outcome.NOT_HERE, "not_registered", text, "", qian, later)
        return
    if family and not report.household_id and not report.merged_into_id:
        by = qian if told.is_nearby else zhao
        actions.match(report=report, household=family, by=by, now=_moment(told.on), policies=policies)
        report.refresh_from_db()
    if told.becomes == MATCHED or not report.household_id:
        return
    lead = Lead.objects.get(household_id=report.household_id, is_open=True)
    if told.becomes in (CONFIRMED, INCLUDED):
        _into_a_case(told, report, lead, qian, policies)
        return
    reason = "入户核实：家里有人能挣钱，积蓄能应付，三项保障都有"
    for step, by, data in (("dispatch", sun, {}), ("clear", zhao, {"reason": reason})):
        lead.refresh_from_db()
        runner.act(
            proceeding=lead, step=step, by=by, data=data, today=later, now=_moment(later), policies=policies
        )  # fmt: skip
    if told.becomes == CLEARED:
        return
    proposed = answering.proposed(report=report)
    assert proposed is not None
    _answer(report, proposed.outcome, "no_risk", proposed.text, "家里有人能挣钱，三项保障都有。", qian, later)
    if told.becomes == OBJECTED:
        report.refresh_from_db()
        on = later + dt.timedelta(days=40)
        actions.object_to(
            report=report, text="猪场还欠着饲料钱，请再看看", now=_moment(on), today=on, policies=policies
        )


def _into_a_case(told: Told, report: SelfReport, lead: Lead, qian: Account, policies: Policies) -> None:
    """True: the household's case goes as far as the notice, or until the county has included it and the family was told."""
    moves = courses.INCLUDED if told.becomes == INCLUDED else courses.PUBLISHED
    course = courses.Course(1, moves, data={"risks": [told.difficulty]}, since=told.on, plans=1)
    caseload.follow(lead=lead, course=course, policies=policies)
    proposed = answering.proposed(report=report) if told.becomes == INCLUDED else None
    if proposed is not None:
        _answer(report, proposed.outcome, "", proposed.text, "", qian, told.on + dt.timedelta(days=14))


def _answer(report: SelfReport, outcome: str, refusal: str, text: str, reason: str, by: Account, on: dt.date) -> None:
    answering.answer(
        report=report, outcome=outcome, refusal=refusal, text=text, reason=reason, by=by, now=_moment(on), today=on
    )


def _moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9, 20)))
