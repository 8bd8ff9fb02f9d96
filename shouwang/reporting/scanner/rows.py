"""Looks through rows on their way into a file, a chunk at a time, so that a list of a million rows passes in seconds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest
from typing import Any

from . import text as texts
from .hit import Hit, Kind, PaperClass, refuse
from .vocabulary import Vocabulary

_CHUNK = 2_000
_APART = "\x01"  # between cells that have nothing to do with each other: no number goes on behind it
_MOST_REMEMBERED = 200_000  # distinct cells


def hits(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    vocabulary: Vocabulary,
    allow: frozenset[str] = frozenset(),
    *,
    first_row: int = 1,
    sheet: str = "",
) -> Iterator[Hit]:
    """Every hit in the rows; ``first_row`` is what the first of them is called in its place."""
    watch = _Watch(headings, vocabulary, allow, sheet, first_row)
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        yield from watch.hits(chunk)


def watched(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    vocabulary: Vocabulary,
    *,
    paper_class: PaperClass = PaperClass.INTERNAL,
    allow: frozenset[str] = frozenset(),
    named: str = "",
    in_full: Collection[str] = (),
    free_text: Collection[str] = (),
) -> Iterator[Sequence[str]]:
    """The same rows. Raises SensitiveContentError at the first chunk that holds what the class forbids, before handing it on.

    Columns under headings ``in_full`` are not looked at: the list is there to give these (telephones of officials). Those of
    ``free_text`` are masked instead of stopping the list: file names and remarks that nobody can change any more.
    """
    if not paper_class.forbidden:
        yield from rows
        return
    refuse(list(hits([""] * len(headings), [headings], vocabulary, allow)), paper_class, named=named)
    watch = _Watch(headings, vocabulary, allow, "", 1, in_full)
    free = [place for place, heading in enumerate(headings) if heading in free_text]
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        if free:
            chunk = _masked(chunk, free, vocabulary, allow)
        refuse(list(watch.hits(chunk)), paper_class, named=named)
        yield from chunk


def watched_records(
    records: Iterable[Mapping[str, Any]],
    vocabulary: Vocabulary,
    *,
    paper_class: PaperClass = PaperClass.INTERNAL,
    named: str = "",
) -> Iterator[Mapping[str, Any]]:
    """The same for dictionaries with equal keys. Lists and dictionaries in them are references to rows, not texts."""
    records = iter(records)
    first = next(records, None)
    if first is None or not paper_class.forbidden:
        yield from () if first is None else chain([first], records)
        return
    watch = _Watch(list(first), vocabulary, frozenset(), "", 1)
    records = chain([first], records)
    while chunk := list(islice(records, _CHUNK)):
        cells = [
            ["" if value is None or isinstance(value, (list, dict)) else str(value) for value in record.values()]
            for record in chunk
        ]
        refuse(list(watch.hits(cells)), paper_class, named=named)
        yield from chunk


def _masked(
    chunk: Sequence[Sequence[str]], places: Sequence[int], vocabulary: Vocabulary, allow: frozenset[str]
) -> list[Sequence[str]]:
    distinct = {row[place] for row in chunk for place in places}
    if not any(texts.found(_APART.join(distinct), vocabulary, allow)):
        return list(chunk)
    known = {cell: texts.masked(cell, vocabulary, allow) for cell in distinct}
    return [[known[cell] if place in places else cell for place, cell in enumerate(row)] for row in chunk]


class _Watch:
    """Looks at the distinct cells of a chunk together, and row by row only where they hold something."""

    def __init__(
        self,
        headings: Sequence[str],
        vocabulary: Vocabulary,
        allow: frozenset[str],
        sheet: str,
        first_row: int,
        in_full: Collection[str] = (),
    ) -> None:
        self.headings, self.vocabulary, self.allow, self.sheet = headings, vocabulary, allow, sheet
        self.next_row = first_row
        self.own = frozenset(
            place for place, heading in enumerate(headings) if heading in vocabulary.own_number_headings
        )
        self.unseen = frozenset(place for place, heading in enumerate(headings) if heading in in_full)
        self.seen_clean: set[str] = set()

    def hits(self, chunk: Sequence[Sequence[str]]) -> Iterator[Hit]:
        first_row, self.next_row = self.next_row, self.next_row + len(chunk)
        own, other = set[str](), set[str]()
        for place, column in enumerate(zip_longest(*chunk, fillvalue="")):
            if place not in self.unseen:
                (own if place in self.own else other).update(column)
        other -= self.seen_clean
        if any(self._found(_APART.join(own), True)) or any(self._found(_APART.join(other), False)):
            yield from self._row_by_row(chunk, first_row)
        elif len(self.seen_clean) < _MOST_REMEMBERED:
            self.seen_clean |= other

    def _found(self, text: str, is_own_number: bool) -> Iterator[tuple[Kind, int, int]]:
        return texts.found(text, self.vocabulary, self.allow, is_own_number=is_own_number)

    def _row_by_row(self, chunk: Sequence[Sequence[str]], first_row: int) -> Iterator[Hit]:
        for number, row in enumerate(chunk, start=first_row):
            for place, cell in enumerate(row):
                if place in self.unseen:
                    continue
                for kind, start, end in self._found(cell, place in self.own):
                    yield Hit(kind, self._place(number, place), texts.excerpt(kind, cell[start:end]))

    def _place(self, row: int, column: int) -> str:
        heading = self.headings[column] if column < len(self.headings) else ""
        where = f"“{heading}”列" if heading else f"第 {column + 1} 列"
        return f"{f'工作表“{self.sheet}”' if self.sheet else ''}第 {row:,} 行{where}"
