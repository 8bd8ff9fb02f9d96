"""Who looks after which household, and where nobody does: by household, village, township and county (S0-C-34 to -36)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from shouwang.casework.models import Case
from shouwang.foundation import bulk
from shouwang.organisation.models import Appointment, PostKind, StaffMember
from shouwang.organisation.scope import Scope
from shouwang.regions import kept_sums
from shouwang.registry.models import Household, Monitoring

from . import kinds, watched
from .models import Responsibility
from .models.responsibility import CONTACT, GRID_WORKER, KINDS, SUPPORT_PERSON

# What may be missing, in the words of the pages. ``alleviated``: 脱贫户 of nobody's grid (S0-C-01).
GAPS = {
    "no_grid": "没有在任网格员的户",
    "alleviated": "脱贫户没有网格员",
    "no_contact": "监测对象没有监测联系人",
    "no_support": "监测对象没有帮扶责任人",
    "vacant": "责任人已离任、待交接的户",
}
# More than this many times the middle one is shown as an outlier; a way of showing, not a norm of any document.
_OUTLIER = 2
# More persons than this are not named one by one in a question.
_MANY = 500
_AT_ONCE = 5000
_ONE_COUNTY = 10**6  # codes
_COUNTY, _TOWNSHIP = 6, 9  # digits of their codes


def has_contact(household_id: int, *, on: dt.date) -> bool:
    """Whether a monitoring contact is named on a day (hebei-opinion-2021#2.2.12)."""
    return in_force(on=on).filter(household_id=household_id, kind=CONTACT).exists()


def in_force(*, on: dt.date) -> QuerySet[Responsibility]:
    """The lines that hold on a day, whether or not their person still has a post."""
    return Responsibility.objects.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on)


def held(*, on: dt.date, kind: str = "") -> QuerySet[Responsibility]:
    """The lines whose person is in office: a grid worker as such, others in any post."""
    # one question about the posts, not one a line: databases answer it once and look lines up in it
    posts = Appointment.objects.in_office(on)
    grid_workers = posts.filter(post__kind=PostKind.GRID_WORKER).values("staff")
    rows = in_force(on=on)
    if kind:
        return rows.filter(kind=kind, staff__in=grid_workers if kind == GRID_WORKER else posts.values("staff"))
    return rows.filter(
        Q(kind=GRID_WORKER, staff__in=grid_workers) | (~Q(kind=GRID_WORKER) & Q(staff__in=posts.values("staff")))
    )


def vacant(*, scope: Scope, on: dt.date) -> QuerySet[Responsibility]:
    """Lines that go on although their person's term has ended: whoever takes over is still to be named."""
    return _gone(scope.filter(in_force(on=on)), on).select_related("household", "staff")


def _gone(rows: QuerySet[Responsibility], on: dt.date) -> QuerySet[Responsibility]:
    # persons are few and lines many: who is gone is asked once, and only their lines are looked at
    pairs = set(rows.order_by().values_list("kind", "staff").distinct())
    pairs -= _in_office({staff for _, staff in pairs}, on)
    gone = Q(pk__in=[])
    for kind in sorted({kind for kind, _ in pairs}):
        gone |= Q(kind=kind, staff__in=sorted(staff for one, staff in pairs if one == kind))
    return rows.filter(gone)


def _in_office(asked: Collection[int], on: dt.date) -> set[tuple[str, int]]:
    """(capacity, person) for whoever is in a post that goes with it: a grid worker as such, others in any."""
    posts = Appointment.objects.in_office(on)
    if len(asked) < _MANY:
        posts = posts.filter(staff__in=sorted(asked))
    found = {
        (GRID_WORKER, staff) for staff in posts.filter(post__kind=PostKind.GRID_WORKER).values_list("staff", flat=True)
    }
    staff = set(posts.values_list("staff", flat=True))
    return found | {(kind, one) for kind, _ in KINDS if kind != GRID_WORKER for one in staff}


def of_household(*, household: Household) -> QuerySet[Responsibility]:
    """Everybody who looked after a household, the latest first."""
    rows = Responsibility.objects.filter(household=household).select_related("staff", "by")
    return rows.order_by("kind", "-from_on", "-pk")


def of_village(*, region_code: str, kind: str, on: dt.date, only_without: bool) -> QuerySet[Household]:
    """The households of a place; ``only_without``: those whom nobody in office looks after in this capacity."""
    rows = Scope.of_region(region_code).filter(Household.objects.filter(is_withdrawn=False))
    return rows.filter(_without(kind, on)) if only_without else rows


