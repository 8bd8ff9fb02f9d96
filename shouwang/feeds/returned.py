"""Rows whose identity number is unsound and leads to nobody in the register: only their sender can mend them."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.intake.contract import Kind
from shouwang.intake.reasons import Refusal
from shouwang.intake.staging import Staged

_SUGGESTION = "请对照身份证核对后补报"


def refusals(staged: Staged, reasons: Mapping[int, str]) -> list[Refusal]:
    """The rows as they came, with the reason for each; ``reasons``: row number → sentence.

    Reading keeps the cells of every row that it had to look at twice, and these are among them.
    """
    heading = next(
        staged.headings[position]
        for position, column in sorted(staged.heading.columns.items())
        if column.kind in (Kind.IDENTITY, Kind.CERTIFICATE)
    )
    listed = ", ".join(str(int(row)) for row in reasons)
    rows = staged.connection.execute(
        f"SELECT row, cells FROM {staged.name}_mended WHERE row IN ({listed}) ORDER BY row"
    ).fetchall()
    return [
        Refusal(row, [text or "" for text in cells], [heading], [reasons[row]], [_SUGGESTION]) for row, cells in rows
    ]
