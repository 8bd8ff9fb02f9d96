"""Puts a finished file in its place only after the scanner has let it pass; nothing half-written or stopped remains."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import scanner
from .scanner import PaperClass


@contextmanager
def leaving(
    path: Path,
    *,
    paper_class: PaperClass,
    allow: frozenset[str] = frozenset(),
    vocabulary: scanner.Vocabulary | None = None,
    named: str = "",
) -> Iterator[Path]:
    """A private file beside ``path`` to write into; it is looked through and takes its place when the block ends well.

    Raises SensitiveContentError when it holds what the class forbids.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield temporary
        temporary.chmod(0o600)
        scanner.require_clean(path.stem, paper_class=paper_class, allow=allow, vocabulary=vocabulary, named="文件名")
        scanner.require_clean(
            temporary, paper_class=paper_class, allow=allow, vocabulary=vocabulary, named=named or path.name
        )
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
