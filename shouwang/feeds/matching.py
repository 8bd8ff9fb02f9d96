"""Finds for every staged row the person, household or village of the register that it speaks of.

Sure matches come from one hash join: the distinct numbers are indexed and joined with the register's people by blind index,
rows join their numbers, and names are compared. Only what stays open after that is looked at more closely: remembered decisions,
people of other counties, newcomers, and candidates for a person to decide on (``candidates``).

Relations that a match leaves in the connection:

``owners``       identity_number, person_key, household_key, county_code, registered_name: whose the numbers are
``open_rows``    row, identity_number, identity_text, identity_defect, name, clean_name, stated_…, pair: every other row
``settled_rows`` row, kind, reason, pair_index, person_key, household_key, county_code, candidates (JSON): what became of them
``facts``        row, county_code, person_key, household_key and the lake columns: the rows that found their subject
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from shouwang.foundation import secrets

from . import candidates, names, pairs, register
from .dataset import HELPER_NAMES, Dataset, Subject

# What became of a row; the first two are facts, the others are listed.
MATCHED, DECIDED, DOUBTFUL, UNMATCHED, OTHER_COUNTY, RETURNED = (
    "matched",
    "decided",
    "doubtful",
    "unmatched",
    "other_county",
    "returned",
)
FACT_KINDS = (MATCHED, DECIDED)

NOT_REGISTERED = "档案中没有这个证件号码"
ELSEWHERE = "证件号码属于其他县的登记人口"
NEWCOMER_WITHOUT_HOUSEHOLD = "新增人口尚未入档，来文没有可识别的户编号"
UNKNOWN_HOUSEHOLD = "档案中没有这个户编号"
HOUSEHOLD_ELSEWHERE = "户编号属于其他县"
VILLAGE_ELSEWHERE = "行政村属于其他县"
COUNTY_ELSEWHERE = "没有写明本区域内的县"


@dataclass(frozen=True)
class Place:
    """Where a file belongs: its region and the county-level divisions in it (one for a county's own file)."""

    region_code: str
    counties: tuple[str, ...]

    @property
    def is_county(self) -> bool:
        return self.counties == (self.region_code,)


def match(connection: duckdb.DuckDBPyConnection, dataset: Dataset, place: Place) -> None:
    """Makes ``settled_rows`` and ``facts`` of the relation ``staged``."""
    if dataset.subject is Subject.VILLAGE:
        _match_villages(connection, place)
    elif dataset.subject is Subject.COUNTY:
        _match_counties(connection, place)
    elif dataset.subject is Subject.HOUSEHOLD:
        _match_households(connection, place)
    else:
        _match_people(connection, dataset, place)
    _make_facts(connection, dataset)


# ── people ─────────────────────────────────────────────────────────────────────────────────────────


def _match_people(connection: duckdb.DuckDBPyConnection, dataset: Dataset, place: Place) -> None:
    _find_owners(connection)
    _open_rows(connection, dataset)
    pairs.number(connection, place.region_code, place.counties)
    _settle_absent(connection)
    if dataset.newcomers[0]:
        _settle_newcomers(connection, dataset, place)
    candidates.settle(connection)


def _find_owners(connection: duckdb.DuckDBPyConnection) -> None:
    """``owners``: numbers of the file that belong to exactly one registered person; ``found`` all that are registered."""
    expression, parameters = secrets.load().index_in_sql("identity_number")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE numbers AS SELECT identity_number, {expression} AS identity_index
        FROM (SELECT DISTINCT identity_number FROM staged WHERE identity_number IS NOT NULL)""",
        parameters,
    )
    connection.execute("""CREATE OR REPLACE TEMP TABLE found AS
        SELECT identity_number, identity_index, person_key, household_key, county_code, people.name AS registered_name
        FROM numbers JOIN people USING (identity_index)""")
    twice = "SELECT identity_number FROM found GROUP BY 1 HAVING count(*) > 1"
    if connection.execute(
        f"{twice} LIMIT 1"
    ).fetchone():  # the register has the number twice: a person decides who is meant
        connection.execute(f"""CREATE OR REPLACE TEMP TABLE owners AS
            SELECT * FROM found WHERE identity_number NOT IN ({twice})""")
    else:
        connection.execute("CREATE OR REPLACE TEMP VIEW owners AS SELECT * FROM found")


# The name in the file agrees with the registered name of the number's owner.
IS_SURE = names.agree_in_sql("staged.name", "owners.registered_name")


def _open_rows(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    own = {column.name for column in dataset.for_reading().columns}
    stated = ", ".join(f"staged.{name}" if name in own else f"NULL::VARCHAR AS {name}" for name in HELPER_NAMES)
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE open_rows AS
        SELECT *, {pairs.pair_in_sql()} AS pair FROM (
            SELECT *, {names.cleaned_in_sql("name")} AS clean_name FROM (
                SELECT staged.row, staged.identity_number, coalesce(identity_text, '') AS identity_text, identity_defect,
                       coalesce(staged.name, '') AS name, {stated}
                FROM staged LEFT JOIN owners ON owners.identity_number = staged.identity_number
                WHERE owners.person_key IS NULL OR NOT {IS_SURE}))""")
    connection.execute("""CREATE OR REPLACE TEMP TABLE settled_rows (row INTEGER, kind VARCHAR, reason VARCHAR,
        pair_index VARCHAR, person_key BIGINT, household_key BIGINT, county_code VARCHAR, candidates VARCHAR)""")


