"""One wide row per person with what the files in force say on a day: certificate, assistance, work, school, insurance, and the findings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection as database

from shouwang.foundation.periods import Month
from shouwang.intake import queries as intake
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.screening.models import Finding

from .. import outlook
from ..kinds import ENROLLED, INSURED
from . import members
from .watched import in_sql

SEVERE, DISEASES, CHRONIC = (
    "household.severe_disability_levels",
    "household.major_diseases",
    "household.chronic_diseases",
)
_LOW_INCOME = (
    "household.income_below_line",
    "household.severe_disability_low_income",
    "household.no_labour_low_income",
)
_SPENDING = ("household.spending_exceeds_income", "household.major_illness_cost")


HEAD = "户主"
CHANGES = "population_change"
DATASETS = (
    *("registry_person", "disability", "social_assistance", "employment", "enrolment", "medical_insurance"),
    *("major_disease", "superseded"),
)
# Which traits a dataset tells of.
_TOLD_BY = {
    "disability": ("is_disabled", "is_severe"),
    "social_assistance": (
        *("has_dibao", "has_tekun", "has_living_allowance", "has_care_allowance"),
        *("household_has_dibao", "household_has_relief"),
    ),
    "employment": ("is_employed", "has_post"),
    "enrolment": ("is_in_school",),
    "medical_insurance": ("is_insured",),
    "major_disease": ("is_ill",),
    "registry_person": ("is_in_school", "is_vocational", "pension_answer"),
}


@dataclass(frozen=True)
class Basis:
    """What a county's people are told by besides the database: the files in force, the documents' words, the screening that counts."""

    county_code: str
    as_of: dt.date
    files: tuple[tuple[str, str, str], ...]  # dataset, path in the lake, fingerprint; in the order of their periods
    severe: tuple[int, ...]
    diseases: tuple[str, ...]
    runs: tuple[int, ...]

    @property
    def known(self) -> set[str]:
        """The datasets that came, and ``screening``."""
        return {dataset for dataset, _, _ in self.files} | ({"screening"} if self.runs else set())

    def paths(self, dataset: str) -> list[str]:
        return [path for of, path, _ in self.files if of == dataset]

    def told_by(self, conditions: Iterable[str]) -> Basis:
        """The same with no more files than some conditions about traits ask for: the others are not opened."""
        words = set(re.findall(r"\w+", " ".join(conditions)))
        left_out = {dataset for dataset, traits in _TOLD_BY.items() if words.isdisjoint(traits)}
        return replace(self, files=tuple(file for file in self.files if file[0] not in left_out))


def basis(*, county_code: str, as_of: dt.date, policies: Policies) -> Basis:
    def value(name: str) -> Any:
        return policies.resolve(name, region_code=county_code, on=as_of).value or ()

    listed = [
        spelling
        for name in (DISEASES, CHRONIC)
        for entry in value(name)
        for spelling in ([entry] if isinstance(entry, str) else [entry["name"], *entry.get("aliases", ())])
    ]
    files = tuple(
        (file.dataset, file.path, file.content_hash)
        for file in intake.lake_files(county_code=county_code, datasets=(*DATASETS, CHANGES))
        if file.dataset != "registry_person" or file.period <= str(Month.of(as_of))
    )
    runs = tuple(sorted(source.run_id for source in run_of(Scope.of_region(county_code), as_of)))
    return Basis(county_code, as_of, files, tuple(int(level) for level in value(SEVERE)), tuple(listed), runs)


def open_traits(lake: duckdb.DuckDBPyConnection, scope: Scope, told: Basis) -> None:
    """Leaves ``traits`` in the connection: one row per member of the watched households of a scope with what the files say."""
    watched, values = in_sql(scope)
    # the watched first, each with its people, who stand together in an index that holds all that is asked here
    query = f"""WITH watched AS ({watched})
      SELECT p.id, p.household_id, watched.region_code, p.relation = %s, nullif(p.labour_capacity, ''), watched.is_monitored
      FROM watched CROSS JOIN registry_person p WHERE p.household_id = watched.id AND NOT p.is_withdrawn"""
    with database.cursor() as cursor:
        cursor.execute(query, [*values, HEAD])
        columns: list[list[Any]] = [[] for _ in range(6)]
        while rows := cursor.fetchmany(2000):  # a county's at once would keep the garbage collector busy
            for column, part in zip(columns, zip(*rows, strict=True), strict=True):
                column.extend(part)
    names = ("person_id", "household_id", "region_code", "is_head", "labour", "is_monitored")
    kinds = (pa.int64(), pa.int64(), pa.string(), pa.int8(), pa.string(), pa.int8())
    if database.vendor != "sqlite":  # which has no truth values
        kinds = tuple(pa.bool_() if kind == pa.int8() else kind for kind in kinds)
    lake.register("registered", pa.table([pa.array(*pair) for pair in zip(columns, kinds, strict=True)], names=names))
    fingerprints = {path: digest for _, path, digest in told.files}
    changes, superseded = (
        tuple((path, fingerprints[path]) for path in told.paths(name)) for name in (CHANGES, "superseded")
    )
    gone = members.departed_by(changes, superseded, told.as_of)
    lake.register("gone", pa.table({"person_id": pa.array(gone, pa.int64())}))
    lake.execute("""CREATE TEMP TABLE people AS SELECT * REPLACE (is_head::BOOLEAN AS is_head, is_monitored::BOOLEAN AS is_monitored)
        FROM registered ANTI JOIN gone USING (person_id)""")
    _open_facts(lake, told)


def _open_facts(lake: duckdb.DuckDBPyConnection, told: Basis) -> None:
    as_of = told.as_of
    month, day = f"'{Month.of(as_of)}'", f"DATE '{as_of.isoformat()}'"
    severe = ", ".join(map(str, told.severe)) or "NULL"
    ill = ", ".join(map(quoted, told.diseases)) or "NULL"

    if replaced := told.paths("superseded"):  # small files, asked for every dataset
        lake.execute(f"CREATE TEMP TABLE replaced AS SELECT dataset, batch, row FROM {_read(replaced)}")

    def facts(dataset: str, columns: str, types: str, condition: str, order: str) -> str:
        """The rows of a dataset per person: ``columns``, which are of ``types``; none where nothing was sent."""
        paths = told.paths(dataset)
        if not paths:
            return f"SELECT NULL::BIGINT AS person_id, {types} WHERE false"
        overruled = ""
        if replaced:
            overruled = f"""AND NOT EXISTS (SELECT 1 FROM replaced WHERE replaced.dataset = '{dataset}'
                AND replaced.batch = told.batch AND replaced.row = told.row)"""
        return f"""SELECT person_key AS person_id, {columns} FROM {_read(paths)} AS told
            WHERE person_key IN (SELECT person_id FROM people) AND {condition} {overruled} {order}"""

    def newest(column: str) -> str:
        return f"QUALIFY row_number() OVER (PARTITION BY person_key ORDER BY {column} DESC, period DESC, batch DESC, row DESC) = 1"

    # a one-off relief counts for a year
    year_ago = Month.of(as_of).plus(-11)
    text = "NULL::VARCHAR AS {}".format
    tables = {
        "certificate": facts(
            "disability", "disability_level", "NULL::INTEGER AS disability_level",
            f"certified_on <= {day} AND (cancelled_on IS NULL OR cancelled_on > {day})", newest("certified_on"),
        ),
        "assistance": facts(
            "social_assistance", "assistance_kind", text("assistance_kind"),
            f"from_month <= {month} AND (CASE WHEN assistance_kind = '临时救助' THEN from_month >= '{year_ago}'"
            f" ELSE to_month IS NULL OR to_month >= {month} END)", "",
        ),
        "work": facts(
            "employment", "employment_status", text("employment_status"),
            f"started_on <= {day} AND (ended_on IS NULL OR ended_on > {day})", newest("started_on"),
        ),
        "school": facts("enrolment", "enrolment_status", text("enrolment_status"), "true", newest("period")),
        "insurance": facts(
            "medical_insurance", "insurance_status", text("insurance_status"), f"insured_year = {as_of.year}", newest("period")
        ),
        "illness": facts(
            "major_disease", "true AS is_listed", "NULL::BOOLEAN AS is_listed",
            f"diagnosed_on <= {day} AND disease IN ({ill})", newest("diagnosed_on"),
        ),
    }  # fmt: skip
    for name, query in tables.items():
        lake.execute(f"CREATE TEMP TABLE {name} AS {query}")
    lake.execute(f"CREATE TEMP TABLE sheet AS {_sheet(lake, told)}")
    kinds = {"dibao": "'农村低保', '城市低保'", "tekun": "'特困供养'", "living": "'困难残疾人生活补贴'", "care": "'重度残疾人护理补贴'", "relief": "'临时救助'"}  # fmt: skip
    held = ", ".join(f"bool_or(assistance_kind IN ({words})) AS {name}" for name, words in kinds.items())
    lake.execute(f"""CREATE TEMP TABLE held AS SELECT person_id, {held} FROM assistance GROUP BY person_id""")
    lake.execute("""CREATE TEMP TABLE home AS SELECT household_id, bool_or(coalesce(dibao, false)) AS household_has_dibao,
        bool_or(coalesce(relief, false)) AS household_has_relief FROM people LEFT JOIN held USING (person_id) GROUP BY household_id""")
    enrolled, insured = (", ".join(map(quoted, words)) for words in (ENROLLED, INSURED))
    lake.execute(f"""CREATE TEMP VIEW traits AS SELECT people.*, home.household_has_dibao, home.household_has_relief,
        disability_level IS NOT NULL AS is_disabled, coalesce(disability_level IN ({severe}), false) AS is_severe,
        coalesce(is_listed, false) AS is_ill, coalesce(dibao, false) AS has_dibao, coalesce(tekun, false) AS has_tekun,
        coalesce(living, false) AS has_living_allowance, coalesce(care, false) AS has_care_allowance,
        coalesce(employment_status IN ('就业', '灵活就业', '自主创业', '公益性岗位'), false) AS is_employed,
        coalesce(employment_status = '公益性岗位', false) AS has_post,
        coalesce(enrolment_status IN ({enrolled}), false) OR coalesce(schooling NOT IN ('', '非在校生', '学龄前儿童'), false) AS is_in_school,
        coalesce(regexp_matches(schooling, '中职|高职|中专|大专|技校|技工|职高|职业'), false) AS is_vocational,
        coalesce(insurance_status IN ({insured}), false) AS is_insured, pension_answer
      FROM people JOIN home USING (household_id) LEFT JOIN certificate USING (person_id) LEFT JOIN illness USING (person_id)
      LEFT JOIN held USING (person_id) LEFT JOIN work USING (person_id) LEFT JOIN school USING (person_id)
      LEFT JOIN insurance USING (person_id) LEFT JOIN sheet USING (person_id)""")


def _sheet(lake: duckdb.DuckDBPyConnection, told: Basis) -> str:
    """What the newest person sheet says of schooling and the pension insurance, where it has the columns."""
    nothing = (
        "SELECT NULL::BIGINT AS person_id, NULL::VARCHAR AS schooling, NULL::VARCHAR AS pension_answer WHERE false"
    )
    sheets = told.paths("registry_person")
    if not sheets:
        return nothing
    source = _read(sheets[-1:])
    there = {line[0] for line in lake.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    schooling = '"在校生状况"' if "在校生状况" in there else "NULL::VARCHAR"
    pension = '"是否参加城乡居民基本养老保险"' if "是否参加城乡居民基本养老保险" in there else "NULL::VARCHAR"
    return f"SELECT person_key AS person_id, {schooling} AS schooling, nullif({pension}, '') AS pension_answer FROM {source}"


def run_of(scope: Scope, as_of: dt.date) -> list[outlook.Source]:
    """The newest screening of the day, or of the last one before."""
    earlier = [day for day in outlook.days(scope=scope) if day <= as_of]
    return outlook.sources(scope=scope, as_of=earlier[0]) if earlier else []


def add_findings(
    lake: duckdb.DuckDBPyConnection, scope: Scope, told: Basis, given: Mapping[int, Iterable[str]]
) -> None:
    """``wide``: the traits with what the newest screening found of the household, and as ``given`` the kinds of measures that it got."""
    lake.register(
        "given",
        pa.table(
            {
                "household_id": pa.array(given, pa.int64()),
                "kinds": pa.array([sorted(kinds) for kinds in given.values()], pa.list_(pa.string())),
            }
        ),
    )
    # by where a household lives now: its findings go with it
    found = Finding.objects.filter(result__runs__in=told.runs, rule__in=(*_LOW_INCOME, *_SPENDING), status="hit")
    hits = scope.filter(found, "household__region_code").values_list("household_id", "rule")
    low: set[int] = set()
    spending: set[int] = set()
    for household, rule in hits:
        (low if rule in _LOW_INCOME else spending).add(household)
    for name, keys in (("low_income", low), ("rigid_spending", spending)):
        lake.register(name, pa.table({"household_id": pa.array(sorted(keys), pa.int64())}))
    lake.execute("""CREATE TEMP TABLE wide AS SELECT traits.*, kinds AS given,
        household_id IN (SELECT household_id FROM low_income) AS is_low_income,
        household_id IN (SELECT household_id FROM rigid_spending) AS has_rigid_spending
        FROM traits LEFT JOIN given USING (household_id)""")


def _read(paths: Sequence[str]) -> str:
    listed = ", ".join(quoted(str(store.absolute(path))) for path in paths)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
