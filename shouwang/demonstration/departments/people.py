"""What the disabled persons' federation, civil affairs, the police and the registries know."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .. import calibration
from ..lives import DISABILITIES
from ..national import day_texts, label, only, same
from ..numbers import texts, yuan
from ..population import County
from ..streams import Streams, draw, some
from .facts import Facts, days_between, facts, together, with_cases

LEVELS = ("", "一级", "二级", "三级", "四级")


def certificates(county: County, streams: Streams) -> Facts:
    """Everyone's certificate; a few were cancelled."""
    chance = streams[f"certificates {county.code}"]
    people = county.ordinary_persons()
    people = people[county.lives.disability[people] > 0]
    count = len(people)
    year = county.lives.certified_year[people]
    on = np.array([f"{one}-01-01" for one in year], dtype="datetime64[D]") + chance.integers(0, 360, count).astype(
        "timedelta64[D]"
    )
    born = county.persons.born_on[people]
    on = np.minimum(np.maximum(on, born + np.timedelta64(90, "D")), np.datetime64("2022-06-20"))
    cancelled = chance.random(count) < 0.006
    cancelled_on = np.maximum(on, days_between(chance, "2022-01-05", "2022-06-25", count))
    columns = {
        "残疾类别": label([name.removesuffix("残疾") for name in DISABILITIES], county.lives.disability[people]),
        "残疾等级": label(LEVELS, county.lives.disability_level[people]),
        "发证日期": day_texts(on),
        "注销日期": only(day_texts(cancelled_on), cancelled),
    }
    # a cancellation is known in the month in which it comes
    return with_cases(facts("disability", people, np.where(cancelled, cancelled_on, on), columns), county)


def assistance(county: County, streams: Streams) -> Facts:
    """Minimum living allowance by household, extreme hardship support and the two disability subsidies by person."""
    chance = streams[f"assistance {county.code}"]
    people = county.ordinary_persons()
    household = county.persons.household[people]
    income = county.incomes
    hardship = income.extreme_hardship[household] > 0
    level = county.lives.disability_level[people]
    groups = (
        ("农村低保", people[income.is_assisted[household] & ~hardship], 260, 480),
        ("特困供养", people[hardship], 540, 610),
        ("困难残疾人生活补贴", people[(level > 0) & income.is_assisted[household]], 66, 67),
        ("重度残疾人护理补贴", people[(level > 0) & (level <= 2)], 66, 67),
        ("临时救助", some(chance, people, round(len(people) * 0.0008)), 800, 5_000),
    )
    parts = []
    for kind, subject, low, high in groups:
        count = len(subject)
        is_once = kind == "临时救助"
        on = days_between(chance, "2022-01-01" if is_once else "2017-01-01", "2022-06-25", count)
        month = np.datetime_as_string(on.astype("datetime64[M]"))
        stopped = np.full(count, is_once) | (chance.random(count) < 0.01)
        amount = np.round(chance.uniform(low, high, count)).astype(np.int64) * 100
        columns = {
            "救助类别": same(kind, count),
            "起始月份": pa.array(month),
            "终止月份": only(pa.array(month) if is_once else same("2022-05", count), stopped),
            "金额": yuan(amount),
        }
        parts.append(facts("social_assistance", subject, on, columns))
    return with_cases(together(parts), county)


