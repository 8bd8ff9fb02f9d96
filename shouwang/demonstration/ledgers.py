"""Rows in the demonstration's registers, written by the actions that people use: labour, public posts, workshops, unsold produce,
distributions, loans that fall due, and what goes with them. A few villages have them, the others show who is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from shouwang.households.kinds import LABOURING
from shouwang.households.models import RegisterRow
from shouwang.households.registers import actions
from shouwang.households.registers.catalogue import BY_CODE
from shouwang.households.registers.subjects import Subject
from shouwang.organisation.models import Account
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Monitoring, Person

from .calibration import COUNTY, DEMONSTRATION_TOWNSHIP, DEMONSTRATION_VILLAGE

TODAY = dt.date(2022, 7, 18)
_WRITTEN_ON = dt.date(2022, 7, 15)
_PEOPLE, _HOMES = 40, 24
_STATUS = ("外出务工", "本地务工", "外出务工", "未就业", "在家务农", "自主经营", "未就业")
_ASSET = "走马驿村光伏电站"


def arrange(*, policies: Policies) -> None:
    """Once; rows that are there already are left as they are."""
    if RegisterRow.objects.exists():
        return
    with transaction.atomic():
        _Writer(Account.objects.get(login="qian"), Account.objects.get(login="sun")).write()


class _Writer:
    """Whoever keeps a register writes in it."""

    def __init__(self, township: Account, county: Account) -> None:
        self.township, self.county = township, county
        watched = Monitoring.objects.filter(is_withdrawn=False, is_cleared=False).values("household")
        homes = Household.objects.filter(region_code__startswith=DEMONSTRATION_TOWNSHIP[:9], is_withdrawn=False)
        objects = list(homes.filter(pk__in=watched).order_by("region_code", "household_no")[: _HOMES // 2])
        others = homes.filter(household_type="脱贫户").exclude(pk__in=watched)
        self.homes = objects + list(others.order_by("region_code", "household_no")[: _HOMES - len(objects)])
        people = Person.objects.filter(household__in=self.homes, is_withdrawn=False, labour_capacity__in=LABOURING)
        self.people = list(people.select_related("household").order_by("region_code", "person_no")[:_PEOPLE])

    def write(self) -> None:
        self._labour()
        self._posts()
        self._workshops()
        self._produce()
        self._money()
        self._pairings()

    def _labour(self) -> None:
        # the last few are not written down yet: the register lists them
        for place, person in enumerate(self.people[:-4]):
            status = _STATUS[place % len(_STATUS)]
            told: dict[str, Any] = {"status": status, "told_in": "2022-06"}
            if status in ("外出务工", "本地务工"):
                told |= {"wage": 320_000 + place * 5_000, "result": "已上岗"}
            elif status == "未就业":
                told |= {"wish": "愿上公益岗" if place % 2 else "愿就近", "matched": "保洁员", "result": "等待答复"}
            self._add("labour", told, person=person)

    def _posts(self) -> None:
        village = regions.name(DEMONSTRATION_VILLAGE).removesuffix("民委员会")
        posts = [
            self._add(
                "public_posts",
                {"kind": kind, "places": places, "funding": funding, "monthly_pay": pay},
                name=f"{village}{kind}岗",
            )
            for kind, places, funding, pay in (
                ("保洁", 4, "衔接资金", 60_000),
                ("护林", 3, "就业补助资金", 80_000),
                ("托幼养老", 2, "项目资产收益", 70_000),
            )
        ]
        terms = (
            (dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
            (dt.date(2021, 8, 1), dt.date(2022, 7, 31)),
            (dt.date(2021, 7, 1), dt.date(2022, 6, 30)),
            (dt.date(2022, 7, 1), dt.date(2023, 6, 30)),
            (dt.date(2022, 3, 1), dt.date(2023, 2, 28)),
        )
        for place, (start, end) in enumerate(terms):
            if place >= len(self.people):
                break
            told = {
                "hired_on": start.isoformat(),
                "agreed_until": end.isoformat(),
                "paid": 60_000,
                "insured": "已买",
                "announced": "已公示",
            }
            self._add("post_holders", told, person=self.people[-1 - place * 2], part_of=posts[place % len(posts)])

    def _workshops(self) -> None:
        for name, product, status, workers, alleviated, objects, subsidy in (
            ("走马驿箱包车间", "箱包", "正常生产", 36, 14, 3, 1_400_000),
            ("驿马岭食用菌车间", "食用菌分拣", "季节停产", 22, 12, 2, 600_000),
            ("西走马驿编织车间", "手工编织", "停产", 8, 6, 1, None),
        ):
            told = {
                "product": product, "status": status, "workers": workers, "alleviated": alleviated, "objects": objects,
                "recognised_on": "2021-03-01", "subsidy": subsidy, "policy": "吸纳就业补贴" if subsidy else "没有享受",
            }  # fmt: skip
            self._add("workshops", told, name=name, region=DEMONSTRATION_TOWNSHIP)
        told = {
            "kind": "万企兴万村",
            "item": "物资",
            "detail": "捐赠化肥和种子",
            "value": 3_000_000,
            "objects": 18,
            "since": "2022-03-10",
        }
        self._add("helpers", told, name="保定某农牧公司", region=DEMONSTRATION_TOWNSHIP)
        told = {
            "kind": "单村供水",
            "served": 186,
            "keeper": "村水管员岗位",
            "quality": "合格",
            "is_seasonal": True,
            "status": "正常",
        }
        point = self._add("water_points", told, name="西走马驿水窖")
        told = {"cause": "干旱", "began_on": "2022-07-02", "served": 46, "supply": "送水车"}
        self._add("water_shortages", told, name="7月季节性缺水", part_of=point)

    def _pairings(self) -> None:
        told = {
            "unit": "涞源县水利局",
            "kind": "帮村",
            "since": "2021-08-01",
            "lacks": "南坡灌溉管道",
            "brought": "水泵2台",
        }
        self._add("village_pairings", told)
        self._add("village_pairings", {"unit": "保定某食品公司", "kind": "企业结对", "since": "2022-03-10"})

    def _produce(self) -> None:
        rows: Sequence[Mapping[str, Any]] = (
            {"produce": "土豆", "told_on": "2022-07-05", "quantity": "1800", "status": "未对接"},
            {
                "produce": "核桃",
                "told_on": "2022-06-28",
                "quantity": "350",
                "status": "对接中",
                "way": "消费帮扶",
                "buyer": "县机关食堂",
            },
            {
                "produce": "小米",
                "told_on": "2022-06-20",
                "quantity": "600",
                "status": "已售完",
                "way": "线上",
                "sold": "600",
                "sold_amount": 540_000,
                "matched_on": "2022-07-01",
            },
            {"produce": "花椒", "told_on": "2022-07-11", "quantity": "90", "status": "未对接"},
        )
        for home, told in zip(self.homes, rows, strict=False):
            self._add("unsold_produce", told, household=home)

    def _money(self) -> None:
        for place, home in enumerate(self.homes[:12]):
            able = home.persons.filter(is_withdrawn=False, labour_capacity__in=LABOURING).exists()
            # every third household without labour has got nothing differential: the register lists it
            form = ("公益岗位" if place % 2 else "收益再分配") if able else "差异化分配"
            if able or place % 3:
                told = {
                    "asset": _ASSET,
                    "form": form,
                    "paid": 80_000 + place * 1_000,
                    "paid_on": "2022-06-25",
                    "announced": "已公示",
                }
                self._add("distributions", told, household=home, period="2022")
        for home, due, status in zip(
            self.homes[6:11],
            ("2022-07-10", "2022-08-02", "2022-08-25", "2023-05-30", "2024-03-01"),
            ("逾期", "正常", "正常", "正常", "正常"),
            strict=False,
        ):
            told = {
                "kind": "小额信贷",
                "bank": "县农信社",
                "lent_on": "2020-07-15",
                "amount": 5_000_000,
                "balance": 5_000_000,
                "due_on": due,
                "status": status,
                "purpose": "养殖",
            }
            self._add("loans", told, household=home)
        fund = (
            {
                "direction": "收入",
                "kind": "财政安排",
                "amount": 200_000_000,
                "on": "2022-01-20",
                "approval": "涞财〔2022〕6号",
            },
            {
                "direction": "支出",
                "kind": "救助支出",
                "amount": 1_850_000,
                "on": "2022-06-10",
                "approval": "涞防贫〔2022〕11号",
            },
        )
        for place, told in enumerate(fund):
            self._add("prevention_fund", told, name=("年初预算安排", "六月救助")[place], region=COUNTY)

    def _add(
        self,
        code: str,
        values: Mapping[str, Any],
        *,
        person: Person | None = None,
        household: Household | None = None,
        name: str = "",
        region: str = DEMONSTRATION_VILLAGE,
        period: str = "",
        part_of: RegisterRow | None = None,
    ) -> RegisterRow:
        if person is not None:
            subject = Subject.of_person(person)
        else:
            subject = Subject.of_household(household) if household is not None else Subject(region, name=name)
        return actions.add(
            register=BY_CODE[code],
            subject=subject,
            values={column: value for column, value in values.items() if value is not None},
            period=period,
            part_of=part_of,
            by=self.county if region == COUNTY else self.township,
            today=_WRITTEN_ON,
            now=timezone.make_aware(dt.datetime.combine(_WRITTEN_ON, dt.time(10))),
        )
