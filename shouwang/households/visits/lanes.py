"""Where in its village a household lives: the group or hamlet and the number of the door, from whatever column of a sheet tells it.

The national layout has neither; a bank's copy has 自然村, and counties add an address of their own (columns nobody declared are kept).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_GROUP = "自然村"
_ADDRESSES = ("家庭住址", "家庭地址", "现住址", "详细地址", "住址", "地址", "门牌号")
_NUMERAL = "〇零一二三四五六七八九十百0-9０-９"
# 三组, 第12组, 东街, 北沟屯: what stands between the village and the number of the door.
_HAMLET = re.compile(
    rf"(?:.*(?:村委会|村民委员会|[村乡镇]))?(?P<group>第?[{_NUMERAL}]+(?:组|小组|村民小组|社|队)|[^\d\s{_NUMERAL}村乡镇县市省组号]{{1,6}}[街巷胡同庄沟屯湾坪岭峪洼台])"
)
_DOOR = re.compile(r"(\d{1,4})\s*(?:号|$)")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True)
class Lane:
    """``group`` is empty and ``door`` None where no file told."""

    group: str = ""
    door: int | None = None


def of(sheets: Iterable[Mapping[str, str]]) -> Lane:
    """The first that any of a household's rows tells, in their order."""
    group, door = "", None
    for columns in sheets:
        group = group or columns.get(_GROUP, "")
        for name in _ADDRESSES:
            address = (columns.get(name) or "").translate(_WIDE).strip()
            if not address:
                continue
            if not group and (found := _HAMLET.match(address)):
                group = found["group"]
            if door is None and (number := _DOOR.search(address)):
                door = int(number[1])
    return Lane(group, door)
