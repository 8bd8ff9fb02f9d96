"""Limits, rhythms, days and windows: how they are written, compared and counted."""

from __future__ import annotations

import pickle
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.policy.quantities import Duration, Frequency, MonthDay, Structure, Window


def test_fifteen_days_are_stricter_than_a_month_and_a_day_is_twenty_four_hours() -> None:
    assert Duration.parse("15 day").length < Duration.parse("1 month").length
    assert Duration.parse("24 hour").length == Duration.parse("1 day").length
    assert Duration.parse("20 workday").length < Duration.parse("30 day").length
    assert Duration.parse("12 month").length == Duration.parse("1 year").length


def test_the_day_of_discovery_does_not_count() -> None:
    """H-07, H-08: discovered on 1 July → 16 July; a month from 5 April → 5 May."""
    assert Duration.parse("15 day").due_on(date(2022, 7, 1)) == date(2022, 7, 16)
    assert Duration.parse("1 month").due_on(date(2022, 4, 5)) == date(2022, 5, 5)
    assert Duration.parse("0 day").due_on(date(2022, 4, 5)) == date(2022, 4, 5)


def test_a_month_from_the_last_of_january_ends_on_the_last_of_february() -> None:
    assert Duration.parse("1 month").due_on(date(2022, 1, 31)) == date(2022, 2, 28)
    assert Duration.parse("1 year").due_on(date(2024, 2, 29)) == date(2025, 2, 28)


def test_working_days_are_counted_on_a_calendar_that_is_handed_in() -> None:
    due = Duration.parse("5 workday").due_on(date(2022, 6, 30), is_workday=lambda day: day.weekday() < 5)

    assert due == date(2022, 7, 7)
    with pytest.raises(ValueError, match="5 workday"):
        Duration.parse("5 workday").due_on(date(2022, 6, 30))
    with pytest.raises(ValueError, match="24 hour"):
        Duration.parse("24 hour").due_on(date(2022, 6, 30))


def test_only_a_limit_in_days_is_a_number_of_days() -> None:
    assert int(Duration.parse("3")) == 3
    with pytest.raises(ValueError, match="1 month"):
        int(Duration.parse("1 month"))


@given(st.integers(0, 999), st.sampled_from(["hour", "day", "workday", "month", "year"]))
def test_what_is_written_is_what_is_read(count: int, unit: str) -> None:
    limit = Duration(count, unit)

    assert Duration.parse(str(limit)) == limit
    assert Duration.parse(f"{limit}s") == limit


@given(st.integers(0, 400), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_limit_in_days_is_as_long_as_it_says(count: int, start: date) -> None:
    assert Duration(count, "day").due_on(start) - start == timedelta(days=count)


def test_three_times_a_week_is_more_often_than_every_half_month() -> None:
    assert Frequency.parse("3 per week").times_a_year > Frequency.parse("1 per half_month").times_a_year
    assert Frequency.parse("1 per month").times_a_year > Frequency.parse("1 per quarter").times_a_year
    assert Frequency.parse("1 per half_month").text == "每半月 1 次"


def test_a_window_holds_its_first_and_its_last_day() -> None:
    march = Window.parse("2022-03-01..2022-03-31")

    assert date(2022, 3, 1) in march
    assert date(2022, 3, 31) in march
    assert date(2022, 4, 1) not in march
    assert date(1999, 1, 1) in Window.parse("..2022-06-30")
    assert (Window.parse("..2022-06-30").text, str(march)) == ("不晚于 2022-06-30", "2022-03-01..2022-03-31")


def test_a_day_of_every_year_exists_in_every_year() -> None:
    assert MonthDay.parse("09-01").in_year(2021) == date(2021, 9, 1)
    assert MonthDay.parse("02-29").in_year(2022) == date(2022, 2, 28)


def test_a_record_reads_like_a_mapping_and_nobody_can_change_it() -> None:
    ages = Structure({"from": 6, "until": 15})

    assert (ages["from"], ages.get("on"), dict(ages)) == (6, None, {"from": 6, "until": 15})
    assert ages == Structure({"until": 15, "from": 6}) == {"from": 6, "until": 15}
    assert pickle.loads(pickle.dumps(ages)) == ages
    with pytest.raises(TypeError):
        ages["from"] = 7  # type: ignore[index]
    with pytest.raises(KeyError):
        ages["on"]
