"""Writes what the register looks like after a batch into the lake, county by county, for matching and screening.

The newest snapshot of the periods up to a day counts. A snapshot never stands behind the one that it replaces: an older
file that fills a gap is written under the period of the newest.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
from django.db.models import FilteredRelation, Q, TextField
from django.db.models.functions import Cast

from shouwang.intake.contract import Kind, Privacy
from shouwang.intake.models import Batch, BatchState, LakeFile
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope

from . import kept_texts, tables
from .models import Household, Person
from .plan import Plan
from .sheets import SHEETS

PERSON, HOUSEHOLD, IDENTITY, INCOME = "registry_person", "registry_household", "registry_identity", "registry_income"
INCOME_ITEM = "registry_income_item"
# Single items of a year's income and what stands beside it, as the sheets head them. Texts there: what is no amount says nothing.
INCOME_ITEMS = {
    "family_planning_fen": "计划生育金",
    "dibao_fen": "低保金",
    "tekun_fen": "五保金",
    "pension_fen": "养老保险金",
    "ecology_fen": "生态补偿金",
    "other_transfer_fen": "其他转移性收入",
    "dividend_fen": "资产收益扶贫分红收入",
    "other_property_fen": "其他财产性收入",
    "claim_fen": "理赔收入",
    "own_medical_fen": "合规自付支出",
}
# Sheet → the snapshots that it changes.
_CHANGED_BY = {
    "person": (PERSON, IDENTITY, HOUSEHOLD),
    "household": (HOUSEHOLD,),
    "monitored": (HOUSEHOLD,),
    "outwork": (PERSON,),
}
_MONITORED_PREFIX = "监测对象·"

_PERSON_COLUMNS = {
    "person_key": pa.int64(),
    "person_no": pa.string(),
    "household_key": pa.int64(),
    "region_code": pa.string(),
    "born_on": pa.string(),
    "sex": pa.string(),
    "relation": pa.string(),
    "labour_capacity": pa.string(),
    "batch": pa.int64(),
    "row": pa.int32(),
    "name": pa.string(),
    "identity_index": pa.string(),
    "digest": pa.string(),
    "work": pa.string(),
}
_HOUSEHOLD_COLUMNS = {
    "household_key": pa.int64(),
    "household_no": pa.string(),
    "region_code": pa.string(),
    "household_type": pa.string(),
    "batch": pa.int64(),
    "row": pa.int32(),
    "digest": pa.string(),
    "object_category": pa.string(),
    "is_cleared": pa.bool_(),
    "watch": pa.string(),
}


def open_headings(sheet: str) -> list[str]:
    """The headings of a sheet whose values may stand in the lake: no secrets, no names."""
    return [
        column.heading
        for column in SHEETS[sheet].columns
        if column.privacy is not Privacy.SECRET and column.kind is not Kind.NAME
    ]


def write(plan: Plan, batch: Batch) -> list[LakeFile]:
    """Writes and records the snapshots of every county that the batch touched, in the caller's transaction."""
    files = []
    for county in plan.counties:
        area = Scope.of_region(county)
        for dataset in _CHANGED_BY[plan.kind]:
            if dataset == HOUSEHOLD and plan.kind == "person" and not plan.new_households:
                continue
            period = _period(dataset, county, plan)
            query = _QUERIES[dataset](plan, batch, county, area)
            files.append(_write(plan, batch, dataset, county, period, query))
        if plan.kind == "household":
            files.append(_write(plan, batch, INCOME, county, str(plan.period), _income(plan, batch, area)))
        if plan.kind in ("household", "monitored"):
            items = _write(plan, batch, INCOME_ITEM, county, str(plan.period), _income_items(plan, batch, area))
            if items.row_count:
                files.append(items)
            else:  # a county's sheet without these columns
                store.remove(store.absolute(items.path))
    LakeFile.objects.bulk_create(files)
    return files


def _period(dataset: str, county: str, plan: Plan) -> str:
    """That of the file, or of the newest snapshot in force when the file is older."""
    newest = (
        LakeFile.objects.filter(dataset=dataset, region_code=county, batch__state=BatchState.APPLIED)
        .order_by("-period")
        .values_list("period", flat=True)
        .first()
    )
    return max(newest or "", str(plan.period))


def _write(plan: Plan, batch: Batch, dataset: str, county: str, period: str, query: str) -> LakeFile:
    path = store.path_of(dataset, county, period, f"batch-{batch.pk}")
    content_hash = store.write_query(plan.connection, query, path)
    row = plan.connection.execute(f"SELECT count(*) FROM read_parquet({quoted(str(path))})").fetchone()
    return LakeFile(
        batch=batch,
        dataset=dataset,
        region_code=county,
        period=period,
        path=store.relative(path),
        content_hash=content_hash,
        row_count=row[0] if row else 0,
    )


def load_persons(connection: duckdb.DuckDBPyConnection, area: Scope) -> None:
    """``all_persons`` of the area, with the columns of their work away as JSON texts."""
    names = (
        "pk", "person_no", "household_id", "region_code", "born", "sex", "relation", "labour_capacity", "batch_id",
        "row_number", "name", "identity_index", "digest", "work_text",
    )  # fmt: skip
    rows = area.filter(Person.objects.filter(is_withdrawn=False)).annotate(
        born=Cast("born_on", TextField()),  # as text: a date object for each of them takes its time
        work=FilteredRelation("out_work", condition=Q(out_work__is_withdrawn=False)),
        work_text=Cast("work__columns", TextField()),
    )
    tables.fill(connection, "all_persons", _PERSON_COLUMNS, rows.values_list(*names).iterator(tables.CHUNK))


