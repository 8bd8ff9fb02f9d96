"""Reads a parameter file: its head, its values, and what an own file may repeat of a parameter of the program."""

from __future__ import annotations

import re

from . import units
from .defects import Defects, nearest
from .fields import Fields
from .parameters import COMBINE_LABELS, COMPARATORS, NEAREST, STRICTEST, Parameter, Value
from .shapes import MisfitError, Shape
from .yaml_file import Node

PARAMETER_KEYS = (
    "label",
    "unit",
    "of",
    "choices",
    "fields",
    "reserved",
    "combine",
    "strictest_is",
    "comparator",
    "description",
    "open",
    "cites",
    "register",
    "values",
)
_VALUE_KEYS = ("region", "from", "until", "value", "comparator", "cite", "note")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


def read_head(node: Node, *, name: str, file: str, is_own: bool, defects: Defects) -> Parameter | None:
    """The parameter without its values, or None when its kind cannot be told."""
    fields = Fields(node, file=file, what="参数", allowed=PARAMETER_KEYS, defects=defects)
    if not _NAME.fullmatch(name):
        fields.defect(
            1, f"参数名“{name}”不合规则", "请放在主题文件夹内，文件夹和文件名只用小写英文字母、数字、下划线和点。"
        )
    label = fields.text("label", required=True)
    shape = _shape(fields, defects)
    combine = fields.code("combine", tuple(COMBINE_LABELS), required=True)
    strictest_is = fields.code("strictest_is", ("min", "max"), required=combine == STRICTEST)
    if strictest_is and combine and combine != STRICTEST:
        fields.defect(fields.line_of("strictest_is"), "只有 combine: strictest 才用 strictest_is", "请删去该键。")
    if combine == STRICTEST and shape and not shape.has_order:
        next_step = "请改用 nearest 或 latest。"
        fields.defect(fields.line_of("combine"), f"单位 {shape.unit} 分不出严宽，不能取最严", next_step)
    explanation, cites = fields.text("open"), fields.citations("cites")
    if not fields.has("values"):
        if not explanation:
            next_step = "请在 open 中写明哪份文件没有给出、此前如何处理，或补上 values。"
            fields.defect(fields.line, "没有值的参数要说明原因", next_step)
        if not cites:
            fields.defect(fields.line, "没有值的参数要指明条款", "请在 cites 中写出提到它的条款。")
    if shape is None:
        return None
    return Parameter(
        name=name,
        label=label,
        shape=shape,
        combine=combine or NEAREST,
        strictest_is=strictest_is,
        comparator=fields.code("comparator", tuple(COMPARATORS)),
        description=fields.text("description"),
        open=explanation,
        cites=cites,
        register=fields.texts("register"),
        values=(),
        is_own=is_own,
        file=file,
        line=fields.line,
    )


def read_values(node: Node | None, *, of: Parameter, file: str, is_own: bool, defects: Defects) -> list[Value]:
    """The values under ``values:``; those with defects are left out."""
    if node is None:
        return []
    if not isinstance(node.content, list):
        defects.add(file, node.line, f"“values”应是列表，现为{node.kind}", "请每个值一行，以“- ”开头。")
        return []
    found = (
        _value(entry, position, of=of, file=file, is_own=is_own, defects=defects)
        for position, entry in enumerate(node.content, start=1)
    )
    return [value for value in found if value is not None]


def agree(fields: Fields, parameter: Parameter) -> None:
    """What an own file repeats of a parameter's head must mean the same; the label is the program's and may differ in wording."""
    unit = units.BY_LABEL.get(fields.text("unit"), fields.text("unit"))
    for key, given, known in (
        ("unit", unit, parameter.shape.unit),
        ("combine", fields.text("combine"), parameter.combine),
        ("strictest_is", fields.text("strictest_is"), parameter.strictest_is),
        ("comparator", fields.text("comparator"), parameter.comparator),
    ):
        if given and given != known:
            fields.defect(
                fields.line_of(key),
                f"“{key}: {given}”与程序自带的参数 {parameter.name} 不一致，那里是“{known or '无'}”",
                "自有的值只能加入，不能改变参数的含义；请删去这一行，只写 values。",
            )


