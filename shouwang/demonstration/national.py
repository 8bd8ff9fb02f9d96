"""The four sheets as the national system exports them: persons, households, monitored objects, out-work."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import calibration
from .families import RELATIONS
from .lives import DISABILITIES, EDUCATION, EMPLOYERS, LABOUR, NOT_A_PUPIL, POSTS, PUPILS, WORKPLACES
from .monitoring import CATEGORIES, DISASTER, HOUSING, OTHER, RISKS, WATER, month_text
from .numbers import bank_accounts, joined, telephones, texts, yuan
from .population import County
from .streams import Array, Streams
from .writing import Sheet

YES_NO = ("否", "是")
_INDUSTRIES = ("", "种植业", "养殖业", "林果业", "加工业")
_FUELS = ("柴草", "煤炭", "清洁能源", "电")
_ROADS = ("水泥路", "砂石路", "硬化路", "泥土路")
_CAUSES = ("", "因病", "因残", "缺劳力", "缺技术", "缺资金", "因学", "自身发展动力不足")
_GROUPS = ("一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组", "九组", "十组")
_HOUSEHOLDS_A_GROUP = 25  # [choice] as many as one walks past in an afternoon
_VILLAGES_WITHOUT_GROUPS = 7  # [choice] every seventh
_CLEARED_HOW = "落实帮扶措施"


def label(names: Sequence[str], codes: Array) -> pa.Array:
    """The names at these places; an empty name is an empty cell."""
    return pa.array([name or None for name in names], pa.string()).take(pa.array(codes.astype(np.int64)))


def yes(flags: Array) -> pa.Array:
    return label(YES_NO, flags.astype(np.int64))


def only(values: pa.Array, where: Array) -> pa.Array:
    """Empty cells elsewhere."""
    return pc.if_else(pa.array(where), values, pa.scalar(None, pa.string()))


def same(text: str, count: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(count, dtype=np.int64)))


def identity(county: County, persons: Array) -> pa.Array:
    return pa.array(county.persons.identity[persons].astype("U18"))


def names(county: County, persons: Array) -> pa.Array:
    return pa.array(county.persons.name[persons])


def place(county: County, households: Array, *, committees: bool = False) -> dict[str, pa.Array]:
    """省 市 县 乡 村 by name; with ``committees`` villages by the full name of their committee, in the neighbour's sheets by code."""
    where, village, count = county.places, county.village[households], len(households)
    if county.code != calibration.COUNTY:
        written = where.code
    else:
        written = np.char.add(where.name, "村民委员会") if committees else where.name
    return {
        "省": same(where.province, count),
        "市": same(where.city, count),
        "县": same(where.county, count),
        "乡": label(where.township.tolist(), village),
        "村": label(written.tolist(), village),
    }


def day_texts(days: Array) -> pa.Array:
    return pa.array(np.datetime_as_string(days, unit="D"))


