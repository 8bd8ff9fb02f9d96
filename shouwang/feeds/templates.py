"""The empty spreadsheet of a dataset, for departments to fill in."""

from __future__ import annotations

from pathlib import Path

from shouwang.foundation.errors import UserError
from shouwang.intake import template

from .dataset import Dataset


def write(dataset: Dataset, path: Path) -> None:
    """Headings with notes and drop-downs, and a sheet that explains them. A filled one can be imported as it is."""
    if path.suffix.lower() != ".xlsx":
        raise UserError("模板只能写成 .xlsx 文件", place=str(path), next_step="请把文件名改为以 .xlsx 结尾。")
    if not path.parent.is_dir():
        raise UserError("文件夹不存在", place=str(path.parent), next_step="请先建立文件夹，或换一个位置。")
    template.write(dataset, path)
