"""The people are plausible, fit one another, and nobody real could be among them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from shouwang.demonstration import calibration, names, numbers
from shouwang.demonstration.streams import Streams
from shouwang.foundation import identity

from .conftest import Written
from .reading import table_of, without

AS_OF = calibration.AS_OF


@pytest.fixture(scope="module")
def persons(written: Written) -> pd.DataFrame:
    return table_of(written.file("person").path)


@pytest.fixture(scope="module")
def plain_persons(written: Written, persons: pd.DataFrame) -> pd.DataFrame:
    """Without the rows that the truth calls damaged or contradictory."""
    return without(persons, {line["line"] for line in written.truth.of("row", file="涞源县_人员信息_2022-06.csv")})


def test_identity_numbers_are_valid_but_for_the_rows_that_the_truth_names(
    written: Written, persons: pd.DataFrame
) -> None:
    wrong = set()
    for line, text in persons["证件号码"].items():
        try:
            identity.parse(text)
        except identity.IdentityNumberError:
            wrong.add(line)
    told = {
        line["line"]
        for line in written.truth.of("row", file="涞源县_人员信息_2022-06.csv", expected="refused", column="证件号码")
    }
    assert wrong == told
    assert told


def test_birth_date_and_sex_agree_with_the_number(plain_persons: pd.DataFrame) -> None:
    parsed = [identity.parse(text) for text in plain_persons["证件号码"]]
    assert [str(one.born_on) for one in parsed] == plain_persons["出生日期"].tolist()
    assert [one.sex for one in parsed] == plain_persons["性别"].tolist()


def test_every_number_is_made_up_in_a_way_that_can_be_told(plain_persons: pd.DataFrame) -> None:
    parsed = [identity.parse(text).text for text in plain_persons["证件号码"]]
    assert {text[14] for text in parsed} == {"9"}
    assert set(plain_persons["户联系电话"].str[:3]) == {"154"}
    assert len(set(parsed)) == len(parsed)


def test_nobody_of_one_county_has_the_number_of_somebody_of_the_other(
    written: Written, plain_persons: pd.DataFrame
) -> None:
    neighbours = table_of(written.file("person", region=calibration.NEIGHBOUR).path)["证件号码"].str.upper()
    assert not set(neighbours) & set(plain_persons["证件号码"].str.upper())


def test_every_household_has_one_head_but_for_the_ones_that_the_truth_names(
    written: Written, persons: pd.DataFrame
) -> None:
    heads = persons[persons["与户主关系"] == "户主"].drop_duplicates("人口编号").groupby("户编号").size()
    heads = heads.reindex(persons["户编号"].unique(), fill_value=0)
    odd = set(heads[heads != 1].index)
    asked = [*written.truth.of("row", what="two_heads"), *written.truth.of("row", what="no_head")]
    told = {line["household_no"] for line in asked if line["household_no"][2:6] == "0630"}
    assert odd == told
    assert told


def test_parents_are_older_than_children_and_couples_are_of_two_sexes(plain_persons: pd.DataFrame) -> None:
    frame = plain_persons.assign(born=pd.to_datetime(plain_persons["出生日期"]))
    heads = frame[frame["与户主关系"] == "户主"].set_index("户编号")
    for relation, sign in (("之子", 1), ("之女", 1), ("之父", -1), ("之母", -1), ("之孙子", 1)):
        others = frame[frame["与户主关系"] == relation].set_index("户编号")
        years = (others["born"] - heads["born"].reindex(others.index)).dt.days.dropna() / 365.2425
        assert (years * sign).min() > 14, relation
    spouses = frame[frame["与户主关系"] == "配偶"].set_index("户编号")
    assert (spouses["性别"] != heads["性别"].reindex(spouses.index).fillna(""))[spouses.index.isin(heads.index)].all()


def test_learners_have_a_stage_and_others_a_schooling_never_both(plain_persons: pd.DataFrame) -> None:
    learns, has_learnt = plain_persons["在校生状况"] != "", plain_persons["文化程度"] != ""
    assert (learns ^ has_learnt).all()


def test_work_place_goes_with_months_and_wages_with_workers(written: Written, plain_persons: pd.DataFrame) -> None:
    months = plain_persons["务工时间（月）"] != ""
    assert (months == (plain_persons["务工所在地"] != "")).all()
    households = table_of(written.file("household", "2021-12").path)
    households = without(
        households, {line["line"] for line in written.truth.of("row", file="涞源县_农户信息_2021-12.csv")}
    )
    works = plain_persons[months]["户编号"].unique()
    known = households[households["工资性收入"] != ""]
    untouched = known["户编号"].isin(plain_persons["户编号"]) & (
        known["家庭人口数"].astype(int) == known["户编号"].map(plain_persons.groupby("户编号").size())
    )
    earns = known[untouched]["工资性收入"].astype(float) > 0
    assert (earns == known[untouched]["户编号"].isin(works)).all()


def test_income_parts_add_up(written: Written) -> None:
    frame = table_of(written.file("household", "2021-12").path)
    frame = without(frame, {line["line"] for line in written.truth.of("row", file="涞源县_农户信息_2021-12.csv")})
    frame = frame[frame["纯收入"] != ""]
    fen = frame.filter(regex="收入$|金$|支出$").apply(lambda column: (column.astype(float) * 100).round().astype(int))
    gross = fen["工资性收入"] + fen["生产经营性收入"] + fen["财产性收入"] + fen["转移性收入"]
    assert (gross - fen["生产经营性支出"] == fen["纯收入"]).all()
    parts = fen[["计划生育金", "低保金", "五保金", "养老保险金", "生态补偿金", "其他转移性收入"]].sum(axis=1)
    assert (parts == fen["转移性收入"]).all()
    assert (fen.min() >= 0).all()


def test_shares_are_near_the_calibration(written: Written, persons: pd.DataFrame) -> None:
    cases = {line["household_no"] for line in written.truth.of("case")}  # all of one shape, and many in a small county
    people = persons.drop_duplicates("人口编号")
    people = people[~people["户编号"].isin(cases)]
    age = (AS_OF.year - people["出生日期"].str[:4].astype(int)).to_numpy()
    households = table_of(written.file("household", "2021-12").path)
    households = households[~households["户编号"].isin(cases)]
    assert 2.8 < len(people) / len(households) < 3.2
    assert 0.18 < (age >= 60).mean() < 0.27
    assert 0.16 < (age < 15).mean() < 0.24
    assert 0.018 < (people["残疾类别"] != "").mean() < 0.030
    alleviated = households["户类型"] == "脱贫户"
    assert calibration.ALLEVIATED_SHARE - 0.01 < alleviated.mean() < calibration.ALLEVIATED_SHARE + 0.06
    per_head = households["人均纯收入"].replace("", None).dropna().astype(float)
    assert 14_500 < per_head[~alleviated].mean() < 20_000
    assert 13_500 < per_head[alleviated].mean() < 17_500


def test_more_people_of_one_day_than_serials_spill_over_and_stay_different() -> None:
    count = 120
    prefix, born = np.full(count, 130630), np.full(count, np.datetime64("1980-02-29"))
    made = numbers.identity_numbers(prefix, born, np.zeros(count, dtype=np.int64))
    texts = [one.decode() for one in made]
    assert len(set(texts)) == count
    assert {identity.parse(text).born_on for text in texts} == {dt.date(1980, 2, 29)}
    assert {text[14] for text in texts} == {"9", "8", "7"}


def test_a_mistaken_name_is_never_the_name() -> None:
    chance = Streams(1)["names"]
    year, male = np.repeat([1935, 1960, 1985, 2000, 2015], 400), np.tile([0, 1], 1000)
    made = np.char.add(names.surnames(chance, 2000), names.given_names(chance, year, male))
    assert all(names.mistaken(name) != name for name in made.tolist())
