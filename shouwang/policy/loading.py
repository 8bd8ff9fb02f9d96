"""Reads the program's policy files and the workspace's own, joins them and checks everything against everything.

Own files have the same shapes and folders. Their values join those of the program; nothing is replaced. Whatever does not fit is
refused as a whole, all defects at once, each with file, line and next step.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError

from . import documents, parameters, places
from .defects import Defects, nearest
from .documents import Document
from .fields import CITATION, Fields
from .parameters import Parameter, Value
from .policies import Policies
from .shapes import Shape
from .yaml_file import Node, parse

DOCUMENTS, PARAMETERS = "documents", "parameters"

Mark = tuple[tuple[str, int, int], ...]
_cached: tuple[Mark, Policies] | None = None


@dataclass(frozen=True)
class File:
    """One file below a policies folder; ``parts`` its path below ``documents/`` or ``parameters/`` without the ending."""

    path: Path
    kind: str
    parts: tuple[str, ...]
    shown_as: str
    is_own: bool


def load() -> Policies:
    """All policy files, checked; read again only when a file has changed. Raises PolicyFilesError with every defect."""
    global _cached
    program, own = workspace.PROGRAM_POLICIES, workspace.own_policies_folder()
    mark = (*_mark(program), *_mark(own))
    if _cached is None or _cached[0] != mark:
        _cached = (mark, read(program=program, own=own))
    return _cached[1]


def read(*, program: Path, own: Path | None = None) -> Policies:
    """The policy files of two folders, without any memory. Raises PolicyFilesError."""
    defects = Defects()
    files = list(_files(program, is_own=False, defects=defects))
    if own is not None:
        files += _files(own, is_own=True, defects=defects)
    digest = hashlib.sha256()
    nodes: list[tuple[File, Node]] = []
    for file in files:
        content = file.path.read_bytes()
        digest.update(f"{file.is_own}/{file.kind}/{'/'.join(file.parts)}\n{len(content)}\n".encode())
        digest.update(content)
        node = parse(content, file.shown_as, defects)
        if node is not None:
            nodes.append((file, node))
    found_documents = _documents([entry for entry in nodes if entry[0].kind == DOCUMENTS], defects)
    found_parameters = _parameters([entry for entry in nodes if entry[0].kind == PARAMETERS], defects)
    _check_citations(found_documents, found_parameters, defects)
    defects.refuse_if_any()
    return Policies(found_documents, found_parameters, digest.hexdigest()[:12])


# ── files ────────────────────────────────────────────────────────────────────


def _mark(folder: Path) -> Mark:
    """What changes when a file below the folder changes, comes or goes."""
    found = []
    for path in _walk(folder):
        status = path.stat()
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def _walk(folder: Path) -> Iterator[Path]:
    """Every file below the folder in a fixed order, hidden ones left out."""
    if folder.is_dir():
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            if path.name.startswith("."):
                continue
            if path.is_dir():
                yield from _walk(path)
            else:
                yield path


def _files(folder: Path, *, is_own: bool, defects: Defects) -> Iterator[File]:
    """The documents and parameters below a policies folder. In the workspace a file that nothing would read is a defect."""
    for path in _walk(folder):
        below = path.relative_to(folder)
        shown_as = str(path) if is_own else f"policies/{below.as_posix()}"
        kind = below.parts[0]
        if kind in (DOCUMENTS, PARAMETERS) and path.suffix == ".yaml" and len(below.parts) > 1:
            yield File(path, kind, below.with_suffix("").parts[1:], shown_as, is_own)
        elif path.suffix != ".md" and (is_own or kind in (DOCUMENTS, PARAMETERS)):
            next_step = "请放在 documents/ 或 parameters/ 下，文件名以 .yaml 结尾；说明文字请用 .md。"
            defects.add(shown_as, 1, "不认识的文件，不会被读取", next_step)


# ── documents ────────────────────────────────────────────────────────────────


def _documents(nodes: list[tuple[File, Node]], defects: Defects) -> dict[str, Document]:
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
        if document is None:
            continue
        _check_region(document.region, file.shown_as, _line(node, "region"), defects)
        for clause in document.clauses:
            if clause.region:
                _check_region(clause.region, clause.file, clause.line, defects)
        found[document_id] = document
    _check_duties(found, defects)
    return found


def _check_duties(found: dict[str, Document], defects: Defects) -> None:
    """A duty belongs to one document; within it several clauses may carry it."""
    owner: dict[str, str] = {}
    for document in found.values():
        for clause in document.clauses:
            for duty in clause.duties:
                if owner.setdefault(duty, document.id) != document.id:
                    message = f"职责编号“{duty}”在文件 {owner[duty]} 中已经用过"
                    defects.add(clause.file, clause.line, message, "请改用另一个职责编号。")


# ── parameters ───────────────────────────────────────────────────────────────


def _parameters(nodes: list[tuple[File, Node]], defects: Defects) -> dict[str, Parameter]:
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
        if name not in heads:
            of = heads[name] = parameters.read_head(
                node, name=name, file=file.shown_as, is_own=file.is_own, defects=defects
            )
        elif of is not None:
            head = Fields(node, file=file.shown_as, what="参数", allowed=parameters.PARAMETER_KEYS, defects=defects)
            parameters.agree(head, of)
            if not head.has("values"):
                head.defect(head.line, f"程序已有参数 {name}，这个文件没有加入任何值", "请写 values，或删去该文件。")
        written = node.content.get("values") if isinstance(node.content, dict) else None
        if of is not None and written is not None and written.content is not None:
            values.setdefault(name, []).extend(
                parameters.read_values(written, of=of, file=file.shown_as, is_own=file.is_own, defects=defects)
            )
    return {
        name: dataclasses.replace(head, values=_joined(values.get(name, []), head.shape, defects))
        for name, head in sorted(heads.items())
        if head is not None
    }


def _joined(written: list[Value], shape: Shape, defects: Defects) -> tuple[Value, ...]:
    """The values of all regions, each ending at the latest where the next of its region begins; overlapping ones are defects."""
    by_region: dict[str, list[Value]] = {}
    for value in written:
        code = _check_region(value.region, value.file, value.line, defects)
        if code:
            by_region.setdefault(code, []).append(dataclasses.replace(value, region_code=code))
        if shape.unit == "region" or shape.of == "region":
            for region in value.value if isinstance(value.value, tuple) else (value.value,):
                _check_region(region, value.file, value.line, defects)
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


def _check_citations(found: dict[str, Document], found_parameters: dict[str, Parameter], defects: Defects) -> None:
    """Every citation names a clause that exists. A document without clauses (minutes, a telephone notice) is cited as a whole."""
    known = {clause.citation for document in found.values() for clause in document.clauses}

    def check(citation: str, file: str, line: int) -> None:
        match = CITATION.fullmatch(citation)
        if not match:
            return  # its spelling has been refused already
        document = found.get(match["document"])
        if document is None:
            hint = nearest(match["document"], found) or "请先在 documents/ 中登记该文件。"
            defects.add(file, line, f"引用的文件“{match['document']}”不存在", hint)
        elif match["clause"] is None and document.clauses:
            next_step = f"请写成 {document.id}#条款编号，例如 {document.clauses[0].citation}。"
            defects.add(file, line, f"引用“{citation}”没有指明条款", next_step)
        elif match["clause"] is not None and citation not in known:
            hint = nearest(citation, [clause.citation for clause in document.clauses])
            message = f"引用的条款“{match['clause']}”在文件 {document.id} 中不存在"
            defects.add(file, line, message, hint or f"请先在 {document.file} 中登记该条款。")

    for parameter in found_parameters.values():
        for citation in parameter.cites:
            check(citation, parameter.file, parameter.line)
        for value in parameter.values:
            for citation in value.cites:
                check(citation, value.file, value.line)


def _check_region(region: str, file: str, line: int, defects: Defects) -> str:
    """The 12-digit code; empty when there is no such region."""
    try:
        return places.code_by_digits(region)
    except UserError as error:
        defects.add(file, line, error.message, error.next_step)
        return ""


def _line(node: Node, key: str) -> int:
    return node.content[key].line if isinstance(node.content, dict) and key in node.content else node.line
