"""Papers as files. Every one passes the scanner with its class before it is in its place.

``word``, ``pdf`` and ``excel`` raise SensitiveContentError (a UserError) when the finished file holds what its class forbids; then
no file remains, and an older one under the same name stays as it was.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from shouwang.foundation.errors import UserError

from ..outgoing import leaving
from ..scanner import Vocabulary
from . import excel as _excel
from . import pdf as _pdf
from . import word as _word
from .paper import (
    Attachment,
    Block,
    Cell,
    Code,
    Column,
    Form,
    Heading,
    Large,
    Paper,
    Paragraph,
    Signature,
    Table,
    chinese_date,
    label,
    tables,
    value,
)

__all__ = [
    "FORMATS",
    "Attachment",
    "Block",
    "Cell",
    "Code",
    "Column",
    "Form",
    "Heading",
    "Large",
    "Paper",
    "Paragraph",
    "Signature",
    "Table",
    "chinese_date",
    "excel",
    "label",
    "pdf",
    "tables",
    "value",
    "word",
    "write",
]

FORMATS = {"docx": "Word 文档", "pdf": "PDF 文件", "xlsx": "Excel 表格"}


def word(paper: Paper, path: Path, *, vocabulary: Vocabulary | None = None) -> None:
    """The paper as .docx in the layout of GB/T 9704-2012."""
    with _leaving(paper, path, vocabulary) as target:
        _word.write(paper, target)


def pdf(paper: Paper, path: Path, *, vocabulary: Vocabulary | None = None) -> None:
    """The paper as .pdf in the same layout. Raises UserError when the computer has no Chinese font."""
    with _leaving(paper, path, vocabulary) as target:
        _pdf.write(paper, target)


def excel(paper: Paper, path: Path, *, vocabulary: Vocabulary | None = None) -> None:
    """The tables of the paper as .xlsx. Raises UserError when it has none."""
    if not tables(paper):
        raise UserError(f"“{paper.title}”里没有表格，不能写成 Excel", next_step="请选择 Word 或 PDF。")
    with _leaving(paper, path, vocabulary) as target:
        _excel.write(paper, target)


def write(paper: Paper, path: Path, *, vocabulary: Vocabulary | None = None) -> None:
    """In the form that the ending of ``path`` names."""
    ways = {".docx": word, ".pdf": pdf, ".xlsx": excel}
    if path.suffix.lower() not in ways:
        raise UserError(f"不能写成 {path.suffix} 文件", next_step=f"可选：{'、'.join(FORMATS.values())}。")
    ways[path.suffix.lower()](paper, path, vocabulary=vocabulary)


def _leaving(paper: Paper, path: Path, vocabulary: Vocabulary | None) -> AbstractContextManager[Path]:
    return leaving(
        path,
        paper_class=paper.paper_class,
        allow=paper.allow,
        vocabulary=vocabulary,
        named=f"{paper.title}（{path.name}）",
    )
