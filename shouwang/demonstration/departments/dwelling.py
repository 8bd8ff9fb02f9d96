"""What the housing, water and emergency departments know: appraisals, outages, the hail of June."""

from __future__ import annotations

import datetime as dt

import numpy as np

from .. import calibration
from ..national import day_texts, label, only, yes
from ..numbers import yuan
from ..population import County
from ..streams import Array, Streams, draw, some
from .facts import Facts, days_between, facts, with_cases

_GRADES = ("A", "B", "C", "D")


def appraisals(county: County, streams: Streams) -> Facts:
    """Some houses were appraised this half year; few are dangerous, most of those were rebuilt."""
    chance = streams[f"appraisals {county.code}"]
    households = _ordinary_households(county)
    chosen = chance.permutation(some(chance, households, round(len(county.size) * 0.02)))
    unsafe = round(len(county.size) * calibration.UNSAFE_HOUSES)
    count = len(chosen)
    grade = np.where(chance.random(count) < 0.4, 0, 1)
    grade[: unsafe * 2] = np.where(chance.random(unsafe * 2) < 0.6, 2, 3)[: min(count, unsafe * 2)]
    is_bad = grade >= 2
    solved = is_bad & (np.arange(count) >= unsafe)
    on = days_between(chance, "2022-01-10", "2022-06-25", count)
    columns = {
        "鉴定等级": label(_GRADES, grade),
        "鉴定日期": day_texts(on),
        "改造状态": label(("", "未改造", "已改造"), np.where(is_bad, np.where(solved, 2, 1), 0)),
        "现居安全住房": only(yes(solved & (chance.random(count) < 0.2)), is_bad),
    }
    return with_cases(facts("housing_safety", county.first_person[chosen], on, columns), county)


def losses(county: County, streams: Streams) -> Facts:
    """Hail on 12 June in neighbouring villages, and single losses before."""
    chance = streams[f"losses {county.code}"]
    households = _ordinary_households(county)
    crowded = np.argsort(-np.bincount(county.village, minlength=len(county.places)), kind="stable")
    # villages of ordinary size that lie side by side, as their codes do
    start = int(crowded[len(crowded) // 2])
    hit = (np.arange(start, start + calibration.HAIL_VILLAGES)) % len(county.places)
    exposed = households[np.isin(county.village[households], hit)]
    hailed = some(chance, exposed, round(len(exposed) * calibration.HAIL_SHARE))
    others = some(chance, households[~np.isin(households, hailed)], round(len(county.size) * 0.0004))
    subject = county.first_person[np.concatenate([hailed, others])]
    count = len(subject)
    on = np.concatenate(
        [
            np.full(len(hailed), np.datetime64("2022-06-12")),
            days_between(chance, "2022-02-01", "2022-05-28", len(others)),
        ]
    )
    amount = np.round(chance.lognormal(np.log(2_600), 0.7, count), -1).astype(np.int64) * 100
    columns = {
        "灾种": label(
            ("风雹", "洪涝", "火灾"), np.where(np.arange(count) < len(hailed), 0, 1 + draw(chance, (0.6, 0.4), count))
        ),
        "发生日期": day_texts(on),
        "损失金额": yuan(amount),
    }
    return with_cases(facts("disaster_loss", subject, on, columns), county)


def outages(county: County, villages: Array) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """Rows about the villages set apart for water, and what is true of each: (village code, status or "")."""
    as_of = calibration.AS_OF
    long_ago, recent = as_of - dt.timedelta(days=39), as_of - dt.timedelta(days=5)
    code = [str(county.places.code[village]) for village in villages]
    stories: tuple[tuple[str, list[dict[str, str]]], ...] = (
        ("hit", [{"停水开始": "2022-06-14", "原因": "水质抽检", "停水结束": "2022-06-14", "水质合格": "否"}]),
        ("not_computed", [{"停水开始": long_ago.isoformat(), "原因": "水泵损坏", "停水结束": "", "水质合格": ""}]),
        ("", [{"停水开始": "2022-05-02", "原因": "管道冻裂维修", "停水结束": "2022-06-30", "水质合格": "是"}]),
        ("not_computed", [{"停水开始": recent.isoformat(), "原因": "水源枯竭", "停水结束": "", "水质合格": ""}]),
        (
            "",
            [
                {"停水开始": "2022-03-10", "原因": "水质抽检", "停水结束": "2022-03-10", "水质合格": "否"},
                {"停水开始": "2022-06-08", "原因": "水质复检", "停水结束": "2022-06-08", "水质合格": "是"},
            ],
        ),
    )
    rows, truths = [], []
    for village, (status, story) in zip(code, stories, strict=False):
        rows += [{"行政村代码": village, **row} for row in story]
        truths.append((village, status))
    return rows, truths


def _ordinary_households(county: County) -> Array:
    return np.flatnonzero(~county.is_case)
