"""Reads YAML into plain nodes that know their line; a scalar stays the text that was written, so no number turns into a float.

The C parser of PyYAML reads the policy files of a province in a few hundredths of a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from .defects import Defects

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null"}


@dataclass(slots=True)
class Node:
    """One node: ``content`` is None, a text, a list of nodes or a dictionary of nodes."""

    line: int
    content: str | list[Node] | dict[str, Node] | None
    key_lines: dict[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it is, in words for a message."""
        if self.content is None:
            return "空"
        return {str: "文字", list: "列表", dict: "对照表"}[type(self.content)]


def parse(content: bytes, shown_as: str, defects: Defects) -> Node | None:
    """The file's only node; None when it cannot be read, which ``defects`` then says under the name ``shown_as``."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        defects.add(shown_as, line, "文件不是 UTF-8 编码", "请用 UTF-8 编码另存后重试。")
        return None
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        defects.add(
            shown_as,
            line,
            "不是正确的 YAML",
            "请检查这一行及上一行的缩进、冒号、引号和括号。",
        )
        return None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        defects.add(shown_as, line, "含有不可见的控制字符", "请删去该字符后重试。")
        return None
    if root is None:
        defects.add(shown_as, 1, "文件是空的", "请填写内容，或删去该文件。")
        return None
    return _node(root, shown_as, defects)


def _node(node: Any, shown_as: str, defects: Defects) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        is_null = not node.style and node.value in _NULLS
        return Node(line, None if is_null else node.value)
    if isinstance(node, yaml.SequenceNode):
        return Node(line, [_node(part, shown_as, defects) for part in node.value])
    content: dict[str, Node] = {}
    key_lines: dict[str, int] = {}
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            defects.add(shown_as, key_line, "键必须是一个词", "请改成“键: 值”的写法。")
            continue
        if key.value in content:
            first = key_lines[key.value]
            defects.add(shown_as, key_line, f"键“{key.value}”重复，第 {first} 行已经写过", "请只保留一处。")
            continue
        content[key.value] = _node(value, shown_as, defects)
        key_lines[key.value] = key_line
    return Node(line, content, key_lines)
