"""Rows of a file that are no data: totals, notes of who filled in the form, repeated headings, rows without content."""

from __future__ import annotations

from .cells import IDENTITY_KINDS
from .headings import Heading
from .sql import quoted

_TOTAL = r"(总)?(合计|总计|小计|共计|累计)(数|金额|人数|户数)?[:：]?|(本页|本村|本乡|本镇|本县|全县|全乡|全镇|全村).{0,4}(合计|总计|小计|共计)"
_NOTE = (
    r"((填表|制表|填报|报送|经办|审核|复核|审批|负责|联系|编制|上报)(单位|部门|人|日期|时间|电话|负责人|人签字|人签名)|单位负责人|主管领导"
    r"|分管领导|单位(公章|盖章)?|\(?盖章\)?|填表说明|说明|备注|注|日期)([:：].*)?"
)


def layers(heading: Heading, width: int) -> list[list[str]]:
    """SELECT items of nested queries over the cleaned cells of a row; the last gives ``kind``, NULL for data.

    A row with a usable identity number is always data.
    """
    usable = [
        f"v{position} IS NOT NULL" for position, column in heading.columns.items() if column.kind in IDENTITY_KINDS
    ]
    repeated = " + ".join(
        f"(CASE WHEN trim(cells[{position + 1}]) = {quoted(heading.texts[position])} THEN 1 ELSE 0 END)"
        for position in heading.columns
    )
    enough = max(2, (len(heading.columns) + 1) // 2)
    return [
        ["list_filter(cells, lambda x: trim(x) <> '') AS filled"],
        [
            "cell_narrow(cell_trimmed(filled[1])) AS said, cell_narrow(cell_trimmed(filled[2])) AS said_next",
        ],
        [
            f"""CASE
            WHEN len(filled) = 0 OR (said IS NULL AND len(filled) = 1) THEN '空行'
            WHEN {" OR ".join(usable) or "false"} THEN NULL
            WHEN {repeated} >= {enough} THEN '重复表头'
            WHEN regexp_full_match(said, {quoted(_TOTAL)}) OR regexp_full_match(said_next, {quoted(_TOTAL)}) THEN '合计行'
            WHEN len(filled) <= {max(2, (width + 1) // 2)} AND regexp_full_match(said, {quoted(_NOTE)}) THEN '备注行'
            END AS kind"""
        ],
    ]
