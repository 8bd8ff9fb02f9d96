"""The relations that checks ask: p (persons), h (households), m (what the members of a household have in common), o (objects).

They are made from the register of one county. Secret columns are opened here and leave only verdicts behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import duckdb
import pyarrow as pa
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from shouwang.foundation.secrets import Keys
from shouwang.intake import cells, identity_cells
from shouwang.intake.contract import Privacy
from shouwang.intake.sql import quoted
from shouwang.organisation.scope import Scope

from .. import tables
from ..models import Household, Monitoring, OutWork, Person
from ..sheets import SHEETS

_RESIDENT = r"|(居民|公民)?身份证(号码?)?|(居民)?户口[簿本]|第?二代身份证|临时身份证"

_PERSON = {
    "person_id": pa.int64(), "household_id": pa.int64(), "person_no": pa.string(), "name": pa.string(), "region_code": pa.string(),
    "sex": pa.string(), "born": pa.string(), "relation": pa.string(), "identity_index": pa.string(), "columns": pa.string(),
    "hidden": pa.string(),
}  # fmt: skip
_HOUSEHOLD = {
    "household_id": pa.int64(), "household_no": pa.string(), "head_name": pa.string(), "region_code": pa.string(),
    "registered_size": pa.int32(), "is_stub": pa.bool_(), "columns": pa.string(),
}  # fmt: skip
_OBJECT = {
    "household_id": pa.int64(), "risks": pa.list_(pa.string()), "identified_month": pa.string(), "is_cleared": pa.bool_(),
    "cleared_month": pa.string(), "columns": pa.string(), "has_contact": pa.bool_(), "has_contact_phone": pa.bool_(),
}  # fmt: skip


def build(connection: duckdb.DuckDBPyConnection, *, scope: Scope, keys: Keys, as_of: date, digits: int) -> None:
    """Makes p, h, m and o. ``as_of`` is the day that ages and months are counted to, ``digits`` the length of a telephone."""
    cells.install(connection)
    connection.execute("""CREATE OR REPLACE TEMP MACRO number_of(x) AS
        CASE WHEN regexp_full_match(x, '\\s*-?[0-9,]+(\\.\\d*)?\\s*') THEN try_cast(replace(trim(x), ',', '') AS DECIMAL(18, 4)) END""")
    _persons(connection, scope, keys, digits, as_of)
    _households(connection, scope)
    _objects(connection, scope, keys, as_of)
    connection.execute("""CREATE OR REPLACE TEMP TABLE m AS
        SELECT household_id, count(*) AS persons, count(*) FILTER (relation = '户主') AS heads,
          count(*) FILTER (relation = '配偶') AS spouses,
          max(sex) FILTER (relation = '户主') AS head_sex, max(sex) FILTER (relation = '配偶') AS spouse_sex,
          count(*) FILTER (number_of("务工时间（月）") > 0 OR is_working) AS workers,
          count(*) FILTER (number_of("务工时间（月）") > 0 OR is_working OR 务工所在地 IS NOT NULL OR 公益性岗位类型 IS NOT NULL) AS earners,
          count(*) FILTER (劳动技能 IN ('普通劳动力', '技能劳动力')) AS able,
          count(*) FILTER (劳动技能 IN ('普通劳动力', '技能劳动力', '弱劳动力或半劳动力', '弱劳动力', '半劳动力')) AS hands,
          count(*) FILTER (健康状况 LIKE '%残疾%' OR 残疾类别 IS NOT NULL) AS disabled,
          count(*) FILTER (是否享受低保 = '是') AS on_allowance, count(*) FILTER (是否特困供养人员 = '是') AS on_support,
          coalesce(max(age), 0) AS oldest
        FROM p GROUP BY household_id""")


def headings(sheet: str) -> list[str]:
    """The columns of a sheet that relations carry under their headings: all but the secret ones."""
    return [column.heading for column in SHEETS[sheet].columns if column.privacy is not Privacy.SECRET]


def _opened(sheet: str, without: tuple[str, ...] = ()) -> str:
    """SQL: the JSON text ``columns`` as columns under their headings, NULL where there is nothing."""
    wanted = [heading for heading in headings(sheet) if heading not in without]
    shape = json.dumps(dict.fromkeys(wanted, "VARCHAR"), ensure_ascii=False)
    members = ", ".join(
        f"nullif(trim(struct_extract(c, {quoted(heading)})), '') AS \"{heading}\"" for heading in wanted
    )
    return f"* EXCLUDE (columns, c), {members} FROM (SELECT *, json_transform(columns, {quoted(shape)}) AS c"


def _persons(connection: duckdb.DuckDBPyConnection, scope: Scope, keys: Keys, digits: int, as_of: date) -> None:
    rows = scope.filter(Person.objects.filter(is_withdrawn=False)).annotate(
        text=Cast("columns", TextField()), born=Cast("born_on", TextField())
    )
    names = (
        "pk",
        "household_id",
        "person_no",
        "name",
        "region_code",
        "sex",
        "born",
        "relation",
        "identity_index",
        "text",
        "secrets",
    )
    opened = (
        (*known, keys.decrypt(bytes(secret)).decode() if secret else None)
        for *known, secret in rows.values_list(*names).iterator(tables.CHUNK)
    )
    tables.fill(connection, "persons_of_scope", _PERSON, opened)
    work = scope.filter(OutWork.objects.filter(is_withdrawn=False)).values_list("person_id", "is_working")
    tables.fill(
        connection, "work_of_scope", {"person_id": pa.int64(), "is_working": pa.bool_()}, work.iterator(tables.CHUNK)
    )
    judged = f"SELECT {_opened('person')} FROM (SELECT *, born::DATE AS born_on FROM persons_of_scope))"
    judged = (
        f"SELECT *, {', '.join(_secret(heading) + f' AS {name}' for name, heading in _SECRETS.items())} FROM ({judged})"
    )
    for number, place in (("number", 0), ("head_number", 1)):
        for items in identity_cells.forgiving_layers(number, place, is_certificate=False):
            judged = f"SELECT *, {', '.join(items)} FROM ({judged})"
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE p AS
        SELECT *, date_diff('year', born_on, DATE '{as_of}') - CASE WHEN strftime(born_on, '%m%d') > '{as_of:%m%d}' THEN 1 ELSE 0 END AS age
        FROM (SELECT p.* EXCLUDE ({", ".join([*_SECRETS, "hidden", "born", *_LAYERS])}), {_verdicts(digits)},
            coalesce(w.is_working, false) AS is_working, CASE WHEN p.identity_index <> '' THEN
            nullif(array_to_string(list_filter(s.numbers, lambda x: x <> p.person_no), '、'), '') END AS shared_with
          FROM ({judged}) p
          LEFT JOIN work_of_scope w ON w.person_id = p.person_id
          LEFT JOIN (SELECT identity_index AS shared, list(person_no ORDER BY person_no) AS numbers FROM persons_of_scope
            WHERE identity_index <> '' GROUP BY identity_index HAVING count(*) > 1) s ON s.shared = p.identity_index)""")
    connection.execute("DROP TABLE persons_of_scope")


