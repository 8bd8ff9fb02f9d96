"""Who works where, who holds which account, who may see a place and why, and what the log says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from shouwang.regions import queries as regions

from .institutions import vacant_posts
from .models import Account, Appointment, AuditEvent, Post, PostKind, StaffMember, Unit
from .roles import SEE_HOUSEHOLDS
from .scope import Scope


def units(
    *, scope: Scope, kind: str = "", department: str = "", text: str = "", vacant_on: dt.date | None = None
) -> QuerySet[Unit]:
    """Units that are there; ``vacant_on``: those with a post that nobody holds on a day."""
    rows = scope.filter(Unit.objects.filter(closed_on__isnull=True))
    if kind:
        rows = rows.filter(kind=kind)
    if department:
        rows = rows.filter(department=department)
    if vacant_on:
        rows = rows.filter(pk__in=vacant_posts(scope=scope, on=vacant_on).order_by().values("unit"))
    return rows.filter(name__contains=text) if text else rows


def department_units(*, scope: Scope) -> QuerySet[Unit]:
    """Departments that a liaison may belong to."""
    return units(scope=scope).exclude(department="").order_by("region_code", "name")


def posts(*, unit: Unit) -> QuerySet[Post]:
    return unit.posts.filter(closed_on__isnull=True).order_by("pk")


def appointments(
    *, scope: Scope, on: dt.date | None, kind: str = "", unit_kind: str = "", text: str = ""
) -> QuerySet[Appointment]:
    """Who holds which post on a day (``None``: whoever ever did); ``text`` is the beginning of a name."""
    rows = Appointment.objects.all() if on is None else Appointment.objects.in_office(on)
    found = scope.filter(rows, "post__unit__region_code").select_related("post__unit", "staff")
    if kind:
        found = found.filter(post__kind=kind)
    if unit_kind:
        found = found.filter(post__unit__kind=unit_kind)
    return found.filter(staff__name__startswith=text) if text else found


def grid_workers(*, scope: Scope, on: dt.date) -> QuerySet[Appointment]:
    """The grid workers in office on a day, by village: the door for whoever assigns households to persons."""
    found = appointments(scope=scope, on=on, kind=PostKind.GRID_WORKER)
    return found.order_by("post__unit__region_code", "from_on", "pk")


def staff_member(*, scope: Scope, pk: int) -> StaffMember | None:
    """Somebody who works or worked inside the scope; nobody else is there."""
    seen = scope.filter(Appointment.objects.filter(staff=pk), "post__unit__region_code")
    return StaffMember.objects.filter(pk=pk).first() if seen.exists() else None


def terms_of(*, staff: StaffMember, scope: Scope) -> QuerySet[Appointment]:
    """Somebody's posts, the latest first, as far as they lie inside the scope."""
    rows = scope.filter(staff.appointments.all(), "post__unit__region_code")
    return rows.select_related("post__unit").order_by("-from_on", "-pk")


LEFT = "left"


def accounts(
    *, scope: Scope, role: str = "", text: str = "", state: str = "", on: dt.date | None = None
) -> QuerySet[Account]:
    """Accounts of a scope; ``state``: open, closed, waiting (invited and never signed in), left (still open although its
    person's last term was over ``on`` a day)."""
    rows = scope.filter(Account.objects.select_related("unit", "staff", "second_factor"))
    if role:
        rows = rows.filter(role=role)
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(login__contains=text))
    if state == LEFT:
        terms = Appointment.objects.filter(staff=OuterRef("staff"))
        over = Exists(terms.filter(until_on__lte=on)) & ~Exists(terms.exclude(until_on__lte=on))
        return rows.filter(over, is_active=True)
    if state == "waiting":
        return rows.filter(is_active=True, last_login__isnull=True)
    return rows.filter(is_active=state == "open") if state else rows


@dataclass(frozen=True)
class Reason:
    """Why an account may see a place: its role holds the permission and its region is the place or lies above it."""

    account: Account
    region_name: str
    place_name: str

    @property
    def text(self) -> str:
        if self.region_name == self.place_name:
            where = f"管辖区域就是{self.place_name}"
        else:
            where = f"管辖区域{self.region_name}包含{self.place_name}"
        return f"角色“{self.account.duties.label}”可以查看农户档案，{where}"


def who_may_see(*, region_code: str, permission: str = SEE_HOUSEHOLDS) -> list[Reason]:
    """Every account that may see what lies in a village, nearest first, with the reason."""
    above = regions.ancestors(region_code)
    found = Account.objects.filter(is_active=True, region_code__in=above)
    seeing = [one for one in found if one.may(permission) and Scope.of(one).covers(region_code)]
    seeing.sort(key=lambda one: (above.index(one.region_code), one.role, one.login))
    names = regions.names_of({region_code, *(one.region_code for one in seeing)})
    place = names.get(region_code, region_code)
    return [Reason(one, names.get(one.region_code, one.region_code), place) for one in seeing]


def events(
    *,
    scope: Scope,
    login: str = "",
    action: str = "",
    target: str = "",
    from_on: dt.date | None = None,
    to_on: dt.date | None = None,
) -> QuerySet[AuditEvent]:
    """Lines of the log, the newest first. ``login``: the actor's login or name; ``action``: the whole word or its beginning;
    ``to_on`` is included."""
    rows = _within(scope, AuditEvent.objects.select_related("by"))
    if login:
        actors = list(Account.objects.filter(Q(login=login) | Q(name=login)).values_list("pk", flat=True))
        rows = rows.filter(by__in=actors) if actors else rows.filter(by_name=login)
    if action:
        is_whole = AuditEvent.objects.filter(action=action).exists()
        rows = rows.filter(action=action) if is_whole else rows.filter(action__startswith=action)
    if target:
        rows = rows.filter(target=target)
    if from_on:
        rows = rows.filter(at__gte=_midnight(from_on))
    if to_on:
        rows = rows.filter(at__lt=_midnight(to_on + dt.timedelta(days=1)))
    return rows.order_by("-id")


# Up to so many lines of a place are found by its index and sorted; where there are more, the log is read backwards instead.
_SORTED = 5_000


def _within(scope: Scope, rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """The lines of a scope. Of a large log most lines lie inside a wide scope: sorting them for one page takes seconds,
    reading the newest lines until a page is full does not. An expression keeps the database from its index then."""
    found = scope.filter(rows)
    if scope.filter(AuditEvent.objects.all())[: _SORTED + 1].count() <= _SORTED:
        return found
    return scope.filter(rows.alias(place=Concat("region_code", Value(""))), "place")


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
