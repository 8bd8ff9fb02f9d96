"""Incoming identities: what makes one, which county it names, and what somebody decided about it before.

An incoming identity (number or what stands in its place, and name) is one pair, however many rows carry it: it is looked at
once, decided once and never asked again. A pair without any number is told apart by birth date and place as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from shouwang.foundation import secrets
from shouwang.regions import queries as regions

from . import names
from .models import MatchDecision
from .register import keep

DECIDED_NOBODY = "此前已认定：不是档案中的人"
_BIRTH_PART = r"regexp_extract(identity_text, '^\d{6}(\d{8})', 1)"
_STATED_DAY = r"regexp_extract(stated_birth, '(\d{4})\D*(\d{1,2})\D*(\d{1,2})', ['year', 'month', 'day'])"


def number(connection: duckdb.DuckDBPyConnection, region_code: str, counties: Sequence[str]) -> None:
    """Makes ``question_pairs`` of ``open_rows``, with what was decided about a pair before.

    Columns: pair, identity_number, identity_text, identity_defect, name, clean_name, place, born_on, pair_index,
    stated_county_code, decided_kind (NULL, matched, nobody), decided_person.
    """
    day = f"try_cast({_BIRTH_PART}[1:4] || '-' || {_BIRTH_PART}[5:6] || '-' || {_BIRTH_PART}[7:8] AS DATE)"
    stated = f"try_cast({_STATED_DAY}.year || '-' || {_STATED_DAY}.month || '-' || {_STATED_DAY}.day AS DATE)"
    expression, parameters = secrets.load().index_in_sql("pair")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE question_pairs AS
        SELECT *, {expression} AS pair_index, coalesce({day}, {stated}) AS born_on, concat_ws(' ', stated_township, stated_village) AS place
        FROM (SELECT pair, any_value(identity_number) AS identity_number, any_value(identity_text) AS identity_text,
                any_value(identity_defect) AS identity_defect, any_value(name) AS name, any_value(clean_name) AS clean_name,
                min(stated_county) AS stated_county, min(stated_township) AS stated_township,
                min(stated_village) AS stated_village, min(stated_birth) AS stated_birth
              FROM open_rows GROUP BY pair)""",
        parameters,
    )
    _resolve_counties(connection, region_code, counties)
    _recall_decisions(connection, region_code, counties)


def pair_in_sql() -> str:
    """What makes an incoming identity, of the columns of ``open_rows``."""
    alone = "concat_ws('|', '', clean_name, stated_birth, stated_township, stated_village)"
    return f"CASE WHEN identity_text = '' THEN {alone} ELSE identity_text || '|' || clean_name END"


def _resolve_counties(connection: duckdb.DuckDBPyConnection, region_code: str, counties: Sequence[str]) -> None:
    """The county that a row names, where a file covers several; a county's own file needs none."""
    if list(counties) == [region_code]:
        connection.execute(f"ALTER TABLE question_pairs ADD COLUMN stated_county_code VARCHAR DEFAULT '{region_code}'")
        return
    open_county_ways(connection, counties)
    connection.execute("""CREATE OR REPLACE TEMP TABLE question_pairs AS
        SELECT question_pairs.*, (SELECT max(county) FROM county_ways WHERE suffix(trim(stated_county), way)) AS stated_county_code
        FROM question_pairs""")


def open_county_ways(connection: duckdb.DuckDBPyConnection, counties: Sequence[str]) -> None:
    """Makes ``county_ways`` (way, county): every way in which a file may name one of the counties."""
    ways: dict[str, str] = {}
    for code in counties:
        region = regions.region(code)
        ways |= dict.fromkeys((region.name, region.short_name, code, code[:6]), code)
    schema = pa.schema([("way", pa.string()), ("county", pa.string())])
    keep(connection, "county_ways", pa.table([list(ways), list(ways.values())], schema=schema))


def _recall_decisions(connection: duckdb.DuckDBPyConnection, region_code: str, counties: Sequence[str]) -> None:
    """What persons decided about these pairs. A name without number, birth date or place is not recalled where it could be
    several people: the next 张伟 may be another one."""
    above = [code for code in regions.ancestors(region_code) if code != regions.NATION]
    rows = MatchDecision.objects.filter(region_code__in=[*counties, *above]).values_list("pair_index", "person_id")
    schema = pa.schema([("pair_index", pa.string()), ("decided_person", pa.int64())])
    found = list(rows.distinct())
    keep(connection, "decisions", pa.table([[row[0] for row in found], [row[1] for row in found]], schema=schema))
    clean = names.cleaned_in_sql("name")
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE question_pairs AS
        WITH namesakes AS (
            SELECT {clean} AS clean_name, count(*) AS people FROM people
            WHERE {clean} IN (SELECT clean_name FROM question_pairs JOIN decisions USING (pair_index) WHERE identity_text = '')
            GROUP BY 1),
        decided AS (SELECT pair_index, max(decided_person) AS decided_person FROM decisions GROUP BY 1)
        SELECT question_pairs.*,
            CASE WHEN decided.pair_index IS NULL THEN NULL
                 WHEN identity_text = '' AND place = '' AND born_on IS NULL
                      AND coalesce(people, 0) > CASE WHEN decided_person IS NULL THEN 0 ELSE 1 END THEN NULL
                 WHEN decided_person IS NULL THEN 'nobody'
                 WHEN decided_person IN (SELECT person_key FROM people) THEN 'matched' END AS decided_kind,
            decided.decided_person
        FROM question_pairs LEFT JOIN decided USING (pair_index) LEFT JOIN namesakes USING (clean_name)""")
