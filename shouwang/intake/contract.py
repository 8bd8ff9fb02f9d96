"""What a table must look like: columns with kind, unit, code list, duty to be there, privacy class and description.

A contract is plain data. Reading, checking, templates and reference pages are all made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a cell holds, and the type it has in the lake."""

    IDENTITY = "证件号码"  # resident identity number; never in the lake
    CERTIFICATE = "残疾证号"  # disability certificate: identity number, category, level; never in the lake
    NAME = "姓名"  # a person's name, inner spaces removed; never in the lake
    TEXT = "文字"  # VARCHAR
    CODE = "代码"  # VARCHAR: the canonical value of a code list
    KEY = "编号"  # VARCHAR: a number used as a name (户编号), digits kept as they are
    DAY = "日期"  # DATE
    MONTH = "月份"  # VARCHAR 2022-06
    YEAR = "年度"  # INTEGER
    MONEY = "金额"  # BIGINT fen; the lake's column name ends in _fen
    WHOLE = "整数"  # INTEGER
    DECIMAL = "小数"  # DECIMAL(18,2)
    YES_NO = "是否"  # BOOLEAN
    VILLAGE = "行政村代码"  # VARCHAR, 12 digits, a village in force


class Privacy(Enum):
    """How a value may be shown (个人信息保护法)."""

    OPEN = "可公开"
    PERSONAL = "个人信息"  # names, relations, addresses: shown inside the region
    SENSITIVE = "敏感个人信息"  # health, income, minors: shown by role
    SECRET = "证件账号"  # noqa: S105 — identity, phone and account numbers: encrypted, masked, unmasked with a reason


@dataclass(frozen=True)
class CodeList:
    """Accepted values, each with the other ways in which people write it."""

    name: str
    values: dict[str, tuple[str, ...]]

    def canonical(self) -> dict[str, str]:
        """Every accepted spelling → its canonical value."""
        return {spelling: value for value, others in self.values.items() for spelling in (value, *others)}


@dataclass(frozen=True)
class Column:
    """One column. ``name`` is its name in the lake; empty when it never gets there (identity numbers, names)."""

    heading: str
    name: str
    kind: Kind
    description: str
    is_required: bool = False  # the column must be in the file
    may_be_empty: bool = True  # the cell may be empty
    aliases: tuple[str, ...] = ()
    codes: CodeList | None = None
    unit: str = ""  # 元 for MONEY; 万元 in a heading is recognised and scaled
    privacy: Privacy = Privacy.OPEN
    is_not_after_period: bool = False  # a day later than the file's period is refused
    example: str = ""


@dataclass(frozen=True)
class Contract:
    """A table: its columns in canonical order."""

    code: str
    label: str
    description: str
    columns: tuple[Column, ...]
    cites: tuple[str, ...] = ()
    keeps_unknown_columns: bool = (
        False  # national-system sheets give every column back; departments' extras are dropped
    )
    natural_key: tuple[str, ...] = field(default=())  # names of the columns that make two rows the same event
    # An empty or unsound identity number does not refuse the row but leaves ``identity_number`` empty with the reason in
    # ``identity_defect``: for departments' files, where name, birth date and village may still find the person. A number
    # in scientific notation has lost digits and refuses the row in any case.
    tolerates_unsound_identity: bool = False

    def column(self, heading: str) -> Column:
        return next(column for column in self.columns if column.heading == heading)
