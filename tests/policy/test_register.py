"""Every number of the documents is a parameter: P01 to P68, the conflicts, the dated duties, the open questions."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shouwang.foundation import workspace
from shouwang.policy import load, loading
from shouwang.policy.quantities import Duration, Frequency, Window
from shouwang.policy.shapes import plain

PROGRAM = loading.read(program=workspace.PROGRAM_POLICIES)
REGISTERED = {number: parameter for parameter in PROGRAM.parameters.values() for number in parameter.register}


@pytest.mark.parametrize("number", [f"P{number:02d}" for number in range(1, 69)])
def test_every_number_of_the_register_has_a_parameter(number: str) -> None:
    assert number in REGISTERED


# X12 is about what the product is: a companion to the national system. No value decides it.
@pytest.mark.parametrize("number", [f"X{number:02d}" for number in range(1, 30) if number != 12])
def test_every_conflict_between_documents_has_a_parameter(number: str) -> None:
    assert number in REGISTERED


@pytest.mark.parametrize("number", [f"Q{number:02d}" for number in range(1, 15)])
def test_every_open_question_has_a_parameter(number: str) -> None:
    assert number in REGISTERED


def test_a_register_number_is_one_of_these() -> None:
    assert not [number for number in REGISTERED if not re.fullmatch(r"P\d\d|X\d\d|Q\d\d", number)]


# name, region, day → value as JSON would show it, comparator: the register row by row
NUMBERS = [
    ("P01", "household.monitoring_income_line", "130630", "7300", "<"),
    ("P01", "household.monitoring_income_line", "130609", "7300", "<"),
    ("P02", "household.monitoring_income_line", "4110", "6900", "<"),
    ("P03", "household.alleviated_average_income", "130630", "12550", "<"),
    ("P04", "household.identification_limit", "1311", "1 month", "<="),
    ("P06", "household.contact_person_limit", "4110", "5 day", "<="),
    ("P07", "household.support_plan_limit", "4110", "20 day", "<="),
    ("P07", "household.support_plan_limit", "1311", "0 day", "<="),
    ("P08", "household.visit_frequency", "4110", "1 per month", ">="),
    ("P09", "feeds.data_match_frequency", "1311", "1 per month", ">="),
    ("P10", "feeds.data_match_frequency", "4110", "1 per quarter", ">="),
    ("P11", "household.natural_change_frequency", "1311", "1 per month", ">="),
    ("P12", "household.dynamic_adjust_frequency", "4110", "1 per quarter", ">="),
    ("P12", "household.annual_dynamic_window", "4110", "2022-10-01..2022-10-31", ""),
    ("P13", "household.annual_dynamic_window", "1311", "..2022-12-31", ""),
    ("P14", "household.concentrated_screening_window", "1311", "..2022-06-30", ""),
    ("P14", "household.concentrated_screening_window", "4110", "2022-06-01..2022-06-30", ""),
    ("P15", "household.income_projection", "130630", {"first_month": 10, "annual_months": 12}, ""),
    ("P16", "funds.industry_share.central", "13", "0.55", ">="),
    ("P16", "funds.industry_share.central_change", "13", "0", ">="),
    ("P17", "funds.industry_share.four_level", "13", "0.52", ">="),
    ("P18", "funds.industry_share.all_level", "4110", "0.55", ">"),
    ("P18", "funds.industry_share.all_level_change", "4110", "0", ">"),
    ("P20", "funds.spending_progress.june", "4110", {"on": "2022-06-30", "share": "0.60"}, ">="),
    ("P20", "funds.spending_progress.june_over_province", "4110", "0", ">"),
    ("P20", "funds.spending_progress.november", "4110", {"on": "2022-11-30", "share": "0.95"}, ">="),
    ("P21", "funds.budget.city", "4110", "7510", ">="),
    ("P21", "funds.budget.county_total", "4110", "29700", ">="),
    ("P22", "funds.first_projects_start", "4110", "2022-03-01..2022-03-31", ""),
    ("P23", "industry.consumer_sales_growth", "4110", "0.10", ">="),
    ("P24", "employment.local_job_reserve", "4110", 5000, ">="),
    ("P25", "employment.alleviated_employment", "4110", 33000, ">="),
    ("P26", "finance.loan_new_frequency", "4110", "1 per month", ">="),
    ("P27", "finance.survey_frequency", "4110", "1 per half_year", ">="),
    ("P28", "industry.recognition_frequency.county", "4110", "2 per year", ">="),
    (
        "P29",
        "supervision.sector_policy_review_windows",
        "4110",
        ["2022-05-01..2022-05-31", "2022-10-01..2022-10-31"],
        "",
    ),
    ("P30", "staff.help_day", "4110", "tuesday", ""),
    ("P31", "staff.leader_village_days", "4110", 2, ">="),
    ("P32", "staff.resident_cadre.workdays_per_month", "4110", 20, ">="),
    ("P33", "staff.resident_cadre.roster_frequency", "4110", "1 per quarter", ">="),
    ("P34", "petitions.forward_limit", "4110", "24 hour", "<="),
    ("P35", "petitions.feedback_frequency", "4110", "1 per day", ">="),
    ("P37", "income.growth.alleviated_over_local", "4110", "0", ">"),
    ("P39", "grain.sown_area_target", "1311", "1082.5", ">="),
    ("P40", "grain.strip_intercropping_area", "1311", "10", ">="),
    ("P41", "grain.soybean_area_increase", "1311", "3.5", ">="),
    ("P42", "grain.spring_sown_area", "1311", "64.3", ">="),
    ("P43", "grain.spring_summer_area_change", "1311", "0", ">="),
    ("P44", "grain.sowing_dispatch_frequency", "1311", "3 per week", ">="),
    ("P45", "grain.summary_report_by", "1311", ["2022-07-31", "2022-11-30"], "<="),
    ("P46", "grain.strip_machinery.sowing_machines_by", "1311", "2022-04-10", "<="),
    ("P47", "grain.tech_officer_per_village", "1311", 1, ">="),
    ("P48", "grain.finance_officer_per_township", "1311", 1, ">="),
    ("P49", "farmland.field_chief.established_by", "1311", "2022-06-30", "<="),
    ("P50", "farmland.greenbelt_width.county_township_road", "1311", "3", "<="),
    ("P50", "farmland.greenbelt_width.trunk_line", "1311", "5", "<="),
    ("P51", "farmland.accountability.illegal_area", "1311", "100", ">="),
    ("P51", "farmland.accountability.illegal_share", "1311", "0.15", ">="),
    ("P52", "farmland.violation_lookback_from", "1311", "2021-01-01", ">="),
    ("P53", "farmland.high_standard_target", "1311", "23.5", ">="),
    ("P54", "farmland.action_report_by", "1311", "2022-12-05", "<="),
    ("P57", "infrastructure.hardened_road_hamlet", "13", 20, ">="),
    ("P58", "infrastructure.bus_operation_share", "13", "0.90", ">="),
    ("P58", "infrastructure.bus_distance", "13", "20", "<="),
    ("P59", "industry.leading_industries_per_county", "13", {"minimum": 1, "maximum": 2}, ""),
    ("P60", "household.safe_housing_share", "13", "1", ">="),
    ("P61", "infrastructure.care_facility_per_county", "13", 1, ">="),
    ("P64", "funds.integration_window", "13", "2021-01-01..2023-12-31", ""),
    ("P66", "feeds.push_frequency", "1311", "1 per month", ">="),
    ("P68", "case.elimination_check_count", "1311", 4, ""),
]


@pytest.mark.parametrize(("number", "name", "region", "value", "comparator"), NUMBERS)
def test_a_number_stands_as_the_document_gives_it(
    number: str, name: str, region: str, value: object, comparator: str
) -> None:
    parameter = PROGRAM.parameters[name]
    (found,) = [
        one for one in parameter.values if region.startswith(one.region) and one.is_in_force(date(2022, 6, 1))
    ] or [one for one in parameter.values if one.region == "00"]

    assert number in parameter.register
    assert (plain(found.value), found.comparator) == (value, comparator)


def test_from_30_june_2022_hebei_has_fifteen_days_two_grades_and_a_first_payment() -> None:
    def hebei(name: str) -> object:
        (value,) = [one for one in PROGRAM.parameters[name].values if one.region == "13"]
        assert value.from_on == date(2022, 6, 30)
        return value.value

    assert hebei("household.identification_limit") == Duration(15, "day")
    assert hebei("household.severe_disability_levels") == (1, 2)
    assert (hebei("funds.startup_payment.minimum"), hebei("funds.startup_payment.maximum")) == (
        Decimal("0.30"),
        Decimal("0.50"),
    )


def test_the_two_lists_of_diseases_have_thirty_and_four_names_and_no_spelling_twice() -> None:
    def names(name: str) -> list[str]:
        (value,) = PROGRAM.parameters[name].values
        return [spelling for entry in value.value for spelling in (entry["name"], *entry["aliases"])]

    (major,) = PROGRAM.parameters["household.major_diseases"].values
    (chronic,) = PROGRAM.parameters["household.chronic_diseases"].values
    spellings = names("household.major_diseases") + names("household.chronic_diseases")

    assert (len(major.value), len(chronic.value)) == (30, 4)
    assert {"食道癌", "食管癌", "高血压"} <= set(spellings)
    assert len(spellings) == len(set(spellings))
    assert "没有列出病种" in major.note


# What the rules ask for by name; without a value where the documents leave it open.
OPEN = [
    "household.medical_warning_line.monitored",
    "household.medical_warning_line.general",
    "household.sudden_spending_limit",
    "household.sudden_income_drop",
    "household.transfer_share_limit",
    "household.low_income_limit",
    "household.water_outage_days",
    "household.days_to_verify",
    "household.holiday_roll",
    "household.insurance_task_limit",
    "household.review_interval",
    "household.focus_definition.left_behind_child",
    "household.focus_definition.child_in_difficulty",
    "household.focus_definition.elderly_in_difficulty",
    "case.publicity_minimum_days",
    "case.elimination_checks",
    "case.step_limits",
    "grain.strip_conversion",
    "grain.sowing_windows",
    "farmland.field_chief.patrol_frequency",
    "farmland.accountability.denominator",
    "farmland.greenbelt_width.river_reservoir",
    "employment.service_131",
    "staff.double_ten",
    "supervision.two_checks_one_circular",
    "finance.loan_counties",
    "finance.protection_line",
    "income.large_drop",
    "income.ledger_columns",
    "feeds.push_day",
]


@pytest.mark.parametrize("name", OPEN)
def test_what_the_documents_leave_open_has_no_value_but_says_why_and_what_happens_meanwhile(name: str) -> None:
    parameter = PROGRAM.parameters[name]

    assert parameter.values == ()
    assert (
        "没有录入前" in parameter.open
        or "没有录入前" in parameter.open.replace("录入后", "")
        or "选项" in parameter.open
    )
    assert parameter.cites


@pytest.mark.parametrize(
    ("name", "comparator"),
    [
        ("household.medical_warning_line.monitored", ">"),
        ("household.medical_warning_line.general", ">"),
        ("household.sudden_spending_limit", ">="),
        ("household.sudden_income_drop", ">="),
        ("household.transfer_share_limit", ">"),
        ("household.low_income_limit", "<"),
        ("household.water_outage_days", ">="),
    ],
)
def test_the_comparator_of_the_clause_is_there_before_the_value_is(name: str, comparator: str) -> None:
    assert PROGRAM.parameters[name].comparator == comparator


# 0.4: every dated duty of 2022 → the parameter that carries its date
CALENDAR = {
    "培训宣传月": ("training.publicity_month", Window(date(2022, 3, 1), date(2022, 3, 31))),
    "首批项目开工": ("funds.first_projects_start", Window(date(2022, 3, 1), date(2022, 3, 31))),
    "摸清机械需求": ("grain.strip_machinery.needs_known_by", date(2022, 3, 31)),
    "防贫机构和人员到位": ("staff.prevention_bodies_by", date(2022, 3, 31)),
    "播种植保机械": ("grain.strip_machinery.sowing_machines_by", date(2022, 4, 10)),
    "防贫队伍专项检查": ("supervision.prevention_team_check", Window(date(2022, 4, 1), date(2022, 4, 30))),
    "帮扶措施专项督查": ("supervision.support_measures_check", Window(date(2022, 5, 1), date(2022, 5, 31))),
    "驻村轮换": ("staff.resident_cadre.rotation_by", date(2022, 6, 30)),
    "田长制建立": ("farmland.field_chief.established_by", date(2022, 6, 30)),
    "收获机械": ("grain.strip_machinery.harvest_machines_by", date(2022, 7, 31)),
    "粮食总结": ("grain.summary_report_by", (date(2022, 7, 31), date(2022, 11, 30))),
    "风险消除标注检查": ("supervision.risk_clearance_check", Window(date(2022, 8, 1), date(2022, 8, 31))),
    "增收情况上报": ("income.response_report_by", date(2022, 9, 10)),
    "重点培训": ("training.key_training_window", Window(date(2022, 10, 1), date(2022, 10, 31))),
    "项目完工": ("funds.projects_complete_by", date(2022, 11, 30)),
    "耕地保护报告": ("farmland.action_report_by", date(2022, 12, 5)),
    "耕地保护行动": ("farmland.campaign_window", Window(date(2022, 3, 28), date(2022, 12, 31))),
    "每日信访反馈": ("petitions.feedback_frequency", Frequency(1, "day")),
    "每周金融统计": ("finance.statistics_frequency", Frequency(1, "week")),
    "每半月粮食调度": ("grain.daily_dispatch_frequency", Frequency(1, "half_month")),
    "每月会商": ("feeds.consultation_frequency", Frequency(1, "month")),
    "每月分析": ("supervision.analysis_frequency", Frequency(1, "month")),
    "每月调度": ("supervision.dispatch_frequency", Frequency(1, "month")),
    "每月报告": ("supervision.report_frequency", Frequency(1, "month")),
    "排查月报告月通报": ("household.screening_report_frequency", Frequency(1, "month")),
    "每季度观摩": ("supervision.site_exchange_frequency", Frequency(1, "quarter")),
    "每季度到村": ("staff.unit_head_visit_frequency", Frequency(1, "quarter")),
}


@pytest.mark.parametrize("duty", CALENDAR)
def test_a_dated_duty_has_its_date_as_a_parameter(duty: str) -> None:
    name, value = CALENDAR[duty]

    assert [one.value for one in PROGRAM.parameters[name].values] == [value]


def test_every_value_is_cited_from_a_document_that_knows_its_place() -> None:
    for parameter in PROGRAM.parameters.values():
        for value in parameter.values:
            for citation in value.cites:
                region = PROGRAM.document(citation.partition("#")[0]).region
                related = region.startswith(value.region) or value.region.startswith(region) or value.region == "00"
                assert related, f"{parameter.name}: {citation} says nothing for {value.region}"


def test_a_number_that_is_not_in_the_text_says_so() -> None:
    for name in (
        "household.major_diseases",
        "household.compulsory_education_ages",
        "household.unsafe_housing_grades",
        "household.rigid_spending_months",
        "household.income_measure",
    ):
        assert any(re.search("条文(只|没有)|没有写|只写", value.note) for value in PROGRAM.parameters[name].values), (
            name
        )


def test_annual_figures_end_with_their_year() -> None:
    for name in ("household.monitoring_income_line", "household.alleviated_average_income", "grain.sown_area_target"):
        for value in PROGRAM.parameters[name].values:
            assert value.until_on == date(2023, 1, 1), name


def test_the_files_of_the_program_load_in_an_empty_workspace(home: Path) -> None:
    assert load().version == PROGRAM.version
