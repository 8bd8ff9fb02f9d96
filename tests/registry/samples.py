"""Sheets of the national system in small: rows as dictionaries under their headings, written as people send them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from shouwang.foundation.identity import check_character
from shouwang.foundation.periods import Month
from shouwang.registry import actions
from shouwang.registry.actions import Outcome
from shouwang.registry.models import Household, Person
from tests.factories import NOW

JUNE, MAY, DECEMBER = Month(2022, 6), Month(2022, 5), Month(2021, 12)
DONGGUAN, XIGUAN = "130630100200", "130630100201"
Row = dict[str, str]

PERSON_HEADINGS = [
    "省", "市", "县", "乡", "村", "户编号", "人口编号", "姓名", "性别", "出生日期", "证件类型", "证件号码", "民族", "户联系电话", "成员联系电话",
    "年度", "与户主关系", "文化程度", "在校生状况", "劳动技能", "务工时间（月）", "健康状况", "政治面貌", "务工企业名称", "是否享受低保",
    "是否参加城镇职工基本养老保险", "是否参加大病保险", "是否参加新型农村合作医疗（城乡居民基本医疗保险）", "是否参加城乡居民基本养老保险", "失学或辍学原因",
    "是否会讲普通话", "是否参加商业补充医疗保险", "是否国外务工", "产业分类", "是否接受大病医疗救助", "是否接受其他健康扶贫", "公益性岗位类型",
    "公益性岗位(月数)", "就业渠道", "残疾类别", "务工所在地", "户主姓名", "户主证件号码", "是否参加城镇职工基本医疗保险", "是否特困供养人员",
    "残疾证办证年度", "识别标准",
]  # fmt: skip
PLACE = {"省": "河北省", "市": "保定市", "县": "涞源县", "乡": "涞源镇", "村": "东关村"}


def number(birth: str, serial: int = 1, area: str = "130630") -> str:
    first_17 = f"{area}{birth}{serial:03d}"
    return first_17 + check_character(first_17)


ZHANG = number("19650203", 1)  # 男
WANG = number("19670808", 2)  # 女


def person(household: int, member: int, **cells: str) -> Row:
    """A man of 东关村, head of his household unless told otherwise."""
    row = {
        **PLACE,
        "户编号": f"53063000{household:05d}",
        "人口编号": f"53063000{household:05d}{member:02d}",
        "姓名": f"张{'一二三四五六七八九'[member - 1]}",
        "性别": "男",
        "出生日期": "1965-02-03",
        "证件类型": "居民身份证",
        "证件号码": number("19650203", household * 18 % 400 * 2 + member * 2 - 1),
        "民族": "汉族",
        "户联系电话": "15412345678",
        "成员联系电话": "15487654321",
        "年度": "2022",
        "与户主关系": "户主" if member == 1 else "之子",
        "文化程度": "初中",
        "劳动技能": "普通劳动力",
        "健康状况": "健康",
        "是否参加新型农村合作医疗（城乡居民基本医疗保险）": "是",
        "是否参加城镇职工基本医疗保险": "否",
        "户主姓名": "张一",
    }
    return {**row, **cells}


def household(number_: int, **cells: str) -> Row:
    row = {
        **PLACE,
        "户编号": f"53063000{number_:05d}",
        "户主姓名": "张一",
        "户主证件号码": ZHANG,
        "家庭人口数": "2",
        "年度": "2021",
        "银行卡号": "6222020000000000123",
        "工资性收入": "12000.00",
        "生产经营性收入": "3000.50",
        "财产性收入": "0.00",
        "转移性收入": "1000.00",
        "生产经营性支出": "500.00",
        "人均纯收入": "7750.25",
        "户类型": "脱贫户",
        "与村主干路距离": "0.6",
    }
    return {**row, **cells}


def monitored(number_: int, **cells: str) -> Row:
    row = {
        **PLACE,
        "户编号": f"53063000{number_:05d}",
        "户主姓名": "张一",
        "监测对象类别": "边缘易致贫户",
        "致贫/返贫风险1": "因病",
        "致贫/返贫风险2": "",
        "识别监测时间": "202203",
        "合规自付支出": "9000.00",
        "风险是否已消除": "否",
        "消除监测时间": "",
        "监测联系人": "孙某",
        "监测联系人电话": "15400000001",
    }
    return {**row, **cells}


def outwork(household_: int, member: int, **cells: str) -> Row:
    row = {
        "人编号": f"53063000{household_:05d}{member:02d}",
        "是否已务工": "是",
        "务工所在地": "北京市",
        "开始时间": "202203",
    }
    return {**row, **cells}


def table(rows: list[Row], headings: list[str] | None = None) -> list[list[str]]:
    names = headings or list(dict.fromkeys(heading for row in rows for heading in row))
    return [names, *([row.get(heading, "") for heading in names] for row in rows)]


def write(path: Path, rows: list[Row], *, headings: list[str] | None = None, encoding: str = "utf-8") -> Path:
    stream = io.StringIO()
    csv.writer(stream).writerows(table(rows, headings))
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def import_rows(folder: Path, rows: list[Row], *, period: Month = JUNE, name: str = "", **options: Any) -> Outcome:
    """Writes the rows to a file of their own and imports it."""
    path = folder / (name or f"{len(list(folder.glob('*.csv')))}.csv")
    options.setdefault("by", None)
    return actions.import_file(path=write(path, rows), period=period, now=NOW, **options)


def taken(outcome: Outcome) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: count for name, count in outcome.counts.items() if count}


def the_person(number_: str) -> Person:
    return Person.objects.get(person_no=number_)


def the_household(number_: str) -> Household:
    return Household.objects.get(household_no=number_)