_SECRETS = {
    "number": "证件号码",
    "head_number": "户主证件号码",
    "household_phone": "户联系电话",
    "phone": "成员联系电话",
}
_LAYERS = [f"{name}{place}" for place in (0, 1) for name in ("y", "n18_", "check_", "f", "v")]


def _secret(heading: str) -> str:
    path = quoted(f'$."{heading}"')
    return f"nullif(trim(json_extract_string(hidden, {path})), '')"


def _verdicts(digits: int) -> str:
    """SQL: what is wrong with the numbers of a person, and what the identity number says; the numbers themselves go no further."""
    kind = "coalesce(regexp_replace(p.证件类型, '\\s', '', 'g'), '')"
    resident = f"regexp_full_match({kind}, {quoted(_RESIDENT)})"
    phones = [
        f"CASE WHEN length(regexp_replace({name}, '[\\s-]', '', 'g')) <> {digits} THEN "
        f"'{_SECRETS[name]}应为 {digits} 位，现为 ' || length(regexp_replace({name}, '[\\s-]', '', 'g')) || ' 位' END"
        for name in ("household_phone", "phone")
    ]
    # Another kind of certificate of the head cannot be told from a mistake unless it looks like a number.
    head = "p.head_number IS DISTINCT FROM p.number AND length(p.y1) IN (15, 17, 18, 19)"
    return f"""CASE WHEN p.number IS NOT NULL AND {resident} THEN p.f0 END AS identity_defect,
        p.number IS NULL AS identity_is_empty,
        CASE WHEN p.v0 IS NOT NULL AND {resident} THEN identity_birth(p.v0) END AS born_by_number,
        CASE WHEN p.v0 IS NOT NULL AND {resident} THEN CASE WHEN substr(p.v0, 17, 1)::INTEGER % 2 = 1 THEN '男' ELSE '女' END END AS sex_by_number,
        CASE WHEN {head} THEN p.f1 END AS head_identity_defect,
        nullif(concat_ws('；', {", ".join(phones)}), '') AS telephone_defect, p.household_phone IS NULL AS telephone_is_missing"""


