"""Makes register rows out of a staged sheet: one relation ``incoming`` with key, village, columns, fingerprint and fields."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from shouwang.foundation.secrets import Keys
from shouwang.intake import identity_cells
from shouwang.intake.contract import Kind
from shouwang.intake.reasons import Refusal
from shouwang.intake.sql import quoted
from shouwang.intake.staging import Staged
from shouwang.regions import queries as regions

from . import digests, fields, layout, places
from .sheets import RegisterSheet

_PLACE = ("province", "city", "county", "township", "village", "place_code")
# 证件类型 whose number is a resident identity number; an empty one is taken for it.
_RESIDENT = r"(居民|公民)?身份证(号码?)?|(居民)?户口[簿本]|第?二代身份证|临时身份证"
_DISABILITY = r".*残疾.*证.*"
_NUMBERS_OF_IDENTITY = ("head_identity", "identity_text")


@dataclass
class Incoming:
    """The rows of a file as register rows, in the relation ``incoming`` of the connection.

    Columns: row, key, household_no, region_code, digest, columns and secrets (JSON texts of headings and values), identity_index,
    and the fields of the sheet's model. ``refusals`` are rows that the register cannot take for reasons of its own.
    """

    sheet: RegisterSheet
    kept: list[layout.Kept]
    refusals: list[Refusal] = field(default_factory=list)


def build(
    connection: duckdb.DuckDBPyConnection, staged: Staged, sheet: RegisterSheet, keys: Keys, *, region_code: str
) -> Incoming:
    """Fills ``incoming``; rows whose village or identity number is not sound go to the refusals."""
    incoming = Incoming(sheet, layout.of(staged.heading, sheet))
    _find_villages(connection, staged, region_code)
    _judge_identities(connection, staged, sheet)
    text_of = {kept.heading: f"k{kept.position}" for kept in incoming.kept}
    texts = ", ".join(f"{text} AS k{position}" for position, text in _texts(incoming, staged).items())
    rows = f"SELECT *, {texts} FROM {staged.name}"
    for items in fields.layers(sheet, text_of):
        rows = f"SELECT *, {', '.join(items)} FROM ({rows})"
    opened = [kept.heading for kept in incoming.kept if not kept.is_secret]
    secret = [kept.heading for kept in incoming.kept if kept.is_secret]
    digest, parameters = keys.index_in_sql("whole_text")
    index, _ = keys.index_in_sql("certificate")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE incoming AS
        SELECT * EXCLUDE (whole_text, certificate), {digest} AS digest,
          CASE WHEN certificate IS NULL THEN '' ELSE {index} END AS identity_index
        FROM (
          SELECT s.row, s.{sheet.key_name} AS key, s.household_no, v.code AS region_code, v.reason AS place_reason,
            i.reason AS identity_reason, {_certificate(sheet)} AS certificate,
            {digests.text_in_sql(text_of.items())} AS whole_text,
            {_json([(heading, text_of[heading]) for heading in opened])} AS columns,
            {_json([(heading, text_of[heading]) for heading in secret])} AS secrets,
            {", ".join(fields.in_sql(sheet, text_of))}
          FROM ({rows}) s
          LEFT JOIN village_of_row v ON v.row = s.row LEFT JOIN identity_of_row i ON i.row = s.row)""",
        parameters,
    )
    incoming.refusals = _refused(connection, staged, sheet, region_code)
    connection.execute("DELETE FROM incoming WHERE row IN (SELECT row FROM refused_incoming)")
    connection.execute("ALTER TABLE incoming DROP COLUMN place_reason")
    connection.execute("ALTER TABLE incoming DROP COLUMN identity_reason")
    return incoming


def _certificate(sheet: RegisterSheet) -> str:
    """The number to match on: as a resident identity number where it is one, as it stands otherwise."""
    if sheet.code != "person":
        return "NULL"
    return "coalesce(i.number, s.identity_number, nullif(s.identity_text, ''))"


def _json(values: list[tuple[str, str]]) -> str:
    """A JSON object of the headings that have a value."""
    parts = [f"{quoted(_key(heading))} || to_json({value})::VARCHAR" for heading, value in values]
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'" if parts else "'{}'"


def _key(heading: str) -> str:
    return json.dumps(heading, ensure_ascii=False) + ":"


def _texts(incoming: Incoming, staged: Staged) -> dict[int, str]:
    """By position: SQL for the text that is kept, NULL when the cell is empty.

    A cell is kept as it came, without what spreadsheets put around numbers to keep them text. Numbers that are matched
    or shown in parts are kept clean.
    """
    clean: dict[int, str] = {}
    for position, column in staged.heading.columns.items():
        if column.name in _NUMBERS_OF_IDENTITY:
            clean[position] = f"identity_18(identity_clean({column.name}))"
        elif column.kind is Kind.IDENTITY:
            clean[position] = "coalesce(identity_number, nullif(identity_text, ''))"
        elif column.kind is Kind.KEY:
            clean[position] = column.name
    return {kept.position: clean.get(kept.position) or _as_it_came(f"raw_{kept.position}") for kept in incoming.kept}


