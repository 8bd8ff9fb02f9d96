"""H-12, as a county would live it: a thousand hits of one screening become a thousand leads; none is capped, none is lost, and
whatever was not included says why."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from shouwang import policy
from shouwang.casework import runner, verification
from shouwang.casework.models import Case, Lead, LeadReason
from shouwang.jobs import exports, queue, worker
from shouwang.jobs.models import Job, JobState
from shouwang.regions import actions as regions
from shouwang.registry.models import Household, Person
from shouwang.screening.models import Finding
from tests import factories
from tests.factories import LAIYUAN
from tests.households.casebook import Book, moment, plan
from tests.screening.lake_world import County

HITS = 1_000
VILLAGES = ("130630100201", "130630100202", "130630101201")
JULY = dt.date(2022, 7, 1)


@pytest.fixture
def county(db) -> County:
    """A thousand poor households with a severely disabled member each, and one that is well off."""
    regions.load(counties_in_detail=[LAIYUAN])
    found = County()
    households = Household.objects.bulk_create(
        Household(
            region_code=VILLAGES[number % len(VILLAGES)],
            period="2022-05",
            digest="",
            household_no=f"130630{number:010d}",
            head_name=f"户{number}",
            household_type="脱贫户",
            registered_size=1,
        )
        for number in range(HITS + 1)
    )
    persons = Person.objects.bulk_create(
        Person(
            region_code=home.region_code,
            period="2022-05",
            digest="",
            person_no=f"{home.household_no}01",
            household=home,
            name=home.head_name,
            relation="户主",
            labour_capacity="普通劳动力",
        )
        for home in households
    )
    found.households = {home.head_name: home for home in households}
    found.persons = {person.name: person for person in persons}
    found.register(period="2022-05")
    found.income(**dict.fromkeys(found.households, 500_000) | {f"户{HITS}": 9_000_000})
    found.write(
        "disability",
        [
            {"person": name, "disability_kind": "肢体", "disability_level": 1, "certified_on": dt.date(2019, 3, 1)}
            for name in found.persons
        ],
    )
    return found


@pytest.fixture
def book(db) -> Book:
    return Book(VILLAGES[0])


def done(job: Job) -> dict:
    worker.work(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    return job.result


def screen(book: Book) -> dict:
    arguments = {"as_of": "2022-06-30", "opened_on": JULY.isoformat()}
    return done(queue.ask(recipe="screen", arguments=arguments, region_code=LAIYUAN, by=book.people["county"]))


def include(book: Book, lead: Lead) -> None:
    """From the verification to the county's decision, in the order of the documents."""
    for step, day, more in (("confirm", 2, {"risks": ["illness"]}), ("review", 3, {}), ("publish", 3, {})):
        proceeding = lead if step == "confirm" else Case.objects.get(lead=lead)
        if step == "publish":
            more = {"shown_until": "2022-07-08"}
        book.take(proceeding, step, JULY.replace(day=day), **more)
    case = Case.objects.get(lead=lead)
    for step in ("close_publicity", "township_review"):
        book.take(case, step, JULY.replace(day=8))
    plan(case, JULY.replace(day=8))
    category = Lead.objects.get(pk=lead.pk).proposed_category or "脱贫不稳定户"
    book.take(case, "county_decision", JULY.replace(day=8), object_category=category)


def test_a_thousand_hits_become_a_thousand_leads_and_each_that_is_not_included_says_why(county, book, monkeypatch):
    monkeypatch.setenv("SHOUWANG_TODAY", JULY.isoformat())
    assert screen(book)["opened_count"] == HITS
    assert Finding.objects.filter(status="hit").count() == Lead.objects.count() == LeadReason.objects.count() == HITS
    assert not Lead.objects.filter(household__head_name=f"户{HITS}").exists()
    assert Lead.objects.values("due_on").distinct().count() == 1
    assert screen(book)["opened_count"] == 0 and Lead.objects.count() == HITS

    officer = Client()
    officer.force_login(book.people["county"])
    assert "共 1,000 条" in officer.get(reverse("leads")).content.decode()
    answer = officer.post(reverse("dispatch"), {"all": "1"})
    job = Job.objects.get(recipe="dispatch_leads")
    assert answer.url == reverse("job", args=[job.pk])
    assert done(job)["done"] == HITS
    assert Lead.objects.filter(state=verification.AT_VILLAGE).count() == HITS

    mine = list(Lead.objects.filter(region_code=VILLAGES[0]).order_by("pk"))
    included, cleared, returned, refused = mine[0], mine[1:300], mine[300], mine[301]
    include(book, included)
    book.take(returned, "give_back", JULY, kind="moved")
    book.take(refused, "confirm", JULY)
    book.take(Case.objects.get(lead=refused), "refuse", JULY, reason="有稳定收入")
    assert runner.act_together(
        procedure_code=verification.CODE,
        rows=[lead.pk for lead in cleared],
        step="clear",
        by=book.people["village"],
        today=JULY,
        now=moment(JULY),
        policies=policy.load(),
        data={"reason": "子女有稳定收入"},
    ) == len(cleared)

    shown = officer.get(reverse("not_included")).content.decode()
    assert "共 999 条" in shown and "子女有稳定收入" in shown
    report = exports.path_of(
        asked := queue.ask(
            recipe="export",
            arguments={"list": "not_included", "format": "csv", "filters": {}},
            region_code=LAIYUAN,
            by=book.people["county"],
        )
    )
    assert done(asked)["rows"] == HITS - 1
    with report.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    reasons = {row["线索编号"]: row["没有纳入的理由"] for row in rows}
    assert set(reasons) == set(Lead.objects.exclude(pk=included.pk).values_list("lead_no", flat=True))
    assert all(reasons.values())
    assert reasons[cleared[-1].lead_no] == "无返贫风险：子女有稳定收入"
    assert reasons[returned.lead_no] == "退回来源：已迁出" and reasons[refused.lead_no] == "不予纳入：有稳定收入"
    assert list(reasons.values()).count("待核实") == HITS - 3 - len(cleared)
    neighbour = Client()
    neighbour.force_login(factories.neighbour_li())
    assert "共 999 条" not in neighbour.get(reverse("not_included")).content.decode()


def test_no_field_anywhere_holds_a_planned_number():
    names = {
        field.name
        for model in apps.get_models()
        if model.__module__.startswith("shouwang.")
        for field in model._meta.get_fields()
    }
    forbidden = ("quota", "plan_number", "planned_count", "target_count", "cap_count")
    assert not [name for name in names if any(word in name for word in forbidden)]
