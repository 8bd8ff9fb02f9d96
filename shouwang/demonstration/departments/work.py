"""What the labour department knows of work, and the months of income that villages collect."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .. import calibration
from ..incomes import MONTHS
from ..lives import EMPLOYERS, LOCAL, WORKPLACES
from ..national import day_texts, label, only
from ..numbers import texts, yuan
from ..population import County
from ..streams import Array, Streams, some
from .facts import Facts, days_between, facts, together, with_cases

_STATUSES = ("就业", "灵活就业", "公益性岗位", "失业")


def employment(county: County, streams: Streams, gone: Array) -> Facts:
    """Who works where: all of the watched households, some of the others; in June a few lost their work."""
    chance = streams[f"employment {county.code}"]
    people = county.ordinary_persons()
    lives = county.lives
    watched = (county.is_alleviated | county.monitoring.is_active)[county.persons.household]
    works = (lives.work_months > 0) & (watched | (chance.random(len(watched)) < 0.15))
    people = people[works[people] & ~np.isin(people, gone)]
    count = len(people)
    on = days_between(chance, "2021-02-20", "2022-04-30", count)
    losing = some(chance, np.arange(count), round(len(county.size) * calibration.JUNE_LOST_WORK))
    june = days_between(chance, "2022-06-02", "2022-06-28", count)
    ended_before = chance.random(count) < 0.03
    before = on + chance.integers(20, 300, count).astype("timedelta64[D]")
    ended_before &= before < np.datetime64("2022-05-31")
    registers = np.zeros(count, dtype=bool)
    registers[losing[::2]] = True  # half of them register as jobless, of the others the contract ends
    ends = np.zeros(count, dtype=bool)
    ends[losing[1::2]] = True
    status = np.where(lives.post[people] > 0, 2, np.where(lives.employer[people] > 0, 0, 1))
    local = county.places.province + county.places.county
    workplaces = [local if place == LOCAL else text for place, text in enumerate(WORKPLACES)]
    columns = {
        "就业状态": label(_STATUSES, status),
        "开始日期": day_texts(on),
        "务工地点": label(workplaces, lives.workplace[people]),
        "单位名称": label(EMPLOYERS, lives.employer[people]),
        "结束日期": only(day_texts(np.where(ends, june, before)), (ends | ended_before) & ~registers),
    }
    stock = facts("employment", people, on, columns)
    jobless = np.flatnonzero(registers)
    lost = facts(
        "employment",
        people[jobless],
        june[jobless],
        {
            "就业状态": label(_STATUSES, np.full(len(jobless), 3)),
            "开始日期": day_texts(june[jobless]),
            "务工地点": pa.nulls(len(jobless), pa.string()),
            "单位名称": pa.nulls(len(jobless), pa.string()),
            "结束日期": pa.nulls(len(jobless), pa.string()),
        },
    )
    # who registers as jobless has left the former place
    stock = stock.chosen(np.flatnonzero(~registers))
    # an end is known in the month in which it comes
    ended = np.where(ends, june, np.where(ended_before, before, on))
    stock.on = ended[~registers]
    return with_cases(together([stock, lost]), county)


def monthly_income(county: County) -> Facts:
    """One row a household and month; ``subject`` is the head."""
    months = county.months
    place, month = np.nonzero(~months.is_missing)
    household = months.households[place]
    first_days = np.array([str(one.first_day) for one in MONTHS], dtype="datetime64[D]")
    order = np.lexsort((household, month))
    place, month, household = place[order], month[order], household[order]

    def amount(part: Array) -> pa.Array:
        return yuan(part[place, month])

    columns = {
        "户编号": texts(county.number[household]),
        "月份": label([str(one) for one in MONTHS], month),
        "工资性收入": amount(months.wage),
        "生产经营性收入": amount(months.business),
        "财产性收入": amount(months.property_income),
        "转移性收入": amount(months.transfer),
        "生产经营性支出": amount(months.cost),
    }
    everything = facts("monthly_income", county.first_person[household], first_days[month], columns)
    everything.is_case = county.is_case[household]
    return everything
