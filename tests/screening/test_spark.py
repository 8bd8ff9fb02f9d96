"""Spark finds what DuckDB finds, row for row, on a standalone master with two workers."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.households.manifest import RULES, SUBJECT
from shouwang.organisation.scope import Scope
from shouwang.screening import cases, engines, queries
from tests.factories import LAIYUAN

from .spark_cluster import cluster

pytestmark = pytest.mark.spark
JUNE = dt.date(2022, 6, 30)


@pytest.fixture(scope="module")
def master(tmp_path_factory) -> str:
    with cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


def test_every_case_of_every_rule_comes_out_the_same(master, home):
    with engines.start("spark", spark_master=master) as engine:
        verdicts = cases.run(engine, SUBJECT, RULES)
    wrong = [(verdict.case.sentence, verdict.found) for verdict in verdicts if not verdict.is_right]
    assert not wrong
    assert len(verdicts) == sum(len(cases.read(rule)) for rule in RULES)


def test_a_run_gives_the_same_findings_as_duckdb(master, county, screen):
    """Among them a household number above 2^53, which a detour through floats would damage."""
    for number in range(30):
        county.household(f"户{number}", *[f"户{number}成员{place}" for place in range(1 + number % 4)])
    county.households["户0"].household_no = "13010219451001001"
    county.register()
    county.income(**{f"户{number}": 100_000 * number for number in range(30)})
    county.write(
        "disability",
        [
            {"person": f"户{number}成员0", "disability_level": 1 + number % 4, "certified_on": dt.date(2020, 1, 1)}
            for number in range(30)
        ],
    )
    county.write(
        "accident",
        [
            {
                "person": f"户{number}成员0",
                "occurred_on": dt.date(2022, 6, 1 + number % 28),
                "own_loss_fen": 9_007_199_254_740_993 + number,
            }
            for number in range(0, 30, 7)
        ],
    )
    county.write(
        "water_outage", [{"village_code": county.village, "outage_from": dt.date(2022, 6, 3), "quality_passed": False}]
    )
    rows = {}
    for engine, options in (("duckdb", {}), ("spark", {"spark_master": master})):
        run = screen(engine=engine, **options)
        found = queries.finding_rows(region_code=LAIYUAN, as_of=JUNE, scope=Scope.everything())
        rows[engine] = [row | {"engine": ""} for row in found]
        assert {result.engine for result in run.results.all()} == {engine}
    assert rows["spark"] == rows["duckdb"]
    assert len(rows["duckdb"]) > 40
