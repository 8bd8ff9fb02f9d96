"""Severity and thresholds of every check, as the program ships them and as a county changes them in its workspace.

The workspace's ``checks.yaml`` has the shape of ``pack.yaml`` beside this file; what it names replaces what is shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError

SHIPPED = Path(__file__).with_name("pack.yaml")
ERROR, WARNING, OFF = "E", "W", "off"
SEVERITIES = {ERROR: "必须改正", WARNING: "需要说明", OFF: "不检查"}

Value = str | tuple[str, ...]


@dataclass(frozen=True)
class Threshold:
    """A limit of a check: the value as it stands in SQL, its unit, and where it comes from."""

    value: Value
    unit: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Setting:
    """How a check is put: its label, how severe its findings are, and its thresholds."""

    label: str
    severity: str
    thresholds: dict[str, Threshold] = field(default_factory=dict)


def load() -> dict[str, Setting]:
    """Code → setting. Raises UserError that names file and line for anything that does not fit."""
    settings = {code: _whole(code, node, SHIPPED) for code, node in _entries(SHIPPED)}
    own = workspace.home() / "checks.yaml"
    if own.exists():
        for code, node in _entries(own):
            if code not in settings:
                raise _error(own, node, f"没有“{code}”这项检查", "检查的代码见 shouwang registry check --list。")
            settings[code] = _changed(settings[code], node, own)
    return settings


def _entries(path: Path) -> Iterator[tuple[str, yaml.MappingNode]]:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError("不是正确的 YAML", place=str(path), next_step="请检查缩进和冒号。") from error
    if root is None:
        return
    for key, node in _members(root, path):
        if not isinstance(node, yaml.MappingNode):
            raise _error(path, node, f"“{key}”应是对照表", "例如：{severity: W}。")
        yield key, node


def _members(node: yaml.Node, path: Path) -> Iterator[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise _error(path, node, "应是对照表", "请按 检查代码: {severity: …} 的形式填写。")
    for key, value in node.value:
        yield str(key.value), value


def _whole(code: str, node: yaml.MappingNode, path: Path) -> Setting:
    return _changed(Setting(code, WARNING), node, path)


def _changed(setting: Setting, node: yaml.MappingNode, path: Path) -> Setting:
    for key, value in _members(node, path):
        if key == "label":
            setting = replace(setting, label=str(value.value))
        elif key == "severity":
            if value.value not in SEVERITIES:
                raise _error(path, value, f"severity 不能是“{value.value}”", "请写 E、W 或 off。")
            setting = replace(setting, severity=str(value.value))
        elif key == "thresholds":
            known = setting.thresholds
            for name, limit in _members(value, path):
                if path != SHIPPED and name not in known:
                    raise _error(
                        path, limit, f"这项检查没有“{name}”这个限值", f"可改的限值：{'、'.join(known) or '无'}。"
                    )
                known = {**known, name: _threshold(known.get(name), limit, path)}
            setting = replace(setting, thresholds=known)
        else:
            raise _error(path, value, f"不认识“{key}”", "可写 label、severity、thresholds。")
    return setting


def _threshold(before: Threshold | None, node: yaml.Node, path: Path) -> Threshold:
    """A threshold as {value, unit, origin}; a value alone changes only the value."""
    if not isinstance(node, yaml.MappingNode):
        return replace(before or Threshold(""), value=_value(before, node, path))
    found = before or Threshold("")
    for key, value in _members(node, path):
        if key == "value":
            found = replace(found, value=_value(before, value, path))
        elif key in ("unit", "origin"):
            found = replace(found, **{key: str(value.value)})
        else:
            raise _error(path, value, f"不认识“{key}”", "可写 value、unit、origin。")
    return found


def _value(before: Threshold | None, node: yaml.Node, path: Path) -> Value:
    if isinstance(node, yaml.SequenceNode):
        return tuple(str(item.value) for item in node.value)
    text = str(node.value)
    is_number = before is not None and not isinstance(before.value, tuple) and _is_number(before.value)
    if is_number and not _is_number(text):
        raise _error(path, node, f"“{text}”不是数字", "请填数字。")
    return text


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _error(path: Path, node: yaml.Node, message: str, next_step: str) -> UserError:
    return UserError(message, place=f"{path} 第 {node.start_mark.line + 1} 行", next_step=next_step)
