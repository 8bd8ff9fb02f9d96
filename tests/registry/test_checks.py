"""The inspectors' pack: one household per question, so that each check is seen to find its own and nothing else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.registry import checks
from shouwang.registry.checks import Answer, report

from .samples import WANG, ZHANG, Row, household, import_rows, monitored, number, person, the_person

LINE = Decimal(7300)
Put = tuple[list[Row], Row, Row | None]  # persons, household, monitored object


def at_home(place: int, cells: Row | None = None, *more: Row, **owned: str) -> Put:
    """A household without any question: a head who works away, his wife at home; ``cells`` change the head."""
    head = person(
        place,
        1,
        **{
            "务工时间（月）": "6",
            "务工所在地": "北京市",
            "证件号码": number("19650203", place * 2 + 101),
            **(cells or {}),
        },
    )
    wife = person(
        place, 2, 与户主关系="配偶", 性别="女", 出生日期="1967-08-08", 证件号码=number("19670808", place * 2 + 100), 劳动技能="普通劳动力"
    )  # fmt: skip
    house = household(place, **{"人均纯收入": "8250.25", "家庭人口数": str(2 + len(more)), **owned})
    return [head, wife, *more], house, None


def child(place: int, member: int, **cells: str) -> Row:
    usual = {
        "出生日期": "1990-01-01",
        "证件号码": number("19900101", place * 2 + 101 + member % 2 * 400),
        "与户主关系": "之子",
    }
    return person(place, member, **{**usual, **cells})


def put(code: str, place: int) -> Put:
    """A household that only this check asks about."""
    post = {"公益性岗位类型": "护林员", "公益性岗位(月数)": "12"}
    idle = {"务工时间（月）": "", "务工所在地": "", "劳动技能": "无劳动力"}
    old = {"出生日期": "1950-01-01", "证件号码": number("19500101", place * 2 + 101)}
    no_wage = {"工资性收入": "0.00"}
    plain: dict[str, Row] = {
        "identity_empty": {"证件号码": ""},
        "birthday_differs": {"出生日期": "1965-02-04"},
        "sex_differs": {"证件号码": number("19650203", place * 2 + 100), "性别": "男"},
        "relation_unknown": {"与户主关系": "家属"},
        "schooling_both": {"在校生状况": "小学"},
        "schooling_neither": {"文化程度": ""},
        "health_empty": {"健康状况": ""},
        "labour_empty": {"劳动技能": ""},
        "place_without_months": {"务工时间（月）": ""},
        "months_without_place": {"务工所在地": ""},
        "telephone_length": {"成员联系电话": "1541234567"},
        "telephone_missing": {"户联系电话": ""},
        "insured_twice": {"是否参加城镇职工基本医疗保险": "是"},
        "insured_nowhere": {"是否参加新型农村合作医疗（城乡居民基本医疗保险）": "否"},
        "post_without_months": {"公益性岗位类型": "护林员"},
        "months_without_post": {"公益性岗位(月数)": "6"},
        "post_too_old": {**old, **post},
        "away_without_labour": {"劳动技能": "丧失劳动力"},
        "certificate_without_disability": {"残疾证办证年度": "2019"},
    }
    if code in plain:
        persons, house, _ = at_home(place, plain[code])
        return persons, house, None
    owned: dict[str, Row] = {
        "business_without_cost": {"生产经营性支出": "0"},
        "wage_too_small": {"工资性收入": "299.99"},
        "wage_too_large": {"工资性收入": "300000.01"},
        "income_too_small": {"人均纯收入": "3999.99"},
        "income_empty": {"人均纯收入": ""},
        "pension_too_small": {"养老保险金": "87.99"},
        "ecology_without_land": {"生态补偿金": "900"},
        "returned_more_than_forest": {"退耕还林面积（亩）": "20.1", "林地面积（亩）": "15", "牧草地面积": "5"},
        "road_too_far": {"与村主干路距离": "5.1"},
        "allowance_without_member": {"低保金": "200"},
        "support_without_member": {"五保金": "900"},
        "low_income_not_object": {"人均纯收入": "7299.99"},
        "water_unsafe_not_object": {"是否解决安全饮用水": "否"},
        "house_unsafe_not_object": {"是否危房户": "是", "危房级别": "D级"},
        "worker_without_wage": no_wage,
        "size_differs": {"家庭人口数": "3"},
    }
    if code in owned:
        return at_home(place, None, **owned[code])
    young = {"出生日期": "1990-02-03", "证件号码": number("19900203", place * 2 + 101)}
    match code:
        case "healthy_without_labour":
            return at_home(place, {**idle, **young}, **no_wage)
        case "post_without_labour":
            return at_home(
                place,
                {**idle, **old, **post, "出生日期": "1957-01-01", "证件号码": number("19570101", place * 2 + 101)},
                **no_wage,
            )
        case "wage_without_worker":
            return at_home(place, {"务工时间（月）": "", "务工所在地": ""})
        case "allowance_too_small":
            return at_home(place, {"是否享受低保": "是"}, 低保金="199.99")
        case "pension_without_elder":
            persons, house, _ = at_home(place, young, 养老保险金="1200")
            persons[1] |= {"出生日期": "1990-08-08", "证件号码": number("19900808", place * 2 + 100)}
            return persons, house, None
        case "two_heads":
            return at_home(place, None, child(place, 3, 与户主关系="户主"))
        case "no_head":
            persons, house, _ = at_home(place, {"与户主关系": "其他"})
            return persons, house, None
        case "two_spouses":
            return at_home(
                place, None, child(place, 3, 与户主关系="配偶", 性别="女", 证件号码=number("19900101", place * 2 + 100))
            )
        case "couple_of_one_sex":
            persons, house, _ = at_home(place)
            persons[1] |= {"性别": "男", "证件号码": number("19670808", place * 2 + 101)}
            return persons, house, None
    objects: dict[str, Row] = {
        "illness_without_cost": {"合规自付支出": "0.00"},
        "housing_without_measure": {"致贫/返贫风险2": "因安全住房"},
        "water_without_measure": {"致贫/返贫风险2": "因安全饮水"},
        "schooling_without_measure": {"致贫/返贫风险2": "因学"},
        "no_measures": {"识别监测时间": "202205", "健康帮扶": "否", "产业帮扶": "否"},
        "no_development_measure": {"识别监测时间": "202112", "产业帮扶": "否", "实施开发式帮扶措施情况": "未实施"},
        "contact_empty": {"监测联系人电话": ""},
        "income_over_limit": {"人均纯收入": "20000.01"},
        "disabled_without_member": {"致贫/返贫风险2": "因残"},
        "short_of_hands": {"致贫/返贫风险2": "缺劳动力"},
        "cleared_too_soon": {"识别监测时间": "202112", "消除监测时间": "202205"},
        "cleared_at_once": {"识别监测时间": "202101", "消除监测时间": "202102"},
        "cleared_without_measure": {"产业帮扶": "否"},
        "cleared_with_low_income": {"风险消除后人均纯收入": "7299.99"},
        "after_clearing_empty": {"风险消除后是否住房出现安全问题": ""},
    }
    persons, house, _ = at_home(place)
    usual = {"健康帮扶": "是", "产业帮扶": "是", "人均纯收入": "9000"}
    if "clear" in code:
        after = (
            "是否义务教育阶段适龄儿童少年失学辍学",
            "是否住房出现安全问题",
            "是否饮水出现安全问题",
            "是否有家庭成员未参加基本医疗保险",
        )
        cleared = {
            "风险是否已消除": "是",
            "识别监测时间": "202101",
            "消除监测时间": "202112",
            "风险消除方式": "帮扶消除",
        }
        usual |= {**cleared, "风险消除后人均纯收入": "9000", **{f"风险消除后{heading}": "否" for heading in after}}
    return persons, house, monitored(place, **{**usual, **objects[code]})


def ask(**options: object) -> Answer:
    options.setdefault("scope", Scope.everything())
    options.setdefault("resolve", lambda name, county: LINE)
    return checks.run(region_code="130630", **options)  # type: ignore[arg-type]


# Questions that cannot be alone by their nature: what else is rightly asked about the same household.
TOGETHER = {
    "income_too_small": {"low_income_not_object"},
    "relation_unknown": {"no_head"},
}
NOT_BY_IMPORT = {"identity_wrong", "head_identity_wrong", "number_shared"}


def test_every_check_finds_its_own_household_and_no_other(tmp_path: Path) -> None:
    codes = [check.code for check in checks.CHECKS if check.code not in NOT_BY_IMPORT]
    places = {code: place for place, code in enumerate(codes, start=1)}
    puts = {code: put(code, place) for code, place in places.items()}
    clean = at_home(len(codes) + 1)
    import_rows(tmp_path, [house for _, house, _ in [*puts.values(), clean]])
    import_rows(tmp_path, [row for persons, _, _ in [*puts.values(), clean] for row in persons])
    import_rows(tmp_path, [row for _, _, row in puts.values() if row])
    answer = ask()
    assert answer.as_of == dt.date(2022, 6, 30)
    assert not [asked.code for asked in answer.checks if asked.not_computed]
    found: dict[str, set[str]] = {}
    for question in answer.questions:
        found.setdefault(question.household_no, set()).add(question.check)
    expected = {f"53063000{place:05d}": {code} | TOGETHER.get(code, set()) for code, place in places.items()}
    assert found == expected


def test_numbers_that_other_ways_brought_into_the_register_are_found_too(tmp_path: Path) -> None:
    rows = [
        person(1, 1, 证件号码=ZHANG, 户主证件号码=ZHANG),
        person(2, 1, 证件号码=ZHANG, 户主证件号码="131102190001010016"),
    ]
    import_rows(tmp_path, rows)
    wrong = the_person("530630000000101")
    wrong.secrets = secrets.load().encrypt_values({"证件号码": "131102190001010016", "户联系电话": "15412345678"})
    wrong.save()
    said = {question.check: question.sentence for question in ask().questions}
    assert said["identity_wrong"] == "证件号码校验位应为 5，现为 6"
    assert said["head_identity_wrong"] == "户主证件号码校验位应为 5，现为 6"
    assert said["number_shared"] == "证件号码与人口编号 530630000000101 相同"


def test_two_warnings_that_block_nothing(tmp_path: Path) -> None:
    """H-22: risk 因病 without own payments, and a member of 65 in a public-welfare post without labour capacity."""
    elder = person(
        1, 1, 出生日期="1957-02-03", 证件号码=number("19570203", 1), 劳动技能="无劳动力", 公益性岗位类型="村保洁员", **{"公益性岗位(月数)": "12"}
    )  # fmt: skip
    import_rows(tmp_path, [elder])
    import_rows(tmp_path, [monitored(1, 合规自付支出="0", 健康帮扶="是")])
    found = [(question.check, question.sentence) for question in ask().questions]
    assert ("illness_without_cost", "风险为因病，合规自付支出为 0") in found
    assert ("post_without_labour", "无劳动力，却在公益性岗位（村保洁员）") in found
    severities = {asked.code: asked.setting.severity for asked in ask().checks}
    assert severities["illness_without_cost"] == severities["post_without_labour"] == checks.WARNING


def test_a_county_changes_severity_and_limits_in_its_workspace(tmp_path: Path, home: Path) -> None:
    import_rows(tmp_path, [household(1, 与村主干路距离="4"), household(2, 生产经营性支出="0")])
    import_rows(tmp_path, [person(1, 1), person(2, 1)])
    (home / "checks.yaml").write_text(
        "road_too_far: {severity: E, thresholds: {most: 3}}\nbusiness_without_cost: {severity: off}\n"
    )
    answer = ask()
    assert [question.sentence for question in answer.questions if question.check == "road_too_far"] == [
        "与村主干路距离 4 公里"
    ]
    assert "business_without_cost" not in {asked.code for asked in answer.checks}
    assert checks.settings()["road_too_far"].severity == checks.ERROR
    for text, sentence in (
        ("rode_too_far: {severity: E}", "没有“rode_too_far”这项检查"),
        ("a: 1", "应是对照表"),
        ("road_too_far:\n  severity: X", r"checks.yaml 第 2 行：severity 不能是“X”"),
        ("road_too_far: {thresholds: {least: 3}}", "没有“least”这个限值"),
        ("road_too_far: {thresholds: {most: 远}}", "“远”不是数字"),
        ("road_too_far: {limits: 3}", "不认识“limits”"),
    ):
        (home / "checks.yaml").write_text(text)
        with pytest.raises(UserError, match=sentence):
            checks.settings()


def test_a_check_whose_parameter_has_no_value_says_so_instead_of_nothing_found(tmp_path: Path) -> None:
    import_rows(tmp_path, [household(1, 人均纯收入="100")])
    import_rows(tmp_path, [person(1, 1)])
    answer = ask(resolve=lambda name, county: None)
    asked = {one.code: one for one in answer.checks}
    assert asked["low_income_not_object"].not_computed == "参数 household.monitoring_income_line 在这里没有值"
    assert "low_income_not_object" not in {question.check for question in answer.questions}


def test_only_the_own_place_is_asked_about(tmp_path: Path, zhao: Account, li: Account) -> None:
    import_rows(tmp_path, [person(1, 1, 健康状况=""), person(2, 1, 村="西关村", 健康状况="")])
    answer = checks.run(region_code="130630100200", scope=Scope.of(zhao))
    assert {question.household_no for question in answer.questions} == {"5306300000001"}
    for stranger, region in ((li, "130630"), (zhao, "130630")):
        with pytest.raises(NotPermittedError):
            checks.run(region_code=region, scope=Scope.of(stranger))
    with pytest.raises(UserError, match="还没有人员档案"):
        checks.run(region_code="130633", scope=Scope.everything())


def test_the_list_goes_out_as_a_spreadsheet_per_village(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1, 健康状况=""), person(2, 1, 村="西关村", 劳动技能="", 证件号码=WANG)])
    answer = ask()
    path = tmp_path / "核查.xlsx"
    report.write(answer, path)
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book["问题清单"].iter_rows(min_row=3)]
    health = next(row for row in rows if row[1] == "健康状况为空")
    assert health[:8] == [
        "必须改正",
        "健康状况为空",
        "涞源镇",
        "东关村",
        "5306300000001",
        "张一",
        "530630000000101",
        "张一",
    ]
    villages = {row[1].value for row in book["分村汇总"].iter_rows(min_row=2)}
    assert villages == {"东关村", "西关村"}
    assert {row[0].value for row in book["检查说明"].iter_rows(min_row=2)} == {check.code for check in checks.CHECKS}
    assert sum(answer.by_village()["130630100200"].values()) == len([row for row in rows if row[3] == "东关村"])
