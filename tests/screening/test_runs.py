"""A run computes what its inputs changed, says what is missing, and can be repeated."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.screening import derived, queries
from shouwang.screening.models import Finding, RuleResult
from tests.factories import LAIYUAN, YIXIAN

JUNE = dt.date(2022, 6, 30)
DISABLED = {"disability_level": 2, "certified_on": dt.date(2019, 5, 1)}


def outcome(run, rule: str) -> RuleResult:
    return run.results.get(rule=f"household.{rule}")


def poor_disabled(county) -> None:
    county.household("张三")
    county.register()
    county.income(张三=600_000)
    county.write("disability", [{"person": "张三一"} | DISABLED])


def test_a_finding_carries_value_threshold_clause_and_the_rows_that_show_it(county, screen):
    poor_disabled(county)
    run = screen()
    finding = Finding.objects.get(result__runs=run, rule="household.severe_disability_low_income")
    assert (finding.observed, finding.comparator, finding.threshold) == ("6000.00", "<", "7300.00")
    assert [(point["dataset"], point["row"]) for point in finding.evidence] == [
        ("disability", 2),
        ("registry_income", 2),
    ]
    row = queries.export_row(finding, policy_version=run.policy_version)
    assert list(row) == [
        "household_no", "person_no", "rule", "status", "as_of", "observed", "threshold", "comparator",
        "cites", "parameter_region", "evidence", "engine", "policy_version",
    ]  # fmt: skip
    assert row["parameter_region"] == "13"
    assert "hebei-xiangzhenfa-2022-14#1.2" in row["cites"]
    assert "laiyuan-2022-9#2.2.2" in row["cites"]


def test_the_same_inputs_compute_nothing_and_add_no_finding(county, screen):
    poor_disabled(county)
    first, second = screen(), screen()
    assert first.pk != second.pk
    assert set(first.results.values_list("pk", flat=True)) == set(second.results.values_list("pk", flat=True))
    assert Finding.objects.filter(rule="household.severe_disability_low_income").count() == 1


def test_a_changed_file_recomputes_only_the_rules_that_read_it(county, screen):
    poor_disabled(county)
    first = screen()
    county.household("李四")
    second_person = {"person": "张三一", "disability_level": 1, "certified_on": dt.date(2022, 6, 1)}
    county.write("disability", [second_person])
    second = screen()
    changed = set(second.results.exclude(pk__in=first.results.all()).values_list("rule", flat=True))
    assert changed == {"household.severe_disability_low_income", "household.focus_people"}


def test_a_changed_parameter_recomputes_only_the_rules_that_use_it(county, screen, home):
    poor_disabled(county)
    county.write(
        "water_outage", [{"village_code": county.village, "outage_from": dt.date(2022, 6, 1), "reason": "检修"}]
    )
    first = screen()
    own_parameter(home, "household.water_outage_days", "10 day")
    second = screen()
    changed = set(second.results.exclude(pk__in=first.results.all()).values_list("rule", flat=True))
    assert changed == {"household.water_unsafe"}
    assert first.policy_version != second.policy_version
    assert outcome(first, "water_unsafe").counts["hit"] == 0
    assert outcome(second, "water_unsafe").counts["hit"] == 1


def test_a_parameter_that_the_documents_leave_open_is_named_not_guessed(county, screen):
    county.household("张三")
    county.register()
    county.months("张三", ["2022-06"], 100)
    result = outcome(screen(), "transfer_share_high")
    assert result.outcome == "not_computed"
    assert [entry["name"] for entry in result.missing] == ["household.transfer_share_limit"]


def test_a_dataset_that_nobody_sent_is_named_with_its_department(county, screen):
    county.household("张三")
    county.register()
    result = outcome(screen(), "not_insured")
    assert result.outcome == "not_computed"
    assert result.missing[0]["name"] == "medical_insurance"
    assert "医疗保障局" in result.missing[0]["text"] or "医保局" in result.missing[0]["text"]


def test_households_without_last_years_income_are_listed_as_not_computed(county, screen):
    county.household("张三")
    county.household("李四")
    county.register()
    county.income(李四=100_000_000)
    county.write("disability", [{"person": "张三一"} | DISABLED, {"person": "李四一"} | DISABLED])
    result = outcome(screen(), "severe_disability_low_income")
    assert result.counts["not_computed"] == {"缺上年收入": 1}
    gaps = queries.gaps(result=result, scope=Scope.of_region(LAIYUAN))
    assert [gap["household_no"] for gap in gaps] == [county.households["张三"].household_no]
    assert queries.gaps(result=result, scope=Scope.of_region(YIXIAN)) == []


def test_a_superseded_row_no_longer_counts_and_comes_back_with_the_revert(county, screen):
    county.household("张三")
    county.register()
    county.income(张三=600_000)
    old = county.write("disability", [{"person": "张三一"} | DISABLED])
    new = county.write("disability", [{"person": "张三一"} | DISABLED | {"disability_level": 3}])
    county.supersede("disability", old, row=2, by=new)
    assert outcome(screen(), "severe_disability_low_income").counts["hit"] == 0
    county.revert(new)
    assert outcome(screen(), "severe_disability_low_income").counts["hit"] == 1


def test_a_later_month_s_word_does_not_change_an_earlier_month(county, screen):
    """June's list says that 张三 is insured; a screening of May still goes by May's list, whatever replaced it since."""
    county.household("张三")
    county.register(period="2022-04")
    said = {"person": "张三一", "insured_year": 2022}
    may = county.write("medical_insurance", [said | {"insurance_status": "参保"}], period="2022-05")
    june = county.write("medical_insurance", [said | {"insurance_status": "终止参保"}])
    county.supersede("medical_insurance", may, row=2, by=june)
    assert outcome(screen(as_of=dt.date(2022, 5, 31)), "not_insured").counts["hit"] == 0
    assert outcome(screen(), "not_insured").counts["hit"] == 1


# laiyuan-2022-9#2.1.3, laiyuan-2022-9#2.2.7
def test_the_income_outlook_sets_last_year_against_the_projection_part_by_part(county, screen):
    county.household("张三", "张三一", "张三二")
    county.household("李四", kind="一般农户")
    county.register()
    county.income(张三=2_400_000, 李四=1)
    county.months(
        "张三", [f"2021-{month}" for month in (10, 11, 12)] + [f"2022-0{month}" for month in range(1, 6)], 100_000
    )
    (row,) = derived.read(result=outcome(screen(), "income_outlook"), scope=Scope.of_region(LAIYUAN))
    assert row["household_no"] == county.households["张三"].household_no
    assert (row["members"], row["present"], row["expected"]) == (2, 8, 9)
    assert (row["last_wage_fen"], row["collected_wage_fen"], row["last_net_fen"]) == (2_400_000, 800_000, 2_400_000)
    assert row["projected_net_fen"] == 1_066_666


# laiyuan-2022-9#2.2.7
def test_a_month_with_an_empty_part_is_a_month_that_is_missing(county, screen):
    county.household("张三")
    county.register()
    county.months("张三", ["2021-10", "2021-12"], 100_000)
    county.months("张三", ["2021-11"], None)
    (row,) = derived.read(result=outcome(screen(), "income_outlook"), scope=Scope.of_region(LAIYUAN))
    assert (row["present"], row["month_bits"], row["collected_wage_fen"]) == (2, 0b101, 200_000)


def test_without_collected_months_the_income_outlook_says_what_is_missing(county, screen):
    county.household("张三")
    county.register()
    with pytest.raises(UserError, match="未计算：没有收到月度收入"):
        derived.read(result=outcome(screen(), "income_outlook"), scope=Scope.everything())


def test_people_who_need_attention_are_listed_with_the_row_that_says_so(county, screen):
    county.household("张三", "张三一", "张三二")
    county.register()
    county.write("major_disease", [{"person": "张三二", "disease": "尿毒症", "diagnosed_on": dt.date(2022, 1, 1)}])
    county.write("disability", [{"person": "张三一"} | DISABLED])
    rows = derived.read(result=outcome(screen(), "focus_people"), scope=Scope.of_region(LAIYUAN))
    assert [(row["person_key"], row["tag"], row["dataset"]) for row in rows] == [
        (county.persons["张三一"].pk, "重度残疾", "disability"),
        (county.persons["张三二"].pk, "大病慢病", "major_disease"),
    ]
    assert derived.read(result=outcome(screen(), "focus_people"), scope=Scope.of_region(YIXIAN)) == []


def test_a_reverted_batch_leaves_no_trace_in_the_next_run(county, screen):
    poor_disabled(county)
    batch = county.write(
        "accident", [{"person": "张三一", "accident_kind": "摔伤", "occurred_on": dt.date(2022, 6, 3)}]
    )
    assert outcome(screen(), "sudden_hardship").counts["judgement"] == 1
    county.revert(batch)
    result = outcome(screen(), "sudden_hardship")
    assert result.outcome == "not_computed"
    assert batch.pk not in {entry["batch"] for entry in result.inputs}


def test_each_county_is_judged_by_its_own_parameters(county, screen, db):
    """徐水 lies in Hebei, 长葛 in Henan: 7,000 yuan are under 7,300 and not under 6,900 (H-01)."""
    from .lake_world import County

    changge = County(code="411082000000", village="411082001201")
    for place in (county, changge):
        place.household("张三")
        place.register()
        place.income(张三=700_000)
        place.write("disability", [{"person": "张三一"} | DISABLED])
    assert outcome(screen(), "severe_disability_low_income").counts["hit"] == 1
    in_henan = outcome(screen(region="411082000000"), "severe_disability_low_income")
    assert [entry["name"] for entry in in_henan.missing] == ["household.severe_disability_levels"]


def test_the_register_of_the_screened_month_counts_not_a_later_one(county, screen):
    county.household("张三", "张三一", "张三二")
    county.register(period="2022-06")
    county.income(张三=1_400_000)
    county.write("disability", [{"person": "张三一"} | DISABLED])
    county.persons.pop("张三二")
    county.register(period="2022-07")
    assert outcome(screen(), "severe_disability_low_income").counts["hit"] == 1


def test_a_region_without_a_register_is_refused_with_the_next_step(db, screen):
    with pytest.raises(UserError, match="农户档案"):
        screen()


def test_findings_are_seen_only_inside_the_scope(county, screen):
    poor_disabled(county)
    screen()
    ours = list(queries.finding_rows(region_code=LAIYUAN, as_of=JUNE, scope=Scope.of_region(LAIYUAN)))
    theirs = list(queries.finding_rows(region_code=LAIYUAN, as_of=JUNE, scope=Scope.of_region(YIXIAN)))
    stranger = list(queries.finding_rows(region_code=LAIYUAN, as_of=JUNE, scope=Scope(())))
    assert (len(ours), len(theirs), len(stranger)) == (1, 0, 0)


def test_the_newest_run_of_a_day_is_the_one_that_is_exported(county, screen):
    poor_disabled(county)
    screen()
    batch = county.write(
        "accident", [{"person": "张三一", "accident_kind": "摔伤", "occurred_on": dt.date(2022, 6, 3)}]
    )
    screen()
    rules = {row["rule"] for row in queries.finding_rows(region_code=LAIYUAN, as_of=JUNE, scope=Scope.everything())}
    assert rules == {"household.severe_disability_low_income", "household.sudden_hardship"}
    county.revert(batch)
    screen()
    rules = {row["rule"] for row in queries.finding_rows(region_code=LAIYUAN, as_of=JUNE, scope=Scope.everything())}
    assert rules == {"household.severe_disability_low_income"}


def own_parameter(home, name: str, value: str) -> None:
    """A county's own value, as an officer writes it into the workspace."""
    documents = home / "policies" / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    (documents / "laiyuan-own.yaml").write_text(
        "number: 演示〔2022〕1号\ntitle: 演示用本县取值\nissuer: 演示县\nregion: '130630'\nissued_on: 2022-01-01\n"
        "effective_from: 2022-01-01\nclauses:\n  - {id: '1', place: 全文, summary: 本县自定的取值}\n"
    )
    path = home / "policies" / "parameters" / f"{name.replace('.', '/')}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"values:\n  - {{region: '130630', from: 2022-01-01, value: '{value}', cite: 'laiyuan-own#1'}}\n")


def test_an_orphan_of_the_assistance_list_is_tagged_as_such(county, screen):
    county.household("张三", "张三一", "张三二")
    county.register()
    rows = [("张三一", "孤儿和事实无人抚养儿童"), ("张三二", "农村低保")]
    county.write(
        "social_assistance",
        [{"person": name, "assistance_kind": kind, "from_month": "2022-01"} for name, kind in rows],
    )
    found = derived.read(result=outcome(screen(), "focus_people"), scope=Scope.of_region(LAIYUAN))
    assert {row["person_key"]: row["tag"] for row in found} == {
        county.persons["张三一"].pk: "孤儿和事实无人抚养儿童",
        county.persons["张三二"].pk: "社会救助",
    }
