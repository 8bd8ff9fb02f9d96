"""What the register knows of each person besides the family: schooling, health, disability, labour, work, insurance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import calibration
from .families import HEAD, Persons, age_on
from .streams import Array, Streams, draw, some

PUPILS = (
    "", "学龄前儿童", "学前教育", "小学", "七年级", "八年级", "九年级", "普通高中一年级", "普通高中二年级", "普通高中三年级",
    "中职一年级", "中职二年级", "中职三年级", "高职高专一年级", "高职高专二年级", "高职高专三年级",
    "本科一年级", "本科二年级", "本科三年级", "本科四年级", "硕士研究生及以上",
)  # fmt: skip
NOT_A_PUPIL, TODDLER, KINDERGARTEN, PRIMARY, SEVENTH = range(5)
HIGH_SCHOOL, VOCATIONAL, COLLEGE, UNIVERSITY = 7, 10, 13, 16
EDUCATION = ("", "文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上")
LABOUR = ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力")
NORMAL, SKILLED, WEAK, LOST, NONE = range(5)
DISABILITIES = ("", "视力残疾", "听力残疾", "言语残疾", "肢体残疾", "智力残疾", "精神残疾", "多重残疾")
WORKPLACES = (
    "北京市",
    "保定市",
    "天津市",
    "河北省涞源县",
    "河北省石家庄市",
    "河北雄安新区",
    "山西省大同市",
    "内蒙古自治区呼和浩特市",
)
_WORKPLACE_SHARES = (0.34, 0.14, 0.08, 0.27, 0.06, 0.06, 0.03, 0.02)
EMPLOYERS = (
    "",
    "建筑公司项目部",
    "家政服务中心",
    "物流园",
    "物业管理公司",
    "餐饮店",
    "服装加工厂",
    "箱包加工厂",
    "汽车修理厂",
    "电子厂",
)
POSTS = ("", "护林员", "村保洁员", "护路员", "防火员", "乡村水管员")
LOCAL = 3  # place of the own county in WORKPLACES
_SCHOOL_YEAR_START = np.datetime64("2021-09-01")


@dataclass
class Lives:
    """Arrays of equal length, one entry a person; codes are places in the tuples above."""

    school_age: Array  # complete years on 1 September of the school year
    pupil: Array
    education: Array
    has_chronic: Array
    is_seriously_ill: Array
    disability: Array  # 0: none
    disability_level: Array  # 1–4; 0: none
    certified_year: Array
    labour: Array
    work_months: Array
    workplace: Array  # −1: none
    employer: Array
    post: Array
    is_insured: Array


def live(persons: Persons, is_case: Array, is_alleviated: Array, streams: Streams, county: str) -> Lives:
    """``is_case`` and ``is_alleviated`` are given per person. Members of case households are well, insured and at school."""
    chance = streams[f"lives {county}"]
    size, age = len(persons), persons.age
    school_age = age_on(persons.born_on, _SCHOOL_YEAR_START)
    pupil = _pupils(school_age, age, is_case, chance)
    education = _education(persons, pupil, chance)
    disability = np.where(_by_age(age, calibration.DISABLED_BY_AGE, chance) & ~is_case, 1, 0)
    disability *= draw(chance, calibration.DISABILITY_KINDS, size) + 1
    level = np.where(disability > 0, draw(chance, calibration.DISABILITY_LEVELS, size) + 1, 0)
    is_severe = (level > 0) & (level <= 2)
    serious = _by_age(age, calibration.SERIOUS_BY_AGE, chance) & ~is_case
    chronic = _by_age(age, calibration.CHRONIC_BY_AGE, chance) & ~is_case & ~serious

    studying = (pupil >= HIGH_SCHOOL) | ((pupil > NOT_A_PUPIL) & (age < 16))
    labour = np.select(
        [
            (age < 16) | studying,
            is_severe & (age < 60),
            (age >= 75) | (is_severe & (age >= 60)),
            (age >= 60) & (serious | (chance.random(size) < 0.35)),
            (age >= 60) | (level > 0) | serious | (chronic & (chance.random(size) < 0.4)),
            (age < 55) & (education >= 3) & (chance.random(size) < 0.13),
        ],
        [NONE, LOST, NONE, NONE, WEAK, SKILLED],
        default=NORMAL,
    )
    able = np.isin(labour, (NORMAL, SKILLED)) | ((labour == WEAK) & (age < 66))
    away = able & _by_age(age, calibration.AWAY_FOR_WORK_BY_AGE, chance)
    away |= is_case & (persons.relation == HEAD)
    has_post = (
        is_alleviated & able & ~away & ~is_case & (age < 66) & (chance.random(size) < calibration.PUBLIC_POST_SHARE)
    )
    months = np.where(away, np.clip(np.round(chance.normal(9.2, 1.8, size)), 3, 12), 0).astype(np.int64)
    months = np.where(has_post, 12, months)
    workplace = np.where(away, draw(chance, _WORKPLACE_SHARES, size), np.where(has_post, LOCAL, -1))
    named = away & (chance.random(size) < 0.35)
    return Lives(
        school_age=school_age,
        pupil=pupil,
        education=education,
        has_chronic=chronic,
        is_seriously_ill=serious,
        disability=disability,
        disability_level=level,
        certified_year=np.clip(persons.birth_year + 3 + (chance.random(size) * 50).astype(np.int64), 2009, 2021),
        labour=labour,
        work_months=months,
        workplace=workplace,
        employer=np.where(named, draw(chance, np.ones(len(EMPLOYERS) - 1), size) + 1, 0),
        post=np.where(has_post, draw(chance, np.ones(len(POSTS) - 1), size) + 1, 0),
        is_insured=_insured(size, is_case, chance),
    )


def _insured(size: int, is_case: Array, chance: np.random.Generator) -> Array:
    insured = np.ones(size, dtype=bool)
    ordinary = np.flatnonzero(~is_case)
    insured[some(chance, ordinary, round(size * calibration.UNINSURED_SHARE))] = False
    return insured


def _by_age(age: Array, table: tuple[tuple[int, float], ...], chance: np.random.Generator) -> Array:
    share = np.array([one for _, one in table])[np.searchsorted([limit for limit, _ in table], age, side="right")]
    return chance.random(len(age)) < share


def _pupils(school_age: Array, age: Array, is_case: Array, chance: np.random.Generator) -> Array:
    """Where a child learns in the school year 2021/22; from 15 on not everyone does."""
    size = len(age)
    goes_on = chance.random(size)
    return np.select(
        [
            age < 3,
            school_age < 6,
            school_age < 12,
            school_age < 15,
            (school_age < 18) & (goes_on < 0.62),
            (school_age < 18) & (goes_on < 0.90),
            (school_age < 21) & (goes_on < 0.30),
            (school_age < 22) & (goes_on < 0.52),
        ],
        [
            TODDLER,
            KINDERGARTEN,
            PRIMARY,
            SEVENTH + school_age - 12,
            HIGH_SCHOOL + school_age - 15,
            VOCATIONAL + school_age - 15,
            COLLEGE + np.clip(school_age - 18, 0, 2),
            UNIVERSITY + np.clip(school_age - 18, 0, 3),
        ],
        default=NOT_A_PUPIL,
    )


def _education(persons: Persons, pupil: Array, chance: np.random.Generator) -> Array:
    """The schooling that people who learn no more have finished, by year of birth [G]."""
    year = persons.birth_year
    tables = (
        (1950, (0.42, 0.43, 0.13, 0.02, 0.0, 0.0)),
        (1965, (0.14, 0.42, 0.36, 0.08, 0.0, 0.0)),
        (1980, (0.04, 0.26, 0.58, 0.10, 0.015, 0.005)),
        (1990, (0.015, 0.10, 0.64, 0.16, 0.06, 0.025)),
        (2100, (0.008, 0.04, 0.50, 0.25, 0.13, 0.072)),
    )
    era = np.searchsorted([limit for limit, _ in tables], year, side="right")
    steps = np.array([np.cumsum(shares) for _, shares in tables])
    steps[:, -1] = 1.0
    level = (chance.random(len(year))[:, None] >= steps[era]).sum(axis=1) + 1
    return np.where(pupil == NOT_A_PUPIL, level, 0)
