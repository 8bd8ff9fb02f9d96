"""What became of a pushed list, county by county: parts that always add up to the rows received (S0-C-08, S0-C-11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from shouwang.casework import verification
from shouwang.feeds.models import PendingRow
from shouwang.foundation.periods import Month
from shouwang.intake.models import Batch, BatchState, RefusedRow
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions

from . import states
from .models import Push, PushedRow
from .models.pushes import ANSWERED, MONITORED

# The parts of a list in the order of its way; exclusive, and together the rows that were received.
PARTS = {
    "refused": "格式有误退回",
    "doubtful": "存疑待认定",
    "unmatched": "查无此人",
    "repeated": "同一文件内重复",
    "taken_back": "已撤销",
    "waiting": "待接收",
    "monitored": "已在监测",
    "answered": "已由记录回答",
    "to_verify": "未核实",
    "no_risk": "无返贫风险",
    "given_back": "退回来源",
    "identifying": "属实，正在认定",
    "included": "已纳入",
    "refused_case": "属实，不予纳入",
}
NOT_MATCHED = ("refused", "doubtful", "unmatched", "repeated", "taken_back", "waiting")
VERIFIED = ("no_risk", "given_back", "identifying", "included", "refused_case")
CONFIRMED = ("identifying", "included", "refused_case")
NOT_INCLUDED = ("no_risk", "given_back", "refused_case", "answered", "monitored")
OUTSTANDING = ("to_verify", "doubtful", "waiting")

_LEAD_STATES = {
    verification.NO_RISK: "no_risk",
    verification.RETURNED: "given_back",
    verification.WITHDRAWN: "taken_back",
}


@dataclass
class Line:
    """One county's part of a list (or what stays with the file itself: ``county_code`` is then that of the file)."""

    county_code: str
    name: str
    row_count: int
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    def sum(self, names: Iterable[str]) -> int:
        return sum(self.parts[name] for name in names)

    @property
    def not_matched(self) -> int:
        return self.sum(NOT_MATCHED)

    @property
    def matched(self) -> int:
        return self.row_count - self.not_matched

    @property
    def verified(self) -> int:
        return self.sum(VERIFIED)

    @property
    def confirmed(self) -> int:
        return self.sum(CONFIRMED)

    @property
    def not_included(self) -> int:
        return self.sum(NOT_INCLUDED)

    @property
    def outstanding(self) -> int:
        return self.sum(OUTSTANDING)

    @property
    def is_balanced(self) -> bool:
        return self.sum(PARTS) == self.row_count


@dataclass
class RollUp:
    """A list with its counties and their sum. ``is_whole``: the account sees all of it."""

    push: Push
    lines: list[Line]
    is_whole: bool

    @property
    def total(self) -> Line:
        total = Line(self.push.region_code, "合计", sum(line.row_count for line in self.lines))
        for line in self.lines:
            for name, count in line.parts.items():
                total.parts[name] += count
        return total

    def is_late(self, today: dt.date) -> bool:
        return bool(self.push.due_on and today > self.push.due_on and self.total.outstanding)


def pushes(*, scope: Scope, month: Month | None = None) -> QuerySet[Push]:
    """Lists that reached the scope: its own, and those of a file above it that has a share here; newest first."""
    shares = scope.filter(Batch.objects.filter(split_from__isnull=False)).values("split_from")
    rows = Push.objects.filter(scope.where() | Q(batch__in=shares)).select_related("batch", "by")
    if month is not None:
        rows = rows.filter(pushed_on__gte=month.first_day, pushed_on__lte=month.last_day)
    return rows.order_by("-pushed_on", "-pk")


def roll_up(*, push: Push, scope: Scope) -> RollUp:
    """hengshui-2022-1#C.2.1.4: pushed, matched, verified, confirmed, included, not included by reason; nothing is lost."""
    return roll_ups(pushes=[push], scope=scope)[0]


