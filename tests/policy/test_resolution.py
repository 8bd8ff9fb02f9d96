"""Resolution against a slow and obvious way of doing the same, over many made-up parameters."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shouwang.policy import resolution
from shouwang.policy.defects import Defects
from shouwang.policy.joining import _joined
from shouwang.policy.parameters import LATEST, NEAREST, STRICTEST, Parameter, Value
from shouwang.policy.quantities import Duration
from shouwang.policy.shapes import Shape

CHAIN = ("130630000000", "130600000000", "130000000000", "000000000000")
ELSEWHERE = "411000000000"
START = date(2022, 1, 1)
DAYS = st.integers(0, 400).map(lambda days: START + timedelta(days=days))
LIMITS = st.builds(Duration, st.integers(0, 60), st.sampled_from(["hour", "day", "workday", "month"]))


def a_value(region: str, from_on: date, until_on: date | None, value: Any) -> Value:
    return Value(
        region=region[:2],
        region_code=region,
        from_on=from_on,
        until_on=until_on,
        ends_on=until_on,
        value=value,
        comparator="<=",
        cites=("d#1",),
        note="",
        is_own=False,
        file="f",
        line=1,
    )


@st.composite
def values(draw: st.DrawFn) -> list[Value]:
    """For each region a few values one after the other, some with a gap before the next."""
    found = []
    for region in (*CHAIN, ELSEWHERE):
        starts = sorted(draw(st.sets(DAYS, max_size=3)))
        for start, following in zip_longest(starts, starts[1:]):
            until = None
            if draw(st.booleans()):
                until = start + timedelta(days=draw(st.integers(1, 100)))
                until = min(until, following) if following else until
            found.append(a_value(region, start, until, draw(LIMITS)))
    return draw(st.permutations(found))


def a_parameter(combine: str, strictest_is: str, written: list[Value]) -> Parameter:
    defects = Defects(str)
    joined = _joined(list(written), defects)
    assert defects.found == []
    return Parameter(
        name="household.limit",
        label="时限",
        shape=Shape(unit="day"),
        combine=combine,
        strictest_is=strictest_is,
        comparator="<=",
        description="",
        open="",
        cites=(),
        register=(),
        values=joined,
        is_own=False,
        file="f",
        line=1,
    )


def obvious(written: list[Value], combine: str, strictest_is: str, on: date) -> Value | None:
    """Level by level: the last value that has begun, unless it has ended; then the levels against each other."""
    in_force = []
    for region in CHAIN:
        begun = [value for value in written if value.region_code == region and value.from_on <= on]
        if begun:
            last = max(begun, key=lambda value: value.from_on)
            if last.until_on is None or on < last.until_on:
                in_force.append(last)
    if not in_force:
        return None
    best = in_force[0]
    for other in in_force[1:]:
        if combine == LATEST and other.from_on > best.from_on:
            best = other
        if combine == STRICTEST and strictest_is == "min" and other.value.length < best.value.length:
            best = other
        if combine == STRICTEST and strictest_is == "max" and other.value.length > best.value.length:
            best = other
    return best


@given(values(), st.sampled_from([(NEAREST, ""), (LATEST, ""), (STRICTEST, "min"), (STRICTEST, "max")]), DAYS)
def test_the_value_that_wins_is_the_one_that_the_obvious_way_finds(
    written: list[Value], how: tuple[str, str], on: date
) -> None:
    parameter = a_parameter(*how, written)

    found = resolution.resolve(parameter, chain=CHAIN, on=on)
    expected = obvious(written, *how, on)

    if expected is None:
        assert (found.value, found.source, found.losers) == (None, None, ())
    else:
        assert found.source is not None
        assert (found.source.region_code, found.source.from_on) == (expected.region_code, expected.from_on)
        assert (found.value, found.comparator) == (expected.value, "<=")
    assert found.why.endswith("。")


@given(values(), DAYS)
def test_winner_and_losers_together_are_all_values_in_force_and_all_stand_in_the_history(
    written: list[Value], on: date
) -> None:
    parameter = a_parameter(STRICTEST, "min", written)

    found = resolution.resolve(parameter, chain=CHAIN, on=on)

    in_force = {value for value in parameter.values if value.region_code in CHAIN and value.is_in_force(on)}
    told = {value for value, _ in found.losers} | ({found.source} if found.source else set())
    assert told == in_force
    assert set(found.history) == {value for value in parameter.values if value.region_code in CHAIN}
    assert [value.from_on for value in found.history] == sorted(value.from_on for value in found.history)
    assert all(reason for _, reason in found.losers)


@given(values(), st.permutations(range(15)), DAYS)
def test_the_order_in_which_values_are_written_does_not_matter(
    written: list[Value], order: list[int], on: date
) -> None:
    shuffled = [written[place] for place in order if place < len(written)]
    one, other = a_parameter(STRICTEST, "min", written), a_parameter(STRICTEST, "min", shuffled)

    assert resolution.resolve(one, chain=CHAIN, on=on).source == resolution.resolve(other, chain=CHAIN, on=on).source


@given(values(), DAYS)
def test_at_most_one_value_of_a_region_is_in_force(written: list[Value], on: date) -> None:
    parameter = a_parameter(NEAREST, "", written)
    regions = [value.region_code for value in parameter.values if value.is_in_force(on)]

    assert len(regions) == len(set(regions))


def test_a_value_ends_the_day_the_next_of_its_region_begins_and_a_gap_stays_a_gap() -> None:
    written = [
        a_value(CHAIN[0], date(2022, 1, 1), None, Duration(15, "day")),
        a_value(CHAIN[0], date(2022, 6, 1), date(2022, 9, 1), Duration(10, "day")),
    ]
    parameter = a_parameter(NEAREST, "", written)

    def on(day: date) -> Any:
        return resolution.resolve(parameter, chain=CHAIN, on=day).value

    assert on(date(2022, 5, 31)) == Duration(15, "day")
    assert on(date(2022, 6, 1)) == Duration(10, "day")
    assert on(date(2022, 8, 31)) == Duration(10, "day")
    assert on(date(2022, 9, 1)) is None


def test_why_tells_apart_nothing_yet_nothing_any_more_and_nothing_here() -> None:
    written = [a_value(CHAIN[2], date(2022, 3, 1), date(2022, 6, 1), Duration(15, "day"))]
    parameter = dataclasses.replace(a_parameter(NEAREST, "", written), open="省里另行规定。")

    def why(chain: tuple[str, ...], day: date) -> str:
        return resolution.resolve(parameter, chain=chain, on=day).why

    assert (
        why(CHAIN, date(2022, 2, 28))
        == f"{CHAIN[0]}在 2022-02-28 没有有效的值，下一个值自 2022-03-01 起。省里另行规定。"
    )
    assert "此前的值到 2022-06-01 为止（不含当日）" in why(CHAIN, date(2022, 6, 1))
    assert f"现有的值只属于{CHAIN[2]}，{ELSEWHERE}及其上级没有" in why((ELSEWHERE,), date(2022, 4, 1))
