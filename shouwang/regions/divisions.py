"""Divisions as plain data: one line per code and period, and the table of them that changes are worked out on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .codes import level_of, parent_by_code

# Published lists say what is, not since when: a division that is not known to be younger has been there "always".
ALWAYS = dt.date(1949, 10, 1)


@dataclass(slots=True)
class Division:
    """The fields of ``models.Region``; ``id`` is empty while the database does not know the line.

    ``initials`` may be empty: they are worked out when the line is written.
    """

    code: str
    name: str
    parent_code: str
    valid_from: dt.date = ALWAYS
    valid_to: dt.date | None = None
    successor_code: str = ""
    short_name: str = ""
    initials: str = ""
    other_names: str = ""
    is_functional_zone: bool = False
    source: str = ""
    id: int | None = None

    @property
    def level(self) -> int:
        return level_of(self.code)

    @property
    def has_own_parent(self) -> bool:
        return self.parent_code != parent_by_code(self.code)

    def is_in_force(self, on: dt.date | None = None) -> bool:
        """On a day, or (without one) as things stand now."""
        if on is None:
            return self.valid_to is None
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class Divisions:
    """All lines by code, oldest first. Lines are added and closed, never taken away; ``touched`` are those to write."""

    def __init__(self, lines: Iterable[Division] = ()) -> None:
        self._lines: dict[str, list[Division]] = {}
        self._children: dict[str, set[str]] = defaultdict(set)
        self._touched: dict[int, Division] = {}
        for line in sorted(lines, key=lambda line: (line.code, line.valid_from)):
            self._take(line)

    def __iter__(self) -> Iterator[Division]:
        for lines in self._lines.values():
            yield from lines

    def __contains__(self, code: str) -> bool:
        return code in self._lines

    def history(self, code: str) -> list[Division]:
        return self._lines.get(code, [])

    def latest(self, code: str) -> Division | None:
        lines = self._lines.get(code)
        return lines[-1] if lines else None

    def in_force(self, code: str, on: dt.date | None = None) -> Division | None:
        return next((line for line in reversed(self.history(code)) if line.is_in_force(on)), None)

    def children(self, code: str) -> list[Division]:
        """The divisions in force directly under ``code``, by code."""
        lines = (self.in_force(child) for child in sorted(self._children.get(code, ())))
        return [line for line in lines if line and line.parent_code == code]

    def touched(self) -> list[Division]:
        return list(self._touched.values())

    def add(self, line: Division) -> Division:
        self._take(line)
        self._touched[id(line)] = line
        return line

    def close(self, line: Division, on: dt.date, successor_code: str = "") -> None:
        line.valid_to, line.successor_code = on, successor_code
        self._touched[id(line)] = line

    def begin(self, line: Division, on: dt.date) -> None:
        """Learns since when a division has been there."""
        line.valid_from = on
        self._touched[id(line)] = line

    def also_called(self, line: Division, other_names: str) -> None:
        line.other_names = other_names
        self._touched[id(line)] = line

    def reopen(self, line: Division, on: dt.date, **changed: Any) -> Division:
        """The division goes on from ``on`` with something changed; until then it was as ``line`` says."""
        self.close(line, on)
        return self.add(replace(line, valid_from=on, valid_to=None, successor_code="", id=None, **changed))

    def _take(self, line: Division) -> None:
        lines = self._lines.setdefault(line.code, [])
        lines.append(line)
        lines.sort(key=lambda line: line.valid_from)
        self._children[line.parent_code].add(line.code)
