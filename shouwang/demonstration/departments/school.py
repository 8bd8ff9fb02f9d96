"""What the education department knows: who is enrolled where, and what families paid."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .. import calibration
from ..lives import COLLEGE, HIGH_SCHOOL, PRIMARY, UNIVERSITY, VOCATIONAL
from ..national import day_texts, label
from ..numbers import joined, yuan
from ..population import County
from ..streams import Streams, some
from .facts import Facts, days_between, facts, with_cases
from .health import MARCH

_GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "七年级", "八年级", "九年级")
_STATUSES = ("在读", "辍学", "休学", "送教上门")
_REASONS = ("", "厌学", "身体原因", "务工")


def enrolments(county: County, streams: Streams) -> Facts:
    """The school register of the spring term 2022; later rows come in June."""
    chance = streams[f"enrolments {county.code}"]
    pupil = county.lives.pupil
    people = county.ordinary_persons()
    people = people[(pupil[people] >= PRIMARY) & (pupil[people] < HIGH_SCHOOL)]
    out = some(chance, people, round(len(people) * calibration.NOT_IN_SCHOOL_SHARE))
    excused = some(chance, people[~np.isin(people, out)], round(len(people) * 0.0012))
    taught = excused[::2]
    status, reason = np.zeros(len(county.persons), dtype=np.int64), np.zeros(len(county.persons), dtype=np.int64)
    status[out], reason[out] = 1, np.where(chance.random(len(out)) < 0.6, 1, 3)
    status[excused], reason[excused] = 2, 2
    status[taught], reason[taught] = 3, 0
    # half of those who left have no row at all
    people = people[~np.isin(people, out[::2])]
    cases = [
        (county.person(household, member), *((wish or ("", "")) if member in case.enrolment else ("在读", "")))
        for case, household in county.cases
        for member in (2, 3)
        for wish in [case.enrolment.get(member)]
        if (member in case.enrolment and wish is not None)
        or (member not in case.enrolment and PRIMARY <= pupil[county.person(household, member)] < HIGH_SCHOOL)
    ]
    case_people = np.array([person for person, _, _ in cases], dtype=np.int64)
    everyone = np.concatenate([people, case_people])
    grade = np.clip(county.lives.school_age[everyone] - 6, 0, 8)
    township = county.places.township[county.village[county.persons.household[everyone]]]
    stage = np.where(grade < 6, "中心小学", "初级中学")
    columns = {
        "学校": joined(pa.array(township), pa.array(stage)),
        "年级": label(_GRADES, grade),
        "学籍状态": pa.concat_arrays(
            [label(_STATUSES, status[people]), pa.array([text for _, text, _ in cases], pa.string())]
        ),
        "未就学原因": pa.concat_arrays(
            [label(_REASONS, reason[people]), pa.array([text or None for _, _, text in cases], pa.string())]
        ),
    }
    everything = facts("enrolment", everyone, np.full(len(everyone), MARCH), columns)
    everything.is_case[len(people) :] = True
    return with_cases(everything, county)


def costs(county: County, streams: Streams) -> Facts:
    """What families paid at the start of the two terms, aid deducted."""
    chance = streams[f"school costs {county.code}"]
    pupil = county.lives.pupil
    people = county.ordinary_persons()
    people = people[(pupil[people] >= HIGH_SCHOOL) & (chance.random(len(people)) < 0.85)]
    subject = np.concatenate([people, people])
    count = len(subject)
    on = np.concatenate(
        [
            days_between(chance, "2021-08-25", "2021-09-10", len(people)),
            days_between(chance, "2022-02-18", "2022-03-05", len(people)),
        ]
    )
    stage = pupil[subject]
    fee = np.select([stage >= UNIVERSITY, stage >= COLLEGE, stage >= VOCATIONAL], [3_600, 3_900, 900], 1_300)
    amount = np.round(fee * chance.lognormal(0, 0.25, count), -1).astype(np.int64) * 100
    schools = ("涞源县第一中学", "涞源县职业技术教育中心", "保定职业技术学院", "河北农业大学")
    where = np.select([stage >= UNIVERSITY, stage >= COLLEGE, stage >= VOCATIONAL], [3, 2, 1], 0)
    columns = {"支付日期": day_texts(on), "金额": yuan(amount), "学校": label(schools, where)}
    return with_cases(facts("schooling_cost", subject, on, columns), county)