def load_households(connection: duckdb.DuckDBPyConnection, area: Scope) -> None:
    """``all_households`` of the area, with the columns of the monitored sheet as JSON texts."""
    names = (
        "pk", "household_no", "region_code", "household_type", "batch_id", "row_number", "digest",
        "watch__object_category", "watch__is_cleared", "watch_text",
    )  # fmt: skip
    rows = area.filter(Household.objects.filter(is_withdrawn=False)).annotate(
        watch=FilteredRelation("monitoring", condition=Q(monitoring__is_withdrawn=False)),
        watch_text=Cast("watch__columns", TextField()),
    )
    tables.fill(connection, "all_households", _HOUSEHOLD_COLUMNS, rows.values_list(*names).iterator(tables.CHUNK))


def load_numbers(connection: duckdb.DuckDBPyConnection, area: Scope) -> None:
    """``all_numbers``: the households of the area by key and number."""
    rows = area.filter(Household.objects.filter(is_withdrawn=False)).values_list("pk", "household_no")
    columns = {"household_key": pa.int64(), "household_no": pa.string()}
    tables.fill(connection, "all_numbers", columns, rows.iterator(tables.CHUNK))


def _persons(plan: Plan, batch: Batch, county: str, area: Scope) -> str:
    load_persons(plan.connection, area)
    load_numbers(plan.connection, area)
    own = open_headings("person")
    work = [heading for heading in open_headings("outwork") if heading not in own]
    rows = kept_texts.with_texts(
        plan, batch, kind="person", table="all_persons", key="person_key", dataset=PERSON, county=county, headings=own
    )
    return f"""SELECT batch, row, person_key, person_no, household_key, household_no, region_code, born_on::DATE AS born_on,
          sex, relation, labour_capacity, {_named(own)}, {_opened("w", work)}
        FROM (SELECT *, {kept_texts.parsed("work", work)} AS w FROM ({rows}) LEFT JOIN all_numbers USING (household_key))
        ORDER BY person_key"""


def _identities(plan: Plan, batch: Batch, county: str, area: Scope) -> str:
    """Goes with ``_persons``, which has loaded them."""
    return """SELECT person_key, household_key, region_code, nullif(identity_index, '') AS identity_index, name,
        born_on::DATE AS born_on FROM all_persons ORDER BY person_key"""


def _households(plan: Plan, batch: Batch, county: str, area: Scope) -> str:
    load_households(plan.connection, area)
    own, extra = open_headings("household"), open_headings("monitored")
    rows = kept_texts.with_texts(
        plan,
        batch,
        kind="household",
        table="all_households",
        key="household_key",
        dataset=HOUSEHOLD,
        county=county,
        headings=own,
    )
    return f"""SELECT batch, row, household_key, household_no, region_code, household_type,
          coalesce(NOT is_cleared, false) AS is_monitored, coalesce(object_category, '') AS object_category,
          {_named(own)}, {_opened("e", extra, own)}
        FROM (SELECT *, {kept_texts.parsed("watch", extra)} AS e FROM ({rows})) ORDER BY household_key"""


def _income(plan: Plan, batch: Batch, area: Scope) -> str:
    """The income of every household in the file, whatever the register knew already."""
    load_numbers(plan.connection, area)
    parts = ("wage_fen", "business_fen", "property_fen", "transfer_fen", "business_cost_fen")
    return f"""SELECT n.household_key, coalesce(i.income_year, {plan.period.year})::INTEGER AS year,
          {", ".join(f"i.{part}" for part in parts)}, {batch.pk}::BIGINT AS batch, i.row, '{plan.period}' AS period
        FROM incoming i JOIN all_numbers n ON n.household_no = i.key
        WHERE coalesce({", ".join(f"i.{part}" for part in parts)}) IS NOT NULL ORDER BY 1, 2"""


def _income_items(plan: Plan, batch: Batch, area: Scope) -> str:
    """The single items of every household in the file. The monitored sheet has no year: it tells of the one before its month."""
    load_numbers(plan.connection, area)
    there = [heading for heading in INCOME_ITEMS.values() if heading in open_headings(plan.kind)]
    amounts = {
        name: f"round(TRY_CAST(replace(replace(struct_extract(c, {quoted(heading)}), ',', ''), '，', '') AS DECIMAL(18, 4)) * 100)::BIGINT"
        if heading in there
        else "NULL::BIGINT"
        for name, heading in INCOME_ITEMS.items()
    }
    year = f"coalesce(income_year, {plan.period.year})" if plan.kind == "household" else str(plan.period.year - 1)
    said = ", ".join(f"{amount} AS {name}" for name, amount in amounts.items())
    return f"""SELECT * FROM (
          SELECT n.household_key, {year}::INTEGER AS year, {said}, {batch.pk}::BIGINT AS batch, i.row, '{plan.period}' AS period
          FROM (SELECT *, {kept_texts.parsed("columns", there)} AS c FROM incoming) i
          JOIN all_numbers n ON n.household_no = i.key)
        WHERE coalesce({", ".join(INCOME_ITEMS)}) IS NOT NULL ORDER BY 1, 2, row"""


def _named(headings: list[str]) -> str:
    """SQL: the texts of ``kept_texts`` under their headings."""
    return ", ".join(f"h{place} AS {_name(heading)}" for place, heading in enumerate(headings))


def _opened(struct: str, headings: list[str], taken: list[str] | None = None) -> str:
    """SQL: the members of a struct as columns under their headings."""
    names = {heading: f"{_MONITORED_PREFIX}{heading}" if heading in (taken or ()) else heading for heading in headings}
    return ", ".join(
        f"trim(struct_extract({struct}, {quoted(heading)})) AS {_name(name)}" for heading, name in names.items()
    )


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


_QUERIES = {PERSON: _persons, IDENTITY: _identities, HOUSEHOLD: _households}
