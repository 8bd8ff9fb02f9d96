"""What inspectors ask about: contradictions in the register, each put in at a small rate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from . import calibration
from .families import DAUGHTER, HEAD, SON, SPOUSE
from .lives import LOST, NONE, NORMAL, NOT_A_PUPIL, SKILLED
from .monitoring import DISABILITY, HOUSING, ILLNESS, LABOUR, SCHOOLING
from .national import MEASURES, monitored_households
from .population import County
from .streams import Array, Streams
from .truth import QUESTION
from .writing import Sheet

Cells = dict[str, str | None]


@dataclass(frozen=True)
class Question:
    """Where it may be put (rows as a mask) and the cells that make it; a cell may depend on the row."""

    code: str
    where: Array
    cells: Cells | Callable[[int], Cells]


class Pool:
    """Ordinary households, each handed out once, so that one contradiction does not hide another."""

    def __init__(self, county: County, streams: Streams) -> None:
        watched = county.is_alleviated | (county.monitoring.category > 0) | county.is_case
        self.rank = streams[f"questions {county.code}"].permutation(len(county.size))
        self.is_free = ~watched

    def take(self, households: Array, wanted: int) -> Array:
        """Up to ``wanted`` places in ``households`` (one entry a row of the sheet) whose household is still free."""
        found: list[int] = []
        for row in np.argsort(self.rank[households], kind="stable"):
            if len(found) == wanted:
                break
            if self.is_free[households[row]]:
                self.is_free[households[row]] = False
                found.append(int(row))
        return np.array(found, dtype=np.int64)


def ask(sheet: Sheet, questions: Iterable[Question], households: Array, pool: Pool, wanted: int) -> None:
    """Puts every question into ``wanted`` rows; ``households`` tells whose row it is."""
    for question in questions:
        rows = np.flatnonzero(question.where)
        _put(sheet, question, rows[pool.take(households[rows], wanted)])


def _put(sheet: Sheet, question: Question, rows: Array) -> None:
    """Makes the question in these rows, with the same columns in each."""
    if not len(rows):
        return
    cells = [question.cells(int(row)) if callable(question.cells) else question.cells for row in rows]
    for heading in cells[0]:
        sheet.put(heading, rows, [one[heading] for one in cells])
    for row in rows:
        sheet.note(
            int(row),
            what=question.code,
            expected=QUESTION,
            column="、".join(cells[0]),
            household_no=sheet.cell("户编号", row),
            **({"person_no": sheet.cell("人口编号", row)} if "人口编号" in sheet.columns else {}),
        )


def each(county: County) -> int:
    return max(2, round(len(county.size) * calibration.EACH_QUESTION))


def of_persons(county: County, sheet: Sheet) -> list[Question]:
    persons, lives = county.persons, county.lives
    age, relation = persons.age, persons.relation
    adult, works = age >= 18, lives.work_months > 0
    out_of_school = adult & (lives.pupil == NOT_A_PUPIL)
    healthy = ~lives.has_chronic & ~lives.is_seriously_ill & (lives.disability == 0)
    idle = np.isin(lives.labour, (NONE, LOST)) & adult & ~works & (lives.post == 0)
    post: Cells = {"公益性岗位类型": "村保洁员", "公益性岗位(月数)": "12"}

    def other_day(row: int) -> Cells:
        year, rest = sheet.cell("出生日期", row).split("-", 1)
        return {"出生日期": f"{int(year) + 1}-{rest}" if rest != "02-29" else f"{year}-03-01"}

    return [
        Question("relation_unknown", adult & (relation == SON), {"与户主关系": "家属"}),
        Question("schooling_both", out_of_school, {"在校生状况": "小学"}),
        Question("schooling_neither", out_of_school, {"文化程度": None}),
        Question("two_heads", relation == SPOUSE, {"与户主关系": "户主"}),
        Question("no_head", (relation == HEAD) & (county.size[persons.household] > 1), {"与户主关系": "其他"}),
        Question("two_spouses", (relation == DAUGHTER) & (age < 18) & _has_spouse(county), {"与户主关系": "配偶"}),
        Question(
            "couple_of_one_sex",
            relation == SPOUSE,
            lambda row: {"性别": "女" if sheet.cell("性别", row) == "男" else "男"},
        ),
        Question("health_empty", adult, {"健康状况": None}),
        Question("labour_empty", adult, {"劳动技能": None}),
        Question("place_without_months", works, {"务工时间（月）": None}),
        Question("months_without_place", works & (lives.post == 0), {"务工所在地": None}),
        Question("telephone_length", age >= 16, lambda row: {"成员联系电话": sheet.cell("成员联系电话", row)[:10]}),
        Question(
            "insured_twice",
            adult,
            {"是否参加城镇职工基本医疗保险": "是", "是否参加新型农村合作医疗（城乡居民基本医疗保险）": "是"},
        ),
        Question(
            "insured_nowhere",
            adult,
            {"是否参加城镇职工基本医疗保险": "否", "是否参加新型农村合作医疗（城乡居民基本医疗保险）": "否"},
        ),
        Question(
            "healthy_without_labour",
            out_of_school
            & healthy
            & ~works
            & (lives.post == 0)
            & (age < 60)
            & np.isin(lives.labour, (NORMAL, SKILLED)),
            {"劳动技能": "无劳动力"},
        ),
        Question("post_without_months", adult & (age < 60) & ~works, {"公益性岗位类型": "护林员"}),
        Question("months_without_post", adult & (age < 60) & ~works, {"公益性岗位(月数)": "6"}),
        Question("post_too_old", age >= 70, post),
        Question("post_without_labour", idle & (age < 70), post),
        Question("away_without_labour", idle, {"务工时间（月）": "6", "务工所在地": "北京市"}),
        Question("telephone_missing", relation == HEAD, {"户联系电话": None}),
        Question("birthday_differs", adult, other_day),
    ]


def share_numbers(county: County, sheet: Sheet, pool: Pool, wanted: int) -> None:
    """Two people under one identity number: the second one's own number stands nowhere. Departments' rows find neither for sure."""
    adults = np.flatnonzero((county.persons.age >= 30) & (county.persons.order > 1))
    rows = adults[pool.take(county.persons.household[adults], 2 * wanted)]
    for first, second in zip(rows[::2], rows[1::2], strict=False):
        number = sheet.cell("证件号码", first)
        _put(sheet, Question("number_shared", np.array([]), {"证件号码": number}), np.array([second]))
        county.is_registered[[first, second]] = False


def _has_spouse(county: County) -> Array:
    persons = county.persons
    return (np.bincount(persons.household, persons.relation == SPOUSE, minlength=len(county.size)) > 0)[
        persons.household
    ]


def of_households(county: County) -> list[Question]:
    income = county.incomes
    anyone = np.ones(len(county.size), dtype=bool)
    works = income.wage > 0
    return [
        Question("wage_without_worker", ~works, {"工资性收入": "12000.00"}),
        Question("worker_without_wage", works & (income.business > 0), {"工资性收入": "0.00"}),
        Question("business_without_cost", income.cost > 0, {"生产经营性支出": "0.00"}),
        Question("wage_too_small", works & (income.business > 0), {"工资性收入": "120.00"}),
        Question("wage_too_large", works, {"工资性收入": "350000.00"}),
        Question("income_too_small", anyone, {"人均纯收入": "3600.00"}),
        Question("income_empty", anyone, {"人均纯收入": None}),
        Question("allowance_too_small", ~income.is_assisted, {"低保金": "120.00"}),
        Question("pension_too_small", income.pension == 0, {"养老保险金": "50.00"}),
        Question("ecology_without_land", income.returned_land == 0, {"生态补偿金": "900.00"}),
        Question("returned_more_than_forest", anyone, {"退耕还林面积（亩）": "20.0", "林地面积（亩）": "5.0"}),
        Question("road_too_far", anyone, {"与村主干路距离": "7.5"}),
        Question("water_unsafe_not_object", anyone, {"是否解决安全饮用水": "否"}),
        Question("house_unsafe_not_object", anyone, {"是否危房户": "是", "危房级别": "D级"}),
    ]


def ask_objects(county: County, sheet: Sheet, streams: Streams) -> None:
    """Questions about objects: every household of the sheet is asked about at most once."""
    rows = monitored_households(county)
    watched = county.monitoring
    risk, cleared = watched.risk[rows], watched.is_cleared[rows]
    disabled = np.bincount(county.persons.household, county.lives.disability > 0, minlength=len(county.size))[rows] > 0
    hands = np.bincount(county.persons.household, county.lives.labour <= 1, minlength=len(county.size))[rows]
    nothing: Cells = dict.fromkeys(MEASURES, "否")
    active = ~cleared

    def next_month(row: int) -> Cells:
        month = int(sheet.cell("识别监测时间", row))
        following = month + 1 if month % 100 < 12 else month + 89
        return {"消除监测时间": str(following), "风险消除方式": "帮扶消除"}

    asked = [
        Question("illness_without_cost", active & (risk == ILLNESS), {"合规自付支出": "0.00"}),
        Question(
            "housing_without_measure",
            active & (risk != HOUSING),
            {"致贫/返贫风险2": "因安全住房", "住房安全保障": "否"},
        ),
        Question(
            "schooling_without_measure",
            active & (risk != SCHOOLING),
            {"致贫/返贫风险2": "因学", "其他教育帮扶": "否", "义务教育保障": "否"},
        ),
        Question("no_measures", active, nothing),
        Question("contact_empty", active, {"监测联系人": None, "监测联系人电话": None}),
        Question("income_over_20000", active, {"人均纯收入": "21500.00"}),
        Question("disabled_without_member", active & ~disabled & (risk != DISABILITY), {"致贫/返贫风险2": "因残"}),
        Question(
            "short_of_hands",
            active & (hands * 4 > county.size[rows]) & (risk != LABOUR),
            {"致贫/返贫风险2": "缺劳动力"},
        ),
        Question("cleared_too_soon", cleared, next_month),
        Question("cleared_with_low_income", cleared, {"风险消除后人均纯收入": "6900.00"}),
        Question(
            "after_clearing_empty", cleared, {"风险消除后人均纯收入": None, "风险消除后是否住房出现安全问题": None}
        ),
        Question(
            "no_development_measure",
            active & (hands > 0),
            {
                "产业帮扶": "否",
                "就业帮扶": "否",
                "金融帮扶": "否",
                "公益岗位帮扶": "否",
                "实施开发式帮扶措施情况": "未实施",
            },
        ),
    ]
    order = streams[f"object questions {county.code}"].permutation(len(rows))
    free = np.ones(len(rows), dtype=bool)
    free[county.is_case[rows]] = False
    wanted = max(1, len(rows) // 200)
    for question in asked:
        rows = np.array([row for row in order if question.where[row] and free[row]][:wanted], dtype=np.int64)
        free[rows] = False
        _put(sheet, question, rows)
