"""Asset hints of a county's departments as questions to ask a household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from shouwang.foundation import money
from shouwang.intake.queries import lake_files
from shouwang.lake import store
from shouwang.registry.models import Person

ASSET_HINTS = "asset_hint"
_CHUNK = 500


def questions_for(*, county_code: str, households: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Per household: [{person, kind, since, value, dataset, batch, row}], oldest first."""
    hints = _hints(county_code)
    if not hints:
        return {}
    wanted = set(households)
    homes: dict[int, tuple[int, str]] = {}
    persons = list({hint["person_key"] for hint in hints})
    for start in range(0, len(persons), _CHUNK):
        rows = Person.objects.filter(pk__in=persons[start : start + _CHUNK]).values_list("id", "household_id", "name")
        homes |= {person: (household, name) for person, household, name in rows}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for hint in hints:
        household, name = homes.get(hint["person_key"], (0, ""))
        if household in wanted:
            value = hint["value_fen"]
            found[household].append(
                {
                    "person": name,
                    "kind": hint["asset_kind"],
                    "since": hint["registered_on"].isoformat() if hint["registered_on"] else "",
                    "value": str(money.yuan(value)) if value is not None else "",
                    "dataset": ASSET_HINTS,
                    "batch": hint["batch"],
                    "row": hint["row"],
                }
            )
    return found


def _hints(county_code: str) -> list[dict[str, Any]]:
    files = lake_files(county_code=county_code, datasets=[ASSET_HINTS, "superseded"])
    paths = [str(store.absolute(file.path)) for file in files if file.dataset == ASSET_HINTS]
    if not paths:
        return []
    replaced = [str(store.absolute(file.path)) for file in files if file.dataset == "superseded"]
    query = "SELECT person_key, asset_kind, registered_on, value_fen, batch, row FROM read_parquet($paths) AS hint"
    parameters: dict[str, Any] = {"paths": paths}
    if replaced:
        query += (
            " WHERE NOT EXISTS (SELECT 1 FROM read_parquet($replaced) AS gone"
            " WHERE gone.dataset = 'asset_hint' AND gone.batch = hint.batch AND gone.row = hint.row)"
        )
        parameters["replaced"] = replaced
    with store.connect() as connection:
        return connection.execute(f"{query} ORDER BY batch, row", parameters).to_arrow_table().to_pylist()
