"""Whatever is wrong with a policy file is refused when loading, with file, line and next step, all defects at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang.policy import loading

from .files import DOCUMENT, DOCUMENT_PATH, PARAMETER, defects_of, program, write

HEAD = "label: 收入线\nunit: yuan\ncombine: nearest\nvalues:\n"
VALUE = '  - {region: "13", from: 2022-01-01, value: 7300, cite: city-2022-1#1.1}\n'


def parameter(text: str) -> dict[str, str]:
    return {"parameters/household/line.yaml": text}


def document(text: str) -> dict[str, str]:
    return {"documents/county-2022-9.yaml": text}


def value(text: str) -> dict[str, str]:
    return parameter(HEAD + f"  - {{{text}}}\n")


LINE, COUNTY = "policies/parameters/household/line.yaml", "policies/documents/county-2022-9.yaml"
GOOD = 'region: "13", from: 2022-01-01, value: 7300, cite: city-2022-1#1.1'

# what is wrong → (files beside the good ones, file, line, words of the message)
REFUSED: dict[str, tuple[dict[str, str], str, int, str]] = {
    # keys
    "参数有不认识的键": (parameter(HEAD.replace("unit", "units") + VALUE), LINE, 2, "不认识的键“units”"),
    "参数缺少必需的键": (parameter("unit: yuan\ncombine: nearest\nvalues:\n" + VALUE), LINE, 1, "缺少“label”"),
    "参数没有写合并方式": (parameter("label: 线\nunit: yuan\nvalues:\n" + VALUE), LINE, 1, "缺少“combine”"),
    "值有不认识的键": (value(GOOD + ", untill: 2023-01-01"), LINE, 5, "不认识的键“untill”"),
    "值缺少地区": (value("from: 2022-01-01, value: 1, cite: city-2022-1#1.1"), LINE, 5, "缺少“region”"),
    "值缺少起始日": (value('region: "13", value: 1, cite: city-2022-1#1.1'), LINE, 5, "缺少“from”"),
    "值缺少值": (value('region: "13", from: 2022-01-01, cite: city-2022-1#1.1'), LINE, 5, "缺少“value”"),
    "值没有引用": (value('region: "13", from: 2022-01-01, value: 1'), LINE, 5, "缺少“cite”"),
    "文件有不认识的键": (document(DOCUMENT.replace("D-1", "D-2") + "note: 无\n"), COUNTY, 10, "不认识的键“note”"),
    "文件缺少标题": (document('issuer: 某\nregion: "13"\neffective_from: 2022-01-01\n'), COUNTY, 1, "缺少“title”"),
    "文件没有任何日期": (document('title: 某\nissuer: 某\nregion: "13"\n'), COUNTY, 1, "没有 effective_from"),
    "条款有不认识的键": (
        document('title: 某\nissuer: 某\nregion: "13"\nissued_on: 2022-01-01\nclauses:\n  - {id: "1", text: 某}\n'),
        COUNTY,
        6,
        "不认识的键“text”",
    ),
    "条款缺少摘要": (
        document('title: 某\nissuer: 某\nregion: "13"\nissued_on: 2022-01-01\nclauses:\n  - {id: "1", place: 一}\n'),
        COUNTY,
        6,
        "缺少“summary”",
    ),
    # kinds
    "值应是列表": (parameter(HEAD.rstrip() + " 7300\n"), LINE, 4, "“values”应是列表"),
    "值应是一组键值": (parameter(HEAD + "  - 7300\n"), LINE, 5, "应是一组键值，现为文字"),
    "标题是列表": (parameter("label: [线]\nunit: yuan\ncombine: nearest\nvalues:\n" + VALUE), LINE, 1, "“label”应是文字"),
    "文件应是一组键值": (document("- 某\n"), COUNTY, 1, "应是一组键值，现为列表"),
    # words of closed lists
    "没有这个单位": (parameter(HEAD.replace("yuan", "yuam") + VALUE), LINE, 2, "没有单位“yuam”"),
    "没有这种合并方式": (parameter(HEAD.replace("nearest", "neares") + VALUE), LINE, 3, "“combine”不能是“neares”"),
    "没有这个比较符": (value(GOOD + ', comparator: "=<"'), LINE, 5, "“comparator”不能是“=<”"),
    "没有这种职责类别": (
        document(
            'title: 某\nissuer: 某\nregion: "13"\nissued_on: 2022-01-01\n'
            'clauses:\n  - {id: "1", kind: TASKS, summary: 某}\n'
        ),
        COUNTY,
        6,
        "“kind”不能是“TASKS”",
    ),
    "取最严却没写大小": (parameter(HEAD.replace("nearest", "strictest") + VALUE), LINE, 1, "缺少“strictest_is”"),
    "就近却写了严的方向": (
        parameter(HEAD.replace("values", "strictest_is: min\nvalues") + VALUE),
        LINE,
        4,
        "才用 strictest_is",
    ),
    "分不出严宽的单位取最严": (
        parameter(
            "label: 是否\nunit: flag\ncombine: strictest\nstrictest_is: min\nvalues:\n"
            '  - {region: "13", from: 2022-01-01, value: true, cite: city-2022-1#1.1}\n'
        ),
        LINE,
        3,
        "分不出严宽",
    ),
    # regions, dates, periods
    "没有这个地区": (value(GOOD.replace('"13"', '"139999"')), LINE, 5, "139999"),
    "地区不是代码": (value(GOOD.replace('"13"', "河北")), LINE, 5, "没有区划代码“河北”"),
    "文件的地区不存在": (document(DOCUMENT.replace("1311", "1399").replace("D-1", "D-2")), COUNTY, 4, "1399"),
    "日期不存在": (value(GOOD.replace("2022-01-01", "2022-02-30")), LINE, 5, "不是日期：“2022-02-30”"),
    "日期写法不对": (value(GOOD.replace("2022-01-01", "2022年1月1日")), LINE, 5, "不是日期"),
    "文件的日期不存在": (
        document(DOCUMENT.replace("issued_on: 2022-03-28", "issued_on: 2022-13-01").replace("D-1", "D-2")),
        COUNTY,
        5,
        "不是日期：“2022-13-01”",
    ),
    "止日不晚于起日": (value(GOOD + ", until: 2022-01-01"), LINE, 5, "不晚于 from"),
    "同一地区同日两个值": (parameter(HEAD + VALUE + VALUE), LINE, 6, "时段重叠"),
    "写了止日而后一个值在其间": (
        parameter(HEAD + f"  - {{{GOOD}, until: 2023-01-01}}\n" + VALUE.replace("2022-01-01", "2022-07-01")),
        LINE,
        6,
        "时段重叠",
    ),
    "同一地区长短代码重叠": (parameter(HEAD + VALUE + VALUE.replace('"13"', '"130000000000"')), LINE, 6, "时段重叠"),
    # citations
    "引用的文件不存在": (value(GOOD.replace("city-2022-1#", "city-2022-2#")), LINE, 5, "引用的文件“city-2022-2”不存在"),
    "引用的条款不存在": (value(GOOD.replace("#1.1", "#1.2")), LINE, 5, "引用的条款“1.2”在文件 city-2022-1 中不存在"),
    "有条款的文件不能整份引用": (value(GOOD.replace("#1.1", "")), LINE, 5, "没有指明条款"),
    "引用写法不对": (value(GOOD.replace("city-2022-1#1.1", '"city 2022 #1"')), LINE, 5, "写法不对"),
    "没有值也没有原因": (parameter("label: 线\nunit: yuan\ncombine: nearest\ncites: [city-2022-1#1]\n"), LINE, 1, "说明原因"),
    "没有值也没有条款": (parameter("label: 线\nunit: yuan\ncombine: nearest\nopen: 没有写\n"), LINE, 1, "指明条款"),
    "没有值而条款不存在": (
        parameter("label: 线\nunit: yuan\ncombine: nearest\nopen: 没有写\ncites: [city-2022-1#9]\n"),
        LINE,
        5,
        "引用的条款“9”",
    ),
    # YAML itself
    "键重复": (parameter("label: 线\nlabel: 线\nunit: yuan\ncombine: nearest\nvalues:\n" + VALUE), LINE, 2, "键“label”重复"),
    "值中键重复": (value(GOOD + ', region: "13"'), LINE, 5, "键“region”重复"),
    "不是正确的YAML": (parameter("label: 线\nunit: [yuan\n"), LINE, 3, "不是正确的 YAML"),
    "文件是空的": (parameter("# 待写\n"), LINE, 1, "空的"),
    "条款编号重复": (
        document(
            'title: 某\nissuer: 某\nregion: "13"\nissued_on: 2022-01-01\n'
            'clauses:\n  - {id: "1", summary: 某}\n  - {id: "1", summary: 某}\n'
        ),
        COUNTY,
        7,
        "条款编号“1”重复，第 6 行",
    ),
    "文件编号重复": ({"documents/old/city-2022-1.yaml": DOCUMENT}, "policies/documents/old/city-2022-1.yaml", 1, "文件编号“city-2022-1”重复"),
    "参数重名": (
        {"parameters/household.limit.yaml": PARAMETER},
        "policies/parameters/household.limit.yaml",
        1,
        "参数 household.limit 重复",
    ),
    "参数名不合规则": ({"parameters/线.yaml": HEAD + VALUE}, "policies/parameters/线.yaml", 1, "不合规则"),
    "后缀不对": ({"parameters/household/line.yml": HEAD + VALUE}, "policies/parameters/household/line.yml", 1, "不认识的文件"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_defect_is_refused_with_file_line_and_next_step(what: str, tmp_path: Path) -> None:
    files, file, line, words = REFUSED[what]
    folder = write(program(tmp_path / "program"), files)

    found = [defect for defect in defects_of(program=folder) if words in defect.message]

    assert [(defect.file, defect.line) for defect in found] == [(file, line)]
    assert found[0].next_step.endswith(("。", "?"))


# unit and further head → value that does not fit, words that say what would
MISFITS = [
    ("unit: yuan", '"7,300"', "7300"),
    ("unit: yuan", "-1", "7300"),
    ("unit: yuan", "1.234", "7300"),
    ("unit: yuan", "[7300]", "现为列表"),
    ("unit: share", "55", "55%"),
    ("unit: share", "1.2", "55%"),
    ("unit: count", "3.5", "5000"),
    ("unit: age", "六", "6"),
    ("unit: day", "15 days later", "15 day"),
    ("unit: day", "一个月", "1 month"),
    ("unit: frequency", "每月", "1 per month"),
    ("unit: frequency", "0 per month", "1 per month"),
    ("unit: date", "2022-06-31", "2022-06-30"),
    ("unit: date", "20220630", "2022-06-30"),
    ("unit: month_day", "13-01", "09-01"),
    ("unit: window", "2022-06-30..2022-06-01", ".."),
    ("unit: window", "..", ".."),
    ("unit: weekday", "周二", "tuesday"),
    ("unit: flag", "yes", "true"),
    ("unit: choice\nchoices: {and: 同时, or: 其一}", "both", "and（同时）"),
    ("unit: list\nchoices: {C: 丙, D: 丁}", "[C, E]", "D（丁）"),
    ("unit: list\nchoices: {C: 丙, D: 丁}", "[C, C]", "重复"),
    ("unit: list\nchoices: {C: 丙, D: 丁}", "C", "列表"),
    ("unit: list\nof: count", "[]", "空列表"),
    ("unit: list\nof: count", "[1, 二]", "个数"),
    ("unit: names", "[{name: 食道癌, alias: [食管癌]}]", "aliases"),
    ("unit: structure\nfields: {on: {label: 截至, unit: date}}", "{of: 2022-06-30}", "of"),
    ("unit: structure\nfields: {on: {label: 截至, unit: date}}", "{}", "on"),
    ("unit: structure\nfields: {on: {label: 截至, unit: date}}", "2022-06-30", "{键: 值}"),
    ("unit: list\nof: region", "['139999']", "139999"),
]


@pytest.mark.parametrize(("head", "written", "words"), MISFITS)
def test_a_value_that_does_not_fit_its_unit_is_refused_and_told_what_would(
    head: str, written: str, words: str, tmp_path: Path
) -> None:
    text = f"label: 某\n{head}\ncombine: nearest\nvalues:\n"
    text += f'  - {{region: "13", from: 2022-01-01, value: {written}, cite: city-2022-1#1.1}}\n'
    folder = write(program(tmp_path / "program"), parameter(text))

    (defect,) = defects_of(program=folder)

    assert defect.file == LINE
    assert defect.line == text.count("\n")
    assert words in str(defect)


SHAPES = {
    "unit: structure": "缺少“fields”",
    "unit: choice": "缺少“choices”",
    "unit: list": "缺少“choices”或“of”",
    "unit: yuan\nchoices: {a: 甲}": "不用“choices”",
    "unit: structure\nfields: {a: {label: 甲, unit: structure, fields: {}}}": "不认识的键“fields”",
    "unit: structure\nfields: {a: {label: 甲, unit: structure}}": "不能再是组合",
    "unit: choice\nchoices: {a: [甲]}": "缺少中文名",
}


@pytest.mark.parametrize("head", SHAPES)
def test_a_unit_that_is_not_fully_described_is_refused(head: str, tmp_path: Path) -> None:
    text = f"label: 某\n{head}\ncombine: nearest\nopen: 没有写\ncites: [city-2022-1#1]\n"
    folder = write(program(tmp_path / "program"), parameter(text))

    assert any(SHAPES[head] in defect.message for defect in defects_of(program=folder))


def test_all_defects_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = program(
        tmp_path / "program",
        document=DOCUMENT.replace("issuer", "isuer"),
        parameter=PARAMETER.replace("1 month", "一个月").replace("2022-03-28", "2022-03-99"),
    )
    write(folder, parameter(HEAD + VALUE.replace("13", "99").replace("7300", "七千")))

    found = [(defect.file.rpartition("/")[2], defect.line, defect.message) for defect in defects_of(program=folder)]

    assert found == [
        ("city-2022-1.yaml", 1, "文件缺少“issuer”"),
        ("city-2022-1.yaml", 3, "文件中有不认识的键“isuer”"),
        ("limit.yaml", 7, "“from”不是日期：“2022-03-99”"),
        ("limit.yaml", 7, "值“一个月”不是期限（day）"),
        ("line.yaml", 5, "值“七千”不是元（yuan）"),
        ("line.yaml", 5, "没有区划代码“99”"),
    ]


def test_everything_wrong_with_one_value_is_told_at_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
  - region: "139999"
    from: 2022-02-30
    value: 七千
    cite: city-2022-1#9
    comparator: "=<"
"""
    )
    folder = write(program(tmp_path / "program"), parameter(text))

    assert [(defect.line, defect.message[:7]) for defect in defects_of(program=folder)] == [
        (5, "没有区划代码“"),
        (6, "“from”不"),
        (7, "值“七千”不是"),
        (8, "引用的条款“9"),
        (9, "“comparat"[:7]),
    ]


