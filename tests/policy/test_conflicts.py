"""The conflicts between the documents (X01 to X29), each as the sentence an officer would ask."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shouwang.foundation import workspace
from shouwang.policy import Resolution, loading
from shouwang.policy.quantities import Duration, Frequency, Window

from .files import resolved

PROGRAM = loading.read(program=workspace.PROGRAM_POLICIES)
HENGSHUI, TAOCHENG, XUCHANG, XUSHUI, LAIYUAN, DINGZHOU = "1311", "131102", "4110", "130609", "130630", "130682"


def ask(name: str, region: str, on: str) -> Resolution:
    return resolved(PROGRAM, name, region, on)


def test_x01_a_hengshui_case_found_on_29_june_has_a_month_and_one_found_on_30_june_has_15_days() -> None:
    name = "household.identification_limit"
    before, after = ask(name, HENGSHUI, "2022-06-29"), ask(name, HENGSHUI, "2022-06-30")

    assert (before.value, before.losers) == (Duration(1, "month"), ())
    assert after.value == Duration(15, "day")
    assert after.source is not None
    assert (after.source.region, after.source.cite) == ("13", "hebei-xiangzhenfa-2022-14#1.8")
    ((loser, reason),) = after.losers
    assert (loser.cite, loser.value) == ("hengshui-2022-1#C.2.4.1", Duration(1, "month"))
    assert reason == "1 个月 比河北省的 15 天 宽，取最严的"
    assert after.why == (
        "衡水市在 2022-06-30 适用河北省自 2022-06-30 起的规定：不超过 15 天，依据冀乡振发〔2022〕14号 措施1“简” L49。"
        "各级都有规定时取最严的值，未采用衡水市自 2022-03-28 起的 1 个月。"
    )
    assert [value.value for value in after.history] == [Duration(1, "month"), Duration(15, "day")]


def test_x01_as_due_days_h07_and_h08() -> None:
    def due(region: str, found_on: date) -> date:
        return ask("household.identification_limit", region, found_on.isoformat()).value.due_on(found_on)

    assert due(XUSHUI, date(2022, 7, 1)) == date(2022, 7, 16)
    assert due(TAOCHENG, date(2022, 4, 5)) == date(2022, 5, 5)
    assert due(TAOCHENG, date(2022, 7, 1)) == date(2022, 7, 16)


def test_x01_before_the_province_spoke_other_cities_had_no_limit() -> None:
    found = ask("household.identification_limit", XUSHUI, "2022-06-29")

    assert found.value is None
    assert "下一个值自 2022-06-30 起" in found.why


def test_x02_days_are_calendar_days_everywhere_and_nobody_says_whether_a_holiday_rolls() -> None:
    for region in (HENGSHUI, LAIYUAN, XUCHANG):
        assert ask("household.day_basis", region, "2022-07-01").value == "natural"
        assert ask("household.holiday_roll", region, "2022-07-01").value is None
    assert ask("petitions.forward_limit", XUCHANG, "2022-07-01").value == Duration(24, "hour")


def test_x03_7000_yuan_a_head_lies_below_the_line_in_laiyuan_and_not_in_xuchang() -> None:
    laiyuan = ask("household.monitoring_income_line", LAIYUAN, "2022-06-30")
    xuchang = ask("household.monitoring_income_line", XUCHANG, "2022-06-30")

    assert (laiyuan.value, laiyuan.comparator) == (Decimal(7300), "<")
    assert (xuchang.value, xuchang.comparator) == (Decimal(6900), "<")
    assert xuchang.value <= 7000 < laiyuan.value


def test_x03_the_line_is_of_a_province_and_a_year() -> None:
    name = "household.monitoring_income_line"

    assert ask(name, XUSHUI, "2022-07-01").value == Decimal(7300)
    assert ask(name, DINGZHOU, "2022-07-01").value == Decimal(7300)
    assert ask(name, LAIYUAN, "2023-01-01").value is None
    assert ask(name, "370102", "2022-07-01").value is None
    assert "现有的值只属于河北省、河南省" in ask(name, "370102", "2022-07-01").why


def test_x04_x05_which_income_and_which_period_is_asked_of_the_region() -> None:
    assert ask("household.income_measure", XUCHANG, "2022-06-30").value == "net_income"
    assert ask("household.income_period.entry", LAIYUAN, "2022-06-30").value == "last_calendar_year"
    assert ask("household.income_period.projection", LAIYUAN, "2022-06-30").value == "collection_year"
    assert ask("household.income_period.projection", HENGSHUI, "2022-06-30").value is None


def test_x06_departments_match_monthly_in_hengshui_and_quarterly_in_xuchang() -> None:
    assert ask("feeds.data_match_frequency", TAOCHENG, "2022-06-30").value == Frequency(1, "month")
    assert ask("feeds.data_match_frequency", XUCHANG, "2022-06-30").value == Frequency(1, "quarter")


def test_x07_hengshui_changes_monthly_and_closes_in_december_xuchang_adjusts_quarterly_and_in_october() -> None:
    on = "2022-06-30"

    assert ask("household.natural_change_frequency", HENGSHUI, on).value == Frequency(1, "month")
    assert ask("household.dynamic_adjust_frequency", HENGSHUI, on).value is None
    assert ask("household.dynamic_adjust_frequency", XUCHANG, on).value == Frequency(1, "quarter")
    assert ask("household.annual_dynamic_window", HENGSHUI, on).value == Window(None, date(2022, 12, 31))
    assert ask("household.annual_dynamic_window", XUCHANG, on).value == Window(date(2022, 10, 1), date(2022, 10, 31))


def test_x08_the_plan_is_due_on_the_day_of_inclusion_in_hengshui_and_after_20_days_in_xuchang() -> None:
    included = date(2022, 5, 10)

    def due(name: str, region: str) -> date:
        return ask(name, region, included.isoformat()).value.due_on(included)

    assert due("household.support_plan_limit", HENGSHUI) == included
    assert due("household.support_plan_limit", XUCHANG) == date(2022, 5, 30)
    assert due("household.contact_person_limit", XUCHANG) == date(2022, 5, 15)


def test_x09_hengshui_checks_everybody_every_month_others_the_watched_households() -> None:
    assert ask("household.visit_scope", TAOCHENG, "2022-07-01").value == ("rural_population",)
    assert ask("household.visit_scope", XUSHUI, "2022-07-01").value == ("monitored_object", "alleviated_household")
    assert "dibao" in ask("household.visit_scope", XUCHANG, "2022-07-01").value
    assert ask("household.visit_frequency", TAOCHENG, "2022-07-01").value == Frequency(1, "month")


def test_x10_x11_four_ways_in_three_categories_and_two_of_the_ways_ask_for_income() -> None:
    assert len(ask("household.entry_rules", HENGSHUI, "2022-06-30").value) == 4
    assert len(ask("household.object_categories", HENGSHUI, "2022-06-30").value) == 3
    assert ask("household.entry_rules_with_income_test", HENGSHUI, "2022-06-30").value == (
        "severe_disability_low_income",
        "spending_exceeds_income",
    )


def test_x13_55_percent_is_enough_in_hebei_and_not_in_xuchang() -> None:
    hebei = ask("funds.industry_share.central", LAIYUAN, "2022-06-30")
    xuchang = ask("funds.industry_share.all_level", XUCHANG, "2022-06-30")

    assert (hebei.value, hebei.comparator) == (Decimal("0.55"), ">=")
    assert (xuchang.value, xuchang.comparator) == (Decimal("0.55"), ">")


def test_x14_x15_x16_names_and_directions_differ_by_place() -> None:
    assert ask("employment.public_welfare_post_change", LAIYUAN, "2022-07-07").comparator == ">="
    assert "总体稳定" in ask("employment.public_welfare_post_change", XUCHANG, "2022-07-07").why
    (measure,) = ask("household.individual_dibao", LAIYUAN, "2022-07-07").value
    assert (measure["name"], measure["aliases"]) == ("单人保", ("单人户",))
    (scheme,) = ask("finance.anti_poverty_insurance", XUCHANG, "2022-07-07").value
    assert "防返贫保" in scheme["aliases"]


def test_x17_common_and_major_chronic_diseases_are_one_list() -> None:
    found = ask("household.chronic_diseases", LAIYUAN, "2022-06-30")

    assert [entry["name"] for entry in found.value] == ["高血压", "糖尿病", "肺结核", "严重精神障碍"]
    assert found.source is not None
    assert len(found.source.cites) == 2
    assert "常见慢性病" in found.source.note
    assert "重大慢性病" in found.source.note


def test_x18_x19_the_target_is_above_the_trigger_is_below_and_equal_is_neither() -> None:
    target = ask("income.growth.alleviated_over_local", LAIYUAN, "2022-07-07")
    trigger = ask("supervision.income_growth.alleviated_below_local", LAIYUAN, "2022-07-07")

    assert (target.comparator, trigger.comparator) == (">", "<")
    assert target.value == trigger.value == 0
    assert ask("supervision.income_growth.trigger_logic", LAIYUAN, "2022-07-07").value == "and"


def test_x20_before_the_middle_of_the_month_is_read_as_the_tenth_and_the_text_is_shown() -> None:
    for name, region, day in (
        ("grain.strip_machinery.sowing_machines_by", HENGSHUI, date(2022, 4, 10)),
        ("income.response_report_by", LAIYUAN, date(2022, 9, 10)),
    ):
        found = ask(name, region, "2022-07-07")
        assert found.value == day
        assert found.source is not None
        assert "中旬前" in found.source.note


def test_x21_twenty_workdays_a_month_and_the_note_says_what_a_short_month_asks() -> None:
    found = ask("staff.resident_cadre.workdays_per_month", XUCHANG, "2022-03-07")

    assert found.value == 20
    assert found.source is not None
    assert "2022年2月" in found.source.note


def test_x22_x29_four_checks_are_counted_but_not_named_and_four_steps_are_named_in_order() -> None:
    assert ask("case.elimination_check_count", HENGSHUI, "2022-06-30").value == 4
    assert ask("case.elimination_checks", HENGSHUI, "2022-06-30").value is None
    assert ask("case.identification_steps", HENGSHUI, "2022-06-30").value == (
        "democratic_review",
        "publicity",
        "township_review",
        "county_decision",
    )


def test_x23_x24_x25_x28_what_no_document_says_has_no_value_and_is_not_invented() -> None:
    for name, region in (
        ("farmland.accountability.denominator", HENGSHUI),
        ("farmland.greenbelt_width.river_reservoir", HENGSHUI),
        ("grain.strip_conversion", HENGSHUI),
        ("household.transfer_share_limit", LAIYUAN),
        ("household.low_income_limit", LAIYUAN),
        ("income.large_drop", LAIYUAN),
    ):
        found = ask(name, region, "2022-07-07")
        assert (found.value, found.text) == (None, "未给出")
        assert found.why.startswith("文件没有给出数值。")


def test_x26_land_questions_look_back_to_2021_though_the_plan_is_of_2022() -> None:
    found = ask("farmland.violation_lookback_from", HENGSHUI, "2022-03-28")

    assert (found.value, found.comparator) == (date(2021, 1, 1), ">=")


def test_x27_exactly_on_the_line_is_not_below_it() -> None:
    assert ask("household.monitoring_income_line", XUSHUI, "2022-07-01").comparator == "<"


def test_conflicts_that_data_cannot_settle_stay_as_notes() -> None:
    described = {name: PROGRAM.parameters[name].description for name in PROGRAM.parameters}

    assert "两个字段" in described["household.object_categories"]
    assert "只确认一次，不填表" in described["household.visit_scope"]
    assert "口径" in described["household.income_measure"]
