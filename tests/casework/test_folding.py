"""Findings become leads: one per household with all its reasons, on a statutory clock, and nothing twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from shouwang import policy
from shouwang.casework import actions, clocks, queries
from shouwang.casework.models import CollectionTask, Lead, LeadReason
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Monitoring
from tests.factories import LAIYUAN, YIXIAN
from tests.screening.conftest import county, screen  # noqa: F401

JUNE = dt.date(2022, 6, 30)
OPENED = dt.date(2022, 7, 4)
DISABLED = {"disability_level": 2, "certified_on": dt.date(2019, 5, 1)}
ACCIDENT = {"accident_kind": "摔伤", "occurred_on": dt.date(2022, 6, 3)}
COLLECTED = [f"2021-{month}" for month in (10, 11, 12)] + [f"2022-0{month}" for month in range(1, 7)]


def fold(run, opened_on: dt.date = OPENED):
    return actions.fold(run=run, opened_on=opened_on, policies=policy.load())


@pytest.fixture
def poor_disabled(county):  # noqa: F811
    county.household("张三")
    county.register()
    county.income(张三=600_000)
    county.write("disability", [{"person": "张三一"} | DISABLED])
    return county


def monitored(household, *risks: str, is_cleared: bool = False) -> None:
    Monitoring.objects.create(
        household=household,
        region_code=household.region_code,
        period="2022-06",
        digest="",
        risks=list(risks),
        is_cleared=is_cleared,
    )


def test_a_household_gets_one_lead_with_all_its_reasons(poor_disabled, screen):  # noqa: F811
    poor_disabled.write("accident", [{"person": "张三一"} | ACCIDENT])
    fold(screen())
    lead = Lead.objects.get()
    assert lead.rules == ["household.severe_disability_low_income", "household.sudden_hardship"]
    assert lead.reasons.count() == 2
    assert lead.lead_no == "130630-202207-000001"


def test_running_again_adds_nothing(poor_disabled, screen):  # noqa: F811
    fold(screen())
    again = fold(screen())
    assert (again.opened_count, again.joined_count, again.withdrawn_count) == (0, 0, 0)
    assert Lead.objects.count() == LeadReason.objects.count() == 1


def test_a_new_fact_joins_the_open_lead(poor_disabled, screen):  # noqa: F811
    fold(screen())
    poor_disabled.write("accident", [{"person": "张三一"} | ACCIDENT])
    folded = fold(screen(), opened_on=dt.date(2022, 7, 6))
    assert (folded.opened_count, folded.joined_count) == (0, 1)
    lead = Lead.objects.get()
    assert lead.opened_on == OPENED
    assert [reason.joined_on for reason in lead.reasons.order_by("joined_on")] == [OPENED, dt.date(2022, 7, 6)]


def test_a_changed_figure_replaces_the_reason_it_corrects(poor_disabled, screen):  # noqa: F811
    first = poor_disabled.write("accident", [{"person": "张三一", "own_loss_fen": 100_00} | ACCIDENT])
    fold(screen())
    second = poor_disabled.write("accident", [{"person": "张三一", "own_loss_fen": 900_00} | ACCIDENT])
    poor_disabled.supersede("accident", first, row=2, by=second)
    fold(screen())
    standing = LeadReason.objects.filter(left_on=None, finding__rule="household.sudden_hardship")
    assert [reason.finding.observed for reason in standing] == ["900.00"]
    assert Lead.objects.get().reasons.count() == 3


def test_a_reverted_file_takes_its_lead_back(poor_disabled, screen):  # noqa: F811
    poor_disabled.household("李四")
    poor_disabled.register()
    batch = poor_disabled.write("accident", [{"person": "李四一"} | ACCIDENT])
    fold(screen())
    assert Lead.objects.filter(is_open=True).count() == 2
    poor_disabled.revert(batch)
    folded = fold(screen())
    assert folded.withdrawn_count == 1
    withdrawn = Lead.objects.get(state="withdrawn")
    assert withdrawn.household == poor_disabled.households["李四"]
    assert withdrawn.rules == []


def test_a_household_monitored_for_the_cause_gets_the_finding_but_no_lead(poor_disabled, screen):  # noqa: F811
    monitored(poor_disabled.households["张三"], "因残")
    folded = fold(screen())
    assert folded.already_monitored_count == 1
    assert Lead.objects.count() == 0


@pytest.mark.parametrize("risks", [{"risks": ("因学",)}, {"risks": ("因残",), "is_cleared": True}])
def test_another_cause_or_a_cleared_one_still_opens_a_lead(poor_disabled, screen, risks):  # noqa: F811
    monitored(poor_disabled.households["张三"], *risks["risks"], is_cleared=risks.get("is_cleared", False))
    assert fold(screen()).opened_count == 1


def test_the_database_keeps_a_second_open_lead_out(poor_disabled, screen):  # noqa: F811
    fold(screen())
    lead = Lead.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.create(
            lead_no="X", household=lead.household, region_code=lead.region_code, opened_on=OPENED, responsible_unit="村"
        )


def test_a_fold_that_breaks_in_the_middle_leaves_nothing(poor_disabled, screen):  # noqa: F811
    run = screen()
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(actions, "_refresh_questions", lambda run: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fold(run)
    assert Lead.objects.count() == 0
    assert fold(run).opened_count == 1


# hebei-xiangzhenfa-2022-14#1.8 (H-07), hengshui-2022-1#C.2.4 (H-08)
@pytest.mark.parametrize(
    ("region", "opened_on", "due_on"),
    [
        ("130609000000", dt.date(2022, 7, 1), dt.date(2022, 7, 16)),
        ("131102000000", dt.date(2022, 4, 5), dt.date(2022, 5, 5)),
        ("131102000000", dt.date(2022, 7, 1), dt.date(2022, 7, 16)),
    ],
)
def test_the_due_day_follows_the_limit_in_force_where_and_when_it_was_found(db, region, opened_on, due_on):
    due = clocks.due(start_on=opened_on, region_code=region, policies=policy.load())
    assert due.on == due_on
    assert due.because["cites"]


def test_where_no_document_sets_a_limit_there_is_no_due_day_and_the_reason_is_said(db):
    due = clocks.due(start_on=dt.date(2020, 1, 1), region_code="131102000000", policies=policy.load())
    assert due.on is None
    assert due.because["why"]


def test_a_missing_month_becomes_a_task_and_not_a_lead(county, screen):  # noqa: F811
    county.household("张三")
    county.register()
    county.months("张三", COLLECTED[:-1], wage_fen=10_000)
    folded = fold(screen())
    assert (folded.opened_count, folded.task_count) == (0, 1)
    task = CollectionTask.objects.get()
    assert (task.month, task.done_on) == ("2022-06", None)
    again = fold(screen())
    assert again.task_count == 0


def test_the_task_is_done_when_the_month_arrives(county, screen):  # noqa: F811
    county.household("张三")
    county.register()
    county.months("张三", COLLECTED[:-1], wage_fen=10_000)
    fold(screen())
    late = county.months("张三", COLLECTED[-1:], wage_fen=10_000)
    folded = fold(screen(), opened_on=dt.date(2022, 7, 9))
    assert CollectionTask.objects.get().done_on == dt.date(2022, 7, 9)
    assert folded.opened_count == 1
    county.revert(late)
    fold(screen())
    assert CollectionTask.objects.get().done_on is None


def test_asset_hints_are_questions_and_never_remove_a_lead(poor_disabled, screen):  # noqa: F811
    poor_disabled.write(
        "asset_hint",
        [{"person": "张三一", "asset_kind": "小汽车", "registered_on": dt.date(2021, 5, 1), "value_fen": 6_000_000}],
    )
    fold(screen())
    question = Lead.objects.get().questions[0]
    assert (question["kind"], question["since"], question["value"]) == ("小汽车", "2021-05-01", "60000.00")


# hengshui-2022-1#C.1: the category follows from last year's income and the household's type
@pytest.mark.parametrize(
    ("kind", "net_fen", "category"),
    [
        ("脱贫户", 729_900, "脱贫不稳定户"),
        ("一般农户", 729_900, "边缘易致贫户"),
        ("脱贫户", 730_000, "突发严重困难户"),
        ("一般农户", 9_000_000, "突发严重困难户"),
        ("脱贫户", None, ""),
    ],
)
def test_a_lead_proposes_the_category_its_household_would_have(county, screen, kind, net_fen, category):  # noqa: F811
    county.household("张三", kind=kind)
    county.household("李四")
    county.register()
    county.income(**({"张三": net_fen} if net_fen else {"李四": 100}))
    county.write("accident", [{"person": "张三一"} | ACCIDENT])
    fold(screen())
    assert Lead.objects.get(household=county.households["张三"]).proposed_category == category


def test_leads_are_seen_only_inside_the_scope(poor_disabled, screen):  # noqa: F811
    fold(screen())
    for scope, count in ((Scope.of_region(LAIYUAN), 1), (Scope.of_region(YIXIAN), 0), (Scope(()), 0)):
        assert queries.leads(scope=scope).count() == count
        assert len(list(queries.export_rows(scope=scope))) == count
        rows = list(Lead.objects.all()) if count else []
        late = sum(lead.due_on <= rows[0].due_on for lead in rows)
        day = rows[0].due_on + dt.timedelta(days=1) if rows else dt.date(2022, 7, 1)
        assert list(queries.counts_by_region(scope=scope, digits=9, today=day).values()) == (
            [(count, late)] if count else []
        )
        reasons = LeadReason.objects.filter(lead__in=rows, left_on=None).values_list("finding__rule", flat=True)
        assert queries.counts_by_rule(scope=scope) == Counter(reasons)
        assert all(queries.filtered(queries.leads(scope=scope), rule=rule).count() == count for rule in reasons)


def test_the_export_has_the_columns_that_others_rely_on(poor_disabled, screen):  # noqa: F811
    fold(screen())
    row = next(queries.export_rows(scope=Scope.everything()))
    assert list(row) == [
        "lead_no", "household_no", "region_code", "opened_on", "due_on", "rules", "findings", "status", "responsible_unit",
    ]  # fmt: skip
    assert (row["opened_on"], row["due_on"], row["findings"]) == ("2022-07-04", "2022-07-19", 1)


def test_a_replay_of_the_past_discovers_on_the_screened_day():
    assert actions.discovery_day(as_of=JUNE, today=dt.date(2022, 7, 5)) == dt.date(2022, 7, 5)
    assert actions.discovery_day(as_of=JUNE, today=dt.date(2026, 11, 22)) == JUNE
    assert actions.discovery_day(as_of=JUNE, today=dt.date(2022, 6, 20)) == JUNE
