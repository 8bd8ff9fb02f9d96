"""Under which heading each column of a file is kept, and which of them are kept encrypted."""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.intake.headings import Heading

from .sheets import RegisterSheet


@dataclass(frozen=True)
class Kept:
    """One column of a file: where it stands, under which heading its values are kept, whether they are secret."""

    position: int
    heading: str
    is_secret: bool


def of(heading: Heading, sheet: RegisterSheet) -> list[Kept]:
    """Every column of the file. A column that the sheet does not know is kept under its own text, and secret.

    A second column of the same text gets its number: no value is lost.
    """
    kept: list[Kept] = []
    taken: set[str] = set()
    for position, text in enumerate(heading.texts):
        column = heading.columns.get(position)
        if column:
            name, is_secret = column.heading, sheet.is_secret(column.heading)
        else:
            name = text or f"第{position + 1}列"
            while name in taken or any(name == known.heading for known in heading.columns.values()):
                name += "’"
            relative = heading.displaced.get(position)
            is_secret = sheet.is_secret(relative.heading if relative else name)
        taken.add(name)
        kept.append(Kept(position, name, is_secret))
    return kept
