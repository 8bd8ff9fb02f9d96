"""How the demonstration county watches over its own work: late units are asked in writing, measures and teams are inspected, departments
have their part in the storm's screening, and a meeting decided. Everything goes through the actions that people use."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from shouwang.casework import supervision
from shouwang.casework.models import Supervision, Task
from shouwang.feeds import actions as feeds
from shouwang.feeds.consulting import Decided
from shouwang.feeds.models import Consultation
from shouwang.households import consultation_material, event_units, inspection_kinds, inspections, listings
from shouwang.households.models import Device, EventUnit, InspectedItem, Inspection, LargeScaleEvent, Listing
from shouwang.households.visits import devices
from shouwang.organisation.models import Account
from shouwang.organisation.roles import TownshipClerk
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions

from .calibration import COUNTY, DEMONSTRATION_TOWNSHIP, SCREENED_MONTH

TODAY = dt.date(2022, 7, 18)
_STORM_ON, _DRAWN_ON, _ASKED_ON, _CHECKED_ON, _ANSWERED_ON = (dt.date(2022, 7, day) for day in (10, 6, 14, 12, 16))
_PHONE = "0312-7000000"
_MEASURES, _TEAMS = 12, 5


def arrange(*, policies: Policies) -> None:
    """Each piece once; what is there already is left as it is."""
    sun, qian, zhao, zhou = (Account.objects.get(login=login) for login in ("sun", "qian", "zhao", "zhou"))
    for model, make in (
        (Supervision, lambda: _supervisions(sun, qian, zhou)),
        (Inspection, lambda: _inspections(sun, qian, policies)),
        (EventUnit, lambda: _units(sun)),
        (Listing, lambda: _listing(sun, zhou, policies)),
        (Device, lambda: _phone(zhao)),
        (Consultation, lambda: _meeting(sun, policies)),
    ):
        if not model.objects.exists():
            with transaction.atomic():
                make()


def _supervisions(sun: Account, qian: Account, zhou: Account) -> None:
    """The city asks the county; the county asks its slowest townships: one is silent, ours answered, one is closed."""
    places = [code for code in _late_townships(sun) if code != DEMONSTRATION_TOWNSHIP][:2]
    asked = [(code, sun) for code in (DEMONSTRATION_TOWNSHIP, *places)] + [(COUNTY, zhou)]
    made: dict[str, Supervision] = {}
    for number, (code, by) in enumerate(asked, 1):
        if supervision.late_in(scope=Scope.of(by), region_code=code, today=_ASKED_ON).exists():
            made[code] = supervision.ask(
                region_code=code,
                reply_by=dt.date(2022, 7, 20),
                phone=_PHONE,
                number=f"（演示）防贫督〔2022〕{number}号",
                by=by,
                today=_ASKED_ON,
                now=_at(_ASKED_ON),
            )
    for code, is_closed in ((DEMONSTRATION_TOWNSHIP, False), *((place, True) for place in places[:1])):
        clerk = qian if code == DEMONSTRATION_TOWNSHIP else _clerk(code)
        if code in made and clerk is not None:
            text = "已逐户入户，其余本周内核实完毕。"
            supervision.answer(supervision=made[code], text=text, by=clerk, today=_ANSWERED_ON)
            if is_closed:
                supervision.close(supervision=made[code], by=sun, today=TODAY)


def _late_townships(by: Account) -> list[str]:
    """Townships with late work on that day, the latest first."""
    counts: dict[str, int] = {}
    rows = Scope.of(by).filter(Task.objects.filter(is_open=True, due_on__lt=_ASKED_ON))
    for village in rows.values_list("region_code", flat=True):
        counts[f"{village[:9]}000"] = counts.get(f"{village[:9]}000", 0) + 1
    known = {region.code for region in regions.children(COUNTY)}
    return sorted(set(counts) & known, key=lambda code: (-counts[code], code))


def _inspections(sun: Account, qian: Account, policies: Policies) -> None:
    """Measures by drawn sheets, teams by drawn townships; what was wrong in our township is put right, some of it closed."""
    for kind, size, seed in (
        (inspection_kinds.MEASURES, _MEASURES, "七月督查"),
        (inspection_kinds.TEAMS, _TEAMS, "队伍检查"),
    ):
        made = inspections.draw(
            kind=kind,
            region_code=COUNTY,
            size=size,
            seed=seed,
            by=sun,
            today=_DRAWN_ON,
            now=_at(_DRAWN_ON),
            policies=policies,
        )
        questions = inspection_kinds.KINDS[kind].questions
        items = list(made.items.select_related("inspection").order_by("place"))
        for number, item in enumerate(items[: len(items) * 4 // 5]):
            is_wrong = number % 4 == 1
            answers = {code: next(iter(one.choices)) for code, one in questions.items()}
            if is_wrong:
                last = list(questions)[-1]
                answers[last] = next(code for code in questions[last].choices if code in inspection_kinds.PROBLEMS)
            inspections.check(
                item=item,
                findings=answers,
                note="现场核对与台账不一致，限期整改" if is_wrong else "",
                rectify_by=dt.date(2022, 7, 25) if is_wrong else None,
                by=sun,
                today=_CHECKED_ON,
            )
        _put_right(made, qian, sun)


def _put_right(made: Inspection, qian: Account, sun: Account) -> None:
    wrong = InspectedItem.objects.filter(inspection=made, is_sound=False).order_by("place")
    for number, item in enumerate(wrong):
        township = f"{item.region_code[:9]}000"
        clerk = qian if township == DEMONSTRATION_TOWNSHIP else _clerk(township)
        if clerk is None or number % 3 == 2:
            continue
        text = "已补齐手续，回访农户表示满意"
        inspections.rectify(item=item, text=text, by=clerk, today=_ANSWERED_ON)
        if number % 3 == 0:
            inspections.close(item=item, by=sun, today=TODAY)


def _clerk(township: str) -> Account | None:
    return Account.objects.filter(role=TownshipClerk.code, region_code=township).order_by("pk").first()


def _units(sun: Account) -> None:
    """Four departments have a part in the storm's screening; two have answered."""
    storm = LargeScaleEvent.objects.filter(region_code=COUNTY, closed_on=None).order_by("pk").first()
    if storm is None:
        return
    for department, duty, answer in (
        ("emergency", "核定受灾范围和户数，转移安置", "受灾 3 个村，转移 6 人，已返家"),
        ("housing", "逐户查看房屋安全，危房当日撤人", "查看 41 户，2 户墙体开裂，已撤离并鉴定"),
        ("water", "查看饮水管道和水质，停水村送水", ""),
        ("agriculture", "核定农作物损失，指导补种", ""),
    ):
        unit = event_units.assign(
            event=storm, department=department, duty=duty, due_on=dt.date(2022, 7, 20), by=sun, today=_STORM_ON
        )
        if answer:
            event_units.answer(unit=unit, text=answer, by=sun, today=_CHECKED_ON)