def test_a_document_that_cannot_be_read_is_one_defect_and_not_one_for_each_citation_of_it(tmp_path: Path) -> None:
    folder = program(tmp_path / "program", document=DOCUMENT + "clauses: [\n")

    (defect,) = defects_of(program=folder)

    assert defect.message == "不是正确的 YAML"


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    folder = write(program(tmp_path / "program"), {"parameters/household/line.yaml": (HEAD + VALUE).encode("gb18030")})

    (defect,) = defects_of(program=folder)

    assert (defect.file, "UTF-8" in defect.message) == (LINE, True)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    content = (HEAD + VALUE).replace("\n", "\r\n").encode("utf-8-sig")
    folder = write(program(tmp_path / "program"), {"parameters/household/line.yaml": content})

    assert len(loading.read(program=folder).parameters["household.line"].values) == 1


def test_a_file_in_the_workspace_that_nothing_would_read_is_refused(tmp_path: Path) -> None:
    folder = program(tmp_path / "program")
    own = write(tmp_path / "own", {"parameter/household/line.yaml": HEAD + VALUE, "说明.md": "给接手的人"})

    (defect,) = defects_of(program=folder, own=own)

    assert defect.file == str(own / "parameter/household/line.yaml")


def test_the_good_files_of_these_tests_are_good(tmp_path: Path) -> None:
    policies = loading.read(program=program(tmp_path / "program"))

    assert list(policies.documents) == ["city-2022-1"]
    assert list(policies.parameters) == ["household.limit"]
    assert (tmp_path / "program" / DOCUMENT_PATH).exists()
