"""Reads everything that a finished file says, also where nobody looks: hidden sheets, notes, headers, links, properties."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine

from shouwang.foundation.errors import UserError

from .hit import Hit, Kind
from .numbers import broken_identities, plain
from .rows import hits as hits_of_rows
from .text import excerpt, found
from .vocabulary import Vocabulary

# A table is read with its headings only when they stand at once; below title rows the places are named by number.
_MOST_TITLE_ROWS = 10
_ONLY_DIGITS = re.compile(r"[0-9０-９]{1,17}[XxＸｘ]?|[XxＸｘ]")
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "data",
        "em",
        "font",
        "i",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
    ]
)
_BREAKS = frozenset(["p", "tr", "tc", "br", "cr", "comment", "text", "si", "definedName"])
_PARTS = {"header": "页眉", "footer": "页脚", "comments": "批注", "footnotes": "脚注", "docProps": "文件属性",
          "word/document": "正文", "drawing": "图形", "worksheets/sheet": "工作表"}  # fmt: skip
_OUTWARD = re.compile(r'<Relationship(?=[^>]*TargetMode="External")[^>]*Target="([^"]*)"')
_ABOUT_A_SHEET = re.compile(
    r"<(?:odd|even|first)(?:Header|Footer)>([^<]*)<|(?:display|tooltip|prompt|error)=\"([^\"]*)\"|<formula[12]>([^<]*)<"
    r"|<f(?: [^>]*)?>([^<]*)<"
)
_JOINED = re.compile(r"[\"']\s*&amp;\s*[\"']")  # a formula may put a number together from pieces
_FORMAT = re.compile(r"formatCode=\"([^\"]*)\"")  # and a cell's format may say what the cell does not
_READ_APART = re.compile(r"sharedStrings|Content_Types|theme|styles|settings|fontTable|webSettings|numbering|calcChain")


def hits(path: Path, vocabulary: Vocabulary, allow: frozenset[str]) -> Iterator[Hit]:
    """Raises UserError for a kind of file that cannot be looked through: what is not read does not leave."""
    match path.suffix.lower():
        case ".xlsx" | ".xls":
            yield from _spreadsheet(path, vocabulary, allow)
        case ".csv":
            yield from _table(list(csv.reader(io.StringIO(_decoded(path), newline=""))), vocabulary, allow)
        case ".jsonl":
            yield from _lines(path, vocabulary, allow)
        case ".docx":
            for part, text in _office_texts(path):
                yield from hits_of_text(text, vocabulary, allow, place=part)
        case ".pdf":
            for number, page in enumerate(_pages(path), start=1):
                yield from hits_of_text(page, vocabulary, allow, place=f"第 {number} 页")
        case ".html" | ".htm" | ".svg":
            yield from hits_of_text(visible(path.read_text(encoding="utf-8")), vocabulary, allow)
        case ".txt" | ".md" | ".json":
            yield from hits_of_text(path.read_text(encoding="utf-8"), vocabulary, allow)
        case suffix:
            raise UserError(
                f"{suffix or '没有扩展名'} 的文件不能检查",
                place=path.name,
                next_step="请改用 .docx、.xlsx、.pdf、.csv 或网页文件。",
            )


def hits_of_text(text: str, vocabulary: Vocabulary, allow: frozenset[str], *, place: str = "") -> Iterator[Hit]:
    for kind, start, end in found(text, vocabulary, allow):
        line = text.count("\n", 0, start) + 1
        where = f"{place}第 {line} 段" if "\n" in text else place or "正文"
        yield Hit(kind, where, excerpt(kind, text[start:end]))


def visible(html: str) -> str:
    """What a page or fragment says, with the values of its attributes; a number split over inline tags is whole again."""
    reader = _Html()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts) + "\n" + "\n".join(reader.attributes)


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.parts.append("\n")
        self.attributes += [unescape(value) for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_comment(self, data: str) -> None:
        self.attributes.append(data)


def _spreadsheet(path: Path, vocabulary: Vocabulary, allow: frozenset[str]) -> Iterator[Hit]:
    book = python_calamine.load_workbook(str(path))
    try:
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            texts = [[_cell(value) for value in row] for row in rows]
            yield from _table(texts, vocabulary, allow, sheet=name)
        yield from hits_of_text("\n".join(book.sheet_names), vocabulary, allow, place="工作表名称")
    finally:
        book.close()
    if path.suffix.lower() == ".xlsx":
        for part, text in _office_texts(path):
            yield from hits_of_text(text, vocabulary, allow, place=part)


def _table(
    rows: Sequence[Sequence[str]], vocabulary: Vocabulary, allow: frozenset[str], sheet: str = ""
) -> Iterator[Hit]:
    """The heading row is the first one with a heading that names the register's own numbers, else the first row."""
    heading = next(
        (
            place
            for place, row in enumerate(rows[:_MOST_TITLE_ROWS])
            if vocabulary.own_number_headings.intersection(row)
        ),
        0,
    )
    headings = rows[heading] if rows else []
    above = [""] * len(headings)
    yield from hits_of_rows(above, rows[: heading + 1], vocabulary, allow, sheet=sheet)
    yield from hits_of_rows(headings, rows[heading + 1 :], vocabulary, allow, first_row=heading + 2, sheet=sheet)
    yield from _over_cells(rows, sheet)


