"""What the archive (the national sheets as imported), the platform and the newest visit say of each household, item by item.

Set-based: some ten queries for a county, whatever its size. Who says nothing of an item does not differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum

from shouwang.casework.models import Case
from shouwang.casework.risks import RISKS
from shouwang.foundation import money
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Monitoring, OutWork, Person

from ..models import IncomeMonth, NaturalChange, Responsibility, Visit, VisitChange
from ..models.archive import AGAINST_REALITY, BETWEEN_ACCOUNTS
from ..models.changes import ENTERED, FROM_VISIT, REJECTED, TO_CONFIRM
from ..models.responsibility import CONTACT
from ..models.visits import APPLIED, RESULTS, TAKEN
from ..visits.asked import BY_NAME, WORK_CHANGE

SIZE, CATEGORY, RISK, CONTACT_PERSON, PRESENCE, WORK, HOUSING, WATER, INCOME = (
    "size", "category", "risk", "contact", "presence", "work", "housing", "water", "income",
)  # fmt: skip
ITEMS = {
    SIZE: "家庭人口数",
    CATEGORY: "监测对象类别",
    RISK: "致贫返贫风险",
    CONTACT_PERSON: "监测联系人",
    PRESENCE: "户是否在册",
    WORK: "外出务工",
    HOUSING: "住房安全",
    WATER: "饮水安全",
    INCOME: "年纯收入",
}
NOT_AN_OBJECT, CLEARED = "不是监测对象", "风险已消除"
_AT_WORK = {"went_out": True, "moved_job": True, "came_back": False, "lost_job": False}
_YES = ("是", "1")
_YEARS_BACK = 3
_PARTS_OF_INCOME = {"工资性收入": 1, "生产经营性收入": 1, "财产性收入": 1, "转移性收入": 1, "生产经营性支出": -1}


@dataclass(frozen=True)
class Found:
    """One difference. Texts are what each of the three says; empty: nothing."""

    household_id: int
    region_code: str
    item: str
    archive: str = ""
    system: str = ""
    reality: str = ""
    seen_on: dt.date | None = None

    @property
    def kind(self) -> str:
        """账账不符 where the two accounts differ, else 账实不符."""
        differ = bool(self.archive and self.system and self.archive != self.system)
        return BETWEEN_ACCOUNTS if differ else AGAINST_REALITY


@dataclass(frozen=True)
class Homes:
    """The households of a place: key → village, and size by the household sheet."""

    villages: Mapping[int, str]
    sizes: Mapping[int, int | None]


# xuchang-2022-1#3.1.4.2
def differences(*, scope: Scope, on: dt.date) -> tuple[int, list[Found]]:
    """(households compared, everything on which the three differ) of a place."""
    homes = _homes(scope)
    found = [one for compare in _COMPARISONS for one in compare(scope, homes, on)]
    return len(homes.villages), sorted(found, key=lambda one: (one.region_code, one.household_id, one.item))


def _homes(scope: Scope) -> Homes:
    rows = scope.filter(Household.objects.filter(is_withdrawn=False, is_stub=False)).order_by()
    villages, sizes = {}, {}
    for key, code, size in rows.values_list("pk", "region_code", "registered_size").iterator(20_000):
        villages[key], sizes[key] = code, size
    return Homes(villages, sizes)


def _size(scope: Scope, homes: Homes, on: dt.date) -> Iterator[Found]:
    """The household sheet's count · the person sheet with confirmed changes · with what visits told besides."""
    people = scope.filter(Person.objects.filter(is_withdrawn=False)).order_by().values_list("household_id")
    counts = dict(people.annotate(number=Count("pk")))
    pending = scope.filter(NaturalChange.objects.exclude(state__in=(ENTERED, REJECTED))).order_by()
    sure = dict(pending.exclude(state=TO_CONFIRM).values_list("household_id").annotate(effect=Sum("effect")))
    told = pending.filter(source=FROM_VISIT).values_list("household_id")
    unsure = told.annotate(last=Max("changed_on"), unsure=Sum("effect", filter=Q(state=TO_CONFIRM)))
    visits = {household: (effect or 0, last) for household, last, effect in unsure}
    for key, code in homes.villages.items():
        size = homes.sizes[key]
        system = counts.get(key, 0) + (sure.get(key) or 0)
        effect, last = visits.get(key, (0, None))
        reality = system + effect if key in visits else None
        if size is None or (system == size and (reality is None or reality == size)):
            continue
        yield Found(key, code, SIZE, f"{size}人", f"{system}人", "" if reality is None else f"{reality}人", last)


