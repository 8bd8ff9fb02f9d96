"""Sums that are kept by township say what counting says, whatever was written, by whomever, in whatever order; and change nothing by being read."""

from __future__ import annotations

import datetime as dt
import random
import re
import threading
import uuid
from dataclasses import replace

import pytest
from django.db import connection, connections, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from shouwang import policy
from shouwang.casework import courses, signals
from shouwang.casework.models import Case, CollectionTask, Event, Lead, LeadCourse, LeadReason, Task
from shouwang.foundation import bulk
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households import assigning, kept, watched
from shouwang.households import responsibilities as looking_after
from shouwang.households.models import (
    GrowthMeasure,
    IncomeMonth,
    LargeScaleEvent,
    LoanSurvey,
    Measure,
    NaturalChange,
    Responsibility,
    RiskPoint,
    ScreenedHousehold,
    SentRecord,
    Visit,
)
from shouwang.organisation import staffing
from shouwang.organisation.models import Appointment, Post, PostKind, StaffMember
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums, watching
from shouwang.regions.kept_sums import one_place, split
from shouwang.regions.models import ChangeCount, KeptSum
from shouwang.regions.watching import Through
from shouwang.registry.models import Household, Monitoring, Person
from shouwang.screening.models import Finding, RuleResult, Run
from tests import factories
from tests.factories import LAIYUAN, NOW

from . import places
from .test_responsibilities import appoint
from .visits.lane import Lane, confirmed, visited

TODAY = dt.date(2022, 7, 18)
# two townships of one county, one of the next, one of another city
VILLAGES = ("130630100201", "130630100202", "130630101201", "130633100001", "131102001045")
EVERYWHERE = Scope.everything().ranges


def _by_township(*, ranges):
    rows = Scope(ranges).filter(Household.objects.filter(is_withdrawn=False)).order_by()
    found = {}
    for village, count in rows.values_list("region_code").annotate(n=Count("*")):
        found[village[:9]] = found.get(village[:9], 0) + count
    return found


HOMES = kept_sums.Sum(
    name="homes", sources=(watched.HOUSEHOLD,), compute=_by_township, wanted=lambda **told: [({}, EVERYWHERE)]
)


def read(one=HOMES, ranges=EVERYWHERE, key=None):
    return kept_sums.read(one, ranges=ranges, key=key or {})


def renew(one=HOMES, key=None):
    return kept_sums.renew(one, ranges=EVERYWHERE, key=key or {})


def watching_what_is_counted(asked):
    def compute(*, ranges):
        asked.append(ranges)
        return _by_township(ranges=ranges)

    return replace(HOMES, compute=compute)


# ── reading ──────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_what_holds_is_not_counted_again_and_a_change_counts_its_own_township_alone():
    for village in VILLAGES:
        factories.make_household(region_code=village)
    asked = []
    one = watching_what_is_counted(asked)
    assert renew(one) == 4 and renew(one) == 0
    asked.clear()
    everything = {"130630100": 2, "130630101": 1, "130633100": 1, "131102001": 1}
    assert read(one) == everything and asked == []
    factories.make_household(region_code=VILLAGES[2])
    assert read(one) == everything | {"130630101": 2}
    assert asked == [(one_place("130630101"),)]
    asked.clear()
    assert renew(one) == 1
    asked.clear()
    assert read(one) == everything | {"130630101": 2} and asked == []


@pytest.mark.django_db
def test_reading_writes_nothing_and_an_idle_worker_neither():
    factories.make_household(region_code=VILLAGES[0])
    told = {"today": TODAY, "policies": policy.load()}
    while kept_sums.keep_up(**told):
        pass
    with CaptureQueriesContext(connection) as caught:
        assert kept_sums.keep_up(**told) == 0
        looking_after.coverage(scope=Scope(EVERYWHERE), on=TODAY, digits=6)
    assert caught.captured_queries
    assert {query["sql"].split()[0] for query in caught.captured_queries} == {"SELECT"}


