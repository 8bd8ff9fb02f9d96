"""Who belongs to whom today: ancestors of a code and the ranges of codes that a division covers.

Almost everywhere the code itself is the path. The tree knows the divisions down to counties and, below them, only the
lines that differ from their code: own parents, merged and renamed divisions. That is enough for every code there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from .codes import NATION, first_after, level_of, parent_by_code
from .divisions import Division

COUNTY = 3


class Tree:
    def __init__(self, lines: Iterable[Division]) -> None:
        """``lines`` are all lines of every code that is at county level or above, differs from its digits, has a closed
        line or follows a division that has one."""
        self._lines: dict[str, list[Division]] = {}
        for line in lines:
            self._lines.setdefault(line.code, []).append(line)
        for history in self._lines.values():
            history.sort(key=lambda line: line.valid_from)
        self._exceptional = sorted(
            code for code, history in self._lines.items() if history[-1].valid_to or history[-1].has_own_parent
        )
        self._replaced = self._one_to_one()
        self._ranges: dict[str, tuple[tuple[str, str], ...]] = {}

    def __contains__(self, code: str) -> bool:
        return code == NATION or code in self._lines

    def latest(self, code: str) -> Division | None:
        """The line that holds now, or the last that held."""
        history = self._lines.get(code)
        return history[-1] if history else None

    def current(self, code: str) -> str:
        """Where a division is today: itself, or what it was renamed to or merged into."""
        seen: set[str] = set()
        while (line := self.latest(code)) and line.valid_to and line.successor_code and code not in seen:
            seen.add(code)
            code = line.successor_code
        return code

    def ancestors(self, code: str, on: dt.date | None = None) -> tuple[str, ...]:
        """Nearest first, the code itself included, the nation last. A merged division leads to where it went."""
        chain, step = [code], code
        while step != NATION:
            step = self._next(step, on)
            if not step or step in chain:
                break
            chain.append(step)
        return tuple(chain) if chain[-1] == NATION else (*chain, NATION)

    def parent(self, code: str) -> str:
        """The division directly above today; empty above the nation."""
        return self._next(self.current(code), None)

    def county_of(self, code: str) -> str | None:
        """The county-level division in force above a code or itself; None above county level."""
        for step in self.ancestors(self.current(code)):
            if level_of(step) == COUNTY:
                return step
        return None

    def ranges(self, code: str) -> tuple[tuple[str, str], ...]:
        """Half-open ranges of all codes with ``code`` among their ancestors, merged and in order.

        A division that only changed its code covers what its replacement covers; one that was merged away covers what
        still carries its codes.
        """
        code = self.replacement(code)
        if code not in self._ranges:
            self._ranges[code] = tuple(self._sweep(code))
        return self._ranges[code]

    def _next(self, code: str, on: dt.date | None) -> str:
        history = self._lines.get(code)
        if not history:
            return parent_by_code(code)
        line = history[-1]
        if on is not None:
            line = next((line for line in reversed(history) if line.is_in_force(on)), line)
            if line.is_in_force(on):
                return line.parent_code
        return line.successor_code if line.valid_to and line.successor_code else line.parent_code

    def _one_to_one(self) -> dict[str, str]:
        """Old code → the one new code that began the day the old one ended and replaces nothing else."""
        went: dict[str, list[Division]] = {}
        for code in self._exceptional:
            line = self._lines[code][-1]
            if line.valid_to and line.successor_code:
                went.setdefault(line.successor_code, []).append(line)
        replaced = {}
        for successor, lines in went.items():
            first = self._lines[successor][0] if successor in self._lines else None
            for line in lines:
                together = [other for other in lines if other.valid_to == line.valid_to]
                if first and first.valid_from == line.valid_to and len(together) == 1:
                    replaced[line.code] = successor
        return replaced

    def replacement(self, code: str) -> str:
        """The code that took the place of one that only changed its code; others stay as they are."""
        seen: set[str] = set()
        while code in self._replaced and code not in seen:
            seen.add(code)
            code = self._replaced[code]
        return code

    def _sweep(self, code: str) -> list[tuple[str, str]]:
        """Paints the line of codes: ``code`` and every exceptional division, each inside the one whose digits it has."""
        spans = [(exception, code in self.ancestors(exception)) for exception in self._exceptional if exception != code]
        spans.append((code, True))
        spans.sort(key=lambda span: (span[0], level_of(span[0])))
        painted: list[tuple[str, str]] = []
        open_spans: list[tuple[str, bool]] = [("~", False)]
        at = NATION

        def paint(until: str) -> None:
            nonlocal at
            if open_spans[-1][1] and at < until:
                if painted and painted[-1][1] == at:
                    painted[-1] = (painted[-1][0], until)
                else:
                    painted.append((at, until))
            at = max(at, until)

        for start, is_member in spans:
            while open_spans[-1][0] <= start:
                paint(open_spans[-1][0])
                open_spans.pop()
            paint(start)
            open_spans.append((first_after(start), is_member))
        while len(open_spans) > 1:
            paint(open_spans[-1][0])
            open_spans.pop()
        return painted
