"""Opens a file by what is in it, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from shouwang.foundation.errors import UserError

from .table import Sheet
from .text_file import open_text
from .workbook import open_workbook

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "请用表格软件打开，另存为 .xlsx 后重新导入。"


def open_file(path: Path) -> list[Sheet]:
    """The sheets of a workbook, or the one table of a text file. Raises UserError in one sentence for anything else."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except FileNotFoundError:
        raise UserError("文件不存在", place=str(path), next_step="请核对路径。") from None
    except IsADirectoryError:
        raise UserError("这是一个文件夹，不是文件", place=str(path), next_step="请逐个导入其中的文件。") from None
    except PermissionError:
        raise UserError("没有读取这个文件的权限", place=str(path), next_step="请检查文件权限。") from None
    if not head.strip():
        raise UserError("文件是空的", place=path.name, next_step="请检查是否选错了文件。")
    if head.startswith((_ZIP, _COMPOUND)):
        return list(open_workbook(path))
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<html", b"<!doctype", b"<table", b"<head", b"<meta")):
        raise UserError("文件实际上是网页格式，只是名字像电子表格", place=path.name, next_step=_AGAIN)
    if beginning.startswith(b"<?xml"):
        raise UserError("文件是旧式的 XML 表格", place=path.name, next_step=_AGAIN)
    if beginning.startswith(b"%pdf"):
        raise UserError("文件是 PDF，不是表格", place=path.name, next_step="请向报送单位要 .xlsx 或 CSV 文件。")
    return [open_text(path)]
