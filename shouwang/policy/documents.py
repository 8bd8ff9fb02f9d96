"""A government document as data: number, issuer, place, dates, known defects of its text, and every clause of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from .defects import Defects
from .fields import Fields
from .yaml_file import Node

# The kinds of work that a clause asks for (design.md §6); NOTE is policy text without a function of its own.
KINDS: dict[str, str] = {
    "REG": "登记名录",
    "FEED": "部门数据",
    "RULE": "规则或参数",
    "CASE": "个案办理流程",
    "TASK": "限期任务",
    "LEDGER": "台账",
    "RPT": "报表",
    "TGT": "目标",
    "IND": "指标",
    "ATT": "考勤",
    "FUND": "资金",
    "ASSET": "资产",
    "TRN": "培训",
    "PUB": "公示公告",
    "SUP": "督查督办",
    "GEO": "地图",
    "NOTE": "政策表述",
}

_DOCUMENT_KEYS = (
    "number",
    "title",
    "issuer",
    "region",
    "issued_on",
    "effective_from",
    "effective_note",
    "based_on",
    "attachments",
    "recipients",
    "defects",
    "clauses",
)
_CLAUSE_KEYS = ("id", "duties", "place", "summary", "region", "guidance", "kind")
_ID = re.compile(r"[^\s#/]+")


@dataclass(frozen=True)
class Clause:
    """One clause. ``place`` says where it stands in the text; ``guidance`` is why it needs no function, where it needs none."""

    document_id: str
    id: str
    place: str
    summary: str
    duties: tuple[str, ...]
    kind: str
    guidance: str
    region: str
    file: str
    line: int

    @property
    def citation(self) -> str:
        return f"{self.document_id}#{self.id}"

    @property
    def parent_id(self) -> str:
        """The id of the heading above; empty at the top."""
        return self.id.rpartition(".")[0]


@dataclass(frozen=True)
class TextDefect:
    """A known defect of the document's text, kept beside it instead of being mended silently."""

    place: str
    text: str


@dataclass(frozen=True)
class Document:
    """One document. ``effective_from`` is set by hand where the text bears no date; ``effective_note`` then says why."""

    id: str
    number: str
    title: str
    issuer: str
    region: str
    issued_on: dt.date | None
    effective_from: dt.date
    effective_note: str
    based_on: tuple[str, ...]
    attachments: tuple[str, ...]
    recipients: tuple[str, ...]
    defects: tuple[TextDefect, ...]
    clauses: tuple[Clause, ...]
    is_own: bool
    file: str

    @property
    def name(self) -> str:
        """How people call it: its number, or its title where it has none."""
        return self.number or f"《{self.title}》"

    def clause(self, clause_id: str) -> Clause | None:
        return next((clause for clause in self.clauses if clause.id == clause_id), None)

    def children(self, clause_id: str = "") -> tuple[Clause, ...]:
        """The clauses directly below a heading; below nothing: those without a heading above them."""
        known = {clause.id for clause in self.clauses}
        return tuple(
            clause for clause in self.clauses if (clause.parent_id if clause.parent_id in known else "") == clause_id
        )


def read(node: Node, *, document_id: str, file: str, is_own: bool, defects: Defects) -> Document:
    """The document; with defects, as much of it as could be read, so that citations of it are not refused as well."""
    fields = Fields(node, file=file, what="文件", allowed=_DOCUMENT_KEYS, defects=defects)
    title, issuer = fields.text("title", required=True), fields.text("issuer", required=True)
    region, number = fields.text("region"), fields.text("number")
    fields.region("region", required=True)
    issued_on, effective_from = fields.day("issued_on"), fields.day("effective_from")
    if effective_from is None and not fields.has("effective_from"):
        effective_from = issued_on
        if issued_on is None and not fields.has("issued_on"):
            fields.defect(fields.line, "文件既没有 effective_from 也没有 issued_on", "请写明生效日期。")
    known: dict[str, int] = {}

    def clause(entry: Node, position: int) -> Clause | None:
        found = _clause(entry, position, document_id=document_id, file=file, defects=defects)
        if found is not None and found.id in known:
            first = known[found.id]
            fields.defect(found.line, f"条款编号“{found.id}”重复，第 {first} 行已经用过", "请改用另一个编号。")
        elif found is not None:
            known[found.id] = found.line
        return found

    def text_defect(entry: Node, position: int) -> TextDefect:
        what = f"第 {position} 处文本缺陷"
        parts = Fields(entry, file=file, what=what, allowed=("place", "text"), defects=defects)
        return TextDefect(parts.text("place", required=True), parts.text("text", required=True))

    text_defects, clauses = tuple(fields.each("defects", text_defect)), tuple(fields.each("clauses", clause))
    return Document(
        id=document_id,
        number=number,
        title=title,
        issuer=issuer,
        region=region,
        issued_on=issued_on,
        effective_from=effective_from or dt.date.min,
        effective_note=fields.text("effective_note"),
        based_on=fields.texts("based_on"),
        attachments=fields.texts("attachments"),
        recipients=fields.texts("recipients"),
        defects=text_defects,
        clauses=clauses,
        is_own=is_own,
        file=file,
    )


def _clause(entry: Node, position: int, *, document_id: str, file: str, defects: Defects) -> Clause | None:
    fields = Fields(entry, file=file, what=f"第 {position} 条", allowed=_CLAUSE_KEYS, defects=defects)
    clause_id = fields.text("id", required=True)
    place, summary = fields.text("place"), fields.text("summary", required=True)
    if clause_id and not _ID.fullmatch(clause_id):
        fields.defect(fields.line_of("id"), f"条款编号“{clause_id}”含有空格、# 或 /", "请用字母、数字和点。")
        return None
    fields.region("region")
    if not clause_id:
        return None
    return Clause(
        document_id=document_id,
        id=clause_id,
        place=place or f"第 {clause_id} 条",
        summary=summary,
        duties=fields.texts("duties"),
        kind=fields.code("kind", tuple(KINDS)),
        guidance=fields.text("guidance"),
        region=fields.text("region"),
        file=file,
        line=fields.line,
    )
