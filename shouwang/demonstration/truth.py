"""What the generator knows to be true, written beside the files, so that imports and screening can be held against it.

One JSON object a line, in ``truth.jsonl``. Kinds:

- ``value``     a parameter that the cases are set against: name, value
- ``case``      a household of which everything is known: case, rule, household_no, person_no, findings {rule: status} of all
  rules that say something, observed, threshold, lead, when (what the rule says once an open parameter gets a value)
- ``water``     what is true of a village's water: village, findings
- ``row``       a row of a file that is not plain: file, line (as a spreadsheet counts), what, column, expected, person_no,
  household_no. Expected is refused (the row comes back), repaired (read all the same), question (imported, and inspectors
  ask), repeated (the same row twice), doubtful (a person decides), unmatched, other_county (a person of the neighbour's
  register), newcomer (not in the register yet: the household number suffices)
- ``file``      a file as a whole: command, dataset, region, period, sender, rows, and how many rows are of each expectation;
  of the rest every row is imported and, by its identity number, belongs to the person who bears it. The province's list also
  tells its shares by county; its unmatched rows are listed with the county they name, or with the file where they name none

Everything that is not listed is plain: numbers are valid, names agree.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE_NAME = "truth.jsonl"

REFUSED, REPAIRED, QUESTION, REPEATED = "refused", "repaired", "question", "repeated"
DOUBTFUL, UNMATCHED, OTHER_COUNTY, NEWCOMER = "doubtful", "unmatched", "other_county", "newcomer"


@dataclass
class Truth:
    """Lines in the order in which they were learnt."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, **known: Any) -> None:
        self.lines.append({"kind": kind, **known})

    def of(self, kind: str, **wanted: Any) -> Iterator[dict[str, Any]]:
        """The lines of a kind whose fields have these values."""
        for line in self.lines:
            if line["kind"] == kind and all(line.get(name) == value for name, value in wanted.items()):
                yield line

    def write(self, folder: Path) -> Path:
        path = folder / FILE_NAME
        text = "".join(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in self.lines)
        path.write_text(text, encoding="utf-8")
        return path


def read(folder: Path) -> Truth:
    """The truth beside the files of a folder."""
    with (folder / FILE_NAME).open(encoding="utf-8") as stream:
        return Truth([json.loads(line) for line in stream])


def add_file(truth: Truth, path: Path, notes: list[tuple[int, dict[str, Any]]], first_line: int, **known: Any) -> None:
    """A file and the rows of it that are not plain; ``notes`` are (index of the row, what is known)."""
    counts = Counter(note["expected"] for _, note in notes)
    truth.add("file", file=path.name, **known, **counts)
    for row, note in sorted(notes, key=lambda pair: pair[0]):
        truth.add("row", file=path.name, line=first_line + row, **note)
