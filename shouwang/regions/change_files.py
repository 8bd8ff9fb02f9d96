"""Reads a file of changes, YAML or CSV, into checked ``Change`` lines; a mistake anywhere refuses the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import parse_day

from .changes import MOST_ERRORS_SHOWN, Change, Kind
from .codes import padded

# Key in YAML → heading in CSV. Either is understood in both.
HEADINGS = {
    "kind": "类型",
    "on": "日期",
    "code": "代码",
    "name": "名称",
    "to": "去向代码",
    "to_name": "去向名称",
    "takes": "划入",
    "other_names": "别名",
    "zone": "功能区",
    "source": "来源",
}
_KEYS = {heading: key for key, heading in HEADINGS.items()} | {key: key for key in HEADINGS}
_KINDS = {kind.label: kind for kind in Kind} | {kind.value: kind for kind in Kind}
_NEEDS_TO = {Kind.MERGE, Kind.SPLIT, Kind.TRANSFER}


def read(path: Path) -> list[Change]:
    """Every line of the file as a Change. Raises UserError that names each faulty line."""
    try:
        content = path.read_bytes()
    except OSError:
        raise UserError(f"文件 {path} 读不到", next_step="请核对路径。") from None
    records = _yaml(content, path) if path.suffix.lower() in (".yaml", ".yml") else _csv(content, path)
    changes, errors = [], []
    for line, record in records:
        try:
            changes.append(_change(line, record))
        except UserError as error:
            errors.append(f"第 {line} 行 {error}")
    if errors:
        shown = errors[:MOST_ERRORS_SHOWN]
        if len(errors) > len(shown):
            shown.append(f"另有 {len(errors) - len(shown)} 处")
        raise UserError("\n".join([f"{len(errors)} 处有误，文件整体未导入", *shown]), place=path.name)
    return changes


def _change(line: int, record: Mapping[str, Any]) -> Change:
    unknown = [str(key) for key in record if str(key) not in _KEYS]
    if unknown:
        raise UserError(f"不认识的项目 {'、'.join(unknown)}", next_step=f"可用的有 {'、'.join(HEADINGS.values())}。")
    values = {_KEYS[str(key)]: value for key, value in record.items() if value not in (None, "")}
    kind = _KINDS.get(str(values.get("kind", "")))
    if kind is None:
        raise UserError(
            f"类型“{values.get('kind', '')}”无法识别", next_step=f"请写 {'、'.join(k.label for k in Kind)}。"
        )
    for key in ("on", "code", "source", *(["to"] if kind in _NEEDS_TO else [])):
        if key not in values:
            raise UserError(f"缺少{HEADINGS[key]}")
    return Change(
        kind=kind,
        on=parse_day(str(values["on"])),
        code=_code(values["code"]),
        source=str(values["source"]),
        line=line,
        name=str(values.get("name", "")).strip(),
        to=_code(values["to"]) if "to" in values else "",
        to_name=str(values.get("to_name", "")).strip(),
        takes=tuple(_code(code) for code in _several(values.get("takes"))),
        other_names=tuple(_several(values.get("other_names"))),
        is_functional_zone=values.get("zone") in ("是", "true"),
    )


def _code(value: Any) -> str:
    code = padded(str(value))
    if code is None:
        raise UserError(f"区划代码“{value}”应为 2、4、6、9 或 12 位数字")
    return code


def _several(value: Any) -> list[str]:
    if isinstance(value, list):
        return [item.strip() for item in value]
    return [
        item.strip() for item in str(value or "").replace("，", "、").replace(",", "、").split("、") if item.strip()
    ]


def _yaml(content: bytes, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Every scalar stays the text that was written: codes are no numbers, and a day that does not exist is ours to refuse."""
    try:
        records = YAML().compose(content.decode())
    except UnicodeDecodeError:
        raise UserError("文件不是 UTF-8 编码", place=path.name) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UserError(f"YAML 写法有误（{error.problem}）", place=f"{path.name} 第 {line} 行") from None
    if not isinstance(records, SequenceNode):
        raise UserError("应为一列变更，每条以“- ”开头", place=path.name)
    for node in records.value:
        line = node.start_mark.line + 1
        if not isinstance(node, MappingNode):
            raise UserError("每条变更应为“项目: 值”", place=f"{path.name} 第 {line} 行")
        record: dict[str, Any] = {}
        for key, value in node.value:
            if key.value in record:
                raise UserError(f"{key.value} 写了两次", place=f"{path.name} 第 {key.start_mark.line + 1} 行")
            record[key.value] = [item.value for item in value.value] if isinstance(value, SequenceNode) else value.value
        yield line, record


def _csv(content: bytes, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UserError("文件编码无法识别", place=path.name, next_step="请存为 UTF-8。")
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="多余的列")
    if not reader.fieldnames:
        raise UserError("文件是空的", place=path.name)
    for record in reader:
        if any(value not in (None, "") for value in record.values()):
            yield reader.line_num, record
