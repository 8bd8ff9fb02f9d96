"""A month by places: frozen visits, figures that equal their rows, places ranked and never persons, what is not closed said plainly."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.households import month_figures
from shouwang.households.visits import closing
from shouwang.organisation.scope import Scope
from shouwang.regions import actions as regions
from shouwang.reporting import papers
from tests import factories
from tests.factories import LAIYUAN, YIXIAN

from . import places
from .visits.lane import NOW, Lane, confirmed

JUNE, TODAY = Month(2022, 6), dt.date(2022, 7, 18)
IN_JUNE = {"on": "2022-06-20", "made_at": "2022-06-20T10:00:00+08:00"}
TOWNSHIP, OTHER, CITY = "130630100000", "130630101000", "130600000000"


@pytest.fixture
def lane(db) -> Lane:
    regions.load(counties_in_detail=[LAIYUAN, YIXIAN], today=TODAY)
    lane = Lane()
    homes = [lane.home(f"户{number}") for number in range(3)]
    lane.home("丙海生", region_code=places.OTHER_TOWNSHIP)
    lane.send(*[confirmed(home, **IN_JUNE) for home in homes[:2]])
    return lane


def close() -> None:
    closing.close(
        county=LAIYUAN, month=JUNE, by=factories.county_officer_sun(), today=TODAY, now=NOW, policies=policy.load()
    )


def of(code: str, month: Month = JUNE, scope: Scope | None = None) -> month_figures.MonthFigures:
    within = scope or Scope.of_region(code)
    return month_figures.of_place(region_code=code, scope=within, month=month, today=TODAY, policies=policy.load())


def test_every_place_below_has_its_line_and_the_whole_is_their_sum(lane: Lane) -> None:
    places.lead(region_code=places.VILLAGE, opened_on=dt.date(2022, 6, 3), state="confirmed")
    places.lead(region_code=places.OTHER_TOWNSHIP, opened_on=dt.date(2022, 6, 30))
    places.lead(region_code=places.VILLAGE, opened_on=dt.date(2022, 7, 1))
    places.case(region_code=places.VILLAGE, included_on=dt.date(2022, 6, 20))
    found = of(LAIYUAN)
    lines = {one.code: one.counts for one in found.lines}
    assert (lines[TOWNSHIP]["leads"], lines[TOWNSHIP]["confirmed"], lines[TOWNSHIP]["included"]) == (1, 1, 1)
    assert (lines[OTHER]["leads"], lines[OTHER]["confirmed"]) == (1, 0)
    for name, part in month_figures.PARTS.items():
        assert found.whole.counts[name] == sum(line.counts[name] for line in found.lines), name
        if part.rows is not None:
            rows = month_figures.rows(part=name, scope=Scope.of_region(LAIYUAN), month=JUNE)
            assert rows.count() == found.whole.counts[name], name
    assert of(places.VILLAGE).lines == [] and of(places.VILLAGE).whole.counts["leads"] == 1


def test_places_are_ranked_only_by_a_closed_month_and_equal_ones_share_their_place(lane: Lane) -> None:
    before = of(LAIYUAN)
    assert not before.is_closed and {rank for rank, _ in before.ranked()} == {None}
    assert before.whole.why == "未结账，数字截至 2022-07-18" and before.whole.counts["seen"] == 2
    close()
    lane.home("丁新来")
    found = of(LAIYUAN)
    assert found.is_closed and found.whole.counts["wanted"] == 4, "as it was closed"
    ranks = {line.code: (rank, line.percent) for rank, line in found.ranked() if rank}
    assert ranks == {TOWNSHIP: (1, "66.6"), OTHER: (2, "0.0")}
    for line in found.lines:
        line.counts |= {"wanted": 3, "seen": 2, "missed": 1}
    assert {rank for rank, _ in found.ranked()} == {1}
    for place, line in enumerate(found.lines):
        seen = 9701 + place % 9
        line.counts |= {"wanted": 10000, "seen": seen, "missed": 10000 - seen}
    assert {line.percent for line in found.lines} == {"97.0"}
    assert {rank for rank, _ in found.ranked()} == {1}, "nobody can be told apart by figures that read the same"


def test_a_city_gives_no_visit_figures_of_a_county_that_has_not_closed(lane: Lane) -> None:
    lane.home("外德成", region_code="130633100001")
    close()
    found = of(CITY)
    lines = {one.code: one for one in found.lines}
    assert set(lines) == {LAIYUAN, YIXIAN}
    assert lines[LAIYUAN].counts["seen"] == 2 and lines[LAIYUAN].closed_on
    assert lines[YIXIAN].counts["seen"] is None and lines[YIXIAN].why == "未结账"
    assert found.whole.counts["wanted"] is None and "易县" in found.whole.why and not found.is_closed
    with pytest.raises(UserError, match="省级"):
        of("130000000000")


def test_a_month_that_no_document_asks_visits_in_says_so_and_one_ahead_is_refused(lane: Lane) -> None:
    assert of(LAIYUAN, Month(2022, 5)).whole.why == "没有文件规定走访哪些户"
    with pytest.raises(UserError, match="还没有到"):
        of(LAIYUAN, Month(2022, 8))


def test_what_was_frozen_opens_again_and_a_stranger_sees_none_of_it(lane: Lane) -> None:
    close()
    found = of(LAIYUAN)
    again = month_figures.opened(LAIYUAN, month_figures.plain(found))
    assert again.whole == found.whole and again.lines == found.lines
    with pytest.raises(NotPermittedError):
        of(LAIYUAN, scope=Scope.of(factories.neighbour_li()))


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".xlsx"])
def test_the_bulletin_names_places_and_no_person(lane: Lane, suffix: str, tmp_path) -> None:
    from shouwang.jobs import papers as drafted
    from tests.reporting.test_papers import text_of

    close()
    for made in (
        drafted.month_bulletin(of(LAIYUAN), today=TODAY),
        drafted.month_report(of(LAIYUAN), recipients="保定市乡村振兴局", today=TODAY),
    ):
        path = tmp_path / f"paper{suffix}"
        papers.write(made, path)
        told = text_of(path)
        assert "涞源镇" in told and "户0" not in told and "赵" not in told
        assert suffix == ".xlsx" or "结账" in told