@pytest.mark.django_db
def test_a_scope_gets_what_lies_in_it_and_nothing_else():
    for village in VILLAGES:
        factories.make_household(region_code=village)
    renew()
    # 保定 without what only its code places there; a county; one village, which is less than what is kept; nobody
    assert read(ranges=Scope.of_region("130600000000").ranges) == {"130630100": 2, "130630101": 1, "130633100": 1}
    assert read(ranges=Scope.of_region("130633000000").ranges) == {"130633100": 1}
    assert read(ranges=Scope.of_region(VILLAGES[0]).ranges) == {"130630100": 1}
    assert read(ranges=()) == {}
    factories.make_household(region_code="130629100201")  # 容城 belongs to 雄安
    renew()
    assert "130629100" not in read(ranges=Scope.of_region("130600000000").ranges)
    assert read(ranges=(("130630100202", "130630102000"),)) == {"130630100": 1, "130630101": 1}


def test_ranges_are_cut_where_whole_places_begin_and_end():
    whole = ("130630100000", "130630102000")
    assert split((whole,)) == ((whole,), ())
    assert split((("130630100201", "130630102000"),)) == (
        (("130630101000", "130630102000"),), (("130630100201", "130630101000"),),
    )  # fmt: skip
    assert split((("130630100201", "130630100202"),)) == ((), (("130630100201", "130630100202"),))
    assert split((whole,), 6) == ((), (whole,))
    assert split(EVERYWHERE) == (EVERYWHERE, ())


@pytest.mark.django_db
def test_what_another_version_of_the_program_kept_is_not_used(monkeypatch):
    factories.make_household(region_code=VILLAGES[0])
    renew()
    asked = []
    monkeypatch.setattr(kept_sums, "_program", lambda: "another")
    assert read(watching_what_is_counted(asked)) == {"130630100": 1} and asked


# ── writing ──────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_no_way_of_writing_goes_unseen():
    home = factories.make_household(region_code=VILLAGES[0])
    fields = [one for one in Household._meta.concrete_fields if one.name not in ("id", "household_no")]
    row = [one.get_db_prep_save(getattr(home, one.attname), connection) for one in fields]
    written = [
        lambda: bulk.insert(Household, ["household_no", *(one.name for one in fields)], [["B1", *row], ["B2", *row]]),
        lambda: bulk.update(Household, "household_no", ["region_code"], [["B1", VILLAGES[2]], ["B2", VILLAGES[3]]]),
        lambda: Household.objects.filter(household_no="B1").update(region_code=VILLAGES[3]),
        lambda: Household.objects.bulk_create(
            [Household(household_no=f"C{n}", region_code=VILLAGES[n], period="2022-05", digest="") for n in range(5)]
        ),
        lambda: Household.objects.bulk_create(
            [Household(household_no=f"C{n}", region_code=VILLAGES[4], period="2022-05", digest="") for n in range(7)],
            ignore_conflicts=True,
        ),
        lambda: Household.objects.bulk_create(
            [Household(household_no=f"C{n}", region_code=VILLAGES[1], period="2022-05", digest="") for n in range(9)],
            update_conflicts=True, unique_fields=["household_no"], update_fields=["region_code"],
        ),
        lambda: Household.objects.filter(household_no__in=["B2", "C1"]).delete(),
        lambda: Household.objects.all()._raw_delete("default"),
    ]  # fmt: skip
    for write in written:
        renew()
        before = read()
        write()
        assert read() == _by_township(ranges=EVERYWHERE) != before


@pytest.mark.django_db
def test_what_was_not_committed_leaves_nothing():
    factories.make_household(region_code=VILLAGES[0])
    renew()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        factories.make_household(region_code=VILLAGES[0])
        assert read() == {"130630100": 2}
        renew()
        raise ZeroDivisionError
    assert read() == {"130630100": 1}
    factories.make_household(region_code=VILLAGES[0])  # as many changes as were rolled back
    assert read() == {"130630100": 2}