def benefits(county: County, streams: Streams, gone: np.ndarray) -> Facts:
    """Pensions of the old, one of two posts paid by the month, and the yearly subsidy for land; to 脱贫户 only, for a file of a size."""
    chance = streams[f"benefits {county.code}"]
    people = county.ordinary_persons()
    people = people[county.is_alleviated[county.persons.household[people]] & ~np.isin(people, gone)]
    age = county.persons.age[people]
    old = people[age >= 61]
    posts = some(chance, people[(age >= 45) & (age < 60)], max(1, len(people) // 60))
    land = people[county.persons.order[people] == 0]
    parts = []
    for kind, subject, months, low, high in (
        ("养老保险金", old, range(1, 7), 108, 160),
        ("公益岗位补助", posts, range(1, 7), 500, 501),
        ("地力补贴", land, (5,), 80, 600),
    ):
        amount = np.round(chance.uniform(low, high, len(subject))).astype(np.int64) * 100
        for number in months:
            month = f"2022-{number:02d}"
            columns = {
                "发放项目": same(kind, len(subject)),
                "发放月份": same(month, len(subject)),
                "金额": yuan(amount),
            }
            parts.append(
                facts("benefit_payment", subject, np.full(len(subject), np.datetime64(f"{month}-20")), columns)
            )
    return with_cases(together(parts), county)


def population_changes(county: County, streams: Streams) -> tuple[Facts, np.ndarray]:
    """Deaths, births and moves of half a year; and which people have died or left (their households count fewer heads)."""
    chance = streams[f"changes {county.code}"]
    people = county.ordinary_persons()
    age = county.persons.age[people]
    first = np.datetime64("2022-01-01")
    weight = np.where(age < 40, 0.02, np.exp(np.minimum(age - 40, 50) * 0.085) * 0.05)
    dead = chance.choice(
        people, size=round(len(people) * calibration.DEATHS_PER_YEAR / 2), replace=False, p=weight / weight.sum()
    )
    born = people[county.persons.born_on[people] >= first]
    rest = people[~np.isin(people, dead) & (age >= 19) & (county.persons.order[people] > 1)]
    left = some(chance, rest, round(len(people) * 0.0009))
    wedded = left[(county.persons.is_male[left] == 0) & (county.persons.age[left] < 35)]
    moved = left[~np.isin(left, wedded)]
    parts = []
    for kind, subject in (("死亡", dead), ("出生", born), ("婚出", wedded), ("迁出", moved)):
        on = (
            county.persons.born_on[subject]
            if kind == "出生"
            else days_between(chance, "2022-01-02", "2022-06-29", len(subject))
        )
        columns = {
            "变动类型": same(kind, len(subject)),
            "变动日期": day_texts(on),
            "户编号": texts(county.number[county.persons.household[subject]]),
        }
        parts.append(facts("population_change", subject, on, columns))
    everything = with_cases(together(parts), county)
    numbers = texts(county.number[county.persons.household[everything.subject]])
    everything.columns["户编号"] = numbers
    return everything, np.concatenate([dead, left])


_ACCIDENTS = ("交通事故", "坠落", "生产安全事故", "火灾", "其他意外")


def accidents(county: County, streams: Streams, gone: np.ndarray) -> Facts:
    """Accidents of the half year: a few every month."""
    chance = streams[f"accidents {county.code}"]
    people = county.ordinary_persons()
    people = people[(county.persons.age[people] >= 10) & ~np.isin(people, gone)]
    june = round(len(county.size) * calibration.JUNE_ACCIDENTS)
    subject = chance.permutation(some(chance, people, june * 4))
    on = np.concatenate(
        [
            days_between(chance, "2022-06-01", "2022-06-30", june),
            days_between(chance, "2022-01-03", "2022-05-31", june * 3),
        ]
    )
    on = on[: len(subject)]
    count = len(subject)
    loss = np.round(chance.lognormal(np.log(4_000), 0.9, count)).astype(np.int64) * 100
    columns = {
        "事故类型": label(_ACCIDENTS, draw(chance, (0.5, 0.2, 0.15, 0.05, 0.1), count)),
        "发生日期": day_texts(on),
        "自付损失": only(yuan(loss), chance.random(count) < 0.9),
    }
    return with_cases(facts("accident", subject, on, columns), county)


_ASSETS = ("小汽车", "大型车辆和农机", "商品房", "公司企业", "个体工商户", "财政供养")


def assets(county: County, streams: Streams, rows: int) -> Facts:
    """What registries push: reasons to ask."""
    chance = streams[f"assets {county.code}"]
    people = county.ordinary_persons()
    people = people[(county.persons.age[people] >= 20) & (county.persons.age[people] < 65)]
    subject = chance.permutation(some(chance, people, rows))
    count = len(subject)
    on = days_between(chance, "2015-01-01", "2022-05-31", count)
    columns = {
        "资产类别": label(_ASSETS, draw(chance, (0.62, 0.08, 0.12, 0.04, 0.12, 0.02), count)),
        "登记日期": day_texts(on),
        "价值": only(
            yuan(np.round(chance.lognormal(np.log(60_000), 0.6, count), -2).astype(np.int64) * 100),
            chance.random(count) < 0.7,
        ),
    }
    return with_cases(facts("asset_hint", subject, on, columns), county)
