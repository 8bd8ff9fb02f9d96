"""Compares the rows of a sheet with the register, in sets; only rows that differ are compared field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db.models import Max

from shouwang.foundation.secrets import Keys
from shouwang.intake.models import Batch
from shouwang.regions import queries as regions

from . import history, incoming, known
from .models import Change
from .plan import CHANGED, CONFLICTING, HISTORY, NEW, REFUSED, REPEATED, SAME, Plan, RowChange

_CANDIDATE = "candidate"
_CHUNK = 5_000


def compare(plan: Plan) -> None:
    """Leaves ``verdict`` (row, record_id, kind) and the missing and returned records in the plan."""
    plan.register_mark = register_mark()
    _place_rows(plan)
    _take_out_conflicts(plan)
    known.load(plan.connection, plan.kind, known.area_of(plan.counties))
    known.load_coverage(plan.connection, plan.kind)
    same_place = "k.region_code = i.region_code"
    if plan.kind in ("person", "monitored"):
        same_place += " AND h.id = k.household_id"
    plan.connection.execute(f"""CREATE OR REPLACE TEMP TABLE verdict AS
        SELECT i.row, k.id AS record_id, CASE
          WHEN c.period > '{plan.period}' THEN '{HISTORY}'
          WHEN k.id IS NULL OR k.is_withdrawn OR k.is_stub THEN '{NEW}'
          WHEN k.digest = i.digest AND {same_place} THEN '{SAME}'
          ELSE '{_CANDIDATE}' END AS kind
        FROM incoming i LEFT JOIN known k ON k.key = i.key
        LEFT JOIN covered c ON c.region_code = i.region_code
        {"LEFT JOIN known_household h ON h.household_no = i.household_no" if "h.id" in same_place else ""}""")
    _find_missing(plan)
    if plan.kind == "person":
        _tell_shared_numbers(plan)
    if plan.kind in ("person", "monitored"):
        _tell_new_households(plan)


def register_mark() -> tuple[int, int]:
    """Two numbers that differ whenever a registry batch was applied or reverted in between."""
    batches = Batch.objects.filter(purpose="registry")
    reverted = batches.filter(reverted_at__isnull=False).count()
    return (
        batches.filter(applied_at__isnull=False).count() + reverted,
        Change.objects.aggregate(last=Max("id"))["last"] or 0,
    )


def _place_rows(plan: Plan) -> None:
    """Where the file does not say so, a row is in the village of its household or person; the rest is refused."""
    connection = plan.connection
    area = known.area_of(_villages(plan))
    if plan.kind == "outwork":
        known.load_persons(connection, area)
        owner, number, own = "known_person", "person_no", "key"
        _refuse(
            plan,
            "SELECT row FROM incoming i ANTI JOIN (FROM known_person WHERE NOT is_withdrawn) o ON o.person_no = i.key",
            "人口编号",
            "不在档案里",
            "请先导入人员信息表，再导入外出务工表",
        )
    else:
        known.load_households(connection, area, "SELECT household_no FROM incoming WHERE household_no IS NOT NULL")
        owner, number, own = "known_household", "household_no", "household_no"
    connection.execute(f"""UPDATE incoming SET region_code = o.region_code FROM {owner} o
        WHERE incoming.region_code IS NULL AND o.{number} = incoming.{own}""")
    _refuse(
        plan,
        "SELECT row FROM incoming WHERE region_code IS NULL",
        "村",
        "看不出属于哪个村",
        "请补上省市县乡村或 12 位行政村代码，或先导入农户信息表",
    )
    plan.counties = sorted({regions.county_of(code) for code in _villages(plan)})
    plan.region_code = plan.region_code or _smallest_common(plan.counties)


def _villages(plan: Plan) -> list[str]:
    rows = plan.connection.execute("SELECT DISTINCT region_code FROM incoming WHERE region_code IS NOT NULL")
    return [code for (code,) in rows.fetchall()]


def _refuse(plan: Plan, rows: str, heading: str, reason: str, suggestion: str) -> None:
    staged = plan.staged
    found = plan.connection.execute(f"""SELECT s.row, {incoming.cells_of(staged)} FROM {staged.name} s
        WHERE s.row IN ({rows}) ORDER BY s.row""").fetchall()
    for row, cells in found:
        plan.refuse(row, cells, heading, reason, suggestion)
    if found:
        plan.connection.execute(f"DELETE FROM incoming WHERE row IN ({rows})")


def _take_out_conflicts(plan: Plan) -> None:
    """The same key twice: the same content is taken once; of different contents none is taken."""
    connection, staged = plan.connection, plan.staged
    connection.execute("""CREATE OR REPLACE TEMP TABLE twice AS
        SELECT key, min(row) AS first_row, count(DISTINCT digest || region_code) AS contents,
          count(DISTINCT household_no) AS households, list(row ORDER BY row) AS rows
        FROM incoming GROUP BY key HAVING count(*) > 1""")
    row = connection.execute("""SELECT count(*) FROM incoming i JOIN twice t ON t.key = i.key
        WHERE t.contents = 1 AND i.row <> t.first_row""").fetchone()
    plan.counts[REPEATED] = row[0] if row else 0
    found = connection.execute(f"""SELECT s.row, t.rows, t.households, {incoming.cells_of(staged)}
        FROM incoming i JOIN twice t ON t.key = i.key JOIN {staged.name} s ON s.row = i.row
        WHERE t.contents > 1 ORDER BY s.row""").fetchall()
    key = plan.sheet.key
    for number, rows, households, cells in found:
        others = "、".join(f"第 {other:,} 行" for other in rows if other != number)
        how = "却在不同的户里" if plan.kind == "person" and households > 1 else "内容却不同"
        plan.refuse(number, cells, key, f"冲突：与{others}的{key}相同，{how}", "请核对后只保留正确的一行")
    plan.counts[CONFLICTING] = len(found)
    connection.execute("""DELETE FROM incoming USING twice t WHERE incoming.key = t.key
        AND (t.contents > 1 OR incoming.row <> t.first_row)""")


def _find_missing(plan: Plan) -> None:
    """Records of the villages that stand in the file which the file does not name; records that it names again.

    A village without any row in the file is not judged. Refused and conflicting rows name their records all the same.
    """
    run, staged = plan.connection.execute, plan.staged
    key = next(place for place, column in staged.heading.columns.items() if column.heading == plan.sheet.key)
    plan.missing = _ids(
        run(f"""SELECT k.id FROM known k
            ANTI JOIN incoming i ON i.key = k.key
            ANTI JOIN (SELECT key FROM twice) t ON t.key = k.key
            ANTI JOIN (SELECT cell_key(cell_narrow(cell_unwrapped(cell_trimmed(cells[{key + 1}])))) AS key
                FROM {staged.name}_mended WHERE is_refused) r ON r.key = k.key
            ANTI JOIN (SELECT {plan.sheet.key_name} AS key FROM {staged.name}) s ON s.key = k.key
            LEFT JOIN covered c ON c.region_code = k.region_code
            WHERE NOT k.is_withdrawn AND NOT k.is_stub AND k.missing_since = ''
              AND k.region_code IN (SELECT region_code FROM incoming) AND coalesce(c.period, '') <= '{plan.period}'
            ORDER BY k.id""").fetchall()
    )
    plan.returned = _ids(
        run(f"""SELECT v.record_id FROM verdict v JOIN known k ON k.id = v.record_id
            WHERE k.missing_since <> '' AND NOT k.is_withdrawn AND v.kind <> '{HISTORY}' ORDER BY 1""").fetchall()
    )


def _ids(rows: Iterable[tuple[int]]) -> list[int]:
    return [key for (key,) in rows]


def _tell_shared_numbers(plan: Plan) -> None:
    """One identity number under two 人口编号: both are taken as the national system has them, and the plan says so."""
    row = plan.connection.execute("""WITH everyone AS (
            SELECT key, identity_index FROM incoming WHERE identity_index <> ''
            UNION ALL
            SELECT k.key, k.identity_index FROM known k ANTI JOIN incoming i ON i.key = k.key
            WHERE k.identity_index <> '' AND NOT k.is_withdrawn),
          shared AS (SELECT identity_index, count(*) AS persons FROM everyone GROUP BY 1 HAVING count(*) > 1)
        SELECT count(*), coalesce(sum(persons), 0)::BIGINT FROM shared
        WHERE identity_index IN (SELECT identity_index FROM incoming)""").fetchone()
    if row and row[0]:
        plan.counts["shared_numbers"] = row[0]
        plan.notices.append(
            f"{row[0]:,} 个证件号码各登记在两个以上的人口编号下（共 {row[1]:,} 人）；已照收，请用 shouwang registry check 列出后核对"
        )


def _tell_new_households(plan: Plan) -> None:
    """Households that only this sheet names: they are made from it until their own sheet comes."""
    row = plan.connection.execute(f"""SELECT count(DISTINCT i.household_no) FROM incoming i JOIN verdict v ON v.row = i.row
        ANTI JOIN (FROM known_household WHERE NOT is_withdrawn) h ON h.household_no = i.household_no
        WHERE v.kind <> '{HISTORY}'""").fetchone()
    plan.new_households = row[0] if row else 0
    if plan.new_households:
        plan.notices.append(f"{plan.new_households:,} 户还没有农户信息，先按本表建户")


def compare_fields(plan: Plan, keys: Keys) -> None:
    """Rows that differ from their record, by the headings of the file; those that differ in nothing else are the same."""
    connection = plan.connection
    household = "LEFT JOIN known_household h ON h.household_no = i.household_no"
    moved = "h.id IS DISTINCT FROM k.household_id" if plan.kind in ("person", "monitored") else "false"
    candidates = connection.execute(f"""SELECT v.record_id, i.row, i.key, i.columns, i.secrets,
          k.region_code <> i.region_code OR {moved}
        FROM verdict v JOIN incoming i ON i.row = v.row JOIN known k ON k.id = v.record_id
        {household if moved != "false" else ""}
        WHERE v.kind = '{_CANDIDATE}' ORDER BY v.record_id""")
    same: list[int] = []
    while chunk := candidates.fetchmany(_CHUNK):
        records = {key: (told, kept) for key, _, told, kept in history.states(plan.kind, [row[0] for row in chunk])}
        for record_id, number, key, columns, hidden, is_elsewhere in chunk:
            told, kept = records[record_id]
            before = {**told, **keys.decrypt_values(kept)}
            fields = history.differences(before, {**json.loads(columns), **json.loads(hidden)}, plan.columns)
            if fields or is_elsewhere:
                plan.changes.append(RowChange(record_id, key, number, fields))
            else:
                same.append(number)
    connection.execute(f"UPDATE verdict SET kind = '{CHANGED}' WHERE kind = '{_CANDIDATE}'")
    if same:
        rows = {"rows": same}
        connection.execute(f"UPDATE verdict SET kind = '{SAME}' WHERE row IN (SELECT unnest($rows))", rows)


def sum_up(plan: Plan) -> None:
    """Counts that add up, refusals in the order of the file, notices."""
    counts = dict(plan.connection.execute("SELECT kind, count(*) FROM verdict GROUP BY kind").fetchall())
    plan.refusals = sorted(
        [*plan.staged.refusals, *plan.incoming.refusals, *plan.refusals], key=lambda refusal: refusal.row_number
    )
    conflicting = plan.counts[CONFLICTING]
    parts = {
        **{kind: counts.get(kind, 0) for kind in (NEW, CHANGED, SAME, HISTORY)},
        REPEATED: plan.counts[REPEATED],
        CONFLICTING: conflicting,
        REFUSED: len(plan.refusals) - conflicting,
    }
    if sum(parts.values()) != plan.staged.row_count:
        raise AssertionError(f"{parts} do not add up to {plan.staged.row_count}")
    shared = {name: count for name, count in plan.counts.items() if name == "shared_numbers"}
    records = {"missing": len(plan.missing), "returned": len(plan.returned)}
    plan.counts = {"rows": plan.staged.row_count, **parts, **records, **shared}
    plan.notices = [*plan.staged.notices, *plan.notices]


def _smallest_common(counties: list[str]) -> str:
    """The smallest division that holds all of these counties."""
    if not counties:
        return ""
    shared = list(regions.ancestors(counties[0]))
    for county in counties[1:]:
        above = set(regions.ancestors(county))
        shared = [code for code in shared if code in above]
    return shared[0]
