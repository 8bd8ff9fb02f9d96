"""Looks through whatever leaves for identity numbers, telephones, bank accounts, disability certificates and diagnoses.

A hit stops the paper: the message says which kind, where, and what to do, and never repeats the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import files, rows
from . import text as texts
from .hit import Hit, Kind, PaperClass, SensitiveContentError, refuse
from .rows import watched, watched_records
from .vocabulary import Vocabulary, current, of, words_only

__all__ = [
    "Hit",
    "Kind",
    "PaperClass",
    "SensitiveContentError",
    "Vocabulary",
    "check",
    "check_rows",
    "current",
    "masked",
    "of",
    "require_clean",
    "watched",
    "watched_records",
    "words_only",
]


def check(
    content: str | Path, *, allow: frozenset[str] = frozenset(), vocabulary: Vocabulary | None = None
) -> list[Hit]:
    """Everything in a text (plain, or a fragment of HTML) or in a file (Word, Excel, PDF, CSV, JSON lines, HTML) that is sensitive.

    ``allow`` are numbers that may stand there, such as the telephone of the office; they are compared by their digits.
    Raises UserError for a kind of file that cannot be looked through.
    """
    vocabulary = vocabulary or current()
    if isinstance(content, Path):
        return list(files.hits(content, vocabulary, allow))
    return list(files.hits_of_text(files.visible(content) if "<" in content else content, vocabulary, allow))


def check_rows(
    headings: Sequence[str],
    lines: Sequence[Sequence[str]],
    *,
    allow: frozenset[str] = frozenset(),
    vocabulary: Vocabulary | None = None,
) -> list[Hit]:
    """The same for rows under headings. Columns of the register's own numbers are judged by identity numbers alone."""
    return list(rows.hits(headings, lines, vocabulary or current(), allow))


def require_clean(
    content: str | Path,
    *,
    paper_class: PaperClass,
    allow: frozenset[str] = frozenset(),
    vocabulary: Vocabulary | None = None,
    named: str = "",
) -> None:
    """Raises SensitiveContentError when a text or file holds what its class forbids. Nothing forbidden: nothing is read."""
    if paper_class.forbidden:
        refuse(check(content, allow=allow, vocabulary=vocabulary), paper_class, named=named)


def masked(text: str, *, allow: frozenset[str] = frozenset(), vocabulary: Vocabulary | None = None) -> str:
    """A text that people wrote freely, as it may stand in an internal paper: numbers masked, diagnoses as 某种疾病."""
    return texts.masked(text, vocabulary or current(), allow)
