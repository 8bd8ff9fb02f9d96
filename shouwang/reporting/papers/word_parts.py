"""The small pieces of a Word file that its library leaves to hand: East Asian fonts, the line grid, page numbers, table edges."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from . import layout
from .paper import Align

_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT,
          "both": WD_ALIGN_PARAGRAPH.JUSTIFY}  # fmt: skip
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LATIN = "Times New Roman"
PLACE = "字"  # stands in a model cell until its text comes
_CELL_MARGIN = 57  # twentieths of a point: 1 mm


def describe(document: Any, *, title: str, unit: str) -> None:
    """What the file says about itself; the library's own words and its day of making are taken away."""
    about = document.core_properties
    about.title, about.author, about.comments, about.last_modified_by, about.keywords = (
        title[:255],
        unit[:255],
        "",
        "",
        "",
    )
    about.created = about.modified = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    document.settings.odd_and_even_pages_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(layout.BODY)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), layout.FANGSONG)


def paragraph(
    parent: Any, *, align: str = "both", line: float = 0, first_line: float = 0, right: float = 0,
    before: float = 0, after: float = 0, keeps_next: bool = False,
) -> Any:  # fmt: skip
    """An empty paragraph. ``line``: exact height in points, 0 as high as its letters; ``first_line`` in letters."""
    made = parent.add_paragraph()
    form(made, align=align, line=line, right=right, before=before, after=after)
    if keeps_next:
        made.paragraph_format.keep_with_next = True
    if first_line:
        indent = made._p.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:firstLineChars"), str(int(first_line * 100)))
        indent.set(qn("w:firstLine"), str(int(first_line * layout.BODY * 20)))
    return made


def form(made: Any, *, align: str, line: float, right: float = 0, before: float = 0, after: float = 0) -> None:
    shape = made.paragraph_format
    made.alignment = _ALIGN[align]
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.widow_control = False
    properties = made._p.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        _before(properties, _off(name), ("w:spacing", "w:ind", "w:jc"))
    if right:
        shape.right_indent = Pt(right)
    if line:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    else:
        shape.line_spacing = 1.0


def write(
    made: Any,
    text: str,
    font: str,
    size: float,
    *,
    colour: str = "",
    tracking: float = layout.TRACKING,
    scale: float = 1,
) -> None:
    """Text with its line breaks in a Chinese font; ``scale`` makes the letters narrower."""
    for place, part in enumerate(_NOT_IN_XML.sub("", text).split("\n")):
        run = made.add_run()
        if place:
            run.add_break()
        run.add_text(part)
        run.font.size = Pt(size)
        run.font.name = font if font in (layout.SONGTI, layout.FANGSONG) else _LATIN
        fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
        for name in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(name), font)
        fonts.set(qn("w:hint"), "eastAsia")
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
        if scale != 1:
            narrow = OxmlElement("w:w")
            narrow.set(qn("w:val"), str(int(scale * 100)))
            _before(run._r.get_or_add_rPr(), narrow, ("w:sz",))
        if tracking:
            spacing = OxmlElement("w:spacing")
            spacing.set(qn("w:val"), str(round(tracking * 20)))
            _before(run._r.get_or_add_rPr(), spacing, ("w:w", "w:sz"))


def _off(name: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), "0")
    return element


def _before(properties: Any, element: Any, names: Sequence[str]) -> None:
    """In front of the first of ``names``: Word refuses properties out of their order."""
    found = next((one for one in properties if one.tag in {qn(name) for name in names}), None)
    if found is None:
        properties.append(element)
    else:
        found.addprevious(element)


def width_of(text: str) -> float:
    """Letters that a line of text is wide; Latin letters and figures count half."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.5 for letter in text)


def line_below(made: Any, colour: str, *, also_above: bool = False) -> None:
    borders = OxmlElement("w:pBdr")
    for name in ("w:top", "w:bottom") if also_above else ("w:bottom",):
        edge = OxmlElement(name)
        for key, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", colour)):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    _before(made._p.get_or_add_pPr(), borders, ("w:autoSpaceDE", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"))


def keep_last_with_next(document: Any) -> None:
    """The signature never stands alone on a page: the last paragraph of the body goes with it."""
    last = document.paragraphs[-1]
    last.paragraph_format.keep_with_next = last.paragraph_format.keep_together = True


def grid(section: Any, line: float) -> None:
    """The grid of lines only: one of letters would spread them."""
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    made = OxmlElement("w:docGrid")
    made.set(qn("w:type"), "lines")
    made.set(qn("w:linePitch"), str(round(line * 20)))
    properties.append(made)


def page_numbers(section: Any) -> None:
    """— 1 — in 4号 宋体, odd pages on the right, even ones on the left, a letter from the edge."""
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        form(line, align=align, line=0)
        indent = line.paragraph_format
        indent.left_indent = indent.right_indent = Pt(layout.PAGE_NUMBER)
        write(line, "— ", layout.SONGTI, layout.PAGE_NUMBER, tracking=0)
        for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
            write(line, "", layout.SONGTI, layout.PAGE_NUMBER, tracking=0)
            run = line.runs[-1]
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            run._r.append(element)
        write(line, " —", layout.SONGTI, layout.PAGE_NUMBER, tracking=0)


def table(document: Any, widths: Sequence[float]) -> Any:
    """An empty table with thin edges, its columns fixed to ``widths`` in millimetres."""
    made = document.add_table(rows=0, cols=len(widths))
    made.style, made.autofit, made.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        edge = OxmlElement(side)
        edge.set(qn("w:w"), str(_CELL_MARGIN))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    _before(made._tbl.tblPr, margins, ("w:tblLook",))
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    return made


def row(made: Any, *, least_height: float = 0, may_break: bool = False) -> Any:
    added = made.add_row()
    for cell, column in zip(added.cells, made.columns, strict=True):
        cell.width = column.width
    if least_height:
        added.height, added.height_rule = Mm(least_height), WD_ROW_HEIGHT_RULE.AT_LEAST
    if not may_break:
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return added


def copies(model: Any, rows: Sequence[Sequence[str]]) -> None:
    """A copy of the model row for each row of texts, ten times faster than building each; the model itself goes."""
    parent = model._tr.getparent()
    for line in rows:
        made = copy.deepcopy(model._tr)
        parent.append(made)
        for place, text in zip(_texts(made), line, strict=True):
            _set_text(place, _NOT_IN_XML.sub("", str(text)).split("\n"))
    parent.remove(model._tr)


def _texts(element: Any) -> list[Any]:
    return list(element.iter(qn("w:t")))


def _set_text(place: Any, lines: Sequence[str]) -> None:
    place.text = lines[0]
    place.set(qn("xml:space"), "preserve")
    for line in lines[1:]:
        following = OxmlElement("w:t")
        following.text = line
        broken = OxmlElement("w:br")
        place.addnext(broken)
        broken.addnext(following)
        place = following


def repeat(made: Any) -> None:
    """The row stands at the top of every page of its table."""
    made._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def fill(
    cell: Any,
    text: str,
    *,
    font: str = layout.FANGSONG,
    align: Align = "left",
    is_top: bool = False,
    size: float = layout.TABLE,
) -> None:
    cell.vertical_alignment = VERTICAL.TOP if is_top else VERTICAL.CENTER
    line = cell.paragraphs[0]
    form(line, align=align, line=0, before=2, after=2)
    write(line, text, font, size, tracking=0)
