"""基本医保应保尽保: who has no insurance by category of person, how the documents subsidise each, and the list that goes out to have
them insured (S3-B-22)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shouwang.foundation import bulk
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.registry.models import Household, Person
from shouwang.screening import derived
from shouwang.screening.models import Finding, RuleResult

from . import department_lists
from . import insurance_members as members
from .department_lists import Subject
from .insurance_members import CATEGORIES
from .models import DepartmentList, ListRow
from .rules import not_insured

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

SUBSIDY = "household.insurance_subsidy_class"
CITES = ("hebei-opinion-2021#2.3.4", "hengshui-2022-1#C.3.4.2")
DEPARTMENT, PURPOSE = "medical_insurance", "参保动员"
COLUMNS = ("head_name", "person_name", "township", "village", "about")


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


def uninsured(*, result: RuleResult, scope: Scope, policies: Policies, category: str = "") -> list[Uninsured]:
    """The members whom a result points at, by village and household; ``category``: only those who are listed under it."""
    return screenful(result=result, scope=scope, policies=policies, category=category).lines


@dataclass(frozen=True)
class Screenful:
    """How many members a question finds, and the first of them."""

    count: int
    lines: list[Uninsured]


def screenful(
    *, result: RuleResult, scope: Scope, policies: Policies, category: str = "", size: int | None = None
) -> Screenful:
    """Of ``uninsured`` the first ``size`` (all unless given) and the count, without reading all the others."""
    rows = scope.filter(Finding.objects.filter(result=result, status="hit", person__isnull=False))
    rows = rows.order_by("region_code", "household__household_no", "person__person_no", "pk")
    said = rows.annotate(own=members.category("person__"))
    assisted = members.assisted(result=result)
    if category:
        listed = said.values_list("pk", "person_id", "own").iterator(chunk_size=5000)
        found = [key for key, person, own in listed if members.first(own, assisted.get(person or 0, ())) == category]
        count, first = len(found), found[:size]
        chosen = [
            row for keys in bulk.chunks(first) for row in said.filter(pk__in=keys).select_related("person", "household")
        ]
    else:
        chosen = list(said.select_related("person", "household")[:size])
        count = len(chosen) if size is None or len(chosen) < size else rows.order_by().count()
    classes = subsidies(county_code=result.county_code, on=result.as_of, policies=policies)
    lines: list[Uninsured] = []
    for row in chosen:
        assert row.person is not None
        own = members.first(row.own, assisted.get(row.person.pk, ()))
        lines.append(Uninsured(row.person, row.household, own, classes.get(own, "")))
    return Screenful(count, lines)


def shares(*, result: RuleResult, scope: Scope, policies: Policies) -> list[Share]:
    """How many members of each category live in a place and how many have no insurance; each member counts once."""
    found = members.counts(result=result, scope=scope)
    classes = subsidies(county_code=result.county_code, on=result.as_of, policies=policies)
    return [Share(category, *found[category], classes.get(category, "")) for category in CATEGORIES]


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
