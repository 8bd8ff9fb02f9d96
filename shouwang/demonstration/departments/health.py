"""What the medical-insurance and health departments know: settlements, serious diseases, who is insured."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .. import calibration
from ..national import day_texts, label, same
from ..numbers import joined, padded, texts, yuan
from ..population import County
from ..streams import Array, Streams, draw
from .facts import Facts, days_between, facts, with_cases

# Diseases of the lists of 30 and 4 with rough shares among the registered [G], and everyday diagnoses.
SERIOUS = (
    "脑卒中",
    "肺癌",
    "胃癌",
    "食道癌",
    "肝癌",
    "乳腺癌",
    "急性心肌梗死",
    "终末期肾病",
    "慢性阻塞性肺气肿",
    "结肠癌",
    "重性精神疾病",
    "白内障",
    "尘肺",
)
_SERIOUS_SHARES = (0.30, 0.07, 0.07, 0.06, 0.04, 0.07, 0.10, 0.06, 0.08, 0.04, 0.05, 0.04, 0.02)
EVERYDAY = (
    "上呼吸道感染",
    "慢性胃炎",
    "腰椎间盘突出",
    "冠状动脉粥样硬化",
    "支气管炎",
    "骨折",
    "胆囊结石",
    "关节炎",
    "阑尾炎",
    "皮炎",
    "牙周炎",
    "分娩",
)
_EVERYDAY_SHARES = (0.24, 0.12, 0.12, 0.08, 0.14, 0.04, 0.03, 0.10, 0.02, 0.06, 0.04, 0.01)
_VISITS = ("住院", "门诊", "门诊慢特病")
_MONTHS = 12  # July 2021 to June 2022


def settlements(county: County, streams: Streams) -> Facts:
    """Every settlement from July 2021 to June 2022. Parts add up: total = insurance + … + own payment."""
    chance = streams[f"settlements {county.code}"]
    people = county.ordinary_persons()
    serious = county.lives.is_seriously_ill[people]
    age = county.persons.age[people]
    older = 0.5 + np.minimum(age, 80) / 60
    stays = chance.poisson(calibration.INPATIENT_PER_MONTH * _MONTHS * older * 0.92)
    stays = np.where(serious, stays + chance.poisson(calibration.SERIOUS_STAYS_PER_MONTH * _MONTHS, len(people)), stays)
    visits = chance.poisson(calibration.OUTPATIENT_PER_MONTH * _MONTHS * older * 0.92)
    subject = np.concatenate([np.repeat(people, stays), np.repeat(people, visits)])
    is_stay = np.arange(len(subject)) < stays.sum()
    count = len(subject)
    is_serious = county.lives.is_seriously_ill[subject]
    watched = (county.is_alleviated | county.monitoring.is_active)[county.persons.household[subject]]

    total = np.where(
        is_stay,
        chance.lognormal(np.log(np.where(is_serious, 12_500, 5_200)), 0.72),
        chance.lognormal(np.log(150), 0.85, count),
    )
    total_fen = np.round(total * 100).astype(np.int64)
    insured_part = np.where(is_stay, np.where(watched, 0.62, 0.55), 0.45) + chance.uniform(-0.08, 0.08, count)
    basic = np.round(total_fen * insured_part).astype(np.int64)
    rest = total_fen - basic
    critical = np.where(rest > 1_400_000, (rest - 1_400_000) * 6 // 10, 0)
    aid = np.where(watched & is_stay, (rest - critical) * 55 // 100, 0)
    own = rest - critical - aid
    everyday = draw(chance, _EVERYDAY_SHARES, count) + len(SERIOUS)
    disease = np.where(is_serious, _serious_disease(county, streams)[subject], everyday)
    on = days_between(chance, "2021-07-01", "2022-06-30", count)
    kind = np.where(is_stay, 0, np.where(county.lives.has_chronic[subject] & (chance.random(count) < 0.4), 2, 1))
    columns = {
        "结算日期": day_texts(on),
        "个人自付": yuan(own),
        "就诊类型": label(_VISITS, kind),
        "病种名称": label((*SERIOUS, *EVERYDAY), disease),
        "医疗总费用": yuan(total_fen),
        "基本医保支付": yuan(basic),
        "大病保险支付": yuan(critical),
        "医疗救助支付": yuan(aid),
        "其他补充支付": same("0.00", count),
        "结算编号": pa.nulls(count, pa.string()),
    }
    everything = with_cases(facts("medical_settlement", subject, on, columns), county)
    order = np.argsort(everything.on, kind="stable")
    everything = everything.chosen(order)
    day = pc.replace_substring(day_texts(everything.on), "-", "")
    everything.columns["结算编号"] = joined("JS", day, padded(np.arange(len(everything)) % 1_000_000, 6))
    for heading in ("大病保险支付", "医疗救助支付", "其他补充支付"):
        everything.columns[heading] = pc.fill_null(everything.columns[heading], "0.00")
    return everything


def diseases(county: County, streams: Streams) -> Facts:
    """Who is registered with a serious disease; new diagnoses month by month since January 2022."""
    chance = streams[f"diseases {county.code}"]
    people = county.ordinary_persons()
    people = people[county.lives.is_seriously_ill[people]]
    disease = _serious_disease(county, streams)[people]
    on = days_between(chance, "2015-01-01", "2022-06-25", len(people))
    doctors = ("张卫东", "李秀兰", "王建军", "刘海霞", "赵文斌")
    columns = {
        "病种名称": label(SERIOUS, disease),
        "确诊日期": day_texts(on),
        "签约医生": label(doctors, county.village[county.persons.household[people]] % len(doctors)),
    }
    return with_cases(facts("major_disease", people, on, columns), county)


MARCH, JUNE = np.datetime64("2022-03-31"), np.datetime64("2022-06-30")


def insurance(county: County, streams: Streams) -> Facts:
    """Who is insured in 2022: by March all who paid, in June those who came later (newborns, late payers)."""
    chance = streams[f"insurance {county.code}"]
    people = county.ordinary_persons()
    insured = people[county.lives.is_insured[people]]
    late = (county.persons.born_on[insured] > MARCH) | (chance.random(len(insured)) < 0.001)
    employee = chance.random(len(insured)) < 0.02
    subject, on, status, kind, year = (
        [insured],
        [np.where(late, JUNE, MARCH)],
        [np.zeros(len(insured), dtype=np.int64)],
        [employee.astype(np.int64)],
        [np.full(len(insured), calibration.AS_OF.year)],
    )
    # a few of the uninsured are listed as such, the others are simply missing
    listed = people[~county.lives.is_insured[people]]
    listed = listed[chance.random(len(listed)) < 0.3]
    case_rows = [row for case, household in county.cases for row in _of_case(case, county, household)]
    subject += [listed, np.array([row[0] for row in case_rows], dtype=np.int64)]
    on += [np.full(len(listed), MARCH), np.array([row[1] for row in case_rows], dtype="datetime64[D]")]
    status += [np.ones(len(listed), dtype=np.int64), np.array([row[2] for row in case_rows], dtype=np.int64)]
    kind += [np.zeros(len(listed), dtype=np.int64), np.array([row[3] for row in case_rows], dtype=np.int64)]
    year += [np.full(len(listed), calibration.AS_OF.year), np.array([row[4] for row in case_rows], dtype=np.int64)]
    is_case = np.concatenate([np.zeros(len(insured) + len(listed), dtype=bool), np.ones(len(case_rows), dtype=bool)])
    columns = {
        "参保年度": texts(np.concatenate(year)),
        "参保状态": label(("参保", "未参保", "暂停参保"), np.concatenate(status)),
        "参保类型": label(("城乡居民", "城镇职工"), np.concatenate(kind)),
    }
    everything = Facts("medical_insurance", np.concatenate(subject), np.concatenate(on), columns, is_case)
    return everything.chosen(np.argsort(everything.subject, kind="stable"))


def _of_case(case, county: County, household: int) -> list[tuple[int, np.datetime64, int, int, int]]:
    """Person, file, status, kind and year of each row about the members of a case."""
    rows = []
    year = calibration.AS_OF.year
    for member in range(4):
        person, wish = county.person(household, member), case.insurance.get(member)
        if wish == "":
            continue
        if wish in ("未参保", "补缴"):
            rows.append((person, MARCH, 1, 0, year))
            if wish == "补缴":
                rows.append((person, JUNE, 0, 0, year))
        elif wish == "暂停参保":
            rows.append((person, MARCH, 2, 0, year))
        elif wish == "2021":
            rows.append((person, MARCH, 0, 0, year - 1))
        else:
            rows.append((person, MARCH, 0, int(wish == "城镇职工"), year))
    return rows


def _serious_disease(county: County, streams: Streams) -> Array:
    """The disease of each person, should it be ill: the same in every file."""
    return draw(streams[f"serious diseases {county.code}"], _SERIOUS_SHARES, len(county.persons))
