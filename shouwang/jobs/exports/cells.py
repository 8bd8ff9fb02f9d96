"""How a row of each list is written to a file: texts in the order of the headings, identity numbers masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from shouwang.casework import verification
from shouwang.casework.models import CollectionTask, Lead
from shouwang.casework.models.leads import CHANNELS, RULE_CHANNEL
from shouwang.casework.risks import RISKS
from shouwang.door import queries as door
from shouwang.door.models import SelfReport
from shouwang.feeds import queries as feeds
from shouwang.feeds.datasets import DATASETS
from shouwang.feeds.models import PendingRow
from shouwang.foundation import money
from shouwang.intake.models import Batch
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Monitoring, Person
from shouwang.screening import catalogue
from shouwang.screening.models import Finding


def told_by(lead: Lead) -> list[str]:
    """The channels other than rules through which a lead was told of."""
    return [code for code in lead.channels if code != RULE_CHANNEL]


def of_leads(rows: Sequence[Lead]) -> Iterator[list[str]]:
    labels = {code: bound.rule.label for code, bound in catalogue.rules().items()} | dict(CHANNELS)
    places = _places(rows)
    for lead in rows:
        yield [
            lead.lead_no,
            lead.household.head_name,
            lead.household.household_no,
            *places[lead.region_code],
            "；".join(labels.get(code, code) for code in (*lead.rules, *told_by(lead))),
            lead.opened_on.isoformat(),
            lead.due_on.isoformat() if lead.due_on else "",
            verification.PROCEDURE.state(lead.state).label,
            lead.responsible_unit,
        ]


def of_reports(rows: Sequence[SelfReport]) -> Iterator[list[str]]:
    """Without phone, numbers and what was said: a list goes from hand to hand."""
    places, decided = _places(rows), door.decided_among(rows)
    for row in rows:
        yield [
            row.receipt_no,
            row.householder_name,
            *places[row.region_code],
            row.get_channel_display(),
            RISKS[row.difficulty],
            row.received_on.isoformat(),
            door.STAGES[door.stage_of(row, is_decided=row.pk in decided)],
            row.household.household_no if row.household else "",
            row.merged_into.receipt_no if row.merged_into else "",
            row.get_outcome_display(),
            row.get_refusal_display(),
            row.answered_on.isoformat() if row.answered_on else "",
        ]


def of_households(rows: Sequence[Household]) -> Iterator[list[str]]:
    places = _places(rows)
    keys = [row.pk for row in rows]
    in_force = Monitoring.objects.filter(household_id__in=keys, is_cleared=False, is_withdrawn=False)
    monitored = dict(in_force.values_list("household_id", "object_category"))
    for row in rows:
        yield [
            row.household_no,
            row.head_name,
            *places[row.region_code],
            row.household_type,
            monitored.get(row.pk, ""),
            "" if row.registered_size is None else str(row.registered_size),
            row.period,
            row.missing_since,
        ]


def of_collection(rows: Sequence[CollectionTask]) -> Iterator[list[str]]:
    places = _places(rows)
    for task in rows:
        yield [
            task.household.head_name,
            task.household.household_no,
            *places[task.region_code],
            DATASETS[task.dataset].label if task.dataset in DATASETS else task.dataset,
            task.month,
            task.opened_on.isoformat(),
        ]


def of_batches(rows: Sequence[Batch]) -> Iterator[list[str]]:
    names = regions.names_of({row.region_code for row in rows})
    for row in rows:
        yield [
            str(row.pk),
            DATASETS[row.dataset].label if row.dataset in DATASETS else row.dataset,
            names.get(row.region_code, row.region_code),
            row.period,
            row.sender,
            row.file_name,
            str(row.counts.get("rows", "")),
            row.get_state_display(),
            timezone.localtime(row.received_at).strftime("%Y-%m-%d %H:%M"),
            row.received_by.name if row.received_by else "命令行",
        ]


def of_findings(rows: Sequence[Finding]) -> Iterator[list[str]]:
    places = _places(rows)
    for row in rows:
        bound = catalogue.rules().get(row.rule)
        yield [
            row.household.household_no,
            row.household.head_name,
            row.person.name if row.person else "",
            *places[row.region_code],
            bound.rule.label if bound else row.rule,
            row.get_status_display(),
            row.observed,
            row.comparator,
            row.threshold,
            row.as_of.isoformat(),
            str(len(row.evidence)),
        ]


def of_pending(rows: Sequence[PendingRow]) -> Iterator[list[str]]:
    scope = Scope.everything()  # candidates are not written
    for view in feeds.described(rows, scope=scope):
        yield [
            view.dataset.label,
            view.row.batch.file_name,
            str(view.row.row_number),
            view.name,
            view.masked_number,
            view.row.get_kind_display(),
            view.row.reason,
        ]


def of_gaps(rows: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    homes, people, places = _named(rows)
    for row in rows:
        yield [
            row["household_no"],
            homes.get(row["household_key"], ""),
            people.get(row["person_key"], ""),
            *places[row["region_code"]],
            row["reason"],
        ]


def of_income_outlook(rows: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    homes, _, places = _named(rows)
    for row in rows:
        members = row["members"]
        yield [
            row["household_no"],
            homes.get(row["household_key"], ""),
            *places[row["region_code"]],
            str(members),
            _per_head(row["last_net_fen"], members),
            f"{row['present']}/{row['expected']}",
            _per_head(row["projected_net_fen"], members),
        ]


def of_focus_people(rows: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    homes, people, places = _named(rows)
    for row in rows:
        yield [
            people.get(row["person_key"], ""),
            row["household_no"],
            homes.get(row["household_key"], ""),
            *places[row["region_code"]],
            row["tag"],
        ]


def _per_head(fen: int | None, members: int) -> str:
    return "" if fen is None or not members else str(money.yuan(fen, members))


def _named(rows: Sequence[dict[str, Any]]) -> tuple[dict[int, str], dict[int, str], dict[str, tuple[str, str, str]]]:
    """Names of householders, members and places of a chunk of rows that come from the lake."""
    homes = Household.objects.filter(pk__in={row["household_key"] for row in rows}).values_list("pk", "head_name")
    people = Person.objects.filter(pk__in={row["person_key"] for row in rows if row.get("person_key")})
    return dict(homes), dict(people.values_list("pk", "name")), _places_of({row["region_code"] for row in rows})


def _places(rows: Sequence[Any]) -> dict[str, tuple[str, str, str]]:
    return _places_of({row.region_code for row in rows})


def _places_of(villages: set[str]) -> dict[str, tuple[str, str, str]]:
    """Village code → names of county, township and village."""
    names = regions.names_of({part for code in villages for part in (code, f"{code[:9]}000", f"{code[:6]}000000")})
    return {
        code: (names.get(f"{code[:6]}000000", ""), names.get(f"{code[:9]}000", ""), names.get(code, code))
        for code in villages
    }
