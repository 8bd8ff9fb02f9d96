"""The demonstration's cases: every state is there, every step stands in its procedure's table, and the clocks count as the place does."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction

from shouwang import policy
from shouwang.casework import actions, procedure, verification
from shouwang.casework.models import Case, Event, Lead, Notice, Supervision, Task
from shouwang.demonstration import calibration, caseload, courses, overlay, people, pictures, supervising
from shouwang.feeds.models import Consultation
from shouwang.foundation import secrets, working_days, workspace
from shouwang.households import states, step_photos
from shouwang.households.models import ArchiveComparison, Device, InspectedItem, Listing, Measure, StepPhoto
from shouwang.policy import Policies
from shouwang.regions import actions as region_actions
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Monitoring, Person
from tests.policy import files as policy_files

VILLAGES = (calibration.DEMONSTRATION_VILLAGE, "130630102202", "130630100201", "130630101201", "130630103201")
PLACES = [village for village in VILLAGES for _ in range(22)]
JULY = (dt.date(2022, 7, 1), dt.date(2022, 7, 4))
# A county that moves a last day on which nobody works, so that every limit has to end on a working day.
ROLL = 'values:\n  - {region: "130630", from: 2021-11-01, value: true, cite: "demo-laiyuan-rending-2022#5"}\n'


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker) -> Iterator[Policies]:
    """A small county whose leads went through one course of each kind; taken back after the last test."""
    home: Path = tmp_path_factory.mktemp("caseload") / "workspace"
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("SHOUWANG_HOME", str(home))
        patch.delenv("SHOUWANG_KEYS", raising=False)
        patch.setattr(caseload, "CURRENT", tuple(replace(one, count=1) for one in courses.CURRENT))
        patch.setattr(caseload, "PAST", tuple(replace(one, count=1) for one in courses.PAST))
        secrets.create_if_missing()
        overlay.write()
        policy_files.write(workspace.own_policies_folder(), {"parameters/household/holiday_roll.yaml": ROLL})
        policies = policy.load()
        region_actions.load(counties_in_detail=[calibration.COUNTY])
        people.create_accounts()
        _leads(_homes(), policies)
        caseload.fill(policies=policies)
        yield policies
        transaction.set_rollback(True)


@pytest.fixture
def policies(told: Policies, db: None) -> Policies:
    return told


def _homes() -> list[Household]:
    homes = Household.objects.bulk_create(
        Household(
            region_code=village,
            period="2022-05",
            digest="",
            household_no=f"{village}{number:04d}",
            head_name=f"户{number}",
            household_type="脱贫户",
            registered_size=1,
        )
        for number, village in enumerate(PLACES)
    )
    Person.objects.bulk_create(
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
        for home in homes
    )
    return homes


def _leads(homes: list[Household], policies: Policies) -> None:
    """Two of five households were found in July; of the others some stand in the monitored sheet, cleared or not."""
    found = [home for number, home in enumerate(homes) if number % 5 < 3]
    for day, part in zip(JULY, (found[::2], found[1::2]), strict=True):
        actions.write_leads(
            {home.pk: home.region_code for home in part},
            opened_on=day,
            policies=policies,
            county_of=regions.county_of,
            channel="screening",
        )
    Monitoring.objects.bulk_create(
        Monitoring(
            region_code=home.region_code,
            period="2022-05",
            digest="",
            household=home,
            object_category="脱贫不稳定户",
            risks=["因病"],
            identified_month="2021-12",
            is_cleared=number % 2 == 0,
        )
        for number, home in enumerate([home for home in homes if home not in found][:24])
    )


def by_proceeding() -> dict[Lead | Case, list[Event]]:
    found: dict[Lead | Case, list[Event]] = defaultdict(list)
    for event in Event.objects.select_related("lead", "case", "by").order_by("sequence"):
        found[event.case or event.lead].append(event)
    return found


def test_leads_and_cases_stand_in_every_state_that_people_have_to_know(policies):
    assert set(Lead.objects.values_list("state", flat=True)) >= {
        verification.OPEN, verification.AT_VILLAGE, verification.CONFIRMED, verification.NO_RISK, verification.RETURNED,
    }  # fmt: skip
    assert set(Case.objects.values_list("state", flat=True)) == {
        states.REVIEW, states.NOT_CARRIED, states.PUBLISH, states.TOWNSHIP_REVIEW, states.COUNTY_DECISION, states.SUPPORTED,
        states.OUT_REVIEW, states.OUT_PUBLISH, states.OUT_TOWNSHIP, states.OUT_COUNTY, states.CLEARED,
        states.CLEARED_NATURALLY, states.REFUSED,
    }  # fmt: skip
    assert Case.objects.filter(is_green_channel=True, included_on=None).exists()
    assert Case.objects.exclude(paused_on=None).exists()
    assert Event.objects.filter(step="object").exists() and Event.objects.filter(step="reopen").exists()
    assert Notice.objects.filter(shown_from__lte=caseload.TODAY, shown_until__gte=caseload.TODAY).exists()
    for standing in (
        {"done_on": None, "started_on": None},
        {"done_on": None, "started_on__isnull": False},
        {"done_on__isnull": False},
    ):
        assert Measure.objects.filter(**standing).exists(), standing


def test_every_event_is_a_step_of_its_table_from_a_state_it_may_be_taken_in(policies):
    for proceeding, events in by_proceeding().items():
        table = procedure.get(proceeding.procedure)
        state = table.reached(table.start, getattr(proceeding, "options", ()))
        for number, event in enumerate(events, 1):
            step = table.step(event.step)
            assert event.sequence == number and event.from_state == state, (proceeding, event.step)
            if step is not None:  # a pause is no step of the table: it leaves the state as it is
                assert event.from_state in step.sources, (proceeding, event.step)
                reached = table.reached(step.target, getattr(proceeding, "options", ())) if step.target else state
                assert event.to_state == reached
                assert event.by is None or event.by.may(step.permission), event.step
            state = event.to_state
        assert proceeding.state == state and proceeding.version == len(events)


def test_no_day_lies_before_the_discovery_or_after_the_demonstration_s_own(policies):
    for proceeding, events in by_proceeding().items():
        days = [event.on for event in events]
        assert days == sorted(days)
        assert proceeding.opened_on <= days[0] and days[-1] <= caseload.TODAY


def test_who_verified_never_decides_and_only_people_of_the_place_act(policies):
    for proceeding, events in by_proceeding().items():
        for event in events:
            if event.by is not None:
                assert proceeding.region_code.startswith(event.by.region_code.rstrip("0")), event.step
    for case in Case.objects.all():
        hands = {
            event.step: event.by_id for event in Event.objects.filter(case=case) | Event.objects.filter(lead=case.lead)
        }
        if "county_decision" in hands:
            assert hands["county_decision"] not in (
                hands.get("confirm"),
                hands.get("review"),
                hands.get("township_review"),
            )


def test_every_limit_ends_on_a_working_day_where_the_county_says_that_it_moves(policies):
    dues = [*Lead.objects.values_list("due_on", flat=True), *Case.objects.values_list("due_on", flat=True)]
    dues += Task.objects.exclude(due_on=None).values_list("due_on", flat=True)
    paused = Case.objects.exclude(paused_on=None).values_list("pk", flat=True)
    assert len(dues) > 100 and not paused.filter(due_on=None).exists()
    assert [day for day in dues if day and not working_days.is_working_day(day)] == []
    moved = Lead.objects.filter(opened_on=JULY[0], due_parameter__is_rolled=True).first()
    assert moved is not None and moved.due_on == dt.date(2022, 7, 18)  # 15 days end on Saturday the 16th


def test_filling_again_adds_nothing(policies):
    before = (Case.objects.count(), Event.objects.count(), Task.objects.count())
    assert caseload.fill(policies=policies) == before[0]
    assert (Case.objects.count(), Event.objects.count(), Task.objects.count()) == before


def test_the_county_watches_over_its_work_and_is_watched_by_the_city(policies):
    for _ in range(2):
        supervising.arrange(policies=policies)
    letters = list(Supervision.objects.order_by("pk"))
    assert {letter.asked_by_region for letter in letters} == {calibration.COUNTY, calibration.CITY}
    assert any(letter.answered_on for letter in letters) and any(not letter.answered_on for letter in letters)
    items = InspectedItem.objects.all()
    assert items.filter(is_sound=True).exists() and items.filter(checked_on=None).exists()
    assert items.filter(is_sound=False, rectified_on__isnull=False).exists()
    assert Listing.objects.get().released_on and Device.objects.get().account.login == "zhao"
    meeting = Consultation.objects.get()
    assert meeting.material["on"] == "2022-07-08"
    assert {bool(decision.done_on) for decision in meeting.decisions.all()} == {True, False}


def test_some_steps_show_a_drawn_picture_and_the_archive_was_compared(policies):
    for _ in range(2):
        pictures.arrange(policies=policies)
    assert sorted({photo.event.step for photo in StepPhoto.objects.select_related("event")}) == ["confirm", "publish"]
    photo = StepPhoto.objects.first()
    assert photo and photo.by.login == "zhao" and photo.event.by == photo.by
    assert step_photos.opened(photo=photo, by=photo.by).startswith(b"\xff\xd8")
    assert ArchiveComparison.objects.count() == 1