@pytest.mark.django_db(transaction=True)
def test_a_change_while_it_is_counted_shows():
    factories.make_household(region_code=VILLAGES[0])

    def elsewhere():
        factories.make_household(region_code=VILLAGES[0])
        connections.close_all()

    def compute(*, ranges):
        found = _by_township(ranges=ranges)
        writer = threading.Thread(target=elsewhere)
        writer.start()
        writer.join()
        return found

    assert renew(replace(HOMES, compute=compute)) == 1
    assert KeptSum.objects.get(name="homes").figures == 1
    assert read() == {"130630100": 2}


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_commits_late_is_seen_although_others_were_counted_meanwhile():
    factories.make_household(region_code=VILLAGES[0])
    written, counted = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            factories.make_household(region_code=VILLAGES[0])
            written.set()
            if connection.vendor == "postgresql":  # SQLite lets nobody else write before
                counted.wait(10)
        connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    written.wait(10)
    factories.make_household(region_code=VILLAGES[0])
    renew()
    watching.compact(most=0)
    assert read() == _by_township(ranges=EVERYWHERE)
    counted.set()
    writer.join()
    watching.compact(most=0)
    assert read() == {"130630100": 3}


@pytest.mark.django_db
def test_triggers_that_are_missing_come_back_and_nothing_that_was_kept_meanwhile_is_believed():
    factories.make_household(region_code=VILLAGES[0])
    renew()
    watching.uninstall()
    assert not watching.is_installed(kept_sums.sources()) and not KeptSum.objects.exists()
    factories.make_household(region_code=VILLAGES[2])  # a township that nothing was ever counted of
    assert kept_sums.keep_up(today=TODAY, policies=policy.load()) == 0, "nothing is kept that nobody watches"
    watching.install(kept_sums.sources())
    assert watching.is_installed(kept_sums.sources())
    assert read() == {"130630100": 1, "130630101": 1}
    count = ChangeCount.objects.count()
    watching.install(kept_sums.sources())
    assert ChangeCount.objects.count() == count


# ── every sum that is declared ───────────────────────────────────────────────
def declared():
    """(sum, key, ranges) for whatever the worker keeps on the day."""
    return [
        (one, key, ranges) for one in kept.SUMS for key, ranges in one.wanted(today=TODAY, policies=policy.load())
    ]  # fmt: skip


def wrong():
    """What is read beside what counting says, for every sum and key, of everything and of one county."""
    found = []
    for one, key, ranges in declared():
        for asked in (ranges, *([(("130630000000", "130631000000"),)] if ranges == EVERYWHERE else [])):
            counted = {place: figures for place, figures in one.compute(ranges=asked, **key).items() if figures}
            if (said := kept_sums.read(one, ranges=asked, key=key)) != counted:
                found.append((one.name, said, counted))
    return found


