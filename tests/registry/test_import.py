"""What the register does with a sheet: new, changed, the same, history, conflicts, refusals, missing ones."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake.models import Batch, BatchState, LakeFile, RefusedRow
from shouwang.lake import store
from shouwang.organisation.models import Account, AuditEvent
from shouwang.regions.models import Level, Region
from shouwang.registry import actions, history
from shouwang.registry.models import Change, Household, Monitoring, OutWork, Person
from tests.factories import NOW

from .samples import (
    DECEMBER,
    JUNE,
    MAY,
    PERSON_HEADINGS,
    ZHANG,
    household,
    import_rows,
    monitored,
    number,
    outwork,
    person,
    taken,
    the_household,
    the_person,
    write,
)


def secrets_of(record: Person | Household) -> dict[str, str]:
    return secrets.load().decrypt_values(bytes(record.secrets) if record.secrets else None)


def snapshot(dataset: str, county: str = "130630000000") -> list[dict[str, object]]:
    """The rows of the newest snapshot in force."""
    files = LakeFile.objects.filter(dataset=dataset, region_code=county, batch__state=BatchState.APPLIED)
    file = files.order_by("period", "batch_id").last()
    if file is None:
        return []
    found = duckdb.sql(f"SELECT * FROM read_parquet('{store.absolute(file.path)}')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_a_person_sheet_becomes_persons_and_stub_households(tmp_path: Path) -> None:
    outcome = import_rows(
        tmp_path, [person(1, 1), person(1, 2, 与户主关系="配偶", 性别="女", 证件号码=number("19670808", 2))]
    )
    assert outcome.kind == "person" and outcome.region_code == "130630000000"
    assert taken(outcome) == {"rows": 2, "new": 2}
    found = the_person("530630000000102")
    assert (found.name, found.sex, found.relation, str(found.born_on)) == ("张二", "女", "配偶", "1965-02-03")
    assert found.region_code == "130630100200" and found.household.is_stub and found.household.head_name == "张一"
    assert (
        found.columns["文化程度"] == "初中"
        and "证件号码" not in found.columns
        and "户联系电话" not in str(found.columns)
    )
    assert secrets_of(found)["证件号码"] == number("19670808", 2)
    assert found.identity_index == secrets.load().blind_index(number("19670808", 2))
    assert "1 户还没有农户信息，先按本表建户" in outcome.notices


def test_a_household_sheet_fills_the_stub_and_keeps_its_persons(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1)])
    outcome = import_rows(tmp_path, [household(1), household(2, 户主姓名="李四")])
    assert taken(outcome) == {"rows": 2, "new": 2}
    found = the_household("5306300000001")
    assert not found.is_stub and found.household_type == "脱贫户" and found.registered_size == 2
    assert found.persons.get().person_no == "530630000000101"
    assert secrets_of(found) == {"户主证件号码": ZHANG, "银行卡号": "6222020000000000123"}


def test_the_same_file_twice_changes_nothing_and_the_same_rows_in_another_file_are_the_same(tmp_path: Path) -> None:
    rows = [person(1, 1), person(1, 2)]
    first = import_rows(tmp_path, rows, name="六月.csv")
    before = list(Person.objects.values())
    again = import_rows(tmp_path, rows, name="六月.csv")
    assert not again.is_new and again.batch == first.batch and again.counts == first.counts
    other = import_rows(tmp_path, list(reversed(rows)))
    assert taken(other) == {"rows": 2, "same": 2}
    assert list(Person.objects.values()) == before and not Change.objects.exists()
    assert Batch.objects.count() == 2


def test_columns_in_another_order_and_other_words_are_the_same_row(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1)])
    row = {"人编号" if key == "人口编号" else key: value for key, value in reversed(person(1, 1).items())}
    assert taken(import_rows(tmp_path, [row])) == {"rows": 1, "same": 1}


def test_a_changed_field_is_told_with_what_was_there_before(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1), person(1, 2)], period=MAY)
    outcome = import_rows(tmp_path, [person(1, 1), person(1, 2, 健康状况="残疾", 成员联系电话="15400000000")])
    assert taken(outcome) == {"rows": 2, "same": 1, "changed": 1}
    (change,) = outcome.changes
    assert change.fields == {"健康状况": ("健康", "残疾"), "成员联系电话": ("15487654321", "15400000000")}
    found = the_person("530630000000102")
    assert found.columns["健康状况"] == "残疾" and found.period == "2022-06" and found.row_number == 3
    line = Change.objects.get()
    assert history.fields_of(line, secrets.load()) == change.fields
    assert b"15400000000" not in bytes(line.fields or b"") and "15487654321" not in str(line.before_state)


def test_a_file_with_fewer_columns_does_not_erase_the_others(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1)])
    few = {key: person(1, 1)[key] for key in ("县", "乡", "村", "户编号", "人口编号", "姓名", "证件号码", "健康状况")}
    assert taken(import_rows(tmp_path, [few])) == {"rows": 1, "same": 1}
    assert taken(import_rows(tmp_path, [{**few, "健康状况": "残疾"}])) == {"rows": 1, "changed": 1}
    found = the_person("530630000000101")
    assert found.columns["文化程度"] == "初中" and found.columns["健康状况"] == "残疾"
    assert taken(import_rows(tmp_path, [{**person(1, 1), "健康状况": "残疾"}])) == {"rows": 1, "same": 1}


def test_a_wrong_check_digit_refuses_its_row_alone_and_comes_back(tmp_path: Path) -> None:
    wrong = person(1, 2, 证件号码="131102190001010016")
    outcome = import_rows(
        tmp_path, [person(1, 1), wrong, person(1, 3, 证件号码="1.30630E+17"), person(1, 4, 村="东官村")]
    )
    assert taken(outcome) == {"rows": 4, "new": 1, "refused": 3}
    first, second, third = [refusal.sentence for refusal in outcome.refusals]
    assert first == "第 3 行 证件号码 校验位应为 5，现为 6；该行未导入，已列入退回文件"
    assert "科学计数法" in second
    assert "在涞源县涞源镇没有找到“东官村”，最接近的是“东关村" in third
    assert outcome.refused_path and outcome.refused_path.exists() and RefusedRow.objects.count() == 3
    mended = import_rows(tmp_path, [{**wrong, "证件号码": "131102190001010015"}])
    assert taken(mended)["new"] == 1


def test_other_certificates_are_not_judged_as_identity_numbers(tmp_path: Path) -> None:
    rows = [
        person(1, 1, 证件类型="港澳居民来往内地通行证", 证件号码="H0123456701"),
        person(1, 2, 证件类型="护照", 证件号码="E12345678"),
        person(1, 3, 证件类型="残疾人证", 证件号码=number("19650203", 5) + "42"),
        person(1, 4, 证件类型="残疾人证", 证件号码="131102190001010016" + "42"),
        person(1, 5, 证件号码=""),
    ]
    outcome = import_rows(tmp_path, rows)
    assert taken(outcome) == {"rows": 5, "new": 4, "refused": 1}
    keys = secrets.load()
    assert the_person("530630000000103").identity_index == keys.blind_index(number("19650203", 5))
    assert the_person("530630000000101").identity_index == keys.blind_index("H0123456701")
    assert the_person("530630000000105").identity_index == ""


def test_birth_date_and_sex_are_taken_as_the_sheet_says_even_against_the_number(tmp_path: Path) -> None:
    outcome = import_rows(tmp_path, [person(1, 1, 出生日期="1966-02-03", 性别="女"), person(1, 2, 出生日期="")])
    assert taken(outcome) == {"rows": 2, "new": 2}
    assert (str(the_person("530630000000101").born_on), the_person("530630000000101").sex) == ("1966-02-03", "女")
    assert str(the_person("530630000000102").born_on) == "1965-02-03", "an empty cell is filled from the number"


def test_the_same_key_twice_is_taken_once_or_not_at_all(tmp_path: Path) -> None:
    twice, other = person(1, 1), {**person(1, 2), "健康状况": "残疾"}
    elsewhere = {**person(1, 3), "户编号": "5306300000009"}
    outcome = import_rows(tmp_path, [twice, twice, person(1, 2), other, person(1, 3), elsewhere])
    assert taken(outcome) == {"rows": 6, "new": 1, "repeated": 1, "conflicting": 4}
    assert [refusal.reason for refusal in outcome.refusals] == [
        "冲突：与第 5 行的人口编号相同，内容却不同",
        "冲突：与第 4 行的人口编号相同，内容却不同",
        "冲突：与第 7 行的人口编号相同，却在不同的户里",
        "冲突：与第 6 行的人口编号相同，却在不同的户里",
    ]
    assert outcome.refused_count == 4 and Person.objects.count() == 1


def test_one_identity_number_under_two_persons_is_taken_and_told(tmp_path: Path) -> None:
    outcome = import_rows(tmp_path, [person(1, 1, 证件号码=ZHANG), person(2, 1, 证件号码=ZHANG)])
    assert outcome.counts["new"] == 2 and outcome.counts["shared_numbers"] == 1
    assert any("1 个证件号码各登记在两个以上的人口编号下（共 2 人）" in notice for notice in outcome.notices)


def test_an_older_file_never_overwrites_a_newer_one_but_its_income_counts(tmp_path: Path) -> None:
    import_rows(tmp_path, [household(1, 户主姓名="新名", 年度="2022", 工资性收入="1.00")], period=JUNE)
    older = [household(1, 户主姓名="旧名"), household(2)]
    outcome = import_rows(tmp_path, older, period=DECEMBER)
    assert taken(outcome) == {"rows": 2, "history": 2}
    assert the_household("5306300000001").head_name == "新名"
    assert not Household.objects.filter(household_no="5306300000002").exists(), "the newer file covered the village"
    (income,) = [row for row in snapshot_of_period("registry_income", "2021-12") if row["year"] == 2021]
    assert income["wage_fen"] == 1_200_000 and income["business_cost_fen"] == 50_000 and income["row"] == 2
    assert [row["household_no"] for row in snapshot("registry_household")] == ["5306300000001"]


def snapshot_of_period(dataset: str, period: str) -> list[dict[str, object]]:
    file = LakeFile.objects.get(dataset=dataset, period=period)
    found = duckdb.sql(f"SELECT * FROM read_parquet('{store.absolute(file.path)}')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_an_older_file_of_a_village_that_no_newer_one_covered_is_taken(tmp_path: Path) -> None:
    import_rows(tmp_path, [household(1)], period=JUNE)
    outcome = import_rows(tmp_path, [household(2, 村="西关村")], period=DECEMBER)
    assert taken(outcome) == {"rows": 1, "new": 1}
    assert {row["household_no"] for row in snapshot("registry_household")} == {"5306300000001", "5306300000002"}


def test_who_is_missing_from_a_covered_village_is_flagged_and_unflagged(tmp_path: Path) -> None:
    import_rows(tmp_path, [household(1), household(2), household(3, 村="西关村")], period=MAY)
    outcome = import_rows(tmp_path, [household(1)])
    assert outcome.counts["missing"] == 1, "西关村 does not stand in the file and is not judged"
    assert the_household("5306300000002").missing_since == "2022-06"
    assert not the_household("5306300000002").is_withdrawn and the_household("5306300000003").missing_since == ""
    back = import_rows(tmp_path, [household(1), household(2)])
    assert back.counts["returned"] == 1 and the_household("5306300000002").missing_since == ""


def test_a_refused_or_conflicting_row_is_not_missing(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1), person(1, 2), person(1, 3)], period=MAY)
    rows = [
        person(1, 1),
        person(1, 2, 证件号码="131102190001010016"),
        person(1, 3),
        {**person(1, 3), "健康状况": "残疾"},
    ]
    outcome = import_rows(tmp_path, rows)
    assert outcome.counts["missing"] == 0 and outcome.counts["refused"] == 1 and outcome.counts["conflicting"] == 2


def test_missing_records_leave_the_register_when_that_is_asked_for(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1), person(1, 2)], period=MAY)
    import_rows(tmp_path, [person(1, 1)], closes_missing=True)
    gone = the_person("530630000000102")
    assert gone.is_withdrawn and gone.closed_since == "2022-06"
    assert [row["person_no"] for row in snapshot("registry_person")] == ["530630000000101"]
    import_rows(tmp_path, [person(1, 1), person(1, 2)])
    assert not the_person("530630000000102").is_withdrawn and the_person("530630000000102").closed_since == ""


def test_a_person_who_moves_takes_the_record_along(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1), person(2, 1)], period=MAY)
    moved = {**person(1, 1), "户编号": "5306300000002"}
    assert taken(import_rows(tmp_path, [moved, person(2, 1)])) == {"rows": 2, "same": 1, "changed": 1}
    assert the_person("530630000000101").household.household_no == "5306300000002"


def test_monitored_and_out_work_sheets_hang_on_households_and_persons(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1)])
    outcome = import_rows(
        tmp_path, [monitored(1, 户类型="一般农户"), monitored(2, 风险是否已消除="是", 消除监测时间="2022年5月")]
    )
    assert outcome.kind == "monitored" and taken(outcome) == {"rows": 2, "new": 2}
    one, two = Monitoring.objects.order_by("pk")
    assert (one.object_category, one.risks, one.identified_month, one.is_cleared) == (
        "边缘易致贫户",
        ["因病"],
        "2022-03",
        False,
    )
    assert (two.is_cleared, two.cleared_month) == (True, "2022-05") and two.household.is_stub
    assert one.household.household_type == "一般农户", "户类型 may stand in the monitored sheet"
    rows = {row["household_no"]: row for row in snapshot("registry_household")}
    assert rows["5306300000001"]["is_monitored"] is True and rows["5306300000002"]["is_monitored"] is False
    import_rows(tmp_path, [{**household(1), "户类型": ""}])
    assert the_household("5306300000001").household_type == "一般农户"
    work = import_rows(tmp_path, [outwork(1, 1), outwork(7, 1)])
    assert work.kind == "outwork" and taken(work) == {"rows": 2, "new": 1, "refused": 1}
    assert work.refusals[0].reason == "不在档案里"
    assert OutWork.objects.get().is_working is True
    assert snapshot("registry_person")[0]["是否已务工"] == "是"


def test_villages_come_as_names_or_codes_and_outsiders_are_refused(tmp_path: Path) -> None:
    code = {key: value for key, value in person(1, 1).items() if key not in ("省", "市", "县", "乡", "村")}
    elsewhere = Region.objects.filter(code__startswith="130633", level=Level.VILLAGE)[0]
    rows = [
        {**code, "行政村代码": "130630100200"},
        {**code, "人口编号": "530630000000102", "行政村代码": elsewhere.code},
        {**code, "人口编号": "530630000000103", "行政村代码": "130633999999"},
    ]
    outcome = import_rows(tmp_path, rows, region_code="130630")
    assert taken(outcome)["new"] == 1
    assert [one.reason for one in outcome.refusals] == ["不属于所选区域", "区划代码 130633999999 不存在"]
    assert the_person("530630000000101").region_code == "130630100200"
    short = import_rows(tmp_path, [{**person(3, 1), "县": "涞源", "乡": "涞源", "村": "东关"}])
    assert taken(short) == {"rows": 1, "new": 1, "missing": 1}


def test_rows_without_a_place_take_the_village_of_their_household(tmp_path: Path) -> None:
    import_rows(tmp_path, [household(1)])
    bare = {key: value for key, value in person(1, 1).items() if key not in ("省", "市", "县", "乡", "村")}
    outcome = import_rows(tmp_path, [bare, {**bare, "户编号": "999", "人口编号": "99901"}])
    assert taken(outcome) == {"rows": 2, "new": 1, "refused": 1}
    assert the_person("530630000000101").region_code == "130630100200"
    assert outcome.refusals[0].reason == "看不出属于哪个村"


def test_unknown_columns_are_kept_but_secret(tmp_path: Path) -> None:
    outcome = import_rows(tmp_path, [{**person(1, 1), "配偶身份证号": ZHANG, "备注": "住县城"}])
    found = the_person("530630000000101")
    assert secrets_of(found)["配偶身份证号"] == ZHANG and secrets_of(found)["备注"] == "住县城"
    assert ZHANG not in str(found.columns)
    assert any("未识别的列（原样保留）：配偶身份证号、备注" in notice for notice in outcome.notices)


def test_the_lake_has_no_number_no_telephone_and_names_only_for_matching(tmp_path: Path) -> None:
    import_rows(tmp_path, [person(1, 1, 姓名="甄独特", 户主姓名="甄独特")])
    import_rows(tmp_path, [household(1, 户主姓名="甄独特")])
    import_rows(tmp_path, [monitored(1, 户主姓名="甄独特")])
    for dataset in ("registry_person", "registry_household", "registry_income"):
        text = str(snapshot(dataset))
        assert text != "[]"
        for secret in (ZHANG, "15412345678", "甄独特", "6222020000000000123", "15400000001", "孙某"):
            assert secret not in text, (dataset, secret)
    (identity,) = snapshot("registry_identity")
    assert identity["name"] == "甄独特" and ZHANG not in str(identity)
    (row,) = snapshot("registry_person")
    found = the_person("530630000000101")
    assert (row["person_key"], row["household_key"], row["row"], row["batch"]) == (
        found.pk,
        found.household_id,
        2,
        found.batch_id,
    )
    assert row["健康状况"] == "健康"


def test_a_dry_run_changes_nothing_and_still_writes_the_refused_rows(tmp_path: Path) -> None:
    outcome = import_rows(tmp_path, [person(1, 1), person(1, 2, 证件号码="131102190001010016")], dry_run=True)
    assert outcome.is_dry_run and taken(outcome) == {"rows": 2, "new": 1, "refused": 1}
    assert outcome.refused_path and outcome.refused_path.exists()
    assert not Batch.objects.exists() and not Person.objects.exists() and not AuditEvent.objects.exists()


def test_only_who_may_import_may_and_only_the_own_county(
    tmp_path: Path, sun: Account, qian: Account, li: Account
) -> None:
    for stranger in (li, qian):
        with pytest.raises(NotPermittedError):
            import_rows(tmp_path, [person(1, 1)], by=stranger, name="a.csv")
    assert not Person.objects.exists() and not Batch.objects.exists()
    assert import_rows(tmp_path, [person(1, 1)], by=sun, name="a.csv").is_new
    with pytest.raises(NotPermittedError):
        import_rows(tmp_path, [person(1, 1)], by=li, name="a.csv")
    assert AuditEvent.objects.filter(action="导入农户档案", by=sun).count() == 1


def test_a_plan_that_the_register_has_overtaken_is_not_applied(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [person(1, 1)])
    stale = actions.plan(path=path, period=JUNE, by=None)
    import_rows(tmp_path, [person(2, 1)])
    with pytest.raises(UserError, match="档案又有变动，本次没有改动任何数据"):
        actions.apply(plan=stale, by=None, now=NOW)
    assert Person.objects.count() == 1
    assert Batch.objects.get(file_name="a.csv").state == BatchState.RECEIVED
    fresh = actions.import_file(path=path, period=JUNE, by=None, now=NOW)
    assert fresh.is_new and Person.objects.count() == 2


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig"])
def test_the_47_columns_as_one_province_exports_them(tmp_path: Path, encoding: str) -> None:
    rows = [{**person(1, 1), "户联系电话": '="15412345678"', "证件号码": f'="{ZHANG}"'}]
    path = write(tmp_path / "a.csv", rows, headings=PERSON_HEADINGS, encoding=encoding)
    outcome = actions.import_file(path=path, period=JUNE, by=None, now=NOW)
    assert outcome.kind == "person" and taken(outcome) == {"rows": 1, "new": 1}
    assert outcome.batch and outcome.batch.columns == PERSON_HEADINGS
    assert not [notice for notice in outcome.notices if "未识别" in notice]
    assert secrets_of(the_person("530630000000101"))["证件号码"] == ZHANG


def test_a_file_that_is_none_of_the_four_sheets_says_what_each_must_have(tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        import_rows(tmp_path, [{"证件号码": ZHANG, "姓名": "张三", "金额": "3"}])
    assert "看不出这是全国系统的哪一张表" in str(error.value) and "--kind" in str(error.value)
    with pytest.raises(UserError, match="缺少必需的列：“户编号”"):
        import_rows(tmp_path, [{"人口编号": "1", "姓名": "张三", "证件号码": ZHANG}], kind="person")
    assert not Batch.objects.exists()


def test_a_file_of_which_no_row_can_be_used_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="2 行全部未能采用"):
        import_rows(tmp_path, [person(1, 1, 村="无名村"), person(1, 2, 村="无名村")])
    assert not Batch.objects.exists()
