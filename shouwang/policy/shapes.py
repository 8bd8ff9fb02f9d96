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
    """The kind of value. ``choices`` code → Chinese label; ``of`` the unit of a list's entries; ``fields`` of a structure."""

    unit: str
    label: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    fields: Mapping[str, Shape] = field(default_factory=dict)

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
