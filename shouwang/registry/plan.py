"""What an import of a sheet would do: how many rows are new, changed, the same, history, in conflict, refused; who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from shouwang.foundation import secrets
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.intake import reading, staging
from shouwang.intake.headings import Heading
from shouwang.intake.reasons import Refusal
from shouwang.intake.staging import Staged
from shouwang.lake import store
from shouwang.regions import queries as regions

from . import incoming, recognising
from .sheets import SHEETS, RegisterSheet

STEPS = ("读取和检查", "与档案比较", "逐项比较有变化的行", "写入档案", "写入快照")
NEW, CHANGED, SAME, HISTORY = "new", "changed", "same", "history"
REPEATED, CONFLICTING, REFUSED = "repeated", "conflicting", "refused"
ROW_KINDS = (NEW, CHANGED, SAME, HISTORY, REPEATED, CONFLICTING, REFUSED)
LABELS = {
    NEW: "新增",
    CHANGED: "变更",
    SAME: "无变化",
    HISTORY: "早于档案，只作历史",
    REPEATED: "重复行",
    CONFLICTING: "冲突，未采用",
    REFUSED: "退回",
    "missing": "文件中没有",
    "returned": "文件中又有",
}


@dataclass(frozen=True)
class RowChange:
    """What a row changes in a record, by heading: (before, after); secret values among them."""

    record_id: int
    key: str
    row_number: int
    fields: dict[str, tuple[str, str]]


@dataclass
class Plan:
    """What an import would do. ``counts`` of rows add up to ``rows``; ``missing`` and ``returned`` count records.

    The relations behind it live in ``connection`` until ``close``: incoming (row, key, …), known (the register's records),
    verdict (row, record_id, kind).
    """

    connection: duckdb.DuckDBPyConnection
    path: Path
    sheet: RegisterSheet
    period: Month
    sender: str
    region_code: str
    staged: Staged
    incoming: incoming.Incoming
    mapping: dict[str, str]
    closes_missing: bool = False  # records that the file does not name leave the register
    counties: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    changes: list[RowChange] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)  # primary keys of records
    returned: list[int] = field(default_factory=list)
    new_households: int = 0  # that only this sheet names
    register_mark: tuple[int, int] = (0, 0)  # what the register was like when it was compared

    @property
    def kind(self) -> str:
        return self.sheet.code

    @property
    def heading(self) -> Heading:
        return self.staged.heading

    @property
    def columns(self) -> list[str]:
        """Under which heading each column of the file is kept."""
        return [kept.heading for kept in self.incoming.kept]

    def text_of(self, heading: str) -> str:
        """How the file calls a column, or the sheet's own word for it."""
        for position, column in self.heading.columns.items():
            if column.heading == heading:
                return self.heading.texts[position]
        return heading

    def refuse(self, row: int, cells: list[str | None], heading: str, reason: str, suggestion: str) -> None:
        text = self.text_of(heading)
        self.refusals.append(Refusal(row, [cell or "" for cell in cells], [text], [reason], [suggestion]))

    def close(self) -> None:
        self.connection.close()


def make(
    path: Path,
    *,
    kind: str = recognising.AUTO,
    period: Month,
    sender: str = "",
    region_code: str = "",
    mapping: Mapping[str, str] | None = None,
    closes_missing: bool = False,
    progress: Progress = silent,
) -> Plan:
    """Reads and compares; nothing is written anywhere. Raises UserError when the file as a whole cannot be used."""
    from . import comparing

    progress(STEPS[0], 0, len(STEPS))
    keys = secrets.load()
    region_code = regions.full_code(region_code) if region_code else ""
    opened = reading.open_file(path)
    connection = store.connect()
    try:
        if kind == recognising.AUTO:
            kind = recognising.kind_of(opened, place=path.name, sender=sender, mapping=mapping)
        if kind not in SHEETS:
            raise UserError(f"没有“{kind}”这种表", next_step=f"可选：auto、{'、'.join(SHEETS)}。")
        sheet = SHEETS[kind]
        staged = staging.stage(connection, path, sheet, sender=sender, period=period, mapping=mapping, opened=opened)
        rows = incoming.build(connection, staged, sheet, keys, region_code=region_code)
        plan = Plan(
            connection, path, sheet, period, sender, region_code, staged, rows, dict(mapping or {}), closes_missing
        )
        progress(STEPS[1], 1, len(STEPS))
        comparing.compare(plan)
        progress(STEPS[2], 2, len(STEPS))
        comparing.compare_fields(plan, keys)
        comparing.sum_up(plan)
        _refuse_what_has_nothing_usable(plan)
    except BaseException:
        connection.close()
        raise
    finally:
        for one in opened:
            one.close()
    return plan


def _refuse_what_has_nothing_usable(plan: Plan) -> None:
    taken = sum(plan.counts[kind] for kind in (NEW, CHANGED, SAME, HISTORY, REPEATED))
    if plan.counts["rows"] and not taken:
        raise UserError(
            f"{plan.counts['rows']:,} 行全部未能采用，档案没有改动",
            place=plan.path.name,
            next_step=f"例如：{plan.refusals[0].sentence.replace('；该行未导入，已列入退回文件', '')}。",
        )
