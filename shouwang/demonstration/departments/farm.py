"""What the agriculture department watches: the prices of bulk farm produce, week by week. All figures are invented."""

from __future__ import annotations

import datetime as dt

from .. import calibration
from ..streams import Streams

_WEEKS = 10
_MARKETS = ("城区农贸市场", "白石山收购点")
# Product, branch, unit, fen ten weeks before the screened day, and by how many per mille a week it moves from which week on.
_PRODUCTS = (
    ("玉米", "种植", "公斤", 272, 2, 0),
    ("马铃薯", "种植", "公斤", 186, -4, 0),
    ("生猪", "养殖", "公斤", 1640, 11, 0),
    ("肉牛", "养殖", "公斤", 3450, -3, 0),
    ("鸡蛋", "养殖", "公斤", 1020, -28, 5),
    ("核桃", "林果", "公斤", 1180, -46, 4),
)


def prices(streams: Streams) -> list[dict[str, str]]:
    """One row a product, week and market: walnuts fall for weeks, eggs a little, the rest goes up and down."""
    chance = streams["produce prices"]
    last = calibration.AS_OF - dt.timedelta(days=calibration.AS_OF.weekday())
    rows = []
    for week in range(_WEEKS):
        on = last - dt.timedelta(weeks=_WEEKS - 1 - week)
        for product, branch, unit, fen, change, since in _PRODUCTS:
            steps = max(0, week - since)
            mean = fen * (1 + change / 1000) ** steps
            is_falling = change < -10 and steps
            for place, market in enumerate(_MARKETS):
                noise = 0.0 if is_falling else chance.uniform(-0.012, 0.012)
                price = round(mean * (1 + noise) * (1 + 0.004 * place))
                rows.append(
                    {
                        "品种": product,
                        "产业": branch,
                        "采价日期": on.isoformat(),
                        "价格": f"{price / 100:.2f}",
                        "计量单位": unit,
                        "采价点": market,
                    }
                )
    return rows
