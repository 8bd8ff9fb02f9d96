"""Reads the program's policy files and the workspace's own, joins them and checks everything against everything.

Own files have the same shapes and folders. Their values join those of the program; nothing is replaced. Whatever does not fit is
refused as a whole, all defects at once, each with file, line and next step.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from shouwang.foundation import workspace

from . import joining, places
from .defects import Defects
from .joining import File
from .policies import Policies
from .yaml_file import Node, parse

DOCUMENTS, PARAMETERS = "documents", "parameters"
# Declarations that a subject reads itself, by the same habits.
OF_SUBJECTS = ("forms",)

Mark = tuple[tuple[str, int, int], ...]
_cached: tuple[Mark, Policies] | None = None


def load() -> Policies:
    """All policy files, checked; read again when one of the workspace has changed. Raises PolicyFilesError with every defect."""
    global _cached
    program, own = workspace.PROGRAM_POLICIES, workspace.own_policies_folder()
    mark = (*_mark_of_program(program), *_mark(own))
    if _cached is None or _cached[0] != mark:
        _cached = (mark, read(program=program, own=own, known_code=places.known_code))
    return _cached[1]


def read(
    *, program: Path, own: Path | None = None, known_code: Callable[[str], str] = places.BY_CATALOGUE.full_code
) -> Policies:
    """The policy files of two folders, without any memory and without any database. Raises PolicyFilesError."""
    defects = Defects(known_code)
    files = list(_files(program, is_own=False, defects=defects))
    if own is not None:
        files += _files(own, is_own=True, defects=defects)
    digest = hashlib.sha256()
    nodes: list[tuple[File, Node]] = []
    for file in files:
        try:
            content = file.path.read_bytes()
        except OSError:
            defects.add(file.shown_as, 1, "文件无法读取", "请检查文件权限后重试。")
            continue
        digest.update(f"{file.is_own}/{file.kind}/{'/'.join(file.parts)}\n{len(content)}\n".encode())
        digest.update(content)
        node = parse(content, file.shown_as, defects)
        if node is not None:
            nodes.append((file, node))
    found_documents = joining.documents_of([entry for entry in nodes if entry[0].kind == DOCUMENTS], defects)
    found_parameters = joining.parameters_of([entry for entry in nodes if entry[0].kind == PARAMETERS], defects)
    unread = {file.parts[-1] for file in files if file.kind == DOCUMENTS} - set(found_documents)
    joining.check_citations(found_documents, unread, defects)
    defects.refuse_if_any()
    return Policies(found_documents, found_parameters, digest.hexdigest()[:12])


# ── files ────────────────────────────────────────────────────────────────────


def _mark(folder: Path) -> Mark:
    """What changes when a file below the folder changes, comes or goes."""
    return tuple((entry.path, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in _walk(folder))


@cache
def _mark_of_program(folder: Path) -> Mark:
    """The program's files change with the program, which is started anew then; every page asks for them many times."""
    return _mark(folder)


def _walk(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    """Every file below the folder in a fixed order, hidden ones left out."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry for entry in found if entry.name[0] != "."), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir():
            yield from _walk(entry.path)
        else:
            yield entry


def _files(folder: Path, *, is_own: bool, defects: Defects) -> Iterator[File]:
    """The documents and parameters below a policies folder. In the workspace a file that nothing would read is a defect."""
    for path in (Path(entry.path) for entry in _walk(folder)):
        below = path.relative_to(folder)
        shown_as = str(path) if is_own else f"policies/{below.as_posix()}"
        kind = below.parts[0]
        if kind in (DOCUMENTS, PARAMETERS) and path.suffix == ".yaml" and len(below.parts) > 1:
            yield File(path, kind, below.with_suffix("").parts[1:], shown_as, is_own)
        elif kind in OF_SUBJECTS and path.suffix == ".yaml" and len(below.parts) > 1:
            continue
        elif path.suffix != ".md" and (is_own or kind in (DOCUMENTS, PARAMETERS)):
            next_step = "请放在 documents/ 或 parameters/ 下，文件名以 .yaml 结尾；说明文字请用 .md。"
            defects.add(shown_as, 1, "不认识的文件，不会被读取", next_step)