class Walk:
    """Somebody who does this and that, through the program's actions and past them."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.lane = Lane(VILLAGES[0])
        self.staff = [appoint("吴网格", VILLAGES[0]).staff, appoint("郑网格", VILLAGES[0]).staff]
        self.staff.append(appoint("联系人", VILLAGES[2], PostKind.MONITORING_CONTACT).staff)

    def home(self):
        return self.chance.choice(list(Household.objects.order_by("pk")) or [self.new_home()])

    def one_of(self, model):
        return self.chance.choice(list(model.objects.order_by("pk")) or [None])

    def day(self):
        return TODAY + dt.timedelta(days=self.chance.randrange(-40, 10))

    def step(self):
        choices = [name for name in vars(Walk) if name.startswith(("new_", "some_"))]
        try:
            with transaction.atomic():
                getattr(self, self.chance.choice(sorted(choices)))()
                if self.chance.random() < 0.1:
                    raise UserError("改主意了")
        except UserError:
            pass

    def new_home(self):
        return factories.make_household(region_code=self.chance.choice(VILLAGES))

    def new_object(self):
        home = self.home()
        if not Monitoring.objects.filter(household=home).exists():
            Monitoring.objects.create(household=home, region_code=home.region_code, period="2022-05", digest="")

    def new_case(self):
        home = self.home()
        if not Case.objects.filter(household=home, is_open=True).exists():
            places.case(household=home, included_on=self.chance.choice([None, self.day()]))

    def new_person(self):
        home = self.home()
        person = factories.make_person(household=home, name="甲一", relation=self.chance.choice(["户主", "之子"]))
        self.some_word(person)

    def some_word(self, person=None):
        person = person or self.one_of(Person)
        change = self.chance.choice(
            [{"labour_capacity": self.chance.choice(["普通劳动力", "弱劳动力或半劳动力", "无劳动力"])}, {"household": self.home()},
             {"columns": {"是否享受低保": self.chance.choice(["是", "否"])}}, {"is_withdrawn": self.chance.random() < 0.5}],
        )  # fmt: skip
        Person.objects.filter(pk=person.pk if person else 0).update(**change)

    def new_screening(self):
        """Its findings never change: another one is another result."""
        run = Run.objects.create(region_code=LAIYUAN, as_of=self.day(), engine="duckdb", started_at=NOW)
        for rule in ("household.not_insured", "household.income_outlook", "household.income_below_line"):
            result = RuleResult.objects.create(
                key=f"{rule}{run.pk}", rule=rule, county_code=LAIYUAN, as_of=run.as_of, outcome="computed", rule_version="1",
                engine="duckdb", computed_at=NOW,
            )  # fmt: skip
            run.results.add(result)
            for person in filter(None, {self.one_of(Person) for _ in range(3)}):
                home = person.household
                Finding.objects.create(
                    result=result, region_code=home.region_code, household=home, rule=rule, as_of=run.as_of, status="hit",
                    person=person if rule == "household.not_insured" else None, fingerprint=f"{rule}{run.pk}-{person.pk}",
                )  # fmt: skip

    def some_measure(self):
        kind, done_on = self.chance.choice(["job_transfer", "insurance_premium_aid"]), self.chance.choice([None, TODAY])
        home, case = self.home(), self.one_of(Case)
        line = {
            "region_code": home.region_code,
            "kind": kind,
            "title": "务工",
            "planned_on": TODAY,
            "done_on": done_on,
            "at": NOW,
        }
        GrowthMeasure.objects.create(household=home, result="已落实" if done_on else "", **line)
        if case:
            more = {
                "department": "human_resources",
                "phase": "remedial",
                "cancelled_on": self.chance.choice([None, TODAY]),
            }
            Measure.objects.create(case=case, **line | {"region_code": case.region_code}, **more)

    def some_point(self):
        home = self.home()
        line = {
            "household": home,
            "region_code": home.region_code,
            "kind": "lost_work",
            "text": "停工",
            "opened_on": TODAY,
            "at": NOW,
        }
        RiskPoint.objects.create(**line)
        RiskPoint.objects.filter(household=self.home()).update(closed_on=TODAY, evidence="已上班")

    def some_event(self):
        event = LargeScaleEvent.objects.order_by("?").first()
        if event is None or self.chance.random() < 0.2:
            event = LargeScaleEvent.objects.create(
                kind="natural_disaster", title="暴雨", region_code=LAIYUAN, happened_on=self.day(), source="应急", basis="all", at=NOW
            )  # fmt: skip
        row = {"is_affected": self.chance.choice([None, True, False])}
        home = self.home()
        ScreenedHousehold.objects.update_or_create(
            event=event, household=home, defaults=row, create_defaults=row | {"region_code": home.region_code}
        )

    def some_asking(self):
        home, wants = self.home(), self.chance.random() < 0.7
        LoanSurvey.objects.create(
            household=home, region_code=home.region_code, asked_on=self.day(), wants=wants, at=NOW,
            barrier=self.chance.choice(["", "will", "skill"]), lent_on=TODAY if wants else None, lent_fen=100 if wants else None,
        )  # fmt: skip

    def some_months(self):
        home, fen = self.home(), self.chance.choice([None, 100, 900])
        for period in ("2021", *(str(month) for month in Month(2021, 10).until(Month(2022, 6)))):
            if self.chance.random() < 0.9:
                told = {"region_code": home.region_code, "net_fen": fen, "line_count": 1}
                IncomeMonth.objects.update_or_create(household=home, period=period, defaults=told)

    def some_visit(self):
        """From a phone of the first village, or as a bulk of records from anywhere."""
        home, day = self.home(), self.day()
        if home.region_code == VILLAGES[0]:
            said = self.chance.choice([confirmed(home), visited(home, {"income_wage": "1200"}, method="phone")])
            self.lane.one(said | {"on": min(day, TODAY).isoformat()})
            return
        records = SentRecord.objects.bulk_create(
            SentRecord(
                id=uuid.UUID(int=self.chance.getrandbits(128)), kind="visit", digest="", by=self.lane.accounts["赵"],
                region_code=home.region_code, made_at=NOW, received_at=NOW, result="accepted",
            )
            for _ in range(2)
        )  # fmt: skip
        Visit.objects.bulk_create(
            Visit(
                record=record, household=home, region_code=home.region_code, on=day, month=str(Month.of(day)), by_name="赵",
                kind=self.chance.choice(["visit", "confirmation"]), method=self.chance.choice(["onsite", "onsite", "phone"]),
                by=record.by, typed_count=self.chance.choice([0, 2, 9]), result=self.chance.choice(["", "moved"]),
            )
            for record in records
        )  # fmt: skip

    def new_signal(self):
        home = self.home()
        signals.receive(
            channel=self.chance.choice(["hotline", "desk", "visit"]), household=home, region_code=home.region_code,
            told_on=min(self.day(), TODAY), now=NOW, policies=policy.load(), by=None,
        )  # fmt: skip

    def some_answer(self):
        if reason := self.one_of(LeadReason):
            LeadReason.objects.filter(pk=reason.pk).update(is_answered=self.chance.random() < 0.7)
            courses.renew([reason.lead_id])
        LeadCourse.objects.filter(is_verified=False, region_code=self.chance.choice(VILLAGES)).update(
            is_verified=True, is_confirmed=self.chance.random() < 0.5, verify_days=self.chance.randrange(9)
        )

    def some_undoing(self):
        if visit := self.one_of(Visit):
            Visit.objects.filter(pk=visit.pk).update(undone_at=self.chance.choice([None, NOW]))

    def some_verification(self):
        lead = self.one_of(Lead)
        if lead is None or self.chance.random() < 0.4:
            home = self.home()
            if Lead.objects.filter(household=home, is_open=True).exists():
                return
            lead = places.lead(household=home, opened_on=self.day())
        step = self.chance.choice(["confirm", "send_down"])
        Event.objects.create(
            lead=lead,
            sequence=lead.events.count() + 1,
            step=step,
            from_state="",
            to_state="",
            on=self.day(),
            at=NOW,
            by_name="赵",
        )

    def some_request(self):
        home, lead = self.home(), self.one_of(Lead)
        told = {"household": home, "region_code": home.region_code}
        if lead and not lead.tasks.filter(is_open=True).exists():
            Task.objects.create(lead=lead, **told, step="confirm", level="village", opened_on=self.day())
        CollectionTask.objects.get_or_create(
            household=home, dataset="monthly_income", month="2022-06",
            defaults={"region_code": home.region_code, "opened_on": self.day()},
        )  # fmt: skip
        NaturalChange.objects.create(
            **told, month=str(Month.of(self.day())), kind="birth", effect=1, changed_on=TODAY, at=NOW,
            source=self.chance.choice(["visit", "feed"]),
        )  # fmt: skip

    def some_line(self):
        kind = self.chance.choice(["grid_worker", "contact", "support_person"])
        assigning.assign(
            households=[*{self.home() for _ in range(3)}], kind=kind, staff=self.chance.choice(self.staff),
            from_on=self.day(), by=None, now=NOW,
        )  # fmt: skip

    def some_end(self):
        line = self.one_of(Responsibility)
        if line and line.until_on is None:
            Responsibility.objects.filter(pk=line.pk).update(until_on=max(line.from_on, self.day()))

    def some_leaving(self):
        line = Appointment.objects.filter(until_on=None).order_by("pk").first()
        if line and self.chance.random() < 0.3:
            staffing.end_appointment(appointment=line, until_on=max(line.from_on, self.day()), by=None)
            self.staff[0] = appoint(f"接任{line.pk}", self.chance.choice(VILLAGES)).staff

    def some_other_post(self):
        kinds = [PostKind.GRID_WORKER, PostKind.VILLAGE_OFFICER]
        Post.objects.filter(pk__in=Post.objects.values("pk")[:1]).update(kind=self.chance.choice(kinds))

    def some_change(self):
        pks = [self.home().pk for _ in range(3)]
        change = self.chance.choice(
            [{"is_withdrawn": True}, {"is_withdrawn": False}, {"household_type": "一般农户"}, {"head_name": "李四"},
             {"region_code": self.chance.choice(VILLAGES[:3])}],
        )  # fmt: skip
        Household.objects.filter(pk__in=pks).update(**change)

    def some_clearing(self):
        Monitoring.objects.filter(household=self.home()).update(is_cleared=self.chance.random() < 0.5)
        Case.objects.filter(household=self.home()).update(is_open=False, closed_on=TODAY, cleared_on=self.day())

    def some_deletion(self):
        Monitoring.objects.filter(household=self.home()).delete()
        Responsibility.objects.filter(household=self.home()).delete()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_written_what_is_read_is_what_counting_says(seed):
    walk = Walk(seed)
    for _ in range(20):
        walk.step()
    for number in range(12):
        for one, key, ranges in declared():  # all of it is kept, or some of it not yet
            kept_sums.renew(one, ranges=ranges, key=key, most=40 if number % 4 else 1)
        for _ in range(walk.chance.choice([1, 1, 3])):
            walk.step()
        assert wrong() == [], number
    assert KeptSum.objects.exists() and StaffMember.objects.exists() and Visit.objects.exists()


# What a screening found never changes: the run, or its result, is part of the key.
GIVEN = {
    *(("screening_finding", name) for name in ("id", "result_id", "household_id", "person_id", "rule", "status")),
    *(("screening_ruleresult", "id"), ("screening_run_results", "run_id"), ("screening_run_results", "ruleresult_id")),
}


def columns_of(sql):
    """(table, column) of every column that a query names; the innermost question first, because each has aliases of its own."""
    found = set()
    sql = re.sub(r"'[^']*'", "''", sql)
    while inner := re.search(r"\(([^()]*)\)", sql):
        text = inner[1]
        if "SELECT" in text:
            named, open_ones = _named(text)
            found |= named
            text = " ".join(f"{table}.{column}" for table, column in open_ones)  # of a question around this one
        sql = f"{sql[: inner.start()]} {text} {sql[inner.end() :]}"
    return found | _named(sql)[0]


def _named(text):
    tables = re.findall(r'(?:FROM|JOIN) "?(\w+)"?(?: ([A-Z]\d+|[a-z])\b)?', text)
    names = {alias or table: table for table, alias in tables}
    told = re.findall(r'"?(\w+)"?\."?(\w+)"?', text)
    return (
        {(names[table], column) for table, column in told if "_" in names.get(table, "")},
        {(table, column) for table, column in told if table not in names},
    )


@pytest.mark.django_db
def test_a_sum_watches_every_column_that_it_asks_for():
    walk = Walk(3)
    for _ in range(60):
        walk.step()
    for one, key, ranges in declared():
        with CaptureQueriesContext(connection) as caught:
            one.compute(ranges=ranges, **key)
        asked = {column for query in caught.captured_queries for column in columns_of(query["sql"])} - GIVEN
        seen = {(source.table, column) for source in one.sources for column in source.columns}
        keys = {(source.table, source.model._meta.pk.column) for source in one.sources}
        assert asked - seen - keys == set(), one.name


def test_what_leads_to_a_place_is_watched_too():
    for one in kept.SUMS:
        columns = {(source.model, field) for source in one.sources for field in source.columns}
        for source in one.sources:
            for way in source.places:
                while isinstance(way, Through):
                    for name in (way.theirs, way.place if isinstance(way.place, str) else way.place.mine):
                        field = way.model._meta.get_field(name)
                        assert field.primary_key or (way.model, field.column) in columns, (one.name, source.code, name)
                    way = way.place
