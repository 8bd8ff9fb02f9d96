"""What a household's page shows of the tables that screenings work out: where its income is heading, and whom to keep an eye on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shouwang.feeds.histories import MonthOfIncome
from shouwang.foundation.errors import UserError
from shouwang.households import outlook
from shouwang.households.derived import focus_people
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household
from shouwang.screening import derived

from .views import outlook as page


def names(household: Household, months: Sequence[MonthOfIncome]) -> dict[str, Any] | None:
    """The household's line of the newest outlook with its parts and months, or None where nothing was worked out for it."""
    village = Scope(((household.region_code, f"{household.region_code}~"),))
    sources = outlook.sources(scope=village)
    row = outlook.of_household(household=household, sources=sources)
    if row is None:
        return None
    (line,) = page.described([row], sources)
    collected = {month.month: month for month in months}
    due = [(month, collected.get(month)) for month in sources[0].months]
    return line | {
        "months": [(month, one, month in row["missing_months"]) for month, one in due],
        "lines": [(label, row["parts"][part]) for part, label in outlook.PART_LABELS.items()],
        "formula": page.formula(sources),
        "as_of": sources[0].as_of,
    }


def marks(household: Household, scope: Scope) -> dict[int, list[dict[str, Any]]]:
    """Per member why to keep an eye on him or her: tag, dataset, batch, row. Nothing where no screening has run."""
    result = derived.newest(code=focus_people.DERIVED.code, region_code=household.region_code)
    if result is None:
        return {}
    try:
        rows = derived.read(
            result=result, scope=scope, where=f"household_key = {household.pk}", order="tag, dataset, row"
        )
    except UserError:  # not computed: the page of the screening says what is missing
        return {}
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["person_key"], {}).setdefault(row["tag"], row)
    return {person: list(by_tag.values()) for person, by_tag in found.items()}
