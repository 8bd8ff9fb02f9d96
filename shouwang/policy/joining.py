"""Joins the program's files with the workspace's own: documents by id, values by parameter and region, citations against clauses."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from . import documents, parameter_files
from .defects import Defects, nearest
from .documents import Document
from .fields import Fields
from .parameters import Parameter, Value
from .yaml_file import Node


@dataclass(frozen=True)
class File:
    """One file below a policies folder; ``parts`` its path below ``documents/`` or ``parameters/`` without the ending."""

    path: Path
    kind: str
    parts: tuple[str, ...]
    shown_as: str
    is_own: bool


# ── documents ────────────────────────────────────────────────────────────────


def documents_of(nodes: list[tuple[File, Node]], defects: Defects) -> dict[str, Document]:
    found: dict[str, Document] = {}
    known: dict[str, str] = {}
    for file, node in nodes:
        document_id = file.parts[-1]
        if document_id in known:
            next_step = "文件名就是文件编号，请改用另一个文件名；引用它的地方一并改。"
            defects.add(file.shown_as, 1, f"文件编号“{document_id}”重复，{known[document_id]} 已经用过", next_step)
            continue
        known[document_id] = file.shown_as
        document = documents.read(
            node, document_id=document_id, file=file.shown_as, is_own=file.is_own, defects=defects
        )
        found[document_id] = document
    return found


# ── parameters ───────────────────────────────────────────────────────────────


def parameters_of(nodes: list[tuple[File, Node]], defects: Defects) -> dict[str, Parameter]:
    """The program's files first: an own file of the same name then adds values to it."""
    heads: dict[str, Parameter | None] = {}
    values: dict[str, list[Value]] = {}
    defined: dict[tuple[bool, str], str] = {}
    for file, node in nodes:
        name = ".".join(file.parts)
        if (file.is_own, name) in defined:
            message = f"参数 {name} 重复，{defined[file.is_own, name]} 已经写了同名参数"
            defects.add(file.shown_as, 1, message, "请合并成一个文件。")
            continue
        defined[file.is_own, name] = file.shown_as
        of = heads.get(name)
        if file.is_own and name not in heads and isinstance(node.content, dict) and "label" not in node.content:
            hint = nearest(name, heads) or "全部参数见 shouwang policy list。"
            next_step = f"{hint}要新建参数，请写全 label、unit、combine 和 values。"
            defects.add(file.shown_as, node.line, f"程序没有参数 {name}，这里又没有写它的含义", next_step)
            continue
        if name not in heads:
            of = heads[name] = parameter_files.read_head(
                node, name=name, file=file.shown_as, is_own=file.is_own, defects=defects
            )
        elif of is not None:
            head = Fields(
                node, file=file.shown_as, what="参数", allowed=parameter_files.PARAMETER_KEYS, defects=defects
            )
            parameter_files.agree(head, of)
            if not head.has("values"):
                head.defect(head.line, f"程序已有参数 {name}，这个文件没有加入任何值", "请写 values，或删去该文件。")
        written = node.content.get("values") if isinstance(node.content, dict) else None
        if of is not None and written is not None and written.content is not None:
            values.setdefault(name, []).extend(
                parameter_files.read_values(written, of=of, file=file.shown_as, is_own=file.is_own, defects=defects)
            )
    return {
        name: dataclasses.replace(head, values=_joined(values.get(name, []), defects))
        for name, head in sorted(heads.items())
        if head is not None
    }


def _joined(written: list[Value], defects: Defects) -> tuple[Value, ...]:
    """The values of all regions, each ending at the latest where the next of its region begins; overlapping ones are defects."""
    by_region: dict[str, list[Value]] = {}
    for value in written:
        by_region.setdefault(value.region_code, []).append(value)
    joined: list[Value] = []
    for _, values in sorted(by_region.items()):
        values.sort(key=lambda value: (value.from_on, value.is_own))
        for value, following in zip(values, [*values[1:], None], strict=True):
            joined.append(value if following is None else _until(value, following, defects))
    return tuple(joined)


def _until(value: Value, following: Value, defects: Defects) -> Value:
    """The value, ended where the following one of the same region begins.

    Whoever writes ``until`` means it, so a later value inside that period overlaps — except an own one after one of the program:
    the program's file is not the county's to edit, and its newer document takes over.
    """
    starts = following.from_on
    takes_over = following.is_own and not value.is_own and starts > value.from_on
    if starts == value.from_on or (value.until_on is not None and value.until_on > starts and not takes_over):
        message = f"地区 {following.region} 自 {starts} 起的值，与 {value.file} 第 {value.line} 行的值时段重叠"
        next_step = "请改正 from，或在较早的值上写 until（当日起不再有效）；同一地区同一天只能有一个值。"
        defects.add(following.file, following.line, message, next_step)
    ends_on: dt.date = min(value.until_on, starts) if value.until_on else starts
    return dataclasses.replace(value, ends_on=ends_on)


# ── one against the other ────────────────────────────────────────────────────


def check_citations(found: dict[str, Document], unread: Collection[str], defects: Defects) -> None:
    """Every citation names a clause that exists. A document without clauses (minutes, a telephone notice) is cited as a whole.

    ``unread``: documents whose files could not be read at all; that has been said already.
    """
    known = {clause.citation for document in found.values() for clause in document.clauses}
    for citation, file, line in defects.citations:
        document_id, has_clause, clause_id = citation.partition("#")
        document = found.get(document_id)
        if document is None and document_id not in unread:
            hint = nearest(document_id, found) or "请先在 documents/ 中登记该文件。"
            defects.add(file, line, f"引用的文件“{document_id}”不存在", hint)
        elif document is not None and not has_clause and document.clauses:
            next_step = f"请写成 {document.id}#条款编号，例如 {document.clauses[0].citation}。"
            defects.add(file, line, f"引用“{citation}”没有指明条款", next_step)
        elif document is not None and has_clause and citation not in known:
            hint = nearest(citation, [clause.citation for clause in document.clauses])
            message = f"引用的条款“{clause_id}”在文件 {document.id} 中不存在"
            defects.add(file, line, message, hint or f"请先在 {document.file} 中登记该条款。")
