"""The sheet at the farmer's door: a large code, five lines of plain words, the telephone. One page to hang up."""

from __future__ import annotations

from dataclasses import dataclass

from ..papers import Code, Large, Paper
from ..scanner import PaperClass

_LINES = (
    "① 遇到大病、灾害、事故、没活干，可以报",
    "② 手机扫码，也可以替邻居、亲戚报",
    "③ 回答五个问题，不用交材料",
    "④ 记下回执号，随时查办到哪一步",
    "⑤ 不会扫码，打电话或找村干部",
)


@dataclass(frozen=True)
class DoorSheet:
    """``address`` is what the code leads to; it stands nowhere else."""

    village: str
    address: str
    unit: str
    phone: str
    lines: tuple[str, ...] = _LINES


def door_sheet(sheet: DoorSheet) -> Paper:
    return Paper(
        title=f"{sheet.village}困难群众求助登记",
        paper_class=PaperClass.PUBLIC,
        blocks=[
            Large("家里有难处，扫一扫", 34),
            Code(sheet.address, 92),
            *(Large(line, 22) for line in sheet.lines),
            Large(f"电话：{sheet.phone}", 26),
            Large(sheet.unit, 16),
        ],
        allow=frozenset({sheet.phone}),
        is_on_one_page=True,
        is_form=True,
    )
