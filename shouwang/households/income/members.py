"""How many people a household's income is divided by: registered members alive and resident on a day, as the rules count them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count

from shouwang.intake import queries as intake
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.registry.models import Person

from ..kinds import LEAVING_KINDS, RETURNING_KINDS


def counts(*, households: Sequence[int], county_code: str, as_of: dt.date) -> dict[int, int]:
    """Household → members. Those whose last change up to the day is a death or a departure are not counted."""
    people = Person.objects.filter(household_id__in=households, is_withdrawn=False)
    gone = departed(county_code=county_code, as_of=as_of)
    if gone:
        people = people.exclude(pk__in=gone) if len(gone) < 900 else people
    found = dict(people.values_list("household_id").annotate(count=Count("pk")))
    if len(gone) >= 900:
        left = Person.objects.filter(household_id__in=households, is_withdrawn=False).values_list("pk", "household_id")
        for person, household in left:
            if person in gone:
                found[household] -= 1
    return {household: count for household, count in found.items() if count}


def departed(*, county_code: str, as_of: dt.date) -> set[int]:
    """Persons whose last change up to a day, as the files in force say, is a death or a departure."""
    files = intake.lake_files(county_code=county_code, datasets=["population_change", "superseded"])
    told = [file for file in files if file.dataset == "population_change"]
    if not told:
        return set()
    gone = [file for file in files if file.dataset == "superseded"]
    overruled = ""
    if gone:
        overruled = f"""AND NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone WHERE gone.dataset = 'population_change'
            AND gone.batch = told.batch AND gone.row = told.row)"""
    query = f"""SELECT person_key FROM {_read(told)} AS told WHERE person_key IS NOT NULL AND changed_on <= $as_of {overruled}
        GROUP BY person_key HAVING max(CASE WHEN change_kind IN ({_listed(LEAVING_KINDS)}) THEN changed_on END) >
          coalesce(max(CASE WHEN change_kind IN ({_listed(RETURNING_KINDS)}) THEN changed_on END), DATE '0001-01-01')"""
    with store.connect() as connection:
        return {person for (person,) in connection.execute(query, {"as_of": as_of}).fetchall()}


def _listed(words: Sequence[str]) -> str:
    return ", ".join(quoted(word) for word in words)


def _read(files: Sequence[intake.LakeFile]) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