def _as_it_came(raw: str) -> str:
    """SQL: a cell without ="…" or an apostrophe in front; NULL when it is empty. No regular expression: it runs on every cell."""
    return f"""nullif(CASE WHEN starts_with({raw}, '="') AND ends_with({raw}, '"') THEN {raw}[3:-2]
        WHEN {raw}[1] = '''' OR {raw}[1] = '’' OR {raw}[1] = '‘' THEN {raw}[2:] ELSE {raw} END, '')"""


def _find_villages(connection: duckdb.DuckDBPyConnection, staged: Staged, region_code: str) -> None:
    """``village_of_row``: row, code (or NULL) and the reason; only the few distinct places are looked up."""
    columns = ", ".join(f"coalesce(cell_trimmed({name}), '')" for name in _PLACE)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE place_of_row AS SELECT row, [{columns}] AS place FROM {staged.name}"
    )
    distinct = [tuple(place) for (place,) in connection.execute("SELECT DISTINCT place FROM place_of_row").fetchall()]
    found = places.resolve(distinct, within=region_code)
    table = pa.table(
        {
            "place": pa.array([list(place) for place in found], pa.list_(pa.string())),
            "code": pa.array([code or None for code, _ in found.values()], pa.string()),
            "reason": pa.array([reason for _, reason in found.values()], pa.string()),
        }
    )
    connection.register("places_found", table)
    connection.execute("""CREATE OR REPLACE TEMP TABLE village_of_row AS
        SELECT r.row, p.code, p.reason FROM place_of_row r JOIN places_found p ON p.place = r.place""")
    connection.unregister("places_found")
    connection.execute("DROP TABLE place_of_row")


def _judge_identities(connection: duckdb.DuckDBPyConnection, staged: Staged, sheet: RegisterSheet) -> None:
    """``identity_of_row``: rows with an unsound number, the number within a disability certificate, and the reason to refuse.

    Only resident identity numbers are judged (证件类型); an empty one is for ``checks``, a birth date that differs too.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE identity_of_row (row INTEGER, number VARCHAR, reason VARCHAR)")
    if sheet.code != "person":
        return
    row = connection.execute(
        f"SELECT bool_or(identity_defect IS NOT NULL AND identity_text <> '') FROM {staged.name}"
    ).fetchone()
    if not row or not row[0]:
        return
    position = next((place for place, column in staged.heading.columns.items() if column.heading == "证件类型"), None)
    kind = "''" if position is None else f"coalesce(cell_narrow(cell_unwrapped(cell_trimmed(raw_{position}))), '')"
    unsound = f"""SELECT row, identity_text, identity_defect, {kind} AS kind FROM {staged.name}
        WHERE identity_defect IS NOT NULL AND identity_text <> ''"""
    connection.execute(f"""INSERT INTO identity_of_row
        SELECT row, NULL, CASE WHEN kind = '' OR regexp_full_match(kind, '{_RESIDENT}') THEN identity_defect END
        FROM ({unsound}) WHERE NOT regexp_full_match(kind, '{_DISABILITY}')""")
    certificates = f"SELECT row, identity_text FROM ({unsound}) WHERE regexp_full_match(kind, '{_DISABILITY}')"
    for items in identity_cells.forgiving_layers("identity_text", 0, is_certificate=True):
        certificates = f"SELECT *, {', '.join(items)} FROM ({certificates})"
    connection.execute(f"INSERT INTO identity_of_row SELECT row, v0, f0 FROM ({certificates})")


def _refused(
    connection: duckdb.DuckDBPyConnection, staged: Staged, sheet: RegisterSheet, region_code: str
) -> list[Refusal]:
    outside = "false"
    if region_code:
        inside = " OR ".join(
            f"(region_code >= {quoted(low)} AND region_code < {quoted(high)})"
            for low, high in regions.ranges(region_code)
        )
        outside = f"region_code IS NOT NULL AND NOT ({inside})"
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE refused_incoming AS
        SELECT row, identity_reason, CASE WHEN place_reason <> '' THEN place_reason
            WHEN {outside} THEN '不属于所选区域' END AS place_reason
        FROM incoming WHERE identity_reason IS NOT NULL OR place_reason <> '' OR {outside}""")
    rows = connection.execute(
        f"""SELECT r.row, r.identity_reason, r.place_reason, {cells_of(staged)} FROM refused_incoming r
        JOIN {staged.name} s ON s.row = r.row ORDER BY r.row"""
    ).fetchall()
    refusals = []
    for row, identity_reason, place_reason, cells_ in rows:
        refusal = Refusal(row, [cell or "" for cell in cells_])
        if identity_reason:
            refusal.columns.append(_heading_of(staged, "证件号码"))
            refusal.reasons.append(identity_reason)
            refusal.suggestions.append("请对照身份证核对；确属其他证件的，请在证件类型中注明")
        if place_reason:
            refusal.columns.append(_heading_of(staged, "村", "行政区划代码", "乡", "县"))
            refusal.reasons.append(place_reason)
            refusal.suggestions.append("请按区划名称或 12 位代码填写")
        refusals.append(refusal)
    return refusals


def cells_of(staged: Staged) -> str:
    """SQL: the cells of a staged row as they came."""
    return f"[{', '.join(f's.raw_{position}' for position in range(len(staged.headings)))}]"


def _heading_of(staged: Staged, *names: str) -> str:
    for name in names:
        for position, column in staged.heading.columns.items():
            if column.heading == name:
                return staged.headings[position]
    return ""
