"""The sentences for defects: what is wrong with a cell and what to do about it, for the person who sent the file."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from shouwang.foundation import identity

from .contract import Column, Kind

_SHOWN = 30  # characters of a cell that are repeated in a sentence

# code → (reason, suggestion); {cell} is what stands in the cell
_SENTENCES = {
    "empty": ("不能为空", "请补填"),
    "damaged": (
        "被表格软件写成科学计数法（{cell}），末尾数字已经丢失",
        "请从原系统重新导出，并把该列设为文本格式",
    ),
    "garbled": ("含有无法识别的乱码", "请从原系统重新导出，另存为 UTF-8 编码的 CSV 或 .xlsx"),
    "formula": ("单元格是公式错误 {cell}", "请把公式改为数值后重新导出"),
    "day": ("“{cell}”不是可识别的日期", "请写成 2022-06-03 的形式"),
    "late": ("日期 {cell} 晚于文件所属月份", "请核对日期，或改用正确的所属月份导入"),
    "month": ("“{cell}”不是可识别的月份", "请写成 2022-06 的形式"),
    "year": ("“{cell}”不是可识别的年度", "请写成 2022 的形式"),
    "money": ("“{cell}”不是可识别的金额", "请只填数字，如 1234.50"),
    "part_of_fen": ("金额“{cell}”有不足一分的部分", "请按分四舍五入，保留两位小数"),
    "whole": ("“{cell}”不是整数", "请只填整数"),
    "decimal": ("“{cell}”不是数字", "请只填数字"),
    "yes_no": ("“{cell}”应为“是”或“否”", "请填“是”或“否”"),
    "village": ("“{cell}”不是在用的 12 位行政村代码", "请按区划代码表填写 12 位行政村代码"),
    "overflow": ("列数多于表头，多出“{cell}”", "请检查单元格里是否有多余的分隔符"),
    "name": ("“{cell}”不是姓名", "请核对"),
    "key": ("“{cell}”不是可识别的编号", "请核对"),
    "text": ("“{cell}”无法识别", "请核对"),
}


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: where it stands, the row as it came, and for each defect the column, reason, suggestion."""

    row_number: int
    cells: list[str]
    columns: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)

    @property
    def column(self) -> str:
        return "、".join(column for column in dict.fromkeys(self.columns) if column)

    @property
    def reason(self) -> str:
        if len(self.reasons) == 1:
            return self.reasons[0]
        pairs = zip(self.columns, self.reasons, strict=True)
        return "；".join(f"{column} {reason}".strip() for column, reason in pairs)

    @property
    def suggestion(self) -> str:
        return "；".join(dict.fromkeys(text for text in self.suggestions if text))

    @property
    def sentence(self) -> str:
        """第 3,021 行 证件号码 校验位应为 5，现为 6；该行未导入，已列入退回文件"""
        what = f"{self.columns[0]} {self.reasons[0]}".strip() if len(self.reasons) == 1 else self.reason
        return f"第 {self.row_number:,} 行 {what}；该行未导入，已列入退回文件"


def explain(code: str, column: Column | None, cell: str) -> tuple[str, str]:
    """Reason and suggestion for one defect, without the place."""
    shown = cell.strip() if len(cell) <= _SHOWN else f"{cell.strip()[:_SHOWN]}…"
    if code in ("identity", "certificate"):
        return _identity(cell, is_certificate=code == "certificate")
    if code == "code" and column and column.codes:
        return _code(shown, list(column.codes.values), list(column.codes.canonical()), column.codes.canonical())
    if code == "month" and cell.strip().endswith(".1"):
        return f"“{shown}”分不清是 1 月还是 10 月", "请写成 2022-01 或 2022-10 的形式"
    reason, suggestion = _SENTENCES[code]
    return reason.format(cell=shown), suggestion


def _identity(cell: str, *, is_certificate: bool) -> tuple[str, str]:
    text = identity.clean(cell)
    number = text[:18] if is_certificate and len(text) >= 20 else text
    try:
        identity.parse(number)
    except identity.IdentityNumberError as error:
        reason = str(error)
    else:
        reason = "残疾证号应为 18 位身份证号加类别、等级各一位" if is_certificate else "无法识别"
    if number.endswith("000") and "校验位" in reason:
        return reason, "末三位为 000，疑似被表格软件改写：请从原系统重新导出，并把该列设为文本格式"
    return reason, "请对照身份证核对后补报"


def _code(shown: str, values: list[str], spellings: list[str], canonical: dict[str, str]) -> tuple[str, str]:
    near = process.extractOne(shown, spellings, scorer=fuzz.ratio, score_cutoff=50)
    listed = "、".join(values)
    return (
        f"“{shown}”不在可填的值里",
        f"最接近的是“{canonical[near[0]]}”；可填：{listed}" if near else f"可填：{listed}",
    )


def kind_label(kind: Kind) -> str:
    return kind.value
