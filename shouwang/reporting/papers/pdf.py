"""Sets a paper as PDF. Texts reach the typesetter as data, never as source."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from . import fonts, layout, widths
from .paper import Block, Code, Form, Heading, Large, Paper, Paragraph, Table, chinese_date

_TEMPLATE = Path(__file__).with_name("paper.typ")
_MEASURES = {
    "page_width": layout.PAGE_WIDTH, "page_height": layout.PAGE_HEIGHT, "top": layout.TOP, "bottom": layout.BOTTOM,
    "left": layout.LEFT, "right": layout.RIGHT, "body": layout.BODY, "line": layout.LINE, "tracking": layout.TRACKING,
    "title": layout.TITLE, "title_line": layout.TITLE_LINE, "table": layout.TABLE, "table_line": layout.TABLE_LINE,
    "small": layout.SMALL, "page_number": layout.PAGE_NUMBER, "page_number_below": layout.PAGE_NUMBER_BELOW,
    "wide_margin": layout.WIDE_MARGIN, "narrow_top": layout.NARROW_TOP, "narrow_side": layout.NARROW_SIDE, "head": layout.HEAD, "head_below": layout.HEAD_BELOW, "red": layout.RED,
}  # fmt: skip


def write(paper: Paper, path: Path) -> None:
    """Raises UserError when the computer has no Chinese font."""
    path.write_bytes(rendered(paper, "pdf"))


def rendered(paper: Paper, output: Literal["pdf", "png"] = "pdf") -> bytes:
    """The paper as ``pdf``, or its first page as ``png``."""
    type_ = fonts.find()
    data = json.dumps(_data(paper, type_), ensure_ascii=False)
    made: Any = typst.compile(_TEMPLATE, font_paths=type_.fonts, format=output, ppi=96.0, sys_inputs={"paper": data})
    return made[0] if isinstance(made, list) else made


def _data(paper: Paper, type_: fonts.Type) -> dict[str, Any]:
    attachments = [
        {
            "title": part.title,
            "blocks": [_block(block, _width(paper, part.is_wide)) for block in part.blocks],
            "is_wide": part.is_wide,
        }
        for part in paper.attachments
    ]
    signed = paper.signature
    return {
        "title": paper.title,
        "unit": signed.unit if signed else "",
        "head": paper.head,
        "number": paper.number,
        "recipients": paper.recipients,
        "blocks": [_block(block, _width(paper)) for block in paper.blocks],
        "signature": {"unit": signed.unit, "day": chinese_date(signed.signed_on)} if signed else None,
        "attachments": attachments,
        "copies": paper.copies,
        "notes": list(paper.notes),
        "has_page_number": not paper.is_on_one_page,
        "is_form": paper.is_form,
        "layout": _MEASURES,
        "fonts": {
            **{style: list(families) for style, families in type_.families.items()},
            # A real 小标宋 is as heavy as it should be; a plain serif is made bold in its place.
            "title_weight": "bold" if type_.families["title"][0].startswith(("Noto", "Source")) else "regular",
        },
    }


def _width(paper: Paper, is_wide: bool = False) -> float:
    """Millimetres between the margins."""
    return layout.width(is_form=paper.is_form, is_wide=is_wide)


def _block(block: Block, width: float) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "text": block.text, "is_indented": block.is_indented}
        case Large():
            return {"kind": "large", "text": block.text, "size_pt": block.size_pt}
        case Code():
            picture = io.BytesIO()
            segno.make(block.address, error="m").save(picture, kind="svg", border=2, light="#ffffff", omitsize=True)
            return {"kind": "code", "picture": picture.getvalue().decode(), "width_mm": block.width_mm, "alt": "二维码"}
        case Table():
            wide = widths.millimetres(block, width)
            columns = [
                {"heading": one.heading, "width": mm, "align": one.align}
                for one, mm in zip(block.columns, wide, strict=True)
            ]
            rows = [[str(cell) for cell in row] for row in block.rows]
            return {
                "kind": "table",
                "columns": columns,
                "rows": rows,
                "caption": block.caption,
                "size": widths.letter_size(block),
            }
        case Form():
            heights = [*block.heights, *[0] * (len(block.rows) - len(block.heights))]
            filled = [
                [{"text": cell.text, "is_label": cell.is_label, "span": cell.span, "is_box": bool(height), "height": height if cell.is_label else 0} for cell in row]
                for row, height in zip(block.rows, heights, strict=True)
            ]  # fmt: skip
            return {"kind": "form", "shares": list(block.shares), "rows": filled}