def _over_cells(rows: Sequence[Sequence[str]], sheet: str) -> Iterator[Hit]:
    """Identity numbers whose digits are spread over cells side by side."""
    for number, row in enumerate(rows, start=1):
        joined = "\t".join(cell.strip() if _ONLY_DIGITS.fullmatch(cell.strip()) else "－" for cell in row)
        for start, end in broken_identities(plain(joined)):
            where = f"{f'工作表“{sheet}”' if sheet else ''}第 {number:,} 行并排的几格"
            yield Hit(Kind.IDENTITY, where, excerpt(Kind.IDENTITY, joined[start:end]))


def _decoded(path: Path) -> str:
    """A text file as offices save it: UTF-8 with or without its mark, or GB 18030."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _lines(path: Path, vocabulary: Vocabulary, allow: frozenset[str]) -> Iterator[Hit]:
    with path.open(encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream if line.strip()]
    headings = list(dict.fromkeys(name for record in records for name in record))
    rows = [[_cell(record.get(name)) for name in headings] for record in records]
    yield from hits_of_rows(headings, rows, vocabulary, allow)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else str(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _office_texts(path: Path) -> Iterator[tuple[str, str]]:
    """The parts of a Word file, and of a workbook those that are no cells: notes, headers, properties, outward links."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            label = next((label for part, label in _PARTS.items() if part in name), name)
            if name.endswith(".rels"):
                links = _OUTWARD.findall(archive.read(name).decode("utf-8", "replace"))
                yield f"{label}的链接", unescape("\n".join(links))
            elif "xl/worksheets/sheet" in name:
                said = "\n".join(map("".join, _ABOUT_A_SHEET.findall(archive.read(name).decode())))
                yield label, unescape(_JOINED.sub("", said))
            elif name == "xl/styles.xml":
                formats = _FORMAT.findall(archive.read(name).decode())
                yield "单元格格式", unescape("\n".join(formats)).replace("\\", "").replace('"', "")
            elif name.endswith((".xml", ".vml")) and not _READ_APART.search(name):
                yield label, _xml_text(archive.read(name), is_flowing=name.startswith(("word/", "xl/")))


def _xml_text(content: bytes, *, is_flowing: bool) -> str:
    """The text of an Office part: runs joined, paragraphs and cells apart; of other parts each element by itself."""
    parts: list[str] = []
    for element in ElementTree.fromstring(content).iter():  # noqa: S314 (this parser limits entities and fetches nothing)
        tag = element.tag.rpartition("}")[2]
        if not is_flowing or tag in _BREAKS:
            parts.append("\n")
        if tag == "tab":
            parts.append("\t")
        if tag == "docPr":  # what a reader aloud says about a picture
            parts.append("\n" + element.get("descr", "") + "\n")
        parts.append(element.text or "")
    return re.sub(r"\n\s*\n", "\n", "".join(parts)).strip()


def _pages(path: Path) -> Iterator[str]:
    """The text of each page and of its notes and links, then what the file says about itself."""
    from pypdf import PdfReader  # rarely needed, and slow to load

    reader = PdfReader(path)
    for page in reader.pages:
        notes = []
        for note in page.get("/Annots") or ():
            found_note = note.get_object()
            action = found_note.get("/A")
            notes += [str(found_note.get("/Contents", "")), str(action.get_object().get("/URI", "")) if action else ""]
        yield "\n".join([page.extract_text(), *notes])
    said = [str(value) for value in (reader.metadata or {}).values()]
    said += [str(field.get("/V", "")) for field in (reader.get_fields() or {}).values()]
    said += _titles(reader.outline)
    for name, contents in reader.attachments.items():
        said += [name, *(content.decode("utf-8", "replace") for content in contents)]
    yield "\n".join(said)


def _titles(outline: Sequence[Any]) -> list[str]:
    """What the table of contents beside a PDF says, however deep."""
    return [title for one in outline for title in (_titles(one) if isinstance(one, list) else [str(one.title)])]