def lacking(*, scope: Scope, gap: str, on: dt.date) -> QuerySet[Household]:
    """The households behind one figure of the coverage."""
    rows = scope.filter(Household.objects.filter(is_withdrawn=False))
    match gap:
        case "no_grid":
            return rows.filter(_without(GRID_WORKER, on))
        case "alleviated":
            return rows.filter(_without(GRID_WORKER, on), household_type=kinds.ALLEVIATED)
        case "no_contact":
            return rows.filter(pk__in=_objects(scope)).filter(_without(CONTACT, on))
        case "no_support":
            return rows.filter(pk__in=_objects(scope)).filter(_without(SUPPORT_PERSON, on))
        case "vacant":
            return rows.filter(pk__in=_left_behind(scope, on).order_by().values("household_id"))
    return rows.none()


def _without(kind: str, on: dt.date) -> Q:
    return ~Q(Exists(held(on=on, kind=kind).filter(household=OuterRef("pk"))))


def _left_behind(scope: Scope, on: dt.date) -> QuerySet[Responsibility]:
    """Lines of households of a scope whose person has gone. A line keeps the place where it was written: that of a household that moved
    lies elsewhere in its county."""
    if scope.width < _ONE_COUNTY:
        homes = scope.filter(Household.objects.filter(is_withdrawn=False))
        rows = in_force(on=on).filter(household__in=homes.values("pk"))
    else:
        rows = _counties(scope).filter(in_force(on=on))
    here = F("county")
    return (
        _gone(rows, on).alias(county=Substr("region_code", 1, _COUNTY)).filter(household__region_code__startswith=here)
    )


def _counties(scope: Scope) -> Scope:
    """The counties (by their digits) that a scope lies in, wholly: to look things up in, not to show."""
    return Scope(tuple((f"{low[:_COUNTY]}000000", _after(high)) for low, high in scope.ranges))


def _after(high: str) -> str:
    digits = high[:_COUNTY]
    return high if high[_COUNTY:].strip("0") == "" else f"{int(digits) + 1:06}000000"


def _objects(scope: Scope, *names: str, is_wide: bool = False) -> QuerySet[Any]:
    """The keys of monitored households: in the register's list and not cleared, or taken in by a case that is open.

    They are few beside all households, so whoever counts them starts from here. Withdrawn households are left out: the index of
    a place holds the others alone.
    """
    # Of a city or more they are looked at one by one: a database that sees an index of places reads every household instead.
    place = Substr("household__region_code", 1, 12) if is_wide else F("household__region_code")
    here = scope.where("place") & Q(household__is_withdrawn=False)
    listed = Monitoring.objects.annotate(place=place).filter(here, is_cleared=False, is_withdrawn=False)
    taken_in = Case.objects.annotate(place=place).filter(here, is_open=True, included_on__isnull=False)
    asked = names or ("household_id",)
    return listed.order_by().values_list(*asked).union(taken_in.order_by().values_list(*asked))


@dataclass
class Coverage:
    """One division: how many households and objects, and how many of them lack what; ``missing`` by gap."""

    region_code: str
    household_count: int = 0
    object_count: int = 0
    missing: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GAPS, 0))

    def add(self, gap: str, count: int) -> None:
        self.missing[gap] += count


def coverage(*, scope: Scope, on: dt.date, digits: int) -> dict[str, Coverage]:
    """By division of the first ``digits`` digits (9 townships, 12 villages), padded to twelve.

    Villages are counted in a handful of queries; from townships on the sums are kept.
    """
    if digits > _TOWNSHIP:
        return _counted(scope, on, digits)
    found: dict[str, Coverage] = {}
    for township, figures in kept_sums.read(LOOKED_AFTER, ranges=scope.ranges, key={"on": on}).items():
        code = township[:digits].ljust(12, "0")
        place = found.setdefault(code, Coverage(code))
        place.household_count += figures["households"]
        place.object_count += figures["objects"]
        for gap in GAPS:
            place.add(gap, figures[gap])
    return found


def gaps_by_township(*, scope: Scope, gap: str, on: dt.date) -> dict[str, int]:
    """Township (nine digits) → how many households ``lacking`` finds there; places without any are left out."""
    found = kept_sums.read(LOOKED_AFTER, ranges=scope.ranges, key={"on": on})
    return {township: figures[gap] for township, figures in found.items() if figures[gap]}


def _by_township(*, ranges: kept_sums.Ranges, on: dt.date) -> dict[str, dict[str, int]]:
    # far pieces one by one: an index is read in one go for each, and all of them together row by row
    scopes = [Scope(ranges)] if Scope(ranges).width >= _ONE_COUNTY else [Scope((one,)) for one in ranges]
    return {
        code[:_TOWNSHIP]: {"households": one.household_count, "objects": one.object_count, **one.missing}
        for scope in scopes
        for code, one in _counted(scope, on, _TOWNSHIP).items()
    }


