"""Writes a paper as .docx: real paragraphs and tables, fonts by the names they have on office computers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import segno
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Mm, Pt

from . import layout, widths
from . import word_parts as parts
from .paper import Align, Attachment, Block, Code, Form, Heading, Large, Paper, Paragraph, Table, chinese_date

_DPI_OF_CODE = 20  # dots per module: sharp at any width on paper


def write(paper: Paper, path: Path) -> None:
    document = docx.Document()
    parts.describe(document, title=paper.title, unit=paper.signature.unit if paper.signature else "")
    _Writer(document, paper).write()
    document.save(str(path))


class _Writer:
    """Writes one paper into one document."""

    def __init__(self, document: Any, paper: Paper) -> None:
        self.document, self.paper = document, paper

    def write(self) -> None:
        paper = self.paper
        _page(self.document.sections[0], paper)
        self._head()
        self._title(paper.title)
        if not paper.is_form:
            self._blank()
        if paper.recipients:
            self._line(f"{paper.recipients}：")
        self._blocks(paper.blocks, is_wide=False)
        if paper.signature:
            parts.keep_last_with_next(self.document)
        self._listed_attachments()
        if paper.signature:
            self._signature(paper.signature.unit, chinese_date(paper.signature.signed_on))
        for note in paper.notes:
            parts.write(self._small(), note, layout.FANGSONG, layout.SMALL)
        for place, attachment in enumerate(paper.attachments, start=1):
            self._attachment(attachment, "附件" if len(paper.attachments) == 1 else f"附件{place}")
        if paper.copies:
            self._copies(paper.copies)

    def _head(self) -> None:
        paper = self.paper
        if paper.head:
            line = parts.paragraph(self.document, align="center", line=0, before=Mm(layout.HEAD_BELOW).pt)
            narrowed = min(1.0, Mm(layout.WIDTH).pt / layout.HEAD / parts.width_of(paper.head))
            parts.write(
                line, paper.head, layout.XIAOBIAOSONG, layout.HEAD, colour=layout.RED, tracking=0, scale=narrowed
            )
            self._blank()
        if paper.number or paper.head:  # the red line stands below the place of the number, given or not
            line = parts.paragraph(self.document, align="center", line=layout.LINE)
            parts.write(line, paper.number, layout.FANGSONG, layout.BODY)
            if paper.head:
                parts.line_below(line, layout.RED)
            self._blank()

    def _title(self, text: str) -> None:
        line = parts.paragraph(self.document, align="center", line=layout.TITLE_LINE, after=6, keeps_next=True)
        parts.write(line, text, layout.XIAOBIAOSONG, layout.TITLE, tracking=0)

    def _line(self, text: str, *, indent: float = 0, font: str = layout.FANGSONG) -> Any:
        line = parts.paragraph(self.document, line=layout.LINE, first_line=indent)
        parts.write(line, text, font, layout.BODY)
        return line

    def _blank(self, count: int = 1) -> None:
        for _ in range(count):
            parts.paragraph(self.document, line=layout.LINE, keeps_next=True)

    def _small(self) -> Any:
        return parts.paragraph(self.document, line=layout.TABLE_LINE)

    def _gap(self) -> None:
        """Word needs a paragraph between two tables."""
        parts.paragraph(self.document, line=8)

    def _blocks(self, blocks: Any, *, is_wide: bool) -> None:
        width = layout.width(is_form=self.paper.is_form, is_wide=is_wide)
        for block in blocks:
            self._block(block, width)

    def _block(self, block: Block, width: float) -> None:
        match block:
            case Heading():
                font = {1: layout.HEITI, 2: layout.KAITI}.get(block.level, layout.FANGSONG)
                line = self._line(block.text, indent=2, font=font)
                line.paragraph_format.keep_with_next = True
            case Paragraph():
                self._line(block.text, indent=2 if block.is_indented else 0)
            case Large():
                line = parts.paragraph(self.document, align="center", line=block.size_pt * 1.4, before=6, after=6)
                parts.write(line, block.text, layout.HEITI, block.size_pt, tracking=0)
            case Code():
                picture = io.BytesIO()
                segno.make(block.address, error="m").save(picture, kind="png", scale=_DPI_OF_CODE, border=2)
                picture.seek(0)
                line = parts.paragraph(self.document, align="center", line=0, before=18, after=18)
                line.add_run().add_picture(picture, width=Mm(block.width_mm))
            case Table():
                if block.caption:
                    line = parts.paragraph(self.document, align="center", line=0, before=6, after=4, keeps_next=True)
                    parts.write(line, block.caption, layout.HEITI, 14, tracking=0)
                self._table(block, width)
            case Form():
                self._form(block, width)

    def _table(self, block: Table, width: float) -> None:
        table = parts.table(self.document, widths.millimetres(block, width))
        size = widths.letter_size(block)
        row = parts.row(table)
        for cell, column in zip(row.cells, block.columns, strict=True):
            parts.fill(cell, column.heading, font=layout.HEITI, align="center", size=size)
        parts.repeat(row)
        model = parts.row(table)
        for cell, column in zip(model.cells, block.columns, strict=True):
            parts.fill(cell, parts.PLACE, align=column.align, size=size)
        parts.copies(model, block.rows)
        self._gap()

    def _form(self, block: Form, width: float) -> None:
        table = parts.table(self.document, [width * share / sum(block.shares) for share in block.shares])
        heights = [*block.heights, *[0.0] * (len(block.rows) - len(block.heights))]
        for line, height in zip(block.rows, heights, strict=True):
            row, place = parts.row(table, least_height=height, may_break=not height), 0
            for cell in line:
                first, last = row.cells[place], row.cells[place + cell.span - 1]
                target = first.merge(last) if cell.span > 1 else first
                font = layout.HEITI if cell.is_label else layout.FANGSONG
                align: Align = "center" if cell.is_label else "left"
                parts.fill(target, cell.text, font=font, align=align, is_top=bool(height) and not cell.is_label)
                place += cell.span
        self._gap()

    def _listed_attachments(self) -> None:
        titles = [part.title for part in self.paper.attachments]
        if not titles:
            return
        self._blank()
        for place, title in enumerate(titles, start=1):
            number = "" if len(titles) == 1 else f"{place}. "
            line = self._line(f"{'附件：' if place == 1 else '　　　'}{number}{title}", indent=2)
            line.paragraph_format.keep_with_next = True

    def _signature(self, unit: str, day: str) -> None:
        """The unit in the middle above its date, the date four letters from the right, less for a long name."""
        self._blank(2)
        wide, narrow = parts.width_of(unit), parts.width_of(day)
        free = max(2.0, 4 - max(0.0, (wide - narrow) / 2))
        for text, width in ((unit, wide), (day, narrow)):
            indent = free + (max(wide, narrow) - width) / 2
            line = parts.paragraph(self.document, align="right", line=layout.LINE, right=indent * layout.BODY)
            line.paragraph_format.keep_with_next = text == unit
            parts.write(line, text, layout.FANGSONG, layout.BODY)

    def _attachment(self, attachment: Attachment, name: str) -> None:
        if attachment.is_wide:
            section = self.document.add_section(WD_SECTION.NEW_PAGE)
            _page(section, self.paper, is_wide=True)
            self._line(name, font=layout.HEITI)
        else:
            if self.document.sections[-1].orientation == WD_ORIENT.LANDSCAPE:
                _page(self.document.add_section(WD_SECTION.NEW_PAGE), self.paper)
                self._line(name, font=layout.HEITI)
            else:
                self._line(name, font=layout.HEITI).paragraph_format.page_break_before = True
        self._title(attachment.title)
        self._blocks(attachment.blocks, is_wide=attachment.is_wide)

    def _copies(self, copies: str) -> None:
        line = parts.paragraph(self.document, line=0, before=layout.LINE)
        parts.write(line, f"　抄送：{copies}", layout.FANGSONG, 14, tracking=0)
        parts.line_below(line, "000000", also_above=True)


def _page(section: Any, paper: Paper, *, is_wide: bool = False) -> None:
    short, long = Mm(layout.PAGE_WIDTH), Mm(layout.PAGE_HEIGHT)
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if is_wide else (short, long)
    top, right, bottom, left = layout.margins(is_form=paper.is_form, is_wide=is_wide)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(
        Mm, (top, right, bottom, left)
    )
    section.header_distance = Mm(layout.PAGE_NUMBER_BELOW)
    section.footer_distance = max(
        Mm(layout.PAGE_NUMBER_BELOW), Mm(bottom - layout.PAGE_NUMBER_BELOW) - Pt(layout.PAGE_NUMBER)
    )
    parts.grid(section, layout.LINE)
    if not paper.is_on_one_page:
        parts.page_numbers(section)
