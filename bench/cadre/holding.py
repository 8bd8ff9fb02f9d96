"""Holds the database against what the phones sent and were told: nothing lost, nothing twice, nothing half done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from shouwang.casework.models import CollectionTask, Event, Lead, LeadReason, Signal
from shouwang.households.income import in_force
from shouwang.households.models import IncomeLine, IncomeMonth, SentRecord, Visit, VisitChange
from shouwang.households.visits.asked import BY_NAME, PROBLEMS
from shouwang.registry.models import Household

from .lane import TODAY, Visitor

_DONE = ("accepted", "repeated", "merged")


def wrong(visitors: Sequence[Visitor], answers: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Sentences about whatever is not as it has to be; none where all is well."""
    sent = {record["id"]: (visitor, record) for visitor in visitors for record in visitor.records}
    kept = {str(row.pk): row for row in SentRecord.objects.select_related("by")}
    yield from _records(sent, kept, answers)
    visits = {str(visit.pk): visit for visit in Visit.objects.select_related("household").prefetch_related("changes")}
    yield from _visits(sent, kept, visits)
    yield from _chains()
    yield from _ledger(sent, kept, visits)
    yield from _signals(visits)
    yield from _steps(sent, kept)


def _records(
    sent: Mapping[str, tuple[Visitor, dict[str, Any]]],
    kept: Mapping[str, SentRecord],
    answers: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    for key, (visitor, record) in sent.items():
        answer = answers.get(key)
        if answer is None:
            yield f"{key} ({record['kind']}) was never answered"
            continue
        is_done = answer["result"] in _DONE or answer.get("settling", False)
        row = kept.get(key)
        if is_done and row is None:
            yield f"lost: {key} ({record['kind']}) was told {answer['result']} and is not there"
        elif not is_done and row is not None and row.result in _DONE:
            yield f"{key} ({record['kind']}) is there and was told {answer['result']}: {answer['message']}"
        elif row is not None and (row.kind, row.by.login) != (record["kind"], visitor.login):
            yield f"{key} is kept as {row.kind} of {row.by.login}"
        if answer["result"] == "refused":
            yield f"{key} ({record['kind']}) was refused: {answer['message']}"
    for key in kept.keys() - sent.keys():
        yield f"{key} is there and nobody sent it"


def _visits(
    sent: Mapping[str, tuple[Visitor, dict[str, Any]]], kept: Mapping[str, SentRecord], visits: Mapping[str, Visit]
) -> Iterator[str]:
    wanted = {key for key, row in kept.items() if row.kind in ("visit", "confirmation")}
    if missing := wanted - visits.keys():
        yield f"{len(missing)} records without their visit, as {min(missing)}"
    taken_back = {str(row.of) for row in kept.values() if row.kind == "undo"}
    for key in wanted & visits.keys():
        visit, record = visits[key], sent[key][1]
        if (visit.household.household_no, visit.on) != (record["household_no"], TODAY):
            yield f"{key}: another household or day"
        if (visit.undone_at is not None) != (key in taken_back):
            yield f"{key}: taken back {visit.undone_at}, asked for {key in taken_back}"
        fields = {change.field for change in visit.changes.all()}
        if fields != set(record.get("data", ())) and not (visit.undone_at and not fields):
            yield f"half done: {key} said {sorted(record.get('data', ()))}, kept {sorted(fields)}"
        if visit.undone_at and any(change.state != "undone" for change in visit.changes.all()):
            yield f"half done: {key} was taken back, its changes were not"


def _chains() -> Iterator[str]:
    """Of every field of a household one word stands; each later one knew it, or waits for the township."""
    rows: dict[tuple[Any, ...], list[VisitChange]] = defaultdict(list)
    for change in VisitChange.objects.exclude(state="undone").order_by("pk"):
        rows[change.household_id, change.field, change.period].append(change)
    for key, changes in rows.items():
        first, *rest = changes
        if first.state != "applied" or first.found_change_id is not None:
            yield f"{key}: the first word is {first.state}"
        for change in rest:
            expected = "same" if change.value == first.value else "open"
            if change.state != expected or change.found_change_id != first.pk or change.found != first.value:
                yield f"{key}: the second word is {change.state}, has to be {expected} beside {first.value}"


def _ledger(
    sent: Mapping[str, tuple[Visitor, dict[str, Any]]], kept: Mapping[str, SentRecord], visits: Mapping[str, Visit]
) -> Iterator[str]:
    wanted: Counter[tuple[str, str, int]] = Counter()
    for key, visit in visits.items():
        for change in visit.changes.all():
            item = BY_NAME[change.field].item if change.field in BY_NAME else ""
            if item and change.state == "applied":
                wanted[key, item, int(Decimal(change.value) * 100)] += 1
    for key, row in kept.items():
        if row.kind == "step" and sent[key][1]["step"] == "collect":
            for name, amount in sent[key][1]["data"].items():
                wanted[key, BY_NAME[name].item, int(Decimal(amount) * 100)] += 1
    standing = IncomeLine.objects.filter(superseded_by=None, amount_fen__isnull=False)
    found = Counter(standing.values_list("visit", "item", "amount_fen"))
    if lost := wanted - found:
        yield f"{lost.total()} lines of the ledger are missing, as {next(iter(lost))}"
    if twice := found - wanted:
        yield f"{twice.total()} lines of the ledger that nobody said, as {next(iter(twice))}"
    names = [field.attname for field in IncomeMonth._meta.concrete_fields if field.attname not in ("id", "region_code")]
    query, values = in_force.months_query("1 = 1")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM ({query}) AS made", values)
        made = {
            tuple(None if one is None else one if isinstance(one, str) else int(one) for one in row) for row in cursor
        }
    if made != set(IncomeMonth.objects.values_list(*names)):
        yield "the months of the ledger are not what its lines make"


def _signals(visits: Mapping[str, Visit]) -> Iterator[str]:
    wanted = Counter(
        f"{key}:{risk}"
        for key, visit in visits.items()
        for change in visit.changes.all()
        if change.field == "problems" and change.state == "applied"
        for risk in {PROBLEMS[problem][1] for problem in change.value}
    )
    if wanted != Counter(Signal.objects.values_list("reference", flat=True)):
        yield "the signals are not what the visits saw"
    if Counter(LeadReason.objects.exclude(signal=None).values_list("signal_id", flat=True)).total() != wanted.total():
        yield "a signal without its lead, or with two"
    homes = Counter(Lead.objects.filter(is_open=True).values_list("household_id", flat=True))
    if any(count > 1 for count in homes.values()):
        yield "a household with two open leads"


def _steps(sent: Mapping[str, tuple[Visitor, dict[str, Any]]], kept: Mapping[str, SentRecord]) -> Iterator[str]:
    """Two visitors settled one lead: one of them did."""
    taken = Counter(
        sent[key][1]["task"] for key, row in kept.items() if row.kind == "step" and sent[key][1]["step"] == "clear"
    )
    asked = {record["task"] for _, record in sent.values() if record.get("step") == "clear"}
    for lead in Lead.objects.filter(pk__in=[int(task.partition("-")[2]) for task in asked]):
        events = list(Event.objects.filter(lead=lead).order_by("sequence").values_list("sequence", "step"))
        if [number for number, _ in events] != list(range(1, lead.version + 1)):
            yield f"{lead}: version {lead.version}, events {events}"
        if taken[f"lead-{lead.pk}"] != 1 or [step for _, step in events] != ["dispatch", "clear"] or lead.is_open:
            yield f"{lead}: settled {taken[f'lead-{lead.pk}']} times, events {events}"
    done = {key for key, row in kept.items() if row.kind == "step" and sent[key][1]["step"] == "collect"}
    if CollectionTask.objects.exclude(done_on=None).count() != len(done):
        yield "months that were collected without being done, or done without being collected"
    if Household.objects.count() and not done:
        yield "nobody collected anything"
