"""What the bench found, as tables for people and as JSON for programs."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A figure that was promised: ``sign`` is how it has to lie to ``limit``."""

    label: str
    figure: float
    sign: str  # <= or >= or <
    limit: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        return {
            "<=": self.figure <= self.limit,
            ">=": self.figure >= self.limit,
            "<": self.figure < self.limit,
        }[self.sign]

    @property
    def text(self) -> str:
        word = "met" if self.is_met else "NOT MET"
        return f"{word:8} {self.label}: {self.figure:.2f}{self.unit} (goal {self.sign} {self.limit:g}{self.unit})"


@dataclass
class Section:
    """One thing that was measured: a table, remarks, goals."""

    title: str
    headings: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)

    def text(self) -> str:
        widths = [
            max(_width(line[place]) for line in [self.headings, *self.rows]) for place in range(len(self.headings))
        ]
        lines = [self.title, "=" * _width(self.title)]
        for number, row in enumerate([self.headings, *self.rows]):
            # the first column names the line, the others hold figures
            cells = [
                _padded(cell, width, place > 0) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            lines.append("  ".join(cells).rstrip())
            if not number:
                lines.append("  ".join("-" * width for width in widths))
        lines += [f"  {remark}" for remark in self.remarks]
        lines += [goal.text for goal in self.goals]
        return "\n".join(lines)

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"goals": [asdict(goal) | {"is_met": goal.is_met} for goal in self.goals]}


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int, is_right: bool) -> str:
    blank = " " * (width - _width(text))
    return blank + text if is_right else text + blank