def _objects(scope: Scope, homes: Homes, on: dt.date) -> Iterator[Found]:
    """Category, risks and contact of monitored households against the newest episode that was taken in."""
    listed = {
        one["household_id"]: one
        for one in scope.filter(Monitoring.objects.filter(is_withdrawn=False)).values(
            "household_id", "object_category", "risks", "is_cleared", contact=F("columns__监测联系人")
        )
    }
    cases: dict[int, dict[str, Any]] = {}
    taken_in = scope.filter(Case.objects.filter(included_on__isnull=False)).order_by("pk")
    for one in taken_in.values("household_id", "object_category", "risks", "cleared_on", "is_open"):
        cases[one["household_id"]] = dict(one)
    contacts = dict(
        scope.filter(Responsibility.objects.filter(kind=CONTACT, from_on__lte=on)).exclude(until_on__lte=on).values_list("household_id", "staff__name")
    )  # fmt: skip
    for key in listed.keys() | cases.keys():
        code = homes.villages.get(key)
        if code is None:
            continue
        row, case = listed.get(key), cases.get(key)
        archive = NOT_AN_OBJECT if row is None else CLEARED if row["is_cleared"] else row["object_category"]
        if case is not None:
            system = CLEARED if case["cleared_on"] else case["object_category"] if case["is_open"] else ""
            if system and archive != system and not (row is None and system == CLEARED):
                yield Found(key, code, CATEGORY, archive, system)
            if row is not None and not row["is_cleared"] and case["is_open"]:
                theirs, ours = set(row["risks"]), {RISKS.get(risk, risk) for risk in case["risks"]}
                if theirs and ours and theirs != ours:
                    yield Found(key, code, RISK, "、".join(sorted(theirs)), "、".join(sorted(ours)))
        if row is not None and not row["is_cleared"]:
            theirs_, ours_ = str(row["contact"] or "").strip(), contacts.get(key, "")
            if theirs_ and ours_ and theirs_ != ours_:
                yield Found(key, code, CONTACT_PERSON, theirs_, ours_)


def _presence(scope: Scope, homes: Homes, on: dt.date) -> Iterator[Found]:
    """In the archive, and the newest visit found nobody of that household there."""
    rows = scope.filter(Visit.objects.filter(undone_at=None, on__lte=on)).order_by()
    last = dict(rows.values_list("household_id").annotate(last=Max("on")))
    words = dict(RESULTS)
    for key, day, result in rows.exclude(result="").order_by("pk").values_list("household_id", "on", "result"):
        if last.get(key) == day and key in homes.villages:
            yield Found(key, homes.villages[key], PRESENCE, "在册", "", words[result], day)


def _problems(scope: Scope, homes: Homes, on: dt.date) -> Iterator[Found]:
    """Housing and water that the archive calls safe, and the newest visit does not."""
    rows = scope.filter(VisitChange.objects.filter(field="problems", state__in=(APPLIED, TAKEN), visit__undone_at=None))
    newest: dict[int, tuple[dt.date, list[str]]] = {}
    for key, day, value in (
        rows.filter(visit__on__lte=on).order_by("pk").values_list("household_id", "visit__on", "value")
    ):
        newest[key] = (day, value or [])
    seen = {key: told for key, told in newest.items() if key in homes.villages and set(told[1]) & {HOUSING, WATER}}
    archive = _columns(list(seen), ("是否危房户", "危房级别", "是否解决安全饮用水"))
    for key, (day, problems) in seen.items():
        unsafe, grade, water = archive.get(key, ("", "", ""))
        is_safe = unsafe == "否" or grade in ("A级", "B级", "A", "B")
        if HOUSING in problems and is_safe:
            yield Found(key, homes.villages[key], HOUSING, grade or "不是危房户", "", "住房不安全", day)
        if WATER in problems and water in _YES:
            yield Found(key, homes.villages[key], WATER, "已解决安全饮用水", "", "饮水有问题", day)


