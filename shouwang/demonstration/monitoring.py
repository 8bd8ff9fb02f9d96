"""Which households are under monitoring (监测对象): category, risks, since when, cleared or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import calibration
from .families import Persons
from .lives import LOST, NONE, Lives
from .streams import Array, Streams, draw

CATEGORIES = ("", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
RISKS = (
    "", "因病", "因残", "因学", "因自然灾害", "因意外事故", "因产业项目失败", "因务工就业不稳", "缺劳动力", "因安全住房", "因安全饮水",
    "因突发公共卫生事件", "其他",
)  # fmt: skip
_RISK_SHARES = (0, 0.46, 0.0, 0.06, 0.03, 0.07, 0.05, 0.14, 0.0, 0.03, 0.0, 0.02, 0.02)
ILLNESS, DISABILITY, SCHOOLING, DISASTER = 1, 2, 3, 4
LABOUR, HOUSING, WATER, OTHER = 8, 9, 10, 12


@dataclass
class Monitoring:
    """One entry a household; codes are places in the tuples above, months are counted from January of year 0."""

    category: Array  # 0: not an object
    risk: Array
    second_risk: Array
    identified: Array
    is_cleared: Array
    cleared: Array

    @property
    def is_active(self) -> Array:
        return (self.category > 0) & ~self.is_cleared


def month_text(months: Array) -> Array:
    """24269 → 202206, as the sheet writes months."""
    return months // 12 * 100 + months % 12 + 1


def month_number(year: int, month: int) -> int:
    return year * 12 + month - 1


def watch(
    is_alleviated: Array, is_case: Array, persons: Persons, lives: Lives, streams: Streams, county: str
) -> Monitoring:
    """Draws objects among 脱贫户 and 一般农户, rather where somebody is ill or severely disabled; their risks follow later."""
    chance = streams[f"monitoring {county}"]
    count = len(is_alleviated)
    wanted = max(4, round(count * calibration.MONITORED_SHARE))
    marginal = round(wanted * calibration.MONITORED_MARGINAL_SHARE)
    category = np.zeros(count, dtype=np.int64)
    afflicted = lives.is_seriously_ill | ((lives.disability_level > 0) & (lives.disability_level <= 2))
    weight = np.where(
        np.bincount(persons.household, afflicted, minlength=count) > 0, calibration.MONITORED_WHERE_ILL, 1.0
    )
    for code, among, size in ((1, is_alleviated, wanted - marginal), (2, ~is_alleviated, marginal)):
        rows = np.flatnonzero(~is_case & among)
        share = weight[rows] / weight[rows].sum()
        category[chance.choice(rows, size=min(size, len(rows)), replace=False, p=share)] = code
    category = np.where((category > 0) & (chance.random(count) < 0.18), 3, category)
    identified = np.where(category > 0, month_number(2020, 3) + draw(chance, np.ones(26), count), 0)
    long_ago = identified <= month_number(2021, 9)
    is_cleared = (category > 0) & long_ago & (chance.random(count) < calibration.CLEARED_SHARE / 0.73)
    # nobody is cleared before half a year has passed
    last = month_number(2022, 5)
    span = np.maximum(1, last - identified - 7)
    cleared = np.where(is_cleared, identified + 7 + (chance.random(count) * span).astype(np.int64), 0)
    zero = np.zeros(count, dtype=np.int64)
    return Monitoring(category, zero, zero.copy(), identified, is_cleared, cleared)


def name_risks(
    monitoring: Monitoring, persons: Persons, lives: Lives, size: Array, streams: Streams, county: str
) -> None:
    """Risks that fit the household: 因残 where somebody is disabled, 缺劳动力 where few hands are, 因学 where somebody learns."""
    chance = streams[f"risks {county}"]
    count = len(size)
    disabled = np.bincount(persons.household, lives.disability > 0, minlength=count) > 0
    hands = np.bincount(persons.household, ~np.isin(lives.labour, (NONE, LOST)), minlength=count)
    full_hands = np.bincount(persons.household, lives.labour <= 1, minlength=count)
    learns = np.bincount(persons.household, lives.pupil >= 3, minlength=count) > 0
    able = np.bincount(persons.household, lives.work_months > 0, minlength=count) > 0
    risk = draw(chance, _RISK_SHARES, count)
    risk = np.where((risk == SCHOOLING) & ~learns, ILLNESS, risk)
    risk = np.where(disabled & (chance.random(count) < 0.7), DISABILITY, risk)
    risk = np.where((hands == 0) & (chance.random(count) < 0.5), LABOUR, risk)
    risk = np.where((risk == 7) & ~able, ILLNESS, risk)
    second = np.where(chance.random(count) < 0.35, ILLNESS, 0)
    second = np.where((full_hands * 4 <= size) & (chance.random(count) < 0.4), LABOUR, second)
    monitoring.risk[:] = np.where(monitoring.category > 0, risk, 0)
    monitoring.second_risk[:] = np.where((monitoring.category > 0) & (second != risk), second, 0)