def person_sheet(county: County, streams: Streams) -> Sheet:
    """47 columns and 自然村, as counties add it, one row a person; the sheet of June 2022."""
    chance = streams[f"person sheet {county.code}"]
    persons, lives, count = county.persons, county.lives, len(county.persons)
    household = persons.household
    everyone, age = np.arange(count), persons.age
    head = county.first_person[household]
    learns = lives.pupil > NOT_A_PUPIL
    health = joined(
        only(same("健康", count), ~(lives.has_chronic | lives.is_seriously_ill | (lives.disability > 0))),
        only(same("长期慢性病", count), lives.has_chronic),
        only(same("患有大病", count), lives.is_seriously_ill),
        only(same(";", count), (lives.has_chronic | lives.is_seriously_ill) & (lives.disability > 0)),
        only(same("残疾", count), lives.disability > 0),
    )
    works, county_name = lives.work_months > 0, county.places.province + county.places.county
    workplaces = [county_name if text.endswith("涞源县") else text for text in WORKPLACES] + [""]
    party = np.where(age >= 18, chance.choice([0, 2], count, p=[0.055, 0.945]), 2)
    party = np.where((age >= 14) & (age < 28) & (chance.random(count) < 0.35), 1, party)
    is_employee = (age >= 22) & (age < 60) & (lives.workplace >= 0) & (chance.random(count) < 0.04)
    assisted = county.incomes.is_assisted[household]
    hardship = county.incomes.extreme_hardship[household] > 0
    number = texts(county.number)
    return Sheet(
        {
            **place(county, household),
            "户编号": number.take(pa.array(household)),
            "人口编号": texts(county.person_number),
            "姓名": names(county, everyone),
            "性别": label(("女", "男"), persons.is_male),
            "出生日期": day_texts(persons.born_on),
            "证件类型": same("居民身份证", count),
            "证件号码": identity(county, everyone),
            "民族": label(("汉族", "满族", "回族"), np.searchsorted([0.975, 0.995], chance.random(count))),
            "户联系电话": telephones(county.number % 10_000_000 * 7 + 10_000_019).take(pa.array(household)),
            "成员联系电话": only(telephones(everyone * 11 + 50_000_017), age >= 16),
            "年度": same(str(calibration.AS_OF.year), count),
            "与户主关系": label(RELATIONS, persons.relation),
            "文化程度": label(EDUCATION, lives.education),
            "在校生状况": label(PUPILS, lives.pupil),
            "劳动技能": label(LABOUR, lives.labour),
            "务工时间（月）": only(texts(lives.work_months), works),
            "健康状况": health,
            "政治面貌": label(("中共党员", "共青团员", "群众"), party),
            "务工企业名称": only(label(EMPLOYERS, lives.employer), works),
            "是否享受低保": yes(assisted & ~hardship),
            "是否参加城镇职工基本养老保险": yes(is_employee),
            "是否参加大病保险": yes(lives.is_insured),
            "是否参加新型农村合作医疗（城乡居民基本医疗保险）": yes(lives.is_insured & ~is_employee),
            "是否参加城乡居民基本养老保险": yes((age >= 16) & ~is_employee & ~learns),
            "失学或辍学原因": pa.nulls(count, pa.string()),
            "是否会讲普通话": yes((age < 60) | (chance.random(count) < 0.5)),
            "是否参加商业补充医疗保险": yes(chance.random(count) < 0.06),
            "是否国外务工": yes(np.zeros(count, dtype=bool)),
            "产业分类": label(_INDUSTRIES, np.where(works | (age < 16), 0, chance.integers(0, 5, count))),
            "是否接受大病医疗救助": yes(lives.is_seriously_ill & (chance.random(count) < 0.6)),
            "是否接受其他健康扶贫": yes(np.zeros(count, dtype=bool)),
            "公益性岗位类型": label(POSTS, lives.post),
            "公益性岗位(月数)": only(same("12", count), lives.post > 0),
            "就业渠道": only(
                label(("自主就业", "亲友介绍", "劳务输出"), chance.integers(0, 3, count)), works & (lives.post == 0)
            ),
            "残疾类别": label(DISABILITIES, lives.disability),
            "务工所在地": label(workplaces, np.where(works, lives.workplace, len(WORKPLACES))),
            "户主姓名": names(county, head),
            "户主证件号码": identity(county, head),
            "是否参加城镇职工基本医疗保险": yes(is_employee & lives.is_insured),
            "是否特困供养人员": yes(hardship),
            "残疾证办证年度": only(texts(lives.certified_year), lives.disability > 0),
            "识别标准": only(same("国家标准", count), county.is_alleviated[household]),
            "自然村": label((*_GROUPS, ""), _groups(county)[household]),
        }
    )


