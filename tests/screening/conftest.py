"""What the screening tests share: a county, and a run of June 2022 for it."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.screening import actions
from shouwang.screening.models import Run
from tests import factories

from .lake_world import County

JUNE = dt.date(2022, 6, 30)


@pytest.fixture
def county(db) -> County:
    return County()


@pytest.fixture
def screen():
    def run(region: str = factories.LAIYUAN, as_of: dt.date = JUNE, engine: str = "duckdb", **options) -> Run:
        return actions.run(
            region_code=region,
            as_of=as_of,
            policies=policy.load(),
            by=None,
            now=factories.NOW,
            engine=engine,
            **options,
        )

    return run
