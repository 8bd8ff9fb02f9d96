"""A county in small, with everything that pages show: households in two townships, files, a run, leads, rows in doubt;
and a household of the next county, so that there is something to keep from each other."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.casework.models import Lead
from shouwang.feeds import actions as feeds
from shouwang.feeds.models import PendingRow
from shouwang.foundation import secrets
from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch
from shouwang.organisation.models import Account
from shouwang.regions import actions as regions
from shouwang.registry.models import Household, Monitoring, Person
from shouwang.screening import actions as screening
from shouwang.screening.models import Run
from tests import factories
from tests.factories import LAIYUAN, NOW, YIXIAN
from tests.screening.lake_world import County

JUNE = dt.date(2022, 6, 30)
TODAY = dt.date(2022, 7, 7)
TOWNSHIP = "130630100000"
OTHER_TOWNSHIP = "130630101000"
VILLAGE = "130630100201"
OTHER_VILLAGE = "130630100202"
FAR_VILLAGE = "130630101201"
NEIGHBOUR_VILLAGE = "130633100001"
OURS = ("甲建国", "乙秀英", "丙海生", "丁玉兰")
IN_TOWNSHIP = ("甲建国", "乙秀英")
NEIGHBOURS = "外德成"


@dataclass
class World:
    """What the tests need to name."""

    accounts: dict[str, Account] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    run: Run | None = None
    feed_batch: Batch | None = None
    refused_batch: Batch | None = None
    pending: PendingRow | None = None

    def lead(self, head_name: str) -> Lead:
        return Lead.objects.get(household__head_name=head_name)


def build(folder: Path) -> World:
    """Builds it in the database and the workspace of the tests."""
    regions.load(counties_in_detail=[LAIYUAN, YIXIAN], today=TODAY)
    world = World()
    _accounts(world)
    ours, theirs = County(), County(YIXIAN, NEIGHBOUR_VILLAGE)
    for name, village in zip(OURS, (VILLAGE, OTHER_VILLAGE, FAR_VILLAGE, FAR_VILLAGE), strict=True):
        ours.village = village
        _household(world, ours, name)
    _household(world, theirs, NEIGHBOURS)
    Monitoring.objects.create(
        region_code=FAR_VILLAGE,
        period="2022-05",
        digest="",
        household=world.households["丁玉兰"],
        object_category="脱贫不稳定户",
        risks=["因病"],
        identified_month="2021-05",
    )
    for county in (ours, theirs):
        county.register(period="2022-05", monitored=("丁玉兰",))
        factories.write_snapshot(county.code)
        county.income(**dict.fromkeys(county.households, 500_000))
    _files(world, folder)
    theirs.write(
        "disability",
        [{"person": NEIGHBOURS, "disability_kind": "肢体", "disability_level": 1, "certified_on": dt.date(2019, 3, 1)}],
    )
    policies = policy.load()
    for code in (YIXIAN, LAIYUAN):
        world.run = screening.run(region_code=code, as_of=JUNE, policies=policies, by=world.accounts["sun"], now=NOW)
        casework.fold(run=world.run, opened_on=JUNE, policies=policies)
    return world


def _accounts(world: World) -> None:
    world.accounts = {
        "sun": factories.county_officer_sun(),
        "qian": factories.township_clerk_qian(TOWNSHIP),
        "zhao": factories.grid_worker_zhao(VILLAGE),
        "li": factories.neighbour_li(),
        "zhou": factories.city_officer_zhou("130600000000"),
        "nowhere": factories.make_account(name="无区域", role="county_officer", region_code=""),
    }


def _household(world: World, county: County, name: str) -> None:
    """A household of one, registered with a number that only its keeper can read."""
    household = factories.make_household(region_code=county.village, head_name=name)
    number = factories.identity_number(area=county.code[:6])
    person = factories.make_person(household=household, name=name, number=number)
    person.secrets = secrets.load().encrypt_values({"证件号码": number, "成员联系电话": "13800001234"})
    person.save()
    Household.objects.filter(pk=household.pk).update(registered_size=1)
    world.households[name] = county.households[name] = household
    world.numbers[name], county.persons[name] = number, person


def _files(world: World, folder: Path) -> None:
    """The disabled persons' list with a wrong name in it, and an insurance file with a row that cannot be read."""
    heading = ["残疾证号", "姓名", "残疾类别", "残疾等级", "发证日期"]
    rows = [[f"{world.numbers[name]}41", name, "肢体", "一级", "2019-03-01"] for name in ("甲建国", "丙海生")]
    rows.append([f"{world.numbers['乙秀英']}42", "乙秀芳", "肢体", "二级", "2020-01-01"])
    world.feed_batch = send(folder, "disability", "残联6月.csv", [heading, *rows])
    world.pending = PendingRow.objects.get(kind="doubtful")
    rows = [[world.numbers[name], name, "2022", "参保"] for name in OURS]
    rows.append(["1.30630E+17", "无此人", "2022", "参保"])
    world.refused_batch = send(
        folder, "medical_insurance", "参保6月.csv", [["证件号码", "姓名", "参保年度", "参保状态"], *rows]
    )


def send(folder: Path, dataset: str, name: str, rows: list[list[str]]) -> Batch:
    """A department's file for our county, as the county officer imports it."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    outcome = feeds.import_file(
        path=path, dataset=dataset, region_code=LAIYUAN, period=Month(2022, 6), by=None, now=NOW, sender="县残联"
    )
    assert outcome.batch is not None
    return outcome.batch


def person(world: World, name: str) -> Person:
    return world.households[name].persons.get()
