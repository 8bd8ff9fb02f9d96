"""What the page of a household shows: its people, its fields with their sources, incomes, findings and leads."""

from __future__ import annotations

from typing import Any

from shouwang.casework.models import Lead
from shouwang.foundation import secrets
from shouwang.jobs import masking
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Monitoring, SheetRecord
from shouwang.screening.models import Finding

from . import sentences


def names(household: Household, scope: Scope) -> dict[str, Any]:
    """The values for the template; numbers masked."""
    persons = list(household.persons.filter(is_withdrawn=False).select_related("batch").order_by("person_no"))
    findings = Finding.objects.filter(household=household).select_related("person", "result", "household")
    return {
        "household": household,
        "village": regions.full_name(household.region_code),
        "persons": [(person, masking.columns(secrets_of(person))) for person in persons],
        "monitoring": Monitoring.objects.filter(household=household, is_withdrawn=False)
        .select_related("batch")
        .first(),
        "columns": [(heading, text) for heading, text in household.columns.items() if text],
        "findings": [
            (finding, sentences.of_finding(finding)) for finding in findings.order_by("-as_of", "rule", "pk")[:50]
        ],
        "leads": scope.filter(Lead.objects.filter(household=household)).order_by("-opened_on"),
        "section": "households",
    }


def secrets_of(record: SheetRecord) -> dict[str, str]:
    """The sensitive columns of a row of the register, in full."""
    return secrets.load().decrypt_values(bytes(record.secrets) if record.secrets else None)