def _groups(county: County) -> Array:
    """The group of each household, neighbours together; some villages keep none."""
    village = county.village
    place = np.arange(len(village)) - np.searchsorted(village, village)
    group = np.minimum(place // _HOUSEHOLDS_A_GROUP, len(_GROUPS) - 1)
    return np.where(village % _VILLAGES_WITHOUT_GROUPS == _VILLAGES_WITHOUT_GROUPS - 1, len(_GROUPS), group)


def household_sheet(county: County, streams: Streams, *, columns_of_kind: bool = True) -> Sheet:
    """53 columns and 户类型, one row a household: the export of the year 2021."""
    chance = streams[f"household sheet {county.code}"]
    count, income = len(county.size), county.incomes
    everyone = np.arange(count)
    head = county.first_person
    known = county.has_income

    def money(fen: Array) -> pa.Array:
        return only(yuan(fen), known)

    def area(highest: float, share: float) -> Array:
        return np.where(chance.random(count) < share, np.round(chance.uniform(0.2, highest, count), 1) * 10, 0).astype(
            np.int64
        )

    def acres(tenths: Array) -> pa.Array:
        return joined(texts(tenths // 10), ".", texts(tenths % 10))

    returned = income.returned_land
    forest = np.where(returned > 0, returned + area(20, 0.5), area(30, 0.25))
    is_unsafe = np.isin(county.monitoring.risk, (HOUSING,)) & county.monitoring.is_active
    no_water = np.isin(county.monitoring.risk, (WATER,)) & county.monitoring.is_active
    cause = np.where(county.is_alleviated, chance.integers(1, len(_CAUSES), count), 0)
    columns = {
        **place(county, everyone),
        "户编号": texts(county.number),
        "户主编号": texts(county.number * 100 + 1),
        "户主姓名": names(county, head),
        "户主证件号码": identity(county, head),
        "家庭人口数": texts(county.size),
        "是否危房户": yes(is_unsafe),
        "人均纯收入": money(np.round(income.net / county.size).astype(np.int64)),
        "年收入": money(income.gross),
        "是否解决安全饮用水": yes(~no_water),
        "年度": same(str(calibration.LAST_YEAR), count),
        "村办公电话": telephones(county.village * 13 + 90_000_000),
        "开户银行名称": same("河北省农村信用社", count),
        "银行卡号": bank_accounts(county.number % 10_000_000 * 97 + 300_000_000),
        "识别标准": only(same("国家标准", count), county.is_alleviated),
        "主要致贫原因": label(_CAUSES, cause),
        "次要致贫原因": label(_CAUSES, np.where(chance.random(count) < 0.4, cause * 3 % len(_CAUSES), 0)),
        "工资性收入": money(income.wage),
        "生产经营性收入": money(income.business),
        "财产性收入": money(income.property_income),
        "转移性收入": money(income.transfer),
        "计划生育金": money(income.family_planning),
        "低保金": money(income.allowance),
        "五保金": money(income.extreme_hardship),
        "养老保险金": money(income.pension),
        "生态补偿金": money(income.ecology),
        "其他转移性收入": money(income.other_transfer),
        "生产经营性支出": money(income.cost),
        "纯收入": money(income.net),
        "资产收益扶贫分红收入": money(income.dividend),
        "其他财产性收入": money(income.property_income - income.dividend),
        "耕地面积（亩）": acres(area(9, 0.92)),
        "水面面积": same("0", count),
        "是否加入农民专业合作组织": yes(chance.random(count) < 0.3),
        "退耕还林面积（亩）": acres(returned),
        "林果面积（亩）": acres(area(6, 0.3)),
        "牧草地面积": same("0", count),
        "林地面积（亩）": acres(forest),
        "是否通生产用电": yes(chance.random(count) < 0.97),
        "是否通生活用电": yes(np.ones(count, dtype=bool)),
        "是否通广播电视": yes(np.ones(count, dtype=bool)),
        "与村主干路距离": joined(texts(area(2.5, 0.7) // 10), ".", texts(chance.integers(0, 10, count))),
        "入户路类型": label(_ROADS, np.searchsorted([0.6, 0.75, 0.95], chance.random(count))),
        "住房面积": texts(chance.integers(40, 180, count)),
        "是否有卫生厕所": yes(chance.random(count) < 0.72),
        "主要燃料类型": label(_FUELS, np.searchsorted([0.35, 0.6, 0.85], chance.random(count))),
        "危房级别": only(same("C级", count), is_unsafe),
        "是否有龙头企业带动": yes(chance.random(count) < 0.25),
        "是否有创业致富带头人带动": yes(chance.random(count) < 0.15),
    }
    if columns_of_kind:
        columns["户类型"] = label(("一般农户", "脱贫户"), county.is_alleviated)
    return Sheet(columns)


MEASURES = (
    "产业帮扶", "就业帮扶", "金融帮扶", "公益岗位帮扶", "住房安全保障", "饮水安全保障", "健康帮扶", "义务教育保障", "其他教育帮扶", "综合保障",
    "社会帮扶", "搬迁",
)  # fmt: skip
_AFTER = (
    "是否义务教育阶段适龄儿童少年失学辍学",
    "是否住房出现安全问题",
    "是否饮水出现安全问题",
    "是否有家庭成员未参加基本医疗保险",
)


def monitored_households(county: County) -> Array:
    return np.flatnonzero(county.monitoring.category > 0)


def monitored_sheet(county: County, streams: Streams) -> Sheet:
    """One row for every object, also the cleared ones."""
    chance = streams[f"monitored sheet {county.code}"]
    watched, rows = county.monitoring, monitored_households(county)
    count = len(rows)
    risk, second, cleared = watched.risk[rows], watched.second_risk[rows], watched.is_cleared[rows]
    size, head = county.size[rows], county.first_person[rows]
    workers = np.bincount(county.persons.household, county.lives.labour <= 2, minlength=len(county.size))[rows] > 0
    per_head = np.minimum(county.incomes.net[rows] // size, 1_950_000)
    own = np.where(
        (risk == 1) | (second == 1),
        np.round(chance.uniform(3_000, 42_000, count)),
        np.round(chance.uniform(0, 2_500, count)),
    ).astype(np.int64)
    has = {
        "产业帮扶": workers & (chance.random(count) < 0.75),
        "就业帮扶": workers & (chance.random(count) < 0.45),
        "金融帮扶": workers & (chance.random(count) < 0.15),
        "公益岗位帮扶": workers & (chance.random(count) < 0.30),
        "住房安全保障": (risk == HOUSING) | (second == HOUSING),
        "饮水安全保障": (risk == WATER) | (second == WATER),
        "健康帮扶": (risk == 1) | (second == 1) | (chance.random(count) < 0.3),
        "义务教育保障": chance.random(count) < 0.15,
        "其他教育帮扶": (risk == 3) | (second == 3),
        "综合保障": ~workers | (chance.random(count) < 0.5),
        "社会帮扶": chance.random(count) < 0.2,
        "搬迁": np.zeros(count, dtype=bool),
    }
    has["产业帮扶"] |= workers & ~has["就业帮扶"] & ~has["公益岗位帮扶"] & ~has["金融帮扶"]
    empty = pa.nulls(count, pa.string())
    return Sheet(
        {
            **place(county, rows, committees=True),
            "户编号": texts(county.number[rows]),
            "户主姓名": names(county, head),
            "户主证件号码": identity(county, head),
            "家庭人口数": texts(size),
            "户类型": label(("一般农户", "脱贫户"), county.is_alleviated[rows]),
            "监测对象类别": label(CATEGORIES, watched.category[rows]),
            "致贫/返贫风险1": label(RISKS, risk),
            "致贫/返贫风险2": label(RISKS, second),
            **{f"致贫/返贫风险{number}": empty for number in (3, 4, 5)},
            "因自然灾害子项": only(same("气象灾害", count), (risk == DISASTER) | (second == DISASTER)),
            "其他备注": only(same("老人走失寻回", count), (risk == OTHER) | (second == OTHER)),
            "识别监测时间": texts(month_text(watched.identified[rows])),
            "人均纯收入": yuan(per_head),
            "理赔收入": yuan(np.where(chance.random(count) < 0.1, 150_000, 0)),
            "合规自付支出": yuan(own * 100),
            "整户无劳动能力兜底保障户": yes(~workers),
            "实施开发式帮扶措施情况": label(("未实施", "已实施"), workers),
            **{heading: yes(flags) for heading, flags in has.items()},
            "风险是否已消除": yes(cleared),
            "消除监测时间": only(texts(month_text(np.maximum(watched.cleared[rows], 1))), cleared),
            "风险消除方式": only(same(_CLEARED_HOW, count), cleared),
            **{heading: yes(np.zeros(count, dtype=bool)) for heading in _AFTER},
            "风险消除后人均纯收入": only(yuan(np.maximum(county.incomes.net[rows] // size, 900_000)), cleared),
            **{f"风险消除后{heading}": only(same("否", count), cleared) for heading in _AFTER},
            "监测联系人": label(("张志国", "王建平", "李海军", "刘春霞"), rows % 4),
            "监测联系人电话": telephones(rows * 17 + 60_000_000),
            "信息采集人": label(("赵永刚", "杨晓丽", "陈文军"), rows % 3),
        }
    )


def out_work_sheet(county: County, streams: Streams) -> tuple[Sheet, Array]:
    """The able members of 脱贫户 and active objects; and which person each row is about."""
    chance = streams[f"out-work sheet {county.code}"]
    persons, lives = county.persons, county.lives
    watched = (county.is_alleviated | county.monitoring.is_active)[persons.household]
    rows = np.flatnonzero(watched & (lives.labour <= 2) & (persons.age >= 16) & (persons.age < 66))
    count, works = len(rows), lives.work_months[rows] > 0
    start = np.where(works, (calibration.AS_OF.year - 1) * 100 + 12 - np.minimum(lives.work_months[rows], 11), 0)
    household = persons.household[rows]
    workplaces = [
        county.places.province + county.places.county if text.endswith("涞源县") else text for text in WORKPLACES
    ] + [""]
    sheet = Sheet(
        {
            **place(county, household),
            "户编号": texts(county.number[household]),
            "人编号": texts(county.person_number[rows]),
            "姓名": names(county, rows),
            "证件号码": identity(county, rows),
            "是否已务工": yes(works),
            "是否计划外出务工": yes(works | (chance.random(count) < 0.05)),
            "务工所在地": label(workplaces, np.where(works, lives.workplace[rows], len(WORKPLACES))),
            "务工企业名称": only(label(EMPLOYERS, lives.employer[rows]), works),
            "开始时间": only(texts(start), works),
            "结束时间": pa.nulls(count, pa.string()),
            "年度交通费补助": only(
                same("300", count), works & (lives.workplace[rows] != 3) & (chance.random(count) < 0.4)
            ),
        }
    )
    return sheet, rows
