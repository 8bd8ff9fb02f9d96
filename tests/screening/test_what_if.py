"""A what-if says the same whether or not a screening has answered today's side of it before."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.foundation.errors import NotPermittedError
from shouwang.organisation.scope import Scope
from shouwang.screening import what_if
from tests.factories import LAIYUAN, YIXIAN

JUNE = dt.date(2022, 6, 30)
LINE = "household.monitoring_income_line"
RULE = "household.severe_disability_low_income"


@pytest.fixture
def poor(county):
    """张三 under the line of 7,300 yuan, 李四 above it but under 9,000."""
    county.household("张三")
    county.household("李四")
    county.register()
    county.income(张三=600_000, 李四=800_000)
    disability = {"disability_level": 2, "certified_on": dt.date(2019, 5, 1)}
    county.write("disability", [{"person": "张三一"} | disability, {"person": "李四一"} | disability])
    return county


@pytest.fixture
def computed(monkeypatch):
    """The lines that were computed with, in fen, one for each computation."""
    lines: list[int | None] = []
    compute = what_if.compute

    def counted(engine, subject, rules, inputs, **options):
        lines.append(inputs.parameters.fen(LINE))
        return compute(engine, subject, rules, inputs, **options)

    monkeypatch.setattr(what_if, "compute", counted)
    return lines


def ask(scope: Scope | None = None) -> dict[str, what_if.Difference]:
    differences = what_if.what_if(
        county_code=LAIYUAN,
        as_of=JUNE,
        parameter=LINE,
        value="9000",
        policies=policy.load(),
        scope=scope or Scope.everything(),
    )
    return {one.rule: one for one in differences}


def test_without_a_screening_both_sides_are_computed(poor, computed):
    asked = ask()[RULE]
    assert asked.before == {poor.households["张三"].pk}
    assert asked.entering == {poor.households["李四"].pk}
    assert asked.leaving == frozenset()
    assert asked.by_township(asked.entering) == {f"{poor.village[:9]}000": 1}
    assert computed == [730_000, 900_000]


def test_after_a_screening_only_the_other_side_is_computed_and_the_answer_is_the_same(poor, screen, computed):
    before = ask()
    screen()
    computed.clear()
    assert ask() == before
    assert computed == [900_000]


def test_a_result_from_other_files_does_not_stand_for_today(poor, screen, computed):
    screen()
    poor.write("disability", [{"person": "李四一", "disability_level": 2, "certified_on": dt.date(2020, 1, 1)}])
    computed.clear()
    asked = ask()[RULE]
    assert 730_000 in computed
    assert asked.before == {poor.households["张三"].pk}


def test_the_county_next_door_may_not_ask(poor):
    with pytest.raises(NotPermittedError):
        ask(Scope.of_region(YIXIAN))