def _settle_absent(connection: duckdb.DuckDBPyConnection) -> None:
    """Sound numbers that nobody in these counties has, unless somebody decided on the pair before."""
    connection.execute("""CREATE OR REPLACE TEMP TABLE absent AS
        SELECT pair, identity_index FROM question_pairs JOIN numbers USING (identity_number)
        WHERE decided_kind IS NULL AND identity_index NOT IN (SELECT identity_index FROM found)""")
    connection.execute(
        f"""INSERT INTO settled_rows
        SELECT row, CASE WHEN elsewhere.identity_index IS NULL THEN '{UNMATCHED}' ELSE '{OTHER_COUNTY}' END,
               CASE WHEN elsewhere.identity_index IS NULL THEN '{NOT_REGISTERED}' ELSE '{ELSEWHERE}' END,
               pair_index, NULL, NULL, stated_county_code, '[]'
        FROM open_rows JOIN question_pairs USING (pair) JOIN absent USING (pair)
        LEFT JOIN (SELECT DISTINCT identity_index FROM people_elsewhere WHERE identity_index IN (SELECT identity_index FROM absent))
          AS elsewhere USING (identity_index)"""
    )


def _settle_newcomers(connection: duckdb.DuckDBPyConnection, dataset: Dataset, place: Place) -> None:
    """hengshui-2022-1#C.2.4.6: people who were born, married or moved in are not in the register; their household is."""
    column, kinds = dataset.newcomers
    register.open_households(connection, place.counties)
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE newcomers AS
        SELECT open_rows.row, households.household_key, households.county_code, households.is_ours
        FROM open_rows JOIN staged USING (row) JOIN question_pairs USING (pair)
        LEFT JOIN households ON households.household_no = staged.household_no
        WHERE staged.{column} IN ({listed}) AND question_pairs.decided_kind IS NULL
          AND (open_rows.identity_defect IS NOT NULL OR open_rows.pair IN (SELECT pair FROM absent))"""
    )
    connection.execute("DELETE FROM settled_rows WHERE row IN (SELECT row FROM newcomers)")
    connection.execute(
        f"""INSERT INTO settled_rows
        SELECT newcomers.row,
               CASE WHEN is_ours THEN '{MATCHED}' WHEN household_key IS NULL THEN '{UNMATCHED}' ELSE '{OTHER_COUNTY}' END,
               CASE WHEN is_ours THEN '' WHEN household_key IS NULL THEN '{NEWCOMER_WITHOUT_HOUSEHOLD}'
                    ELSE '{HOUSEHOLD_ELSEWHERE}' END,
               pair_index, NULL, CASE WHEN is_ours THEN household_key END,
               CASE WHEN is_ours THEN county_code ELSE stated_county_code END, '[]'
        FROM newcomers JOIN open_rows USING (row) JOIN question_pairs USING (pair)"""
    )


# ── households, villages and counties ────────────────────────────────────────────────────────────────────────


def _match_households(connection: duckdb.DuckDBPyConnection, place: Place) -> None:
    register.open_households(connection, place.counties)
    _settle_others(
        connection,
        f"""SELECT row, coalesce(is_ours, false) AS is_ours, NULL::BIGINT AS person_key, household_key, county_code,
               household_key IS NOT NULL AS is_elsewhere, '{HOUSEHOLD_ELSEWHERE}' AS elsewhere, '{UNKNOWN_HOUSEHOLD}' AS nowhere
        FROM staged LEFT JOIN households USING (household_no)""",
    )


def _match_villages(connection: duckdb.DuckDBPyConnection, place: Place) -> None:
    register.open_ranges(connection, place.counties)
    _settle_others(
        connection,
        f"""SELECT row, county IS NOT NULL AS is_ours, NULL::BIGINT AS person_key, NULL::BIGINT AS household_key,
               county AS county_code, true AS is_elsewhere, '{VILLAGE_ELSEWHERE}' AS elsewhere, '' AS nowhere
        FROM staged LEFT JOIN county_ranges ON village_code >= low AND village_code < high""",
    )


def _match_counties(connection: duckdb.DuckDBPyConnection, place: Place) -> None:
    if place.is_county:
        county, ways = f"'{place.region_code}'", "(SELECT 1)"
    else:
        county, ways = "max(county)", "county_ways WHERE suffix(trim(county_name), way)"
        pairs.open_county_ways(connection, place.counties)
    _settle_others(
        connection,
        f"""SELECT row, county IS NOT NULL AS is_ours, NULL::BIGINT AS person_key, NULL::BIGINT AS household_key,
               county AS county_code, true AS is_elsewhere, '{COUNTY_ELSEWHERE}' AS elsewhere, '' AS nowhere
        FROM (SELECT row, (SELECT {county} FROM {ways}) AS county FROM staged)""",
    )


def _settle_others(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE settled_rows AS
        SELECT row, CASE WHEN is_ours THEN '{MATCHED}' WHEN is_elsewhere THEN '{OTHER_COUNTY}' ELSE '{UNMATCHED}' END AS kind,
               CASE WHEN is_ours THEN '' WHEN is_elsewhere THEN elsewhere ELSE nowhere END AS reason, '' AS pair_index,
               person_key, CASE WHEN is_ours THEN household_key END AS household_key,
               CASE WHEN is_ours THEN county_code END AS county_code, '[]' AS candidates
        FROM ({query})""")