# the worker keeps this day; the posts and lines in force are asked by day, so that tomorrow is counted anew
LOOKED_AFTER = kept_sums.Sum(
    name="looked_after",
    sources=(
        watched.HOUSEHOLD,
        watched.MONITORING,
        watched.CASE,
        watched.RESPONSIBILITY,
        watched.APPOINTMENT,
        watched.POST,
    ),
    compute=_by_township,
    wanted=lambda today, policies: [({"on": today}, Scope.everything().ranges)],
)


def _counted(scope: Scope, on: dt.date, digits: int) -> dict[str, Coverage]:
    found: dict[str, Coverage] = {}

    def place(village: str) -> Coverage:
        code = village[:digits].ljust(12, "0")
        return found.setdefault(code, Coverage(code))

    # by village, as the index has them, and in one go: no database has to sort, and villages are few
    homes = scope.filter(Household.objects.filter(is_withdrawn=False)).order_by()
    counted = homes.values_list("region_code", "household_type").annotate(
        all=Count("*"), without=Count("pk", filter=_without(GRID_WORKER, on))
    )
    for village, household_type, count, no_grid in counted:
        place(village).household_count += count
        place(village).add("no_grid", no_grid)
        place(village).add("alleviated", no_grid if household_type == kinds.ALLEVIATED else 0)
    objects = dict(_objects(scope, "household_id", "household__region_code", is_wide=scope.width > _ONE_COUNTY))
    held_by = _held_by_kind(objects, on)
    for household, village in objects.items():
        place(village).object_count += 1
        place(village).add("no_contact", household not in held_by[CONTACT])
        place(village).add("no_support", household not in held_by[SUPPORT_PERSON])
    for village, count in _by(lacking(scope=scope, gap="vacant", on=on), "region_code"):
        place(village).add("vacant", count)
    return found


def _by(rows: QuerySet[Household], *names: str) -> Iterable[tuple[Any, ...]]:
    return rows.order_by().values_list(*names).annotate(count=Count("*"))


def _held_by_kind(households: Iterable[int], on: dt.date) -> dict[str, set[int]]:
    """Contact and supporting person → those of some households that have one in office."""
    lines: list[tuple[int, str, int]] = []
    for chunk in bulk.chunks(households, _AT_ONCE):
        rows = in_force(on=on).filter(household__in=chunk, kind__in=(CONTACT, SUPPORT_PERSON))
        lines += rows.values_list("household_id", "kind", "staff_id")
    in_office = _in_office({staff for _, _, staff in lines}, on)
    found: dict[str, set[int]] = {CONTACT: set(), SUPPORT_PERSON: set()}
    for household, kind, staff in lines:
        if (kind, staff) in in_office:
            found[kind].add(household)
    return found


@dataclass(frozen=True)
class Load:
    """What one person looks after. ``is_outlier``: far more than the others of the place (S0-C-36)."""

    staff: StaffMember
    kind: str
    household_count: int
    object_count: int
    is_outlier: bool
    is_in_office: bool

    @property
    def label(self) -> str:
        return dict(KINDS)[self.kind]

    @property
    def from_code(self) -> str:
        """How the page of handing over names what this person has."""
        return f"from-{self.staff.pk}"


def loads(*, scope: Scope, on: dt.date) -> list[Load]:
    """Households and objects per person and capacity, in the order of the places; nobody is ranked."""
    rows = scope.filter(in_force(on=on))
    counts = list(rows.values_list("staff_id", "kind").annotate(count=Count("pk")).order_by("staff_id", "kind"))
    objects = rows.filter(household__in=_objects(scope))
    object_counts = {
        (staff, kind): n for staff, kind, n in objects.values_list("staff_id", "kind").annotate(n=Count("pk"))
    }
    in_office = _in_office({pk for pk, _, _ in counts}, on)
    staff = StaffMember.objects.in_bulk({pk for pk, _, _ in counts})
    middle = {kind: median([n for _, one, n in counts if one == kind]) for kind in {kind for _, kind, _ in counts}}
    found = [
        Load(
            staff[pk],
            kind,
            number,
            object_counts.get((pk, kind), 0),
            number > _OUTLIER * middle[kind],
            (kind, pk) in in_office,
        )
        for pk, kind, number in counts
    ]
    return sorted(found, key=lambda one: (one.kind, one.staff.name, one.staff.pk))
