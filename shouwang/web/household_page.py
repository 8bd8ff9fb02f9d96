"""What the page of a household shows: its people, its fields with their sources, incomes, findings and leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shouwang.casework.models import Lead
from shouwang.feeds import histories
from shouwang.foundation import secrets
from shouwang.households import pairings, responsibilities
from shouwang.households.archive import comparing
from shouwang.households.archive import queries as archive
from shouwang.jobs import clock, masking
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry import evidence as register
from shouwang.registry import queries
from shouwang.registry.models import Household, Monitoring, Person, SheetRecord
from shouwang.screening import catalogue
from shouwang.screening.models import Finding

from . import household_outlook, sentences

_MOST_FINDINGS = 100


@dataclass(frozen=True)
class Field:
    """One field: what stands there (masked where it must be), where it comes from, and what stood there before."""

    heading: str
    text: str
    source: str
    before: list[str]


def names(household: Household, scope: Scope) -> dict[str, Any]:
    """The values for the template; numbers masked."""
    persons = list(queries.members(household=household))
    watch = Monitoring.objects.filter(household=household, is_withdrawn=False).select_related("batch").first()
    findings = Finding.objects.filter(household=household).select_related("person", "result", "household")
    months = histories.monthly_income(household=household)
    labels = {code: bound.rule.label for code, bound in catalogue.rules().items()}
    return {
        "household": household,
        "village": regions.full_name(household.region_code),
        "persons": [(person, masking.columns(secrets_of(person))) for person in persons],
        "marks": household_outlook.marks(household, scope),
        "monitoring": watch,
        "records": [
            ("农户表", fields(household)),
            *((f"人口表：{person.name}", fields(person)) for person in persons),
            *((("监测对象表", fields(watch)),) if watch else ()),
        ],
        "years": register.incomes(household=household),
        "months": months,
        "outlook": household_outlook.names(household, months),
        "findings": [
            (finding, labels.get(finding.rule, finding.rule), sentences.of_finding(finding))
            for finding in _newest_of_each(findings.order_by("-as_of", "rule", "-pk")[:_MOST_FINDINGS])
        ],
        "timeline": queries.timeline(household=household),
        "leads": scope.filter(Lead.objects.filter(household=household)).order_by("-opened_on"),
        "responsible": list(responsibilities.of_household(household=household)),
        "pairings": pairings.of_village(region_code=household.region_code, on=clock.today()),
        "differences": archive.of_household(household.pk),
        "difference_items": comparing.ITEMS,
        "today": clock.today(),
        "section": "households",
    }


def fields(record: SheetRecord) -> list[Field]:
    """Every field that says something, or did."""
    found = []
    for field in queries.field_sources(record=record):
        before = [_shown(field, old.value) or "空" for old in field.previous]
        if field.value or before:
            found.append(Field(field.heading, _shown(field, field.value), _source(field), before))
    return found


def secrets_of(record: Person) -> dict[str, str]:
    """The sensitive columns of a row of the register, in full."""
    return secrets.load().decrypt_values(bytes(record.secrets) if record.secrets else None)


def _shown(field: queries.FieldSource, text: str) -> str:
    return masking.column(field.heading, text) if field.is_secret and text else text


def _source(field: queries.FieldSource) -> str:
    if field.batch is None:
        return "没有记录来源"
    row = f" 第 {field.row_number:,} 行" if field.row_number else ""
    return f"{field.batch.file_name}{row}（{field.period}）"


def _newest_of_each(findings: Any) -> list[Finding]:
    """A month may have been screened several times: of the same content the newest stands."""
    seen: dict[tuple[Any, ...], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.as_of, finding.rule, finding.person_id), finding)
    return list(seen.values())
