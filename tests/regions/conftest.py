"""A database with the divisions of the whole country to counties and the villages of three counties."""

import pytest

from shouwang.regions import actions

XUSHUI = "130609000000"
LAIYUAN = "130630000000"
HENGSHUI_ZONE = "131171000000"


@pytest.fixture
def divisions(db: None) -> None:
    actions.load(counties_in_detail=[XUSHUI, LAIYUAN, HENGSHUI_ZONE])
