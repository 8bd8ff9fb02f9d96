"""What the value of one parameter looks like: its unit, the codes to choose from, the fields of a small record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import units
from .defects import nearest
from .quantities import Structure
from .yaml_file import Node


class MisfitError(Exception):
    """A value does not fit its unit; says what, on which line and what to write instead."""

    def __init__(self, line: int, message: str, next_step: str) -> None:
        super().__init__(message)
        self.line, self.message, self.next_step = line, message, next_step


@dataclass(frozen=True)
class Shape:
    """The kind of value. ``choices`` code → Chinese label; ``of`` the unit of a list's entries; ``fields`` of a structure.

    Of records ``fields`` are those of each: the first is its code, the second its name; ``choices`` are those known by their code
    alone, ``reserved`` codes that stand for something else where the records are used.
    """

    unit: str
    label: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    fields: Mapping[str, Shape] = field(default_factory=dict)
    reserved: tuple[str, ...] = ()

    @property
    def unit_label(self) -> str:
        return units.LABELS[self.unit]

    def read(self, node: Node) -> Any:
        """The typed value. Lists are tuples, structures mappings. Raises MisfitError."""
        match self.unit:
            case units.CHOICE:
                return self._code(node)
            case units.LIST:
                return self._list(node)
            case units.NAMES:
                return tuple(_name(entry) for entry in _entries(node, "名称"))
            case units.STRUCTURE:
                return self._structure(node)
            case units.RECORDS:
                return self._records(node)
        return _scalar(self.unit, node)

    def text(self, value: Any) -> str:
        """The value as an officer reads it; ``未给出`` for None."""
        if value is None:
            return "未给出"
        match self.unit:
            case units.CHOICE:
                return self.choices[value]
            case units.LIST:
                one: Callable[[Any], str] = units.UNITS[self.of].text if self.of else self.choices.__getitem__
                return "、".join(one(entry) for entry in value)
            case units.NAMES:
                return "、".join(entry["name"] for entry in value)
            case units.STRUCTURE:
                return "，".join(f"{shape.label} {shape.text(value[name])}" for name, shape in self.fields.items())
            case units.RECORDS:
                return "、".join(self._record_text(record) for record in value)
        return units.UNITS[self.unit].text(value)

    def order(self, value: Any) -> Any:
        """What strictness is compared by."""
        return self._order()(value)

    @property
    def has_order(self) -> bool:
        return self.unit in units.UNITS and units.UNITS[self.unit].order is not None

    def _order(self) -> Callable[[Any], Any]:
        order = units.UNITS[self.unit].order
        if order is None:
            raise TypeError(f"{self.unit} has no order")
        return order

    def _code(self, node: Node) -> str:
        code = node.content
        if not isinstance(code, str) or code not in self.choices:
            shown = f"“{code}”" if isinstance(code, str) else f"（{node.kind}）"
            known = "、".join(f"{code}（{label}）" for code, label in self.choices.items())
            raise MisfitError(node.line, f"值{shown}不在选项中", f"可选：{known}。")
        return code

    def _list(self, node: Node) -> tuple[Any, ...]:
        read = (lambda entry: _scalar(self.of, entry)) if self.of else self._code
        values = tuple(read(entry) for entry in _entries(node, "值"))
        if len(set(values)) != len(values):
            raise MisfitError(node.line, "列表中有重复的值", "请删去重复的一个。")
        return values

    def _structure(self, node: Node) -> Structure:
        if not isinstance(node.content, dict):
            wanted = "、".join(self.fields)
            raise MisfitError(node.line, f"值应是一组键值，现为{node.kind}", f"请写成 {{键: 值}}，键为 {wanted}。")
        for name in node.content:
            if name not in self.fields:
                hint = nearest(name, self.fields) or f"可用的键：{'、'.join(self.fields)}。"
                raise MisfitError(node.key_lines[name], f"值中有不认识的键“{name}”", hint)
        for name, shape in self.fields.items():
            if name not in node.content:
                raise MisfitError(node.line, f"值中缺少“{name}”（{shape.label}）", "请补上。")
        return Structure({name: shape.read(node.content[name]) for name, shape in self.fields.items()})

    def _records(self, node: Node) -> tuple[Structure, ...]:
        """Every record whole, no code twice, none that would be taken for the field of another (``code_field``)."""
        code_field, *others = self.fields
        found: dict[str, Structure] = {}
        for place, entry in enumerate(_entries(node, "值"), start=1):
            record = self._record(entry, f"第 {place} 项")
            code = record[code_field]
            if code in found:
                raise MisfitError(
                    entry.line, f"第 {place} 项的编码“{code}”前面已经用过", "每项的编码只能用一次，请换一个。"
                )
            if code in self.reserved:
                raise MisfitError(entry.line, f"第 {place} 项的编码“{code}”另有用处", "请换一个编码。")
            found[code] = record
        for code in found:
            if taken := next((other for other in found for name in others if code == f"{other}_{name}"), None):
                raise MisfitError(node.line, f"编码“{code}”与“{taken}”一项的内容混淆", "请换一个编码。")
        return tuple(found.values())

    def _record(self, node: Node, which: str) -> Structure:
        code_field, name_field, *others = self.fields
        if isinstance(node.content, str) and node.content in self.choices:
            known = {code_field: node.content, name_field: self.choices[node.content]}
            return Structure(known | dict.fromkeys(others, ""))
        wanted = "、".join(f"{name}（{shape.label}）" for name, shape in self.fields.items())
        if not isinstance(node.content, dict):
            shown = f"“{node.content}”" if isinstance(node.content, str) else f"（{node.kind}）"
            alone = f"；只写编码的，可选 {'、'.join(self.choices)}" if self.choices else ""
            raise MisfitError(node.line, f"{which}{shown}没有写全", f"请写成一组键值，键为 {wanted}{alone}。")
        for name, shape in self.fields.items():
            content = node.content[name].content if name in node.content else None
            if content is None or (isinstance(content, str) and not content.strip()):
                raise MisfitError(node.line, f"{which}缺少“{name}”（{shape.label}）", f"每项都要写 {wanted}，请补上。")
        return self._structure(node)

    def _record_text(self, record: Structure) -> str:
        """By its name, with what else is said of it."""
        _, name_field, *others = self.fields
        more = "，".join(f"{self.fields[name].label}：{record[name]}" for name in others if record[name])
        return f"{record[name_field]}（{more}）" if more else str(record[name_field])


def plain(value: Any) -> Any:
    """The value for JSON: numbers that are not whole, limits and days as text, lists and records as such."""
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _scalar(unit: str, node: Node) -> Any:
    known = units.UNITS[unit]
    if not isinstance(node.content, str):
        raise MisfitError(node.line, f"值应是{known.label}，现为{node.kind}", f"请写成 {known.written}。")
    try:
        return known.read(node.content)
    except ValueError:
        raise MisfitError(
            node.line, f"值“{node.content}”不是{known.label}（{unit}）", f"请写成 {known.written}。"
        ) from None


def _entries(node: Node, what: str) -> list[Node]:
    if not isinstance(node.content, list) or not node.content:
        shown = "空列表" if node.content == [] else node.kind
        raise MisfitError(node.line, f"{what}应是列表，现为{shown}", "请写成 [甲, 乙] 的形式，至少一项。")
    return node.content


def _name(node: Node) -> Structure:
    """``食道癌`` or ``{name: 食道癌, aliases: [食管癌]}``."""
    if isinstance(node.content, str):
        return Structure({"name": node.content, "aliases": ()})
    if not isinstance(node.content, dict) or not {"name"} <= set(node.content) <= {"name", "aliases"}:
        raise MisfitError(node.line, "名称表的一项写得不对", "请写成 名称，或 {name: 名称, aliases: [别名, 别名]}。")
    aliases = node.content.get("aliases")
    return Structure(
        {
            "name": _scalar("text", node.content["name"]),
            "aliases": tuple(_scalar("text", alias) for alias in _entries(aliases, "别名")) if aliases else (),
        }
    )
