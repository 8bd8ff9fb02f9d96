"""The visit's form of a place: which fields, and the clause that demands each, read from ``policies/forms`` and checked against the register.

A form that asks for what another source supplies does not load and says which source that is. A new field names the document that
demands it, and the document must hold where the form does. What levels demand is joined, each field once, under the highest document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shouwang.casework.procedure import CHOICE, CHOICES, DAY, FLAG, LONG_TEXT, NUMBER, TEXT
from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.policy import Policies, places
from shouwang.policy.defects import Defects, nearest
from shouwang.policy.fields import Fields
from shouwang.policy.yaml_file import Node, parse
from shouwang.regions import queries as regions

from .. import fields
from .asked import ASKED, BY_NAME, Asked

_FOLDER = "forms"
_KEYS = ("label", "region", "from", "until", "fields")
_FIELD_KEYS = ("field", "cite", "name", "label", "kind", "unit", "choices", "help")
_NEW_KINDS = (TEXT, LONG_TEXT, DAY, NUMBER, CHOICE, CHOICES, FLAG)


@dataclass(frozen=True)
class Entry:
    """One field that a form asks, with the clauses that demand it (of the highest level first)."""

    asked: Asked
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A form of one region; ``until`` is the first day on which it no longer holds."""

    label: str
    region_code: str
    from_on: dt.date
    until_on: dt.date | None
    entries: tuple[Entry, ...]

    def holds(self, on: dt.date) -> bool:
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


_cached: tuple[tuple[object, ...], tuple[Form, ...]] | None = None


def load(policies: Policies) -> tuple[Form, ...]:
    """Every form, checked; read again when a file changes. Raises PolicyFilesError with every defect, file and line."""
    global _cached
    folders = (workspace.PROGRAM_POLICIES / _FOLDER, workspace.own_policies_folder() / _FOLDER)
    paths = [path for folder in folders if folder.is_dir() for path in sorted(folder.rglob("*.yaml"))]
    mark = (policies.version, *((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths))
    if _cached is None or _cached[0] != mark:
        _cached = (mark, read(paths, policies=policies))
    return _cached[1]


def read(
    paths: list[Path], *, policies: Policies, known_code: Callable[[str], str] = places.known_code
) -> tuple[Form, ...]:
    """Some files, without any memory. Raises PolicyFilesError."""
    defects = Defects(known_code)
    found = []
    for path in paths:
        shown_as = f"{_FOLDER}/{path.name}"
        node = parse(path.read_bytes(), shown_as, defects)
        if node is not None and (form := _form(node, shown_as, policies, defects)):
            found.append(form)
    defects.refuse_if_any()
    return tuple(found)


# hebei-xiangzhenfa-2022-14#3.2, laiyuan-2022-9#2.1.2
def fields_of(*, region_code: str, on: dt.date, policies: Policies) -> tuple[Entry, ...]:
    """What a visit may ask at a place on a day: the joined demands of all levels above it, in the order of the visit."""
    above = regions.ancestors(region_code)
    holding = [form for form in load(policies) if form.region_code in above and form.holds(on)]
    joined: dict[str, Entry] = {}
    for form in sorted(holding, key=lambda form: -above.index(form.region_code)):
        for entry in form.entries:
            known = joined.get(entry.asked.name)
            cites = (*known.cites, *entry.cites) if known else entry.cites
            joined[entry.asked.name] = Entry(known.asked if known else entry.asked, tuple(dict.fromkeys(cites)))
    order = {one.name: place for place, one in enumerate(ASKED)}
    return tuple(sorted(joined.values(), key=lambda entry: order.get(entry.asked.name, len(order))))


# ── reading ──────────────────────────────────────────────────────────────────
def _form(node: Node, file: str, policies: Policies, defects: Defects) -> Form | None:
    keys = Fields(node, file=file, what="表单", allowed=_KEYS, defects=defects)
    label, region = keys.text("label", required=True), keys.region("region", required=True)
    from_on = keys.day("from", required=True)
    until_on = keys.day("until")
    entries: list[Entry] = []

    def entry(part: Node, number: int) -> None:
        made = _entry(part, number, file, region, policies, defects)
        if made and any(one.asked.name == made.asked.name for one in entries):
            defects.add(file, part.line, f"“{made.asked.label}”写了两次", "请只保留一处。")
        elif made:
            entries.append(made)

    list(keys.each("fields", entry))
    return Form(label, region, from_on, until_on, tuple(entries)) if label and region and from_on else None


def _entry(node: Node, number: int, file: str, region: str, policies: Policies, defects: Defects) -> Entry | None:
    keys = Fields(node, file=file, what=f"第 {number} 项", allowed=_FIELD_KEYS, defects=defects)
    cites = keys.texts("cite")
    if not cites:
        keys.defect(
            keys.line,
            "没有写明哪份文件要求填这一项",
            "请补上 cite: 文件编号#条款编号；没有文件要求的项目不能要求填写。",
        )
    for cite in cites:
        _check_cite(cite, keys, region, policies)
    code = keys.text("field")
    asked = _known(code, keys) if code else _new(keys)
    return Entry(asked, cites) if asked and cites else None


def _check_cite(cite: str, keys: Fields, region: str, policies: Policies) -> None:
    try:
        policies.clause(cite)
    except UserError as error:
        keys.defect(keys.line_of("cite"), error.message, error.next_step)
        return
    document = policies.document(cite.partition("#")[0])
    if region and places.known_code(document.region) not in places.current().ancestors(region):
        keys.defect(
            keys.line_of("cite"),
            f"“{policies.citation_text(cite)}”不适用于这个区域",
            "请引用本级或上级的文件。",
        )


def _known(code: str, keys: Fields) -> Asked | None:
    """A field of the register: only one that a visit supplies may be asked."""
    asked = BY_NAME.get(code.removeprefix("visit."))
    if asked is not None:
        return asked
    owned = fields.field_of(code)
    if owned is None:
        keys.defect(
            keys.line_of("field"), f"没有名为“{code}”的字段", nearest(code, fields.register()) or "见“字段”页。"
        )
    elif owned.is_asked:
        keys.defect(keys.line_of("field"), f"“{owned.label}”随走访按月登记，不另设项目", "请用走访自己的收入项目。")
    else:
        _refuse_owned(owned, keys, "field")
    return None


def _new(keys: Fields) -> Asked | None:
    """A field that nobody supplied so far."""
    name, label = keys.text("name", required=True), keys.text("label", required=True)
    kind = keys.code("kind", _NEW_KINDS, required=True)
    choices = {key: str(node.content) for key, node in keys.pairs("choices").items()}
    if kind in (CHOICE, CHOICES) and not choices:
        keys.defect(keys.line, "单选、多选要写 choices", "请列出 代码: 文字。")
    if not (name and label and kind):
        return None
    if name in BY_NAME:
        keys.defect(keys.line_of("name"), f"“{name}”已经是走访的字段", f"请写 field: visit.{name}。")
        return None
    owned = fields.asked_twice(label)
    if owned is not None:
        _refuse_owned(owned, keys, "label")
        return None
    return Asked(name, label, kind, unit=keys.text("unit"), choices=choices, help=keys.text("help"))


def _refuse_owned(owned: fields.Field, keys: Fields, key: str) -> None:
    keys.defect(
        keys.line_of(key),
        f"“{owned.label}”由“{owned.owner_label}”提供，不能再要求填写",
        "请删去这一项；走访时会直接显示已有的值。",
    )