def _listing(sun: Account, zhou: Account, policies: Policies) -> None:
    """In spring the city put the county on its list; the county told what it did, and was taken off."""
    listed_on, told_on, released_on = dt.date(2022, 4, 20), dt.date(2022, 6, 20), dt.date(2022, 7, 12)
    made = listings.put_on(
        region_code=COUNTY,
        reason="（演示）一季度脱贫人口收入增速低于当地农民",
        due_on=dt.date(2022, 7, 20),
        due_reason="（演示）三个月内见效",
        phone=_PHONE,
        number="（演示）防贫挂〔2022〕1号",
        by=zhou,
        today=listed_on,
        now=_at(listed_on),
        policies=policies,
    )
    text = "增设公益岗位，组织务工对接三场，逐户落实增收措施"
    listings.report(listing=made, text=text, by=sun, today=told_on, now=_at(told_on))
    evidence = "（演示）上半年脱贫人口收入增速已高于当地农民"
    listings.release(listing=made, evidence=evidence, by=zhou, today=released_on)


def _phone(zhao: Account) -> None:
    """The grid worker's own telephone, as the app registers it."""
    devices.register(code=uuid.UUID(int=20220701), label="赵的手机（演示）", by=zhao, now=_at(_DRAWN_ON))


def _meeting(sun: Account, policies: Policies) -> None:
    """The departments met about June; one thing is done, the others are waited for."""
    units = ("涞源县医疗保障局", "涞源县民政局", "涞源县残疾人联合会", "涞源县农业农村局")
    meeting = feeds.record_consultation(
        region_code=COUNTY,
        month=SCREENED_MONTH,
        held_on=dt.date(2022, 7, 8),
        chair="县领导冯",
        units=units,
        topics="6月部门数据比对结果；大额医疗支出、未参保人员；核桃价格下跌",
        conclusions="线索按月下派，核实不超过5天；未参保的逐人动员；核桃价格持续关注。",
        decisions=(
            Decided("未参保监测对象逐人核实，能参保的七月底前参保", "涞源县医疗保障局", dt.date(2022, 7, 31)),
            Decided("重度残疾人补贴与名册核对一次", "涞源县残疾人联合会", dt.date(2022, 7, 15)),
            Decided("每周报送核桃、鸡蛋产地价格", "涞源县农业农村局", dt.date(2022, 7, 11)),
        ),
        material=consultation_material.of_month(
            county_code=COUNTY, month=SCREENED_MONTH, today=dt.date(2022, 7, 8), policies=policies
        ),
        by=sun,
        now=_at(dt.date(2022, 7, 8)),
    )
    last = meeting.decisions.order_by("number").last()
    if last is not None:
        feeds.finish_decision(decision=last, result="已按周报送", done_on=dt.date(2022, 7, 11), by=sun)


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))
