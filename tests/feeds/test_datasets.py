"""The datasets as they really come: the filled template, and the same rows as messy as offices send them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from shouwang.feeds import actions, templates
from shouwang.feeds.datasets import DATASETS, dataset
from shouwang.feeds.datasets.common import SPECIMEN_NUMBER
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.intake.contract import Kind
from tests import factories
from tests.factories import LAIYUAN, NOW

VILLAGE = "130630100201"
HOUSEHOLD_NO = "1306300000012345"

# The lake columns that the filled template of each dataset must give.
FROM_TEMPLATE = {
    "medical_settlement": (
        dt.date(2022, 6, 3), 123450, "住院", "脑卒中", 123450, 123450, 123450, 123450, 123450, "JS202206030001",
    ),
    "major_disease": ("肺癌", dt.date(2022, 5, 18)),
    "medical_insurance": (2022, "参保", "城乡居民"),
    "disability": ("肢体", 2, dt.date(2022, 6, 10), None),
    "social_assistance": ("农村低保", "2022-01", None, 38500),
    "enrolment": ("涞源县第一小学", "三年级", "在读", None),
    "schooling_cost": (dt.date(2022, 3, 1), 360000, "涞源县职业技术教育中心"),
    "employment": ("就业", dt.date(2022, 2, 15), "河北省保定市", "某建筑公司", None),
    "housing_safety": ("C", dt.date(2022, 5, 20), "未改造", False),
    "water_outage": (VILLAGE, dt.date(2022, 6, 5), "水泵损坏", None, True),
    "disaster_loss": ("洪涝", dt.date(2022, 6, 12), 1200000),
    "accident": ("交通事故", dt.date(2022, 6, 8), 800000),
    "population_change": ("死亡", dt.date(2022, 6, 18), HOUSEHOLD_NO),
    "asset_hint": ("小汽车", dt.date(2021, 11, 2), 6500000),
    "benefit_payment": ("养老保险金", "2022-06", 12800),
    "monthly_income": (HOUSEHOLD_NO, "2022-06", 120000, 120000, 120000, 120000, 120000),
    "produce_price": ("玉米", "种植", dt.date(2022, 6, 27), 268, "公斤", "涞源县农贸市场", None),
}  # fmt: skip

# Headings and cells as offices write them; 证 stands for an identity number however it is wrapped, and the wrong rows follow.
MESSY = {
    "medical_settlement": (
        "患者身份证号|患者姓名|就诊时间|个人自付金额（万元）|医疗类别|主要诊断|总费用(元)|结算单号",
        ["证|张 三|2022年6月3日|0.12|普通住院|脑卒中|￥2,000.00|'JS０１", "证|张三|44715|０．００５|门慢||—|JS02"],
        ["证|张三|2022-02-30|1|住院||1|JS03", "证|张三|20220603|约一千|住院||1|JS04", "1.10105E+17|张三|20220603|1|住院||1|JS05"],
        [(dt.date(2022, 6, 3), 120000, "住院", "脑卒中", 200000, None, None, None, None, "JS01"),
         (dt.date(2022, 6, 3), 5000, "门诊慢特病", None, None, None, None, None, None, "JS02")],
    ),
    "major_disease": (
        "身份证|姓名|大病病种|诊断时间|家庭医生",
        ["证|张三|肺癌|2022.5.18|李四", "证|张三|白内障|20220519|"],
        ["证|张三||2022.5.18|", "证|张三|胃癌|2022/07/01|"],
        [("肺癌", dt.date(2022, 5, 18)), ("白内障", dt.date(2022, 5, 19))],
    ),
    "medical_insurance": (
        "公民身份号码|参保人姓名|年度|是否参保|险种类型",
        ["证|张三|2022年|是|新农合", "证|张三|２０２１|正常参保|职工"],
        ["证|张三|22|是|居民", "证|张三|2022|不知道|居民"],
        [(2022, "参保", "城乡居民"), (2021, "参保", "城镇职工")],
    ),
    "disability": (
        "残疾人证号|姓名|残疾类型|残疾级别|办证时间|注销时间",
        ["残|张三|肢体残疾|二级|2022/6/10|", "残B1|张三|4|Ⅰ级|2020-01-05|2022年6月10日"],
        ["残|张三|肢体|五级|2022/6/10|", "残|张三|心理|二级|2022/6/10|"],
        [("肢体", 2, dt.date(2022, 6, 10), None), ("肢体", 1, dt.date(2020, 1, 5), dt.date(2022, 6, 10))],
    ),
    "social_assistance": (
        "身份证号码|保障对象姓名|保障类型|开始年月|停发月份|月保障金额(元)",
        ["证|张三|低保|202201||385元", "证|张三|五保|2021年3月|2021-12|1,000.50"],
        ["证|张三|低保|2022年13月||385", "证|张三|彩票|202201||385"],
        [("农村低保", "2022-01", None, 38500), ("特困供养", "2021-03", "2021-12", 100050)],
    ),
    "enrolment": (
        "学生身份证件号|学生姓名|学校名称|就读年级|就学状态|失学或辍学原因",
        ["证|张三|县一小|三年级|送教|", "孩|张小三|无|无|失学辍学|因身体原因"],
        ["证|张三|县一小|三年级||", "证|张三|县一小|三年级|在读|不想去"],
        [("县一小", "三年级", "送教上门", None), ("无", "无", "辍学", "身体原因")],
    ),
    "schooling_cost": (
        "学生身份证号|姓名|缴费时间|缴费金额|收费单位",
        ["证|张三|2022-3-1|3,600.00元|县职教中心", "证|张三|2022/3/2|¥80|"],
        ["证|张三|2022-3-1||县职教中心", "证|张三|3月1日|80|"],
        [(dt.date(2022, 3, 1), 360000, "县职教中心"), (dt.date(2022, 3, 2), 8000, None)],
    ),
    "employment": (
        "务工人员身份证号|务工人员姓名|就业情况|务工开始时间|务工所在地|工作单位|离职日期",
        ["证|张三|外出务工|2022.2.15|河北省保定市|某建筑公司|20220610", "证|张三|登记失业|2022年6月11日||| "],
        ["证|张三|外出务工||保定||", "证|张三|当老板了|2022.2.15|保定||"],
        [("就业", dt.date(2022, 2, 15), "河北省保定市", "某建筑公司", dt.date(2022, 6, 10)),
         ("失业", dt.date(2022, 6, 11), None, None, None)],
    ),
    "housing_safety": (
        "户主身份证号|户主|危房等级|鉴定时间|改造情况|是否有安全住房",
        ["证|张三|Ｄ级|2022/5/20|否|是", "证|张三|C级危房|2021-04-01|已竣工|"],
        ["证|张三|E|2022/5/20||", "证|张三|D|2022/5/20|也许|"],
        [("D", dt.date(2022, 5, 20), "未改造", True), ("C", dt.date(2021, 4, 1), "已改造", None)],
    ),
    "water_outage": (
        "村代码|停水时间|停水原因|恢复供水时间|水质是否合格",
        ["130630100201|2022/6/5|水泵损坏|2022年6月9日|合格", '="130630100202"|20220601|管道冻裂||不合格'],
        ["130630999999|2022/6/5|水泵损坏||", "130630100201|昨天|水泵损坏||"],
        [(VILLAGE, dt.date(2022, 6, 5), "水泵损坏", dt.date(2022, 6, 9), True),
         ("130630100202", dt.date(2022, 6, 1), "管道冻裂", None, False)],
    ),
    "disaster_loss": (
        "户主身份证号码|户主姓名|灾害类型|受灾时间|直接经济损失（万元）",
        ["证|张三|暴雨|2022-06-12|1.2", "证|张三|冰雹|2022-06-13|"],
        ["证|张三|外星人|2022-06-12|1.2", "证|张三|暴雨|2022-06-12|很多"],
        [("洪涝", dt.date(2022, 6, 12), 1200000), ("风雹", dt.date(2022, 6, 13), None)],
    ),
    "accident": (
        "居民身份证号码|姓名|事故类别|事故日期|个人承担损失",
        ["证|张三|车祸|20220608|8000", "证|张三|工伤|2022.6.9|"],
        ["证|张三|车祸||8000", "证|张三||20220608|1"],
        [("交通事故", dt.date(2022, 6, 8), 800000), ("生产安全事故", dt.date(2022, 6, 9), None)],
    ),
    "population_change": (
        "身份证号|姓名|变更原因|死亡日期|户编码",
        ["证|张三|死亡注销|2022-06-18|'1306300000012345", "孩|张小三|入伍|2022-6-1|"],
        ["证|张三|飞升|2022-06-18|", "证|张三|死亡||"],
        [("死亡", dt.date(2022, 6, 18), HOUSEHOLD_NO), ("参军", dt.date(2022, 6, 1), None)],
    ),
    "asset_hint": (
        "证件号|姓名|财产类型|购置日期|估值（万元）",
        ["证|张三|小型轿车|2021/11/2|6.5", "证|张三|股东||"],
        ["证|张三|游艇|2021/11/2|6.5", "证|张三|商品房|2021-11-31|1"],
        [("小汽车", dt.date(2021, 11, 2), 6500000), ("公司企业", None, None)],
    ),
    "benefit_payment": (
        "身份证号|姓名|补贴名称|发放时间|实发金额（元）",
        ["证|张三|城乡居民基本养老保险|202206|128.00元", "证|张三|护林员补助|2022年6月|￥500"],
        ["证|张三|彩票|202206|128", "证|张三|养老金|6月|128", "证|张三|养老金|202206|"],
        [("养老保险金", "2022-06", 12800), ("公益岗位补助", "2022-06", 50000)],
    ),
    "monthly_income": (
        "农户编号|收入月份|工资收入|经营性收入|财产收入|转移收入|经营支出",
        ["1306300000012345|2022年6月|1,200|0|300.5||100", "'1306300000012345|202205|900|||-|"],
        ["1306300000012345|6月|1|1|1|1|1", "1306300000012345|2022-06|1|1|少|1|1", "1.30630E+15|2022-06|1|1|1|1|1"],
        [(HOUSEHOLD_NO, "2022-06", 120000, 0, 30050, None, 10000),
         (HOUSEHOLD_NO, "2022-05", 90000, None, None, None, None)],
    ),
    "produce_price": (
        "品名|类别|监测时间|产地价格（元/公斤）|单位|市场名称",
        ["核桃|干果|2022/6/20|￥9.80|元/公斤|城关集市", "鸡蛋||20220627|９．６|公斤|"],
        ["核桃|干果|2022/7/1|9.8|公斤|", "|粮食|2022/6/20|2.7|公斤|", "玉米|粮食|2022/6/20|很便宜|公斤|"],
        [("核桃", "林果", dt.date(2022, 6, 20), 980, "元/公斤", "城关集市", None),
         ("鸡蛋", None, dt.date(2022, 6, 27), 960, "公斤", None, None)],
    ),
}  # fmt: skip


@pytest.fixture
def specimen(county, request):
    """张三 with the specimen number and a 15-digit past, 张小三, and a household with a number of its own."""
    home = factories.make_household(head_name="张三", household_no=HOUSEHOLD_NO, region_code=VILLAGE)
    factories.make_person(household=home, name="张三", number=SPECIMEN_NUMBER)
    child = factories.identity_number(born_on=dt.date(2014, 5, 6))
    factories.make_person(household=home, name="张小三", number=child, relation="之子")
    county.numbers["张小三"] = child
    if request.node.callspec.params["code"] == "water_outage":
        request.getfixturevalue("divisions")
    factories.write_snapshot(period="2022-06")
    return county


def wrapped(cell: str, line: int, county) -> str:
    """The specimen number as spreadsheets leave it behind; each line another way."""
    old = SPECIMEN_NUMBER[:6] + SPECIMEN_NUMBER[8:17]
    ways = [
        f'="{SPECIMEN_NUMBER}"',
        old,
        f"'{SPECIMEN_NUMBER.lower()}",
        SPECIMEN_NUMBER[:6] + " " + SPECIMEN_NUMBER[6:],
    ]
    if cell == "孩":
        return county.numbers["张小三"].translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    if cell.startswith("残"):
        return SPECIMEN_NUMBER + "42" + cell[1:]
    return ways[line % len(ways)] if cell == "证" else cell


@pytest.mark.parametrize("code", DATASETS)
def test_a_filled_template_imports_as_it_is(code, specimen):
    path = specimen.folder / f"{code}.xlsx"
    templates.write(DATASETS[code], path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert len(book.worksheets) >= 2
    headings = [cell.value for cell in sheet[1]]
    assert len(headings) == len(DATASETS[code].columns)
    examples = {column.heading: column.example for column in DATASETS[code].columns}
    for place, column in enumerate(DATASETS[code].columns, start=1):
        example = VILLAGE if column.kind is Kind.VILLAGE else examples[column.heading]
        sheet.cell(row=2, column=place, value=example or None)
    book.save(path)
    outcome = actions.import_file(path=path, dataset=code, region_code=LAIYUAN, period=Month(2022, 6), by=None, now=NOW)
    assert (outcome.counts["rows"], outcome.counts["taken"]) == (1, 1), outcome.refusals
    assert specimen.facts(code, columns_of(code)) == [FROM_TEMPLATE[code]]


@pytest.mark.parametrize("code", DATASETS)
def test_a_messy_file_gives_exactly_these_rows_and_refusals(code, specimen):
    heading, good, bad, expected = MESSY[code]
    headings = heading.split("|")
    lines = [line.split("|") for line in (*good, *bad)]
    lines = [[wrapped(cell, number, specimen) for cell in line] for number, line in enumerate(lines)]
    title = ["涞源县2022年6月数据", *[""] * (len(headings) - 1)]
    total = ["合计", *[""] * (len(headings) - 2), str(len(lines))]
    rows = [title, ["单位：元（章）"], headings, *lines[: len(good)], [""] * len(headings), *lines[len(good) :], total]
    path = specimen.write(rows, name=f"{code}.csv", encoding="gb18030")
    outcome = actions.import_file(path=path, dataset=code, region_code=LAIYUAN, period=Month(2022, 6), by=None, now=NOW)
    assert [refusal.row_number for refusal in outcome.refusals] == [7 + place for place in range(len(bad))]
    assert {key: outcome.counts[key] for key in ("rows", "taken", "refused")} == {
        "rows": len(lines),
        "taken": len(good),
        "refused": len(bad),
    }
    assert specimen.facts(code, columns_of(code)) == expected
    sheet = openpyxl.load_workbook(outcome.refused_path).worksheets[0]
    returned = list(sheet.iter_rows(values_only=True))
    assert list(returned[0][-4:]) == ["行号", "列", "原因", "建议"]
    assert [row[-4] for row in returned[1:]] == [str(7 + place) for place in range(len(bad))]
    assert all(row[-3] and row[-2] for row in returned[1:])


def columns_of(code: str) -> str:
    return ", ".join(column.name for column in DATASETS[code].lake_columns)


@pytest.mark.parametrize("code", DATASETS)
def test_every_column_says_what_it_is_and_no_spelling_means_two_things(code):
    one = DATASETS[code]
    assert one.department and one.description and one.supersession and one.cites
    meanings: dict[str, str] = {}
    for column in one.for_reading().columns:
        assert column.description
        for spelling in (column.heading, *column.aliases):
            assert meanings.setdefault(spelling, column.heading) == column.heading
        if column.codes:
            spellings = [text for value, others in column.codes.values.items() for text in (value, *others)]
            assert len(spellings) == len(set(spellings))
        if column.kind is Kind.MONEY:
            assert column.name.endswith("_fen") and column.unit == "元"
    assert not {
        column.name for column in one.columns if column.kind in (Kind.IDENTITY, Kind.CERTIFICATE, Kind.NAME)
    } - {""}


def test_an_unknown_dataset_is_answered_with_the_list(tmp_path: Path):
    with pytest.raises(UserError, match="medical_settlement（医保结算）"):
        dataset("医保")
    assert dataset("医保结算").code == "medical_settlement"


def test_a_template_needs_a_place_and_a_name_that_fit(tmp_path: Path):
    with pytest.raises(UserError, match="xlsx"):
        templates.write(DATASETS["accident"], tmp_path / "a.csv")
    with pytest.raises(UserError, match="文件夹不存在"):
        templates.write(DATASETS["accident"], tmp_path / "nowhere" / "a.xlsx")
