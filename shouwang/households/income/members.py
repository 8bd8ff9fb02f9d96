"""How many people a household's income is divided by: registered members alive and resident on a day, as the rules count them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from django.db.models import Count

from shouwang.foundation import bulk
from shouwang.intake import queries as intake
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.registry.models import Person

from ..kinds import LEAVING_KINDS, RETURNING_KINDS

Files = tuple[tuple[str, str], ...]  # path in the lake and fingerprint
_FEW = 500  # households whose people are read one by one; of more they are counted by the database


def counts(*, households: Sequence[int], county_code: str, as_of: dt.date) -> dict[int, int]:
    """Household → members. Those whose last change up to the day is a death or a departure are not counted."""
    gone = departed(county_code=county_code, as_of=as_of)
    people = Person.objects.filter(household_id__in=households, is_withdrawn=False)
    if len(households) <= _FEW:
        return dict(Counter(home for person, home in people.values_list("pk", "household_id") if person not in gone))
    found = Counter(dict(people.values_list("household_id").annotate(count=Count("pk"))))
    for chunk in bulk.chunks(gone):
        left = Person.objects.filter(pk__in=chunk, is_withdrawn=False).values_list("household_id", flat=True)
        found.subtract(home for home in left if home in found)
    return {household: count for household, count in found.items() if count}


def departed(*, county_code: str, as_of: dt.date) -> frozenset[int]:
    """Persons whose last change up to a day, as the files in force say, is a death or a departure."""
    files = intake.lake_files(county_code=county_code, datasets=["population_change", "superseded"])
    told = tuple((file.path, file.content_hash) for file in files if file.dataset == "population_change")
    gone = tuple((file.path, file.content_hash) for file in files if file.dataset == "superseded")
    return departed_by(told, gone, as_of)


def departed_by(told: Files, gone: Files, as_of: dt.date) -> frozenset[int]:
    """The same from given files: of population changes, and of the rows that they superseded."""
    return _departed(told, gone, as_of) if told else frozenset()


@lru_cache(maxsize=32)  # the same files say the same: of a whole county, whoever of it is asked about
def _departed(told: Files, gone: Files, as_of: dt.date) -> frozenset[int]:
    overruled = ""
    if gone:
        overruled = f"""AND NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone WHERE gone.dataset = 'population_change'
            AND gone.batch = told.batch AND gone.row = told.row)"""
    query = f"""SELECT person_key FROM {_read(told)} AS told WHERE person_key IS NOT NULL AND changed_on <= $as_of {overruled}
        GROUP BY person_key HAVING max(CASE WHEN change_kind IN ({_listed(LEAVING_KINDS)}) THEN changed_on END) >
          coalesce(max(CASE WHEN change_kind IN ({_listed(RETURNING_KINDS)}) THEN changed_on END), DATE '0001-01-01')"""
    with store.connect() as connection:
        return frozenset(person for (person,) in connection.execute(query, {"as_of": as_of}).fetchall())


def _listed(words: Sequence[str]) -> str:
    return ", ".join(quoted(word) for word in words)


def _read(files: Files) -> str:
    paths = ", ".join(quoted(str(store.absolute(path))) for path, _ in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
