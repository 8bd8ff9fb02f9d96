"""An empty file to fill in, made from a contract: headings with notes, drop-downs for code lists, a sheet that explains."""

from __future__ import annotations

from pathlib import Path

from . import spreadsheet
from .contract import Column, Contract, Kind

EXPLANATION = "填写说明"
_FORMATS = {
    Kind.IDENTITY: "18 位居民身份证号，单元格设为文本格式",
    Kind.CERTIFICATE: "残疾人证号 20 位（补发的 22 位），单元格设为文本格式",
    Kind.NAME: "姓名，中间不加空格",
    Kind.DAY: "2022-06-03；也可写 2022/6/3、2022.6.3、20220603、2022年6月3日",
    Kind.MONTH: "2022-06；也可写 202206、2022年6月",
    Kind.YEAR: "2022",
    Kind.MONEY: "1234.50；单位为元，单位是万元的请在表头注明",
    Kind.WHOLE: "整数",
    Kind.DECIMAL: "数字，保留两位小数",
    Kind.YES_NO: "是 或 否",
    Kind.VILLAGE: "12 位行政村代码，单元格设为文本格式",
    Kind.KEY: "编号，单元格设为文本格式",
    Kind.TEXT: "文字",
    Kind.CODE: "文字",
}


def write(contract: Contract, path: Path) -> None:
    """Writes the blank file. Every cell is formatted as text, so that no number loses digits while it is filled in."""
    columns = [
        spreadsheet.SheetColumn(
            f"{column.heading}（{column.unit}）" if column.unit else column.heading,
            choices=_choices(column),
            width=max(12, 2 * len(column.heading) + 4),
            note=_note(column),
        )
        for column in contract.columns
    ]
    explained = [
        spreadsheet.SheetColumn(heading, width=width)
        for heading, width in (
            ("列名", 22),
            ("必需", 8),
            ("可否留空", 10),
            ("格式", 36),
            ("可填的值", 40),
            ("说明", 48),
            ("示例", 22),
        )
    ]
    rows = [
        [
            column.heading,
            "必需" if column.is_required else "可选",
            "可留空" if column.may_be_empty else "不能空",
            format_of(column),
            "、".join(_choices(column)),
            column.description,
            column.example,
        ]
        for column in contract.columns
    ]
    spreadsheet.write_sheets(
        path,
        [
            spreadsheet.FormattedSheet(contract.label, columns),
            spreadsheet.FormattedSheet(EXPLANATION, explained, rows, title=f"{contract.label}：{contract.description}"),
        ],
    )


def format_of(column: Column) -> str:
    """How a cell of this column is to be written."""
    return "从列表中选择" if column.codes else _FORMATS[column.kind]


def _choices(column: Column) -> list[str]:
    if column.codes:
        return list(column.codes.values)
    return ["是", "否"] if column.kind is Kind.YES_NO else []


def _note(column: Column) -> str:
    parts = [column.description, format_of(column)]
    if column.is_required:
        parts.insert(0, "必需的列" + ("" if column.may_be_empty else "，不能留空"))
    if column.example:
        parts.append(f"示例：{column.example}")
    return "\n".join(part for part in parts if part)