# ── both together ──────────────────────────────────────────────────────────────────────────────────


def _make_facts(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """``facts``: a view, so that nothing is copied before the lake file is written."""
    columns = ", ".join(f"staged.{column.name}" for column in dataset.lake_columns)
    by_household = dataset.subject is Subject.HOUSEHOLDER
    keys = "NULL::BIGINT AS person_key, {0}.household_key" if by_household else "{0}.person_key, {1} AS household_key"
    sure = keys.format("owners", "NULL::BIGINT")
    others = keys.format("settled_rows", "settled_rows.household_key")
    if dataset.subject is Subject.PERSON:
        # A person's row names the person; only a newcomer, who has no key yet, is known by the household.
        others = "settled_rows.person_key, CASE WHEN settled_rows.person_key IS NULL THEN settled_rows.household_key END AS household_key"
    kinds = ", ".join(f"'{kind}'" for kind in FACT_KINDS)
    settled = f"""SELECT staged.row, settled_rows.county_code, {others}, {columns}
        FROM staged JOIN settled_rows USING (row) WHERE settled_rows.kind IN ({kinds})"""
    query = settled
    if dataset.is_about_people:
        query = f"""SELECT staged.row, owners.county_code, {sure}, {columns}
            FROM staged JOIN owners ON owners.identity_number = staged.identity_number WHERE {IS_SURE}
            UNION ALL {settled}"""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW facts AS {query}")


def known_counties(connection: duckdb.DuckDBPyConnection, dataset: Dataset, place: Place) -> Sequence[str]:
    """Opens the register for matching and says which of the counties have one."""
    return register.open_people(connection, place.counties) if dataset.is_about_people else place.counties
