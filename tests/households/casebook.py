"""Leads and cases for the tests of the household loop, taken through their steps by the people who take them in an office."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from shouwang import policy
from shouwang.casework import actions, runner
from shouwang.casework.models import Case, Event, Lead
from shouwang.foundation import workspace
from shouwang.organisation.models import Account
from shouwang.organisation.roles import CountyOfficer, GridWorker, TownshipClerk
from shouwang.regions import queries as regions
from shouwang.registry.models import Household
from tests import factories
from tests.policy import files

LAIYUAN_VILLAGE = "130630100201"
HENGSHUI_VILLAGE = "131102001045"
XUCHANG_VILLAGE = "411003001001"

OWN_DOCUMENT = """\
title: 本地办法
issuer: 本地领导小组
region: "{region}"
issued_on: 2021-01-01
effective_from: 2021-01-01
"""


def set_locally(region: str, **values: str) -> None:
    """A county's own values: case__publicity_minimum_days="5 day" writes that parameter's file and the document it cites."""
    found = {f"documents/local-{region}.yaml": OWN_DOCUMENT.format(region=region)}
    for name, value in values.items():
        path = f"parameters/{name.replace('__', '/')}.yaml"
        found[path] = f'values:\n  - {{region: "{region}", from: 2021-01-01, value: {value}, cite: local-{region}}}\n'
    files.write(workspace.own_policies_folder(), found)


def moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10), ZoneInfo("Asia/Shanghai"))


@dataclass
class Book:
    """A village with its people; ``take`` lets the right one take a step."""

    village: str = LAIYUAN_VILLAGE
    people: dict[str, Account] = field(default_factory=dict)

    def __post_init__(self) -> None:
        township, county = f"{self.village[:9]}000", regions.county_of(self.village)
        self.people = {
            "village": factories.make_account(name="网格员赵", role=GridWorker.code, region_code=self.village),
            "township": factories.make_account(name="乡镇钱", role=TownshipClerk.code, region_code=township),
            "county": factories.make_account(name="县中心孙", role=CountyOfficer.code, region_code=county),
        }

    def household(self, name: str = "甲建国", labour: str = "普通劳动力") -> Household:
        household = factories.make_household(region_code=self.village, head_name=name)
        person = factories.make_person(household=household, name=name, born_on=dt.date(1970, 1, 1))
        person.labour_capacity = labour
        person.save()
        return household

    def lead(self, opened_on: dt.date, household: Household | None = None) -> Lead:
        return self.leads(opened_on, [household or self.household()])[0]

    def leads(self, opened_on: dt.date, households: list[Household]) -> list[Lead]:
        opened = actions.write_leads(
            {household.pk: self.village for household in households},
            opened_on=opened_on,
            policies=policy.load(),
            county_of=regions.county_of,
            channel="screening",
        )
        return list(Lead.objects.filter(pk__in=opened.values()).order_by("pk"))

    def take(
        self, proceeding: Any, step: str, on: dt.date, by: str = "", today: dt.date | None = None, **data: Any
    ) -> Event:
        """Takes a step with what a person would fill in; ``data`` stands in for it. ``by`` names the level; the step's own else."""
        from shouwang.casework import procedure

        proceeding.refresh_from_db()
        chosen = procedure.get(proceeding.procedure).step(step)
        assert chosen
        account = self.people[by or LEVEL.get(step, chosen.level)]
        return runner.act(
            proceeding=proceeding,
            step=step,
            by=account,
            on=on,
            today=today or on,
            now=moment(today or on),
            policies=policy.load(),
            data=ANSWERS.get(step, {}) | data,
        )

    def case(self, opened_on: dt.date, household: Household | None = None, **confirmed: Any) -> Case:
        """Opened on the day of discovery itself: sent down and confirmed at once."""
        lead = self.lead(opened_on, household)
        self.take(lead, "dispatch", opened_on)
        self.take(lead, "confirm", opened_on, **confirmed)
        return Case.objects.get(lead=lead)

    def published(
        self, opened_on: dt.date, until: dt.date, household: Household | None = None, **confirmed: Any
    ) -> Case:
        """With its notice up from the day of discovery."""
        case = self.case(opened_on, household, **confirmed)
        self.take(case, "review", opened_on)
        self.take(case, "publish", opened_on, shown_until=until.isoformat())
        return case

    def at_county(
        self, opened_on: dt.date, until: dt.date, household: Household | None = None, **confirmed: Any
    ) -> Case:
        case = self.published(opened_on, until, household, **confirmed)
        self.take(case, "close_publicity", until)
        self.take(case, "township_review", until)
        return case

    def included(self, opened_on: dt.date, on: dt.date, household: Household | None = None, **confirmed: Any) -> Case:
        case = self.at_county(opened_on, on, household, **confirmed)
        plan(case, on)
        self.take(case, "county_decision", on)
        return case


def plan(case: Case, on: dt.date, risk: str = "illness", kind: str = "medical_assistance", **more: Any) -> Any:
    """A measure on a case's plan."""
    from shouwang.households import measures

    return measures.plan(case=case, kind=kind, risk=risk, planned_on=on, today=on, by=None, now=moment(on), **more)


LEVEL = {"review": "village", "out_review": "village"}
MINUTES = {
    "place": "村委会",
    "chair": "主持人",
    "recorder": "记录人",
    "eligible": "30",
    "present": "25",
    "votes_for": "24",
    "minutes": "情况属实，同意",
}
NOTICE = {"place": "村务公开栏", "phone": "0312-7300000"}
CHECKED = {
    name: "passed" if not name.endswith("_evidence") else "已逐项核对"
    for code in ("income_stable", "guarantees_kept", "spending_solved", "risk_gone")
    for name in (code, f"{code}_evidence")
}
ANSWERS: dict[str, dict[str, Any]] = {
    "confirm": {"risks": ["illness"]},
    "clear": {"reason": "收入稳定，没有大额支出"},
    "review": MINUTES,
    "out_review": MINUTES,
    "review_against": MINUTES | {"votes_for": "3", "votes_against": "20", "minutes": "多数不同意"},
    "publish": NOTICE,
    "out_publish": NOTICE,
    "announce": NOTICE,
    "close_publicity": {"result": "kept"},
    "out_close_publicity": {"result": "kept"},
    "object": {"text": "该户有其他收入"},
    "answer_objection": {"text": "已核实，属一次性收入"},
    "township_review": {"opinion": "同意上报"},
    "out_township_review": {"opinion": "同意上报"},
    "county_decision": {"object_category": "边缘易致贫户"},
    "ask_clearance": CHECKED,
    "refuse": {"reason": "不在监测范围"},
    "decide_against": {"reason": "村民代表多数不同意"},
    "allow_no_labour": {"reason": "已由女儿赡养"},
    "keep_supporting": {"reason": "收入还不稳"},
    "uphold_objection": {"reason": "意见属实"},
    "township_return": {"reason": "请补充评议记录"},
    "reopen": {"reason": "抽查发现收入未达标"},
}