def _work(scope: Scope, homes: Homes, on: dt.date) -> Iterator[Found]:
    """Members whom the out-work sheet has at work, and a visit at home, or the other way round."""
    rows = scope.filter(VisitChange.objects.filter(field__startswith=f"{WORK_CHANGE}:", state__in=(APPLIED, TAKEN)))
    newest: dict[str, tuple[int, dt.date, dict[str, str]]] = {}
    told = rows.filter(visit__undone_at=None, visit__on__lte=on).order_by("pk")
    for field, key, day, value in told.values_list("field", "household_id", "visit__on", "value"):
        member = field.partition(":")[2]
        if member.isdecimal() and value.get("work_kind") in _AT_WORK and key in homes.villages:
            newest[member] = (key, day, value)
    archive = _out_work([int(member) for member in newest])
    by_home: dict[int, list[tuple[str, str, dt.date]]] = {}
    for member, (key, day, value) in newest.items():
        name, is_working, place = archive.get(int(member), ("", None, ""))
        if is_working is None or is_working == _AT_WORK[value["work_kind"]]:
            continue
        kind = BY_NAME["work_kind"].choices[value["work_kind"]]
        ours = " ".join(filter(None, [name, kind, value.get("work_place", "")]))
        by_home.setdefault(key, []).append((f"{name} {f'务工 {place}' if is_working else '未务工'}".strip(), ours, day))
    for key, lines in by_home.items():
        theirs, ours = "；".join(one for one, _, _ in lines), "；".join(one for _, one, _ in lines)
        yield Found(key, homes.villages[key], WORK, theirs[:200], "", ours[:200], max(day for *_, day in lines))


def _income(scope: Scope, homes: Homes, on: dt.date) -> Iterator[Found]:
    """The year's net income of the household sheet against the ledger's, where all five parts are stated; what visits tell is by month
    and enters the ledger."""
    # a sheet tells of one year, the last one or one before it
    periods = [str(on.year - back) for back in range(_YEARS_BACK + 1)]
    years = scope.filter(IncomeMonth.objects.filter(net_fen__isnull=False, period__in=periods))
    ledger = {(key, year): net for key, year, net in years.order_by().values_list("household_id", "period", "net_fen")}
    told = years.filter(household=OuterRef("pk"))
    rows = scope.filter(Household.objects.filter(Exists(told), is_withdrawn=False)).order_by()
    for key, columns in rows.values_list("pk", "columns").iterator(5000):
        year = str(columns.get("年度", "")).strip()[:4]
        archive, system = _net(columns), ledger.get((key, year))
        if key in homes.villages and archive is not None and system is not None and archive != system:
            yield Found(key, homes.villages[key], INCOME, _told(year, archive), _told(year, system))


def _told(year: str, fen: int) -> str:
    return f"{year}年 {money.grouped(money.yuan(fen))} 元"


def _net(columns: Mapping[str, Any]) -> int | None:
    """Whole fen of the five parts; None when one is not stated or no amount."""
    total = 0
    for heading, sign in _PARTS_OF_INCOME.items():
        text = str(columns.get(heading, "")).strip().replace(",", "")
        try:
            total += sign * money.fen(Decimal(text))
        except (InvalidOperation, ValueError):
            return None
    return total


def _columns(keys: list[int], headings: tuple[str, ...]) -> dict[int, tuple[str, ...]]:
    """Household → what its sheet says under some headings."""
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(keys), 500):
        rows = Household.objects.filter(pk__in=keys[start : start + 500]).values_list("pk", "columns")
        found |= {key: tuple(str(columns.get(heading, "")).strip() for heading in headings) for key, columns in rows}
    return found


def _out_work(keys: list[int]) -> dict[int, tuple[str, bool | None, str]]:
    """Person → name, whether the out-work sheet has them at work, and where."""
    found: dict[int, tuple[str, bool | None, str]] = {}
    for start in range(0, len(keys), 500):
        rows = OutWork.objects.filter(person__in=keys[start : start + 500], is_withdrawn=False)
        for key, name, is_working, place in rows.values_list("person_id", "person__name", "is_working", "place"):
            found[key] = (name, is_working, place)
    return found


_COMPARISONS: tuple[Callable[[Scope, Homes, dt.date], Iterator[Found]], ...] = (
    _size,
    _objects,
    _presence,
    _problems,
    _work,
    _income,
)
