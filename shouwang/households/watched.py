"""The tables that kept sums of the household loop read, with the columns that matter and how each row tells its place."""

from __future__ import annotations

from shouwang.casework.models import Case, CollectionTask, Event, Lead, LeadCourse, LeadReason, Signal, Task
from shouwang.organisation.models import Appointment, Post
from shouwang.regions import queries as regions
from shouwang.regions.kept_sums import one_place
from shouwang.regions.watching import Source, Through
from shouwang.registry.models import Household, Monitoring, Person

from .models import (
    ArchiveDifference,
    GrowthMeasure,
    IncomeMonth,
    LoanSurvey,
    Measure,
    NaturalChange,
    Responsibility,
    RiskPoint,
    ScreenedHousehold,
    Visit,
)

# A row counts where its household lives; what carries a place of its own may have been written before the household moved.
_HOME = Through(Household, mine="household")
_COUNTY_DIGITS = 6
_LINES = Through(Responsibility, mine="staff", theirs="staff", place=_HOME)

HOUSEHOLD = Source("household", Household, ("household_type", "is_withdrawn"))
PERSON = Source("person", Person, ("relation", "labour_capacity", "columns", "is_withdrawn"), places=(_HOME,))
MONITORING = Source("monitoring", Monitoring, ("is_cleared", "is_withdrawn"), places=(_HOME,))
CASE = Source("case", Case, ("is_open", "included_on", "cleared_on", "region_code"), places=(_HOME,))
LEAD = Source("lead", Lead, (), places=("region_code", _HOME))
OPEN_LEAD = Source("open_lead", Lead, ("is_open",), places=(_HOME,))
LEAD_EVENT = Source("lead_event", Event, ("step", "on"), places=(Through(Lead, mine="lead", place=_HOME),))
LEAD_COURSE = Source(
    "lead_course",
    LeadCourse,
    (
        "opened_on",
        "month",
        "causes",
        "is_verified",
        "is_confirmed",
        "is_included",
        "verify_days",
        "include_days",
        "measure_days",
    ),
)
_LEAD_PLACE = Through(Lead, mine="lead")
LEAD_REASON = Source(
    "lead_reason", LeadReason, ("joined_on", "is_answered", "finding", "signal"), places=(_LEAD_PLACE,)
)
SIGNAL = Source(
    "signal", Signal, ("channel",), places=(Through(LeadReason, mine="id", theirs="signal", place=_LEAD_PLACE),)
)
VISIT = Source(
    "visit",
    Visit,
    ("month", "on", "kind", "method", "typed_count", "result", "undone_at"),
    places=("region_code", _HOME),  # whom it was made to, and which village it was work for
)
ARCHIVE_DIFFERENCE = Source("archive_difference", ArchiveDifference, ("settled_on", "region_code"), places=(_HOME,))
TASK = Source("task", Task, ("level", "opened_on", "lead", "case"))
COLLECTION_TASK = Source("collection_task", CollectionTask, ("opened_on",))
NATURAL_CHANGE = Source("natural_change", NaturalChange, ("month", "source"))
RESPONSIBILITY = Source(
    "responsibility", Responsibility, ("kind", "staff", "from_on", "until_on", "region_code"), places=(_HOME,)
)
# A person's posts matter where that person looks after somebody.
APPOINTMENT = Source("appointment", Appointment, ("post", "from_on", "until_on"), places=(_LINES,))
POST = Source("post", Post, ("kind",), places=(Through(Appointment, mine="id", theirs="post", place=_LINES),))
# Where a case's household lives, for what hangs on a case: its own state does not matter there.
CASE_HOME = Source("case_home", Case, (), places=(_HOME,))
MEASURE = Source(
    "measure",
    Measure,
    ("kind", "cancelled_on", "done_on"),
    places=("region_code", Through(Case, mine="case", place=_HOME)),  # where it was written down, and where its home is
)
GROWTH_MEASURE = Source("growth_measure", GrowthMeasure, ("kind", "done_on"), places=("region_code", _HOME))
RISK_POINT = Source("risk_point", RiskPoint, ("closed_on",))
SCREENED = Source("screened", ScreenedHousehold, ("event", "is_affected"))
LOAN_SURVEY = Source("loan_survey", LoanSurvey, ("asked_on", "wants", "barrier", "lent_on"), places=(_HOME,))
INCOME_MONTH = Source("income_month", IncomeMonth, ("period", "net_fen"), places=(_HOME,))


def counties() -> list[str]:
    """The counties with a register, from one village to the first of the next county: an index is touched once for each."""
    homes = Household.objects.filter(is_withdrawn=False).order_by("region_code").values_list("region_code", flat=True)
    found: set[str] = set()
    village = homes.first()
    while village:
        found.add(regions.county_of(village))
        village = homes.filter(region_code__gte=one_place(village[:_COUNTY_DIGITS])[1]).first()
    return sorted(found)
