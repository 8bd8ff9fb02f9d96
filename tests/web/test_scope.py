"""One region predicate for lists, counts, exports, files, search and maps: what lies elsewhere is not there."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from shouwang import policy
from shouwang.casework import runner
from shouwang.casework.models import Case, Lead
from shouwang.door import actions as door
from shouwang.door import said
from shouwang.door.models import SelfReport
from shouwang.feeds.models import Consultation
from shouwang.jobs.models import Job
from tests.factories import LAIYUAN

from .world import IN_TOWNSHIP, NEIGHBOURS, NOW, OURS, TODAY, TOWNSHIP, VILLAGE, World

Browse = Callable[[str], Client]
LISTS = (
    "home",
    "leads",
    "outlook",
    "collection",
    "households",
    "files",
    "decisions",
    "screening",
    "calendar",
    "checks",
    "consultations",
    "todo",
    "cases",
    "not_included",
    "ledger",
    "entitlements",
    "growth",
)
EXPORTS = (
    "ledger",
    "entitlements",
    "leads",
    "reports",
    "outlook",
    "households",
    "collection",
    "batches",
    "pending",
    "cases",
    "not_included",
)


def text(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8-sig")


def report_of(name: str) -> SelfReport:
    """A report of one of our families, written down at the desk."""
    answers = said.read(householder_name=name, phone="13911112222", difficulty="illness")
    return door.receive(
        said=answers, channel="desk", region_code=VILLAGE, by=None, now=NOW, today=TODAY, policies=policy.load()
    )


def objects(world: World) -> dict[str, str]:
    """Every page that shows one thing of our county."""
    assert world.run and world.feed_batch and world.refused_batch and world.pending
    job = Job.objects.create(recipe="screen", region_code="130630000000", arguments={})
    meeting = Consultation.objects.create(
        region_code=LAIYUAN, month="2022-06", held_on=TODAY, topics="六月比对", recorded_at=NOW
    )
    lead = world.lead("甲建国")
    report = report_of("甲建国")
    case = Case(case_no="130630-G202207-000001", household=lead.household, lead=lead, region_code=lead.region_code)
    case.opened_on, case.risks = lead.opened_on, ["illness"]
    runner.start(case, procedure_code="case", policies=policy.load())
    case.save()
    return {
        "case": reverse("case", args=[case.case_no]),
        "report": reverse("report", args=[report.receipt_no]),
        "lead": reverse("lead", args=[lead.lead_no]),
        "household": reverse("household", args=[lead.household.household_no]),
        "income_sheet": reverse("income_sheet", args=[lead.household.household_no]),
        "income_cell": reverse("income_cell", args=[lead.household.household_no, "2022-06", "wage"]),
        "income_what_if": reverse("income_what_if", args=[lead.household.household_no]),
        "batch": reverse("batch", args=[world.feed_batch.pk]),
        "rows": reverse("rows", args=[world.feed_batch.pk]),
        "refused": reverse("refused", args=[world.refused_batch.pk]),
        "decision": reverse("decision", args=[world.pending.pk]),
        "run": reverse("run", args=[world.run.pk]),
        "findings": reverse("findings", args=[world.run.pk, "household.severe_disability_low_income"]),
        "gaps": reverse("gaps", args=[world.run.pk, "household.income_falling"]),
        "evidence": reverse("evidence", args=["disability", world.feed_batch.pk, 2]),
        "job": reverse("job", args=[job.pk]),
        "consultation": reverse("consultation", args=[meeting.pk]),
        "consultation_correction": reverse("consultation_correction", args=[meeting.pk]),
    }


@pytest.mark.parametrize("name", LISTS)
def test_neighbour_li_finds_nobody_of_ours_in_any_list(world: World, browse: Browse, name: str) -> None:
    page = text(browse("li").get(reverse(name)))
    assert not [head for head in OURS if head in page]


@pytest.mark.parametrize("name", LISTS)
def test_an_account_without_region_sees_nobody_at_all(world: World, browse: Browse, name: str) -> None:
    page = text(browse("nowhere").get(reverse(name)))
    assert not [head for head in (*OURS, NEIGHBOURS) if head in page]


def test_the_county_officer_finds_all_of_the_county_and_nobody_of_the_next(world: World, browse: Browse) -> None:
    for name in ("leads", "households"):
        page = text(browse("sun").get(reverse(name)))
        assert NEIGHBOURS not in page
        assert "甲建国" in page and "丙海生" in page


def test_what_lies_elsewhere_is_not_there_rather_than_forbidden(world: World, browse: Browse) -> None:
    client = browse("li")
    answers = {name: client.get(address).status_code for name, address in objects(world).items()}
    assert answers == dict.fromkeys(answers, 404)


def test_the_same_pages_open_for_the_county_officer(world: World, browse: Browse) -> None:
    client = browse("sun")
    answers = {name: client.get(address).status_code for name, address in objects(world).items()}
    assert answers == dict.fromkeys(answers, 200)


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_hold_the_scope_and_nothing_else(world: World, browse: Browse, name: str) -> None:
    export = text(browse("li").get(reverse("export", args=[name]), {"format": "jsonl"}))
    assert not [head for head in (*OURS, "乙秀芳", "残联6月") if head in export]


def test_exported_findings_hold_the_scope_too(world: World, browse: Browse) -> None:
    assert world.run
    asked = {"format": "jsonl", "run": world.run.pk, "of": "household.severe_disability_low_income"}
    address = reverse("export", args=["findings"])
    assert [json.loads(line)["户主"] for line in text(browse("sun").get(address, asked)).splitlines()] == [
        "甲建国",
        "丙海生",
    ]
    assert text(browse("qian").get(address, asked)).count("\n") == 1
    assert text(browse("li").get(address, asked)) == ""


def test_the_township_clerk_sees_the_township_and_its_counts_alone(world: World, browse: Browse) -> None:
    client = browse("qian")
    assert client.get(reverse("households")).context["page"].count == len(IN_TOWNSHIP)
    assert (
        client.get(reverse("home")).context["lateness"]["open"]
        == Lead.objects.filter(region_code__startswith=TOWNSHIP[:9]).count()
    )
    exported = text(client.get(reverse("export", args=["households"]), {"format": "csv"}))
    assert all(name in exported for name in IN_TOWNSHIP)
    assert "丙海生" not in exported


def test_a_filter_for_a_place_outside_the_scope_finds_nothing(world: World, browse: Browse) -> None:
    for asked in ("130630101000", "130630000000", "130633000000", "999999"):
        assert browse("qian").get(reverse("leads"), {"region": asked}).context["page"].rows == []
    exported = browse("qian").get(reverse("export", args=["households"]), {"region": "130630101000", "format": "jsonl"})
    assert text(exported) == ""


def test_a_name_of_elsewhere_is_not_found_by_search(world: World, browse: Browse) -> None:
    for text_of_search in ("甲建国", world.households["甲建国"].household_no):
        found = browse("li").post(reverse("household_search"), {"text": text_of_search}, follow=True)
        assert found.context["page"].rows == []


def test_an_identity_number_of_elsewhere_is_not_found_either(world: World, browse: Browse) -> None:
    number = world.numbers["甲建国"]
    assert "甲建国" in text(browse("sun").post(reverse("household_search"), {"text": number}, follow=True))
    answer = browse("li").post(reverse("household_search"), {"text": number}, follow=True)
    assert "没有这个证件号码" in text(answer) and "甲建国" not in text(answer)


def test_the_search_for_divisions_stays_inside_the_scope(world: World, browse: Browse) -> None:
    assert "涞源镇" in text(browse("sun").get(reverse("regions"), {"q": "涞源镇 "}, follow=True))
    assert not browse("li").get(reverse("regions"), {"q": "涞源"}).context["rows"]


def test_a_file_can_only_be_imported_for_the_own_region(world: World, browse: Browse) -> None:
    form = browse("li").get(reverse("upload")).context["form"]
    assert [code for code, _ in form.fields["region"].choices] == ["130633000000"]


def test_a_run_can_only_be_started_for_the_own_region(world: World, browse: Browse) -> None:
    answer = browse("li").post(
        reverse("screening"), {"region": "130630000000", "as_of": "2022-06-30", "opened_on": "2022-07-01"}
    )
    assert answer.context["form"].errors["region"]
    assert not Job.objects.filter(recipe="screen").exists()
