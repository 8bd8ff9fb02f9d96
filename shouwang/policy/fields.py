"""Takes the keys of one mapping of a policy file, one by one; whatever is missing, misspelt or of the wrong kind is a defect."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from shouwang.foundation.errors import UserError

from .defects import Defects, nearest
from .quantities import read_day
from .yaml_file import Node

Read = TypeVar("Read")

CITATION = re.compile(r"(?P<document>[^\s#]+)(#(?P<clause>[^\s#]+))?")


class Fields:
    """The keys of ``node``; ``what`` names it in messages (参数, 第 3 个值)."""

    def __init__(self, node: Node, *, file: str, what: str, allowed: tuple[str, ...], defects: Defects) -> None:
        self.file, self.what, self.line, self._defects = file, what, node.line, defects
        if not isinstance(node.content, dict):
            self.defect(node.line, f"{what}应是一组键值，现为{node.kind}", "请写成“键: 值”的形式。")
        self._content = node.content if isinstance(node.content, dict) else {}
        for key in self._content:
            if key not in allowed:
                hint = nearest(key, allowed) or f"可用的键：{'、'.join(allowed)}。"
                self.defect(node.key_lines[key], f"{what}中有不认识的键“{key}”", hint)

    def defect(self, line: int, message: str, next_step: str) -> None:
        self._defects.add(self.file, line, message, next_step)

    def has(self, key: str) -> bool:
        """Written, and not left empty."""
        return key in self._content and self._content[key].content is not None

    def line_of(self, key: str) -> int:
        return self._content[key].line if key in self._content else self.line

    def node(self, key: str, *, required: bool = False) -> Node | None:
        node = self._content.get(key)
        if node is not None and node.content is not None:
            return node
        if required:
            line = node.line if node else self.line
            self.defect(line, f"{self.what}缺少“{key}”", "请补上。")
        return None

    def text(self, key: str, *, required: bool = False) -> str:
        """Empty when it is not there."""
        node = self.node(key, required=required)
        if node is None:
            return ""
        if not isinstance(node.content, str) or not node.content.strip():
            self._wrong(key, node, "文字")
            return ""
        return node.content.strip()

    def code(self, key: str, known: tuple[str, ...], *, required: bool = False) -> str:
        """One word of a closed list."""
        word = self.text(key, required=required)
        if word and word not in known:
            self.defect(self.line_of(key), f"“{key}”不能是“{word}”", f"可选：{'、'.join(known)}。")
            return ""
        return word

    def day(self, key: str, *, required: bool = False) -> dt.date | None:
        word = self.text(key, required=required)
        try:
            return read_day(word) if word else None
        except ValueError:
            self.defect(
                self.line_of(key), f"“{key}”不是日期：“{word}”", "请写成 2022-06-30 的形式，并确认当月有这一天。"
            )
            return None

    def region(self, key: str, *, required: bool = False) -> str:
        """The 12-digit code of the division that is named; empty when there is none."""
        written = self.text(key, required=required)
        return self.known_region(written, self.line_of(key)) if written else ""

    def known_region(self, written: str, line: int) -> str:
        try:
            return self._defects.known_code(written)
        except UserError as error:
            self.defect(line, error.message, error.next_step)
            return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node.content, str):
            return (node.content.strip(),)
        if not isinstance(node.content, list):
            self._wrong(key, node, "列表")
            return ()
        found = []
        for entry in node.content:
            if isinstance(entry.content, str) and entry.content.strip():
                found.append(entry.content.strip())
            else:
                self._wrong(key, entry, "文字")
        return tuple(found)

    def citations(self, key: str) -> tuple[str, ...]:
        """Citations written ``document#clause``; kept, to be checked when all documents have been read."""
        found = self.texts(key)
        for citation in found:
            if CITATION.fullmatch(citation):
                self._defects.citations.append((citation, self.file, self.line_of(key)))
            else:
                next_step = "请写成 文件编号#条款编号，例如 laiyuan-2022-9#2.2。"
                self.defect(self.line_of(key), f"引用“{citation}”写法不对", next_step)
        return found

    def each(self, key: str, read: Callable[[Node, int], Read | None]) -> Iterator[Read]:
        """Every entry of a list of mappings, read; those with defects are left out."""
        node = self.node(key)
        if node is None:
            return
        if not isinstance(node.content, list):
            self._wrong(key, node, "列表")
            return
        for number, entry in enumerate(node.content, start=1):
            found = read(entry, number)
            if found is not None:
                yield found

    def pairs(self, key: str) -> dict[str, Node]:
        """The entries of a mapping."""
        node = self.node(key)
        if node is None:
            return {}
        if not isinstance(node.content, dict) or not node.content:
            self._wrong(key, node, "一组键值")
            return {}
        return node.content

    def _wrong(self, key: str, node: Node, wanted: str) -> None:
        self.defect(
            node.line, f"“{key}”应是{wanted}，现为{node.kind if node.content else '空'}", "请改正这一处的写法。"
        )