def _households(connection: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    rows = scope.filter(Household.objects.filter(is_withdrawn=False))
    names = ("pk", "household_no", "head_name", "region_code", "registered_size", "is_stub", "text")
    found = rows.annotate(text=Cast("columns", TextField())).values_list(*names)
    tables.fill(connection, "households_of_scope", _HOUSEHOLD, found.iterator(tables.CHUNK))
    watched = scope.filter(Monitoring.objects.filter(is_withdrawn=False, is_cleared=False)).values_list("household_id")
    tables.fill(connection, "watched_of_scope", {"watched_id": pa.int64()}, watched.iterator(tables.CHUNK))
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE h AS
        SELECT k.*, w.watched_id IS NOT NULL AS is_object FROM (SELECT {_opened("household")} FROM households_of_scope)) k
        LEFT JOIN watched_of_scope w ON w.watched_id = k.household_id""")


def _objects(connection: duckdb.DuckDBPyConnection, scope: Scope, keys: Keys, as_of: date) -> None:
    rows: QuerySet[Monitoring] = scope.filter(Monitoring.objects.filter(is_withdrawn=False))
    names = ("household_id", "risks", "identified_month", "is_cleared", "cleared_month", "columns", "secrets")

    def judged() -> Iterator[tuple[object, ...]]:
        for *known, columns, secret in rows.values_list(*names).iterator(tables.CHUNK):
            hidden = keys.decrypt_values(bytes(secret) if secret else None)
            has_contact = bool(columns.get("监测联系人", "").strip())
            yield (
                *known,
                json.dumps(columns, ensure_ascii=False),
                has_contact,
                bool(hidden.get("监测联系人电话", "").strip()),
            )

    tables.fill(connection, "objects_of_scope", _OBJECT, judged())
    # Months are counted from month to month: identified in March, eliminated in June, three.
    connection.execute(f"""CREATE OR REPLACE TEMP TABLE o AS
        SELECT *, date_diff('month', try_cast(nullif(identified_month, '') || '-01' AS DATE), DATE '{as_of:%Y-%m}-01') AS months_watched,
          date_diff('month', try_cast(nullif(identified_month, '') || '-01' AS DATE),
            try_cast(nullif(cleared_month, '') || '-01' AS DATE)) AS months_to_clear
        FROM (SELECT {_opened("monitored")} FROM objects_of_scope))""")