def roll_ups(*, pushes: Sequence[Push], scope: Scope) -> list[RollUp]:
    """The same for several lists at once, in their order: four questions and the names, however many there are."""
    shares = _shares(pushes)
    wholes = {push.pk: scope.contains(push.batch.region_code) for push in pushes}
    lines = {push.pk: list(_lines(push.batch, shares[push.batch_id], scope, wholes[push.pk])) for push in pushes}
    standing = {
        (key, line.county_code): line for key, found in lines.items() for line, is_in_force in found if is_in_force
    }
    for key, county, name, count in (*_rows_by_standing(pushes), *_pending(pushes)):
        if line := standing.get((key, county)):
            line.parts[name] += count
    names = regions.names_of({line.county_code for found in lines.values() for line, _ in found})
    for push in pushes:
        for line, is_in_force in lines[push.pk]:
            line.name = names.get(line.county_code, line.county_code) + line.name
            _complete(line, push, is_in_force=is_in_force)
    return [
        RollUp(push, sorted((line for line, _ in lines[push.pk]), key=lambda one: one.county_code), wholes[push.pk])
        for push in pushes
    ]


def _complete(line: Line, push: Push, *, is_in_force: bool) -> None:
    """What neither a matched nor a pending row says: repeated, refused, taken back, and what nobody received yet."""
    if not is_in_force:
        line.parts["taken_back"] = line.row_count
        return
    line.parts["repeated"] += push.repeated.get(line.county_code, 0)
    if line.county_code == push.batch.region_code:
        line.parts["refused"] += int(push.batch.counts.get("refused", 0))
    # what was decided since the list was last brought in line
    line.parts["waiting"] += max(0, line.row_count - line.sum(PARTS))


def _shares(pushes: Sequence[Push]) -> dict[int, list[Batch]]:
    """File → the shares of it that its counties took."""
    files = {push.batch_id: push.batch.region_code for push in pushes}
    found: dict[int, list[Batch]] = {batch: [] for batch in files}
    rows = Batch.objects.filter(split_from__in=files).exclude(state=BatchState.RECEIVED)
    for share in rows.order_by("region_code", "pk"):
        if share.split_from_id is not None and share.region_code != files[share.split_from_id]:
            found[share.split_from_id].append(share)
    return found


def _lines(batch: Batch, shares: Sequence[Batch], scope: Scope, is_whole: bool) -> Iterator[tuple[Line, bool]]:
    """Lines of the places in the scope, and whether their rows are in force; the names are still to come."""
    rest = int(batch.counts.get("rows", 0))
    for share in shares:
        rows = int(share.counts.get("rows", 0))
        rest -= rows
        if scope.covers(share.region_code):
            yield Line(share.region_code, "", rows), share.state == BatchState.APPLIED
    if is_whole:
        yield Line(batch.region_code, "（未分到县）" if shares else "", rest), batch.state == BatchState.APPLIED


def _rows_by_standing(pushes: Sequence[Push]) -> Iterator[tuple[int, str, str, int]]:
    rows = PushedRow.objects.filter(push__in=pushes, left_on=None).order_by()
    rows = rows.annotate(is_included=Q(lead__case__included_on__isnull=False))
    grouped = rows.values_list(
        "push_id", "county_code", "standing", "lead__state", "lead__case__state", "is_included"
    ).annotate(count=Count("pk"))
    for push, county, standing, state, case_state, is_included, count in grouped:
        yield push, county, standing_of(standing, state, case_state, bool(is_included)), count


def standing_of(standing: str, lead_state: str | None, case_state: str | None, is_included: bool) -> str:
    """The part that a matched row belongs to."""
    if standing in (MONITORED, ANSWERED):
        return standing
    if lead_state == verification.CONFIRMED:
        if case_state is not None and is_included:
            return "included"
        return "refused_case" if case_state == states.REFUSED else "identifying"
    return _LEAD_STATES.get(lead_state or "", "to_verify")


def _pending(pushes: Sequence[Push]) -> Iterator[tuple[int, str, str, int]]:
    """Rows that found nobody, by the place whose share they are in."""
    keys = {push.batch_id: push.pk for push in pushes}
    for path in ("batch_id", "batch__split_from_id"):
        rows = _unsettled(PendingRow.objects.filter(**{f"{path}__in": keys})).order_by()
        for file, place, kind, count in rows.values_list(path, "batch__region_code", "kind").annotate(n=Count("pk")):
            yield keys[file], place, "doubtful" if kind == "doubtful" else "unmatched", count


def waiting_rows(batch: Batch) -> QuerySet[PendingRow]:
    """Rows of a file in force that mean nobody so far: doubtful, unmatched, or decided to be none of the register's."""
    return _unsettled(PendingRow.objects.filter(Q(batch=batch) | Q(batch__split_from=batch)))


def _unsettled(rows: QuerySet[PendingRow]) -> QuerySet[PendingRow]:
    return rows.filter(Q(is_decided=False) | Q(decided_person=None), batch__state=BatchState.APPLIED)


