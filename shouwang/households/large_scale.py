"""Events that may throw many households back: registered, their households estimated, screened one by one, closed (S0-C-29 to -31)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from shouwang.casework import clocks, signals
from shouwang.casework.risks import RISKS
from shouwang.feeds import in_force
from shouwang.foundation import bulk
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.lake import store
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import kept_sums
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, OutWork

from . import producers, watched
from .kinds import ALLEVIATED as ALLEVIATED_KIND
from .models import EventEntry, LargeScaleEvent, ScreenedHousehold

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

KINDS_PARAMETER = "household.large_scale_risk_kinds"
LIMIT_PARAMETER = "household.event_screening_limit"
CHANNEL = "event"

RISK_OF_KIND = {
    "natural_disaster": "disaster",
    "epidemic": "epidemic",
    "price_fall": "industry_failure",
    "unemployment": "unstable_work",
    "project_failure": "industry_failure",
}
# How the households are estimated that an event may reach.
ALL, DISASTER_ROWS, OUT_WORKERS, ALLEVIATED = "all", "disaster_loss", "out_workers", "alleviated"
BASES = {
    DISASTER_ROWS: "灾害损失数据里的户",
    OUT_WORKERS: "有外出务工人员的户",
    ALLEVIATED: "脱贫户和监测对象",
    **{code: f"有{word}收入的户（增收台账分项）" for code, (word, _) in producers.BRANCHES.items()},
    ALL: "区域内全部农户",
}
BASIS_OF_KIND = {"natural_disaster": DISASTER_ROWS, "epidemic": OUT_WORKERS, "unemployment": OUT_WORKERS}


@dataclass(frozen=True)
class Progress:
    """How far a special screening is."""

    households: int
    checked: int
    affected: int
    leads: int
    confirmed: int
    included: int

    @property
    def waiting(self) -> int:
        return self.households - self.checked


def kinds(*, region_code: str, on: dt.date, policies: Policies) -> dict[str, str]:
    """The kinds that the documents name for a place, with their labels; all known ones where no document does."""
    parameter = policies.parameters[KINDS_PARAMETER]
    labels: dict[str, str] = dict(getattr(parameter.shape, "choices", None) or {})
    labels = labels or {code: code for code in RISK_OF_KIND}
    named = policies.resolve(KINDS_PARAMETER, region_code=region_code, on=on).value
    return {code: labels.get(code, code) for code in (named or labels)}


# hengshui-2022-1#C.2.6.1, #C.2.6.3
def register(
    *,
    kind: str,
    title: str,
    region_code: str,
    areas: Sequence[str] = (),
    happened_on: dt.date,
    source: str,
    basis: str = "",
    by: Account,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
) -> LargeScaleEvent:
    """An event with its screening list and the day by which the screening is due (where a document sets one)."""
    _require(by, region_code)
    scope = Scope.of(by)
    if kind not in kinds(region_code=region_code, on=happened_on, policies=policies):
        raise UserError(f"没有“{kind}”这类规模性返贫风险")
    if happened_on > today:
        raise UserError(f"发生日 {happened_on} 还没有到")
    if not title.strip() or not source.strip():
        raise UserError("请写明事件和信息来源")
    areas = [regions.full_code(area) for area in areas]
    home = Scope.of_region(region_code)
    if not all(home.contains(area) and scope.contains(area) for area in areas):
        raise UserError("受影响的区域不在所选区域内", next_step="请重新选择乡镇或村。")
    basis = basis or BASIS_OF_KIND.get(kind, ALLEVIATED)
    county = regions.county_of(region_code)
    due = clocks.due(start_on=happened_on, region_code=county, policies=policies, parameter=LIMIT_PARAMETER)
    with transaction.atomic():
        event = LargeScaleEvent.objects.create(
            kind=kind,
            title=title.strip()[:80],
            region_code=regions.full_code(region_code),
            areas=areas,
            happened_on=happened_on,
            source=source.strip()[:80],
            basis=basis,
            due_on=due.on,
            due_parameter=due.because,
            by=by,
            at=now,
        )
        found = estimate(region_code=region_code, areas=areas, basis=basis, happened_on=happened_on)
        ScreenedHousehold.objects.bulk_create(
            [
                ScreenedHousehold(event=event, household_id=pk, region_code=village, fact=fact[:120])
                for pk, village, fact in found
            ],
            batch_size=2000,
        )
        _append(event, "登记事件", f"列入专项排查 {len(found)} 户（{BASES[basis]}）", by=by, on=today, now=now)
        audit.record(
            by=by,
            action="登记规模性风险事件",
            region_code=region_code,
            target=f"事件 {event.pk}",
            detail={"rows": len(found)},
        )
    return event


def estimate(
    *, region_code: str, areas: Sequence[str] = (), basis: str, happened_on: dt.date
) -> list[tuple[int, str, str]]:
    """Households that an event may have reached: key, village, and the fact that says so. Raises UserError."""
    if basis not in BASES:
        raise UserError(f"没有“{basis}”这种估算方法")
    where = Q(pk__in=[])
    for area in areas or [region_code]:
        where |= Scope.of_region(area).where()
    homes = Household.objects.filter(where, is_withdrawn=False)
    return _ESTIMATES[basis](homes, region_code, happened_on)


def _everybody(homes: QuerySet[Household], _region: str, _on: dt.date) -> list[tuple[int, str, str]]:
    return [(pk, village, "") for pk, village in homes.order_by("region_code", "pk").values_list("pk", "region_code")]


def _alleviated(homes: QuerySet[Household], _region: str, _on: dt.date) -> list[tuple[int, str, str]]:
    rows = homes.filter(
        Q(household_type=ALLEVIATED_KIND) | Q(monitoring__is_cleared=False, monitoring__is_withdrawn=False)
    ).order_by("region_code", "pk")
    found = rows.values_list("pk", "region_code", "household_type")
    return [(pk, village, ALLEVIATED_KIND if kind == ALLEVIATED_KIND else "监测对象") for pk, village, kind in found]


def _out_workers(homes: QuerySet[Household], _region: str, _on: dt.date) -> list[tuple[int, str, str]]:
    workers = OutWork.objects.filter(is_withdrawn=False, is_working=True, person__household__in=homes)
    counted = workers.order_by("person__household__region_code").values_list(
        "person__household_id", "person__household__region_code"
    )
    return [(pk, village, f"外出务工 {n} 人") for pk, village, n in counted.annotate(n=Count("pk"))]


def _living_on(branch: str) -> Callable[[QuerySet[Household], str, dt.date], list[tuple[int, str, str]]]:
    return lambda homes, _region, on: producers.households(homes, branch=branch, on=on)


def _disaster_rows(homes: QuerySet[Household], region: str, on: dt.date) -> list[tuple[int, str, str]]:
    """Losses from the day of the event on, as the files in force tell."""
    source = in_force.relation("disaster_loss", county_code=regions.county_of(region))
    if source is None:
        return []
    with store.connect() as connection:
        rows = connection.execute(
            f"""SELECT household_key, min(disaster_kind), sum(loss_fen) FROM {source}
            WHERE occurred_on >= $on AND household_key IS NOT NULL GROUP BY household_key""",
            {"on": on},
        ).fetchall()
    facts = {key: f"{kind}，损失 {int(fen) // 100:,} 元" if fen else str(kind) for key, kind, fen in rows}
    found: list[tuple[int, str, str]] = []
    for chunk in bulk.chunks(facts):
        here = homes.filter(pk__in=chunk).values_list("pk", "region_code")
        found += [(pk, village, facts[pk]) for pk, village in here]
    return sorted(found, key=lambda one: (one[1], one[0]))


_ESTIMATES: dict[str, Callable[[QuerySet[Household], str, dt.date], list[tuple[int, str, str]]]] = {
    ALL: _everybody,
    ALLEVIATED: _alleviated,
    OUT_WORKERS: _out_workers,
    DISASTER_ROWS: _disaster_rows,
    **{code: _living_on(code) for code in producers.BRANCHES},
}


def screen(
    *,
    event: LargeScaleEvent,
    affected: Iterable[int],
    not_affected: Iterable[int],
    by: Account,
    today: dt.date,
    now: dt.datetime,
    policies: Policies,
) -> int:
    """What was found at the households of the list (their keys): who is affected gets a lead, or joins the one there is.

    Returns how many signals were given. Households outside the list or the scope, and those asked before, are left alone.
    """
    if not (by.may(roles.VERIFY) or by.may(roles.TAKE_REPORTS)):
        raise NotPermittedError("您的角色不能登记排查结果")
    affected = set(affected)
    wanted = affected | set(not_affected)
    with transaction.atomic():
        if LargeScaleEvent.objects.select_for_update().get(pk=event.pk).closed_on:
            raise ConflictError("这个事件已经办结")
        rows: list[ScreenedHousehold] = []
        for chunk in bulk.chunks(wanted):
            waiting = ScreenedHousehold.objects.select_for_update().filter(event=event, household_id__in=chunk)
            rows += Scope.of(by).filter(waiting.filter(is_affected=None))
        told = [
            signals.Told(row.household_id, row.region_code, f"event-{event.pk}", RISK_OF_KIND.get(event.kind, ""))
            for row in rows
            if row.household_id in affected
        ]
        received = signals.receive_many(channel=CHANNEL, told=told, told_on=today, now=now, policies=policies, by=by)
        for row in rows:
            row.is_affected = row.household_id in affected
            row.checked_on, row.by = today, by
            row.signal_id = received.get((row.household_id, f"event-{event.pk}"), (None, None))[0]
        ScreenedHousehold.objects.bulk_update(rows, ["is_affected", "checked_on", "by", "signal"], batch_size=500)
        if rows:
            _append(event, "登记排查结果", f"{len(rows)} 户，其中受影响 {len(told)} 户", by=by, on=today, now=now)
    return len(told)


def note(
    *, event: LargeScaleEvent, text: str, by: Account, today: dt.date, now: dt.datetime, what: str = "防范措施"
) -> EventEntry:
    """A measure taken against the event, or what else belongs into its record."""
    _require(by, event.region_code)
    if event.closed_on:
        raise ConflictError("这个事件已经办结")
    if not text.strip():
        raise UserError("请写明内容")
    return _append(event, what[:40], text.strip(), by=by, on=today, now=now)


def close(*, event: LargeScaleEvent, report: str, by: Account, today: dt.date, now: dt.datetime) -> LargeScaleEvent:
    """Ends an event with a report, once every household of the list was asked. Raises UserError."""
    _require(by, event.region_code)
    if not report.strip():
        raise UserError("办结须写报告", next_step="写明影响、排查、帮扶措施和结果。")
    with transaction.atomic():
        fresh = LargeScaleEvent.objects.select_for_update().get(pk=event.pk)
        if fresh.closed_on:
            raise ConflictError("这个事件已经办结")
        if waiting := fresh.households.filter(is_affected=None).count():
            raise UserError(f"还有 {waiting} 户没有排查", next_step="请先完成专项排查。")
        fresh.closed_on, fresh.report = today, report.strip()
        fresh.save(update_fields=["closed_on", "report"])
        _append(fresh, "办结", "", by=by, on=today, now=now)
        audit.record(by=by, action="办结规模性风险事件", region_code=fresh.region_code, target=f"事件 {fresh.pk}")
    return fresh


def events(*, scope: Scope) -> QuerySet[LargeScaleEvent]:
    """Events that reach the scope: registered in it, or with a household of it on the list; open ones first."""
    here = scope.filter(ScreenedHousehold.objects.filter(event=OuterRef("pk")))
    rows = LargeScaleEvent.objects.filter(scope.where() | Q(Exists(here))).select_related("by")
    return rows.order_by("closed_on", "-happened_on", "-pk")


def screened(*, event: LargeScaleEvent, scope: Scope) -> QuerySet[ScreenedHousehold]:
    rows = scope.filter(event.households.select_related("household", "by"))
    return rows.order_by("region_code", "household__household_no")


def progress(*, event: LargeScaleEvent, scope: Scope) -> Progress:
    """As far as the scope reaches; leads are counted once however many signals they have."""
    return progress_of(events=[event], scope=scope)[event.pk]


def progress_of(*, events: Sequence[LargeScaleEvent], scope: Scope) -> dict[int, Progress]:
    """Event → how far it is, however many events: households are kept by township, leads are counted."""
    counts: dict[int, Counter[str]] = {event.pk: Counter() for event in events}
    for figures in kept_sums.read(SCREENED, ranges=scope.ranges, key={}).values():
        for key, numbers in figures.items():
            if int(key) in counts:
                counts[int(key)].update(dict(zip(_OF_HOUSEHOLDS, numbers, strict=True)))
    found = {
        key: Progress(numbers["households"], numbers["checked"], numbers["affected"], 0, 0, 0)
        for key, numbers in counts.items()
    }
    rows = scope.filter(ScreenedHousehold.objects.filter(event__in=found)).order_by()
    lead = "signal__reasons__lead"
    told = (
        rows.filter(signal__isnull=False)
        .values_list("event")
        .annotate(
            leads=Count(lead, distinct=True),
            confirmed=Count(lead, distinct=True, filter=Q(**{f"{lead}__state": "confirmed"})),
            included=Count(lead, distinct=True, filter=Q(**{f"{lead}__case__included_on__isnull": False})),
        )
    )
    for key, leads, confirmed, included in told:
        found[key] = replace(found[key], leads=leads, confirmed=confirmed, included=included)
    return found


def _by_township(*, ranges: kept_sums.Ranges) -> dict[str, dict[str, list[int]]]:
    """Township → event → households, those that were asked, those affected."""
    rows = Scope(ranges).filter(ScreenedHousehold.objects.all()).order_by()
    counted = (
        rows.annotate(township=Substr("region_code", 1, kept_sums.PLACE_DIGITS))
        .values_list("township", "event")
        .annotate(
            households=Count("pk"), checked=Count("is_affected"), affected=Count("pk", filter=Q(is_affected=True))
        )
    )
    found: dict[str, dict[str, list[int]]] = {}
    for township, event, *numbers in counted:
        found.setdefault(township, {})[str(event)] = numbers
    return found


_OF_HOUSEHOLDS = ("households", "checked", "affected")
SCREENED = kept_sums.Sum(
    name="screened_households",
    sources=(watched.SCREENED,),
    compute=_by_township,
    wanted=lambda today, policies: [({}, Scope.everything().ranges)],
)


def by_village(*, event: LargeScaleEvent, scope: Scope) -> list[tuple[str, int, int]]:
    """village, households, still to ask"""
    rows = scope.filter(event.households.all()).order_by().annotate(village=Substr("region_code", 1, 12))
    counted = rows.values_list("village").annotate(n=Count("pk"), waiting=Count("pk", filter=Q(is_affected=None)))
    return sorted(counted)


def risk_label(event: LargeScaleEvent) -> str:
    return RISKS.get(RISK_OF_KIND.get(event.kind, ""), "")


def _append(event: LargeScaleEvent, what: str, text: str, *, by: Account, on: dt.date, now: dt.datetime) -> EventEntry:
    return EventEntry.objects.create(event=event, what=what, text=text, on=on, by=by, at=now)


def _require(by: Account, region_code: str) -> None:
    if not (by.may(roles.DISPATCH_LEADS) and Scope.of(by).contains(region_code)):
        raise NotPermittedError("您的账号不能在这个区域登记事件", next_step="请由县或乡镇办理。")
