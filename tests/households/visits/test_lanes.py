"""Streets and doors, from whatever column tells them."""

from __future__ import annotations

import pytest

from shouwang.households.visits import lanes
from shouwang.households.visits.lanes import Lane


@pytest.mark.parametrize(
    ("columns", "lane"),
    [
        ({"自然村": "东街"}, Lane("东街", None)),
        ({"自然村": "东街", "家庭住址": "南关村三组12号"}, Lane("东街", 12)),
        ({"家庭住址": "河北省保定市涞源县涞源镇南关村三组12号"}, Lane("三组", 12)),
        ({"家庭住址": "南关村民委员会第２组"}, Lane("第2组", None)),
        ({"住址": "白石山镇插箭岭村北沟屯5"}, Lane("北沟屯", 5)),
        ({"门牌号": "12号"}, Lane("", 12)),
        ({"地址": "涞源县城东大街"}, Lane()),
        ({"家庭住址": None}, Lane()),
        ({}, Lane()),
    ],
)
def test_a_lane_is_read_from_the_sheets(columns: dict[str, str], lane: Lane) -> None:
    assert lanes.of([columns]) == lane


def test_the_first_row_that_tells_counts() -> None:
    assert lanes.of([{}, {"自然村": "西街"}, {"自然村": "东街", "住址": "8号"}]) == Lane("西街", 8)