def rows(*, push: Push, scope: Scope, county_code: str = "", part: str = "") -> QuerySet[PushedRow]:
    """The matched rows of a list, of one county, of one part."""
    found = scope.filter(push.rows.filter(left_on=None))
    if county_code:
        found = found.filter(county_code=county_code)
    if part:
        found = found.filter(_condition(part))
    return found.select_related("household", "person", "lead", "lead__case").order_by("row_number")


def _condition(part: str) -> Q:
    confirmed = Q(standing="lead", lead__state=verification.CONFIRMED)
    match part:
        case "monitored" | "answered":
            return Q(standing=part)
        case "included":
            return confirmed & Q(lead__case__included_on__isnull=False)
        case "refused_case":
            return confirmed & Q(lead__case__included_on=None, lead__case__state=states.REFUSED)
        case "identifying":
            return confirmed & Q(lead__case__included_on=None) & ~Q(lead__case__state=states.REFUSED)
        case "no_risk" | "given_back" | "taken_back":
            state = next(state for state, name in _LEAD_STATES.items() if name == part)
            return Q(standing="lead", lead__state=state)
        case "to_verify":
            return Q(standing="lead") & ~Q(lead__state__in=[verification.CONFIRMED, *_LEAD_STATES])
        case "verified":
            return Q(
                standing="lead", lead__state__in=[verification.CONFIRMED, verification.NO_RISK, verification.RETURNED]
            )
        case "confirmed":
            return confirmed
        case "not_included":
            return (
                _condition("no_risk")
                | _condition("given_back")
                | _condition("refused_case")
                | Q(standing__in=[ANSWERED, MONITORED])
            )
    return Q()


def reason_of(row: PushedRow) -> str:
    """Why a row did not lead to an inclusion, in the words of whoever was there; empty where it did, or nobody was."""
    lead = row.lead
    if lead is None:
        return "已在监测，不另立线索"
    case = getattr(lead, "case", None)
    if case is not None and case.state == states.REFUSED:
        event = case.events.filter(step="refuse").last()
    else:
        event = lead.events.filter(step__in=("clear", "give_back")).last()
    if event is None:
        return ""
    kind = verification.RETURN_KINDS.get(event.data.get("kind", ""), "")
    return "：".join(part for part in (kind, event.data.get("reason") or "") if part)


HEADINGS = ("原文件行号", "县", "乡镇", "村", "户主", "核查结果", "理由", "推送日", "核实日", "纳入日")


def file_rows(*, push: Push, scope: Scope) -> Iterator[list[str]]:
    """Every row of the list for whoever sent it, by its number: what was found, and why not. Repeated rows have no line."""
    yield from sorted(_file_rows(push, scope), key=lambda line: int(line[0]))


def _file_rows(push: Push, scope: Scope) -> Iterator[list[str]]:
    seen = list(rows(push=push, scope=scope))
    names = regions.names_of(
        {part for row in seen for part in (row.region_code, f"{row.region_code[:9]}000", row.county_code)}
    )
    for row in seen:
        lead = row.lead
        case = getattr(lead, "case", None) if lead else None
        part = standing_of(
            row.standing,
            lead.state if lead else None,
            case.state if case else None,
            bool(case and case.included_on),
        )
        yield [
            str(row.row_number),
            names.get(row.county_code, row.county_code),
            names.get(f"{row.region_code[:9]}000", ""),
            names.get(row.region_code, row.region_code),
            row.household.head_name,
            PARTS[part],
            reason_of(row),
            push.pushed_on.isoformat(),
            lead.closed_on.isoformat() if lead and lead.closed_on else "",
            case.included_on.isoformat() if case and case.included_on else "",
        ]
    places: dict[str, str] = {}
    for waiting in scope.filter(waiting_rows(push.batch)).select_related("batch"):
        place = places.setdefault(waiting.region_code, regions.name(waiting.region_code))
        part = PARTS["doubtful" if waiting.kind == "doubtful" else "unmatched"]
        yield [str(waiting.row_number), place, "", "", "", part, waiting.reason, push.pushed_on.isoformat(), "", ""]
    if scope.contains(push.region_code):
        for refused in RefusedRow.objects.filter(batch=push.batch):
            yield [
                str(refused.row_number), "", "", "", "", PARTS["refused"], refused.reason, push.pushed_on.isoformat(), "", ""
            ]  # fmt: skip
