"""基本医保应保尽保: who has no insurance by category of person, how the documents subsidise each, and the list that goes out to have
them insured (S3-B-22)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, CharField, Count, Exists, ExpressionWrapper, OuterRef, Q, Value, When

from shouwang.casework.models import Case as CaseFile
from shouwang.foundation import bulk
from shouwang.intake import queries as intake
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household, Monitoring, Person
from shouwang.screening import derived
from shouwang.screening.models import Finding, RuleResult

from . import department_lists
from .department_lists import Subject
from .income import members
from .kinds import ALLEVIATED
from .models import DepartmentList, ListRow
from .rules import not_insured
from .visits import population
from .visits.population import ALLEVIATED_HOUSEHOLD, DIBAO, OBJECT, RURAL, TEKUN

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

SUBSIDY = "household.insurance_subsidy_class"
CITES = ("hebei-opinion-2021#2.3.4", "hengshui-2022-1#C.3.4.2")
DEPARTMENT, PURPOSE = "medical_insurance", "参保动员"
COLUMNS = ("head_name", "person_name", "township", "village", "about")
# In this order: a person who belongs to several is subsidised, and listed, as the first.
CATEGORIES = {
    TEKUN: "特困供养人员",
    DIBAO: "低保对象",
    OBJECT: "监测对象",
    ALLEVIATED_HOUSEHOLD: "脱贫人口",
    RURAL: "其他农村人口",
}
# What the departments' list of assistance calls them, and what the person sheet says of them.
_ASSISTANCE = {TEKUN: ("特困供养",), DIBAO: ("农村低保", "城市低保")}
_HEADINGS = {TEKUN: "是否特困供养人员", DIBAO: "是否享受低保"}


@dataclass(frozen=True)
class Uninsured:
    """One member without insurance in force. ``subsidy`` is empty where no document says how the category is subsidised."""

    person: Person
    household: Household
    category: str
    subsidy: str

    @property
    def label(self) -> str:
        return CATEGORIES[self.category]

    @property
    def about(self) -> str:
        """未参保，低保对象，定额资助."""
        return "，".join(part for part in ("未参保", self.label, f"{self.subsidy}资助" if self.subsidy else "") if part)


@dataclass(frozen=True)
class Share:
    """One category: members in the place, and how many of them have no insurance."""

    category: str
    member_count: int
    uninsured_count: int
    subsidy: str

    @property
    def label(self) -> str:
        return CATEGORIES[self.category]

    @property
    def percent(self) -> str:
        """99.9, never rounded up to 100 while somebody is missing; empty where nobody belongs to the category."""
        if not self.member_count:
            return ""
        tenths = (self.member_count - self.uninsured_count) * 1000 // self.member_count
        return f"{tenths // 10}.{tenths % 10}"


def standing(*, county_code: str) -> tuple[RuleResult | None, str]:
    """(the newest result of the rule in a county, why it says nothing or empty)."""
    result = derived.newest(code=not_insured.RULE.code, region_code=county_code)
    if result is None:
        return None, "还没有筛查"
    if result.outcome != "computed":
        return result, "；".join(entry["text"] for entry in result.missing) or "没有参保名单"
    return result, ""


def uninsured(
    *, result: RuleResult, scope: Scope, policies: Policies, category: str = "", limit: int = 0
) -> list[Uninsured]:
    """The members whom a result points at, by village and household; ``category``: only those who are listed under it."""
    rows = scope.filter(Finding.objects.filter(result=result, status="hit", person__isnull=False))
    rows = rows.select_related("person", "household").order_by(
        "region_code", "household__household_no", "person__person_no"
    )
    rows = rows.annotate(own=_category("person__"))
    assisted = _assisted(result)
    classes = subsidies(county_code=result.county_code, on=result.as_of, policies=policies)
    lines: list[Uninsured] = []
    for row in rows.iterator(chunk_size=2000):
        assert row.person is not None
        own = _first(row.own, assisted.get(row.person.pk, ()))
        if not category or own == category:
            lines.append(Uninsured(row.person, row.household, own, classes.get(own, "")))
    return lines[:limit] if limit else lines


def shares(*, result: RuleResult, scope: Scope, policies: Policies) -> list[Share]:
    """How many members of each category live in a place and how many have no insurance; each member counts once.

    The database counts everybody by what the register says; only those of whom a file says more, and those who are gone, are looked
    at one by one.
    """
    gone = members.departed(county_code=result.county_code, as_of=result.as_of)
    assisted = _assisted(result)
    within = scope.narrowed(result.county_code) if scope.contains(result.county_code) else scope
    people = within.filter(
        Person.objects.filter(is_withdrawn=False, household__is_withdrawn=False), "household__region_code"
    )
    hits = within.filter(Finding.objects.filter(result=result, status="hit", person__isnull=False)).values("person")
    own = people.order_by().annotate(own=_category())
    member_counts = Counter(dict(own.values_list("own").annotate(count=Count("pk"))))
    uninsured_counts = Counter(dict(own.filter(pk__in=hits).values_list("own").annotate(count=Count("pk"))))
    for chunk in bulk.chunks(sorted({*gone, *assisted})):
        rows = own.filter(pk__in=chunk).annotate(is_hit=ExpressionWrapper(Q(pk__in=hits), BooleanField()))
        for person, said, is_hit in rows.values_list("pk", "own", "is_hit"):
            category = _first(said, assisted.get(person, ()))
            for counts, number in ((member_counts, 1), (uninsured_counts, int(is_hit))):
                counts[said] -= number
                counts[category] += 0 if person in gone else number
    classes = subsidies(county_code=result.county_code, on=result.as_of, policies=policies)
    return [
        Share(category, member_counts[category], uninsured_counts[category], classes.get(category, ""))
        for category in CATEGORIES
    ]


# hebei-opinion-2021#4.12.1
def subsidies(*, county_code: str, on: dt.date, policies: Policies) -> dict[str, str]:
    """Category → 全额 or 定额, as the documents in force say; nothing where none says it."""
    return dict(policies.resolve(SUBSIDY, region_code=county_code, on=on).value or {})


def unsent(*, lines: Sequence[Uninsured]) -> list[Uninsured]:
    """Those who stand on no unanswered list to the insurance department yet."""
    asked: set[int] = set()
    for chunk in bulk.chunks([line.person.pk for line in lines]):
        waiting = ListRow.objects.filter(
            list__department=DEPARTMENT, list__purpose=PURPOSE, answer="", person__in=chunk
        )
        asked.update(key for key in waiting.values_list("person_id", flat=True) if key is not None)
    return [line for line in lines if line.person.pk not in asked]


def send(
    *, result: RuleResult, scope: Scope, by: Account | None, today: dt.date, now: dt.datetime, policies: Policies
) -> DepartmentList:
    """The list to the insurance department of all who have not been sent yet. Raises UserError when nobody is left.

    No day is asked for: no document gives one (household.insurance_task_limit).
    """
    lines = unsent(lines=uninsured(result=result, scope=scope, policies=policies))
    return department_lists.send(
        department=DEPARTMENT,
        region_code=by.region_code if by is not None else result.county_code,
        title=f"未参保人员（截至 {result.as_of.isoformat()}）",
        purpose=PURPOSE,
        subjects=[Subject(line.household, person=line.person, about=line.about) for line in lines],
        columns=COLUMNS,
        by=by,
        today=today,
        now=now,
    )


def _first(*said: str | Iterable[str]) -> str:
    """The first of the categories that somebody is said to belong to."""
    all_said = {one for part in said for one in ([part] if isinstance(part, str) else part)}
    return next((category for category in CATEGORIES if category in all_said), RURAL)


def _category(prefix: str = "") -> Case:
    """The first category that the register says a person belongs to; ``prefix`` leads to the person."""
    household = OuterRef(f"{prefix}household")
    listed = Monitoring.objects.filter(household=household, is_cleared=False, is_withdrawn=False)
    taken_in = CaseFile.objects.filter(household=household, is_open=True, included_on__isnull=False)
    said = [
        When(**{f"{prefix}columns__{heading}__in": population.YES}, then=Value(category))
        for category, heading in _HEADINGS.items()
    ]
    return Case(
        *said,
        When(Exists(listed) | Exists(taken_in), then=Value(OBJECT)),
        When(**{f"{prefix}household__household_type": ALLEVIATED}, then=Value(ALLEVIATED_HOUSEHOLD)),
        default=Value(RURAL),
        output_field=CharField(),
    )


def _assisted(result: RuleResult) -> dict[int, set[str]]:
    """Person → categories that an assistance in force in the month of a result makes, as the files in force say."""
    files = intake.lake_files(county_code=result.county_code, datasets=["social_assistance", "superseded"])
    told = [file for file in files if file.dataset == "social_assistance"]
    gone = [file for file in files if file.dataset == "superseded"]
    if not told:
        return {}
    overruled = ""
    if gone:
        overruled = f"""AND NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone WHERE gone.dataset = 'social_assistance'
            AND gone.batch = told.batch AND gone.row = told.row)"""
    words = ", ".join(quoted(word) for kinds in _ASSISTANCE.values() for word in kinds)
    query = f"""SELECT DISTINCT person_key, assistance_kind FROM {_read(told)} AS told WHERE person_key IS NOT NULL
        AND assistance_kind IN ({words}) AND from_month <= $month AND (to_month IS NULL OR to_month >= $month) {overruled}"""
    with store.connect() as connection:
        rows = connection.execute(query, {"month": f"{result.as_of:%Y-%m}"}).fetchall()
    found: dict[int, set[str]] = {}
    for person, kind in rows:
        found.setdefault(person, set()).update(one for one, words in _ASSISTANCE.items() if kind in words)
    return found


def _read(files: Sequence[intake.LakeFile]) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