def _value(entry: Node, position: int, *, of: Parameter, file: str, is_own: bool, defects: Defects) -> Value | None:
    fields = Fields(entry, file=file, what=f"第 {position} 个值", allowed=_VALUE_KEYS, defects=defects)
    region, region_code = fields.text("region"), fields.region("region", required=True)
    from_on = fields.day("from", required=True)
    until_on, cites = fields.day("until"), fields.citations("cite")
    if not fields.has("cite"):
        fields.defect(fields.line, f"第 {position} 个值缺少“cite”", "每个值都要引用一份文件的条款。")
    if from_on and until_on and until_on <= from_on:
        next_step = "until 当日不再有效，必须晚于 from。"
        fields.defect(fields.line_of("until"), f"until {until_on} 不晚于 from {from_on}", next_step)
    comparator = fields.code("comparator", tuple(COMPARATORS)) or of.comparator
    node = fields.node("value", required=True)
    try:
        value = of.shape.read(node) if node else None
    except MisfitError as misfit:
        fields.defect(misfit.line, misfit.message, misfit.next_step)
        return None
    if value is not None and "region" in (of.shape.unit, of.shape.of):
        for named in value if isinstance(value, tuple) else (value,):
            fields.known_region(named, fields.line_of("value"))
    if value is None or from_on is None or not region_code:
        return None
    return Value(
        region=region,
        region_code=region_code,
        from_on=from_on,
        until_on=until_on,
        ends_on=until_on,
        value=value,
        comparator=comparator,
        cites=cites,
        note=fields.text("note"),
        is_own=is_own,
        file=file,
        line=fields.line,
    )


def _shape(fields: Fields, defects: Defects) -> Shape | None:
    """The kind of value from unit, of, choices and fields."""
    unit = _unit(fields)
    if not unit:
        return None
    parts: dict[str, Shape] = {}
    for name, node in fields.pairs("fields").items():
        inner = Fields(
            node, file=fields.file, what=f"分项“{name}”", allowed=("label", "unit", "of", "choices"), defects=defects
        )
        shape = _shape(inner, defects)
        if shape is not None and shape.unit in (units.STRUCTURE, units.RECORDS):
            inner.defect(inner.line, f"分项“{name}”不能再是组合", "请把它拆成单独的参数。")
        elif shape is not None:
            parts[name] = shape
    of = fields.code("of", tuple(units.UNITS))
    choices = _choices(fields)
    for key, wanted in (
        ("fields", unit in (units.STRUCTURE, units.RECORDS)),
        ("choices", unit in (units.CHOICE, units.RECORDS) or (unit == units.LIST and not of)),
        ("reserved", unit == units.RECORDS),
        ("of", unit == units.LIST and not choices),
    ):
        if fields.has(key) and not wanted:
            fields.defect(fields.line_of(key), f"单位 {unit} 不用“{key}”", "请删去该键，或改正 unit。")
    if unit in (units.STRUCTURE, units.RECORDS) and not fields.has("fields"):
        fields.defect(fields.line, f"{fields.what}的单位是 {unit}，缺少“fields”", "请写出各分项的 label 和 unit。")
    elif unit == units.RECORDS and [shape.unit for shape in parts.values()][:2] != ["code", "text"]:
        message = f"{fields.what}的单位是 records，“fields”须先写编码、再写名称"
        fields.defect(fields.line_of("fields"), message, "请让第一个分项的 unit 是 code，第二个是 text。")
        return None
    if unit == units.CHOICE and not fields.has("choices"):
        fields.defect(fields.line, f"{fields.what}的单位是 choice，缺少“choices”", "请写出可选的编码和中文名。")
    if unit == units.LIST and not (fields.has("choices") or fields.has("of")):
        fields.defect(fields.line, f"{fields.what}的单位是 list，缺少“choices”或“of”", "请写明列表里放什么。")
    reserved = fields.texts("reserved")
    return Shape(unit=unit, label=fields.text("label"), choices=choices, of=of, fields=parts, reserved=reserved)


def _unit(fields: Fields) -> str:
    written = fields.text("unit", required=True)
    unit = units.BY_LABEL.get(written, written)
    if written and unit not in units.LABELS:
        hint = nearest(written, units.LABELS) or f"可用的单位：{'、'.join(units.LABELS)}。"
        fields.defect(fields.line_of("unit"), f"没有单位“{written}”", hint)
        return ""
    return unit


def _choices(fields: Fields) -> dict[str, str]:
    found = {}
    for code, node in fields.pairs("choices").items():
        if isinstance(node.content, str):
            found[code] = node.content
        else:
            fields.defect(node.line, f"选项“{code}”缺少中文名", "请写成“编码: 中文名”。")
    return found
