"""Takes into the ledger what the departments' files and the register's sheets say, without asking anybody (S0-C-62, S2-B-03).

Of every batch a fingerprint is kept: what it says that counts. Only batches whose fingerprint changed are looked at, so that
repeating it changes nothing; rows that no longer count (file reverted, replaced by a later file) get a line that takes theirs out.
The ledger keeps 脱贫户 and 监测对象: the households that laiyuan-2022-9#2.1 has followed month by month.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection as database
from django.db import transaction
from django.db.models import Count, Max, Q

from shouwang.foundation.progress import Progress, silent
from shouwang.intake import queries as intake
from shouwang.intake.models import Batch, LakeFile
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Person

from ..models import IncomeLine, LedgerState
from ..models.income import DEPARTMENT, FEED, SHEET, STATED
from . import in_force, told
from .sayings import SAYINGS, Saying
from .watched import is_watched

_SUPERSEDED = "superseded"
_CHUNK = 20_000
_FEW = 2_000  # rows of files for which not everybody of the county is asked for
_KEYS = ("household_id", "person_id", "period", "item")


@dataclass(frozen=True)
class Collected:
    """What a collection did: lines added, lines taken out, households whose months were made anew, batches looked at."""

    added: int = 0
    taken_out: int = 0
    households: int = 0
    batches: int = 0


def watched(county_code: str) -> Any:
    """脱贫户 and 监测对象 of a county."""
    rows = Scope.of_region(county_code).filter(Household.objects.filter(is_withdrawn=False))
    return rows.filter(is_watched())


def collect(*, county_code: str, now: dt.datetime, progress: Progress = silent) -> Collected:
    """Brings the ledger of a county up to what its files say now. One transaction; doing it twice changes nothing."""
    if not _files(county_code) and not LedgerState.objects.filter(county_code=county_code).exists():
        return Collected()
    with transaction.atomic(), store.connect() as lake:
        LedgerState.objects.get_or_create(county_code=county_code)
        state = LedgerState.objects.select_for_update().get(county_code=county_code)
        files = _files(county_code)
        prints = _fingerprints(lake, county_code, files)
        changed = sorted(
            batch for batch in {*prints, *state.fingerprints} if prints.get(batch) != state.fingerprints.get(batch)
        )
        if not changed:
            return Collected()
        progress("收入台账：读取来文")
        _open_people(lake, county_code, _told(files, changed))
        _wanted(lake, files, [int(batch) for batch in changed])
        _existing(lake, [int(batch) for batch in changed])
        done = _write(lake, now, progress)
        state.fingerprints, state.recorded_at = prints, now
        state.save()
    return Collected(*done, batches=len(changed))


def waiting(*, county_code: str) -> int:
    """How many batches of a county say something that the ledger does not know yet."""
    state = LedgerState.objects.filter(county_code=county_code).first()
    files = _files(county_code)
    with store.connect() as lake:
        prints = _fingerprints(lake, county_code, files)
    known = state.fingerprints if state else {}
    return sum(prints.get(batch) != known.get(batch) for batch in {*prints, *known})


# ── what the files say ───────────────────────────────────────────────────────
def _files(county_code: str) -> dict[str, list[LakeFile]]:
    found: dict[str, list[LakeFile]] = {}
    for file in intake.lake_files(county_code=county_code, datasets=[*SAYINGS, _SUPERSEDED]):
        if file.dataset == _SUPERSEDED or file.batch.sender != told.SENDER:
            found.setdefault(file.dataset, []).append(file)
    return found


def _fingerprints(
    lake: duckdb.DuckDBPyConnection, county_code: str, files: dict[str, list[LakeFile]]
) -> dict[str, str]:
    """Per batch its files, which of its rows were replaced, until when rows that go on are vouched for, and whom the ledger keeps."""
    gone: dict[int, list[tuple[Any, ...]]] = {}
    if rows := files.get(_SUPERSEDED):
        query = f"SELECT batch, dataset, count(*), sum(hash(row)) FROM {_read(rows)} GROUP BY ALL ORDER BY ALL"
        for batch, *rest in lake.execute(query).fetchall():
            gone.setdefault(batch, []).append(tuple(rest))
    if not files:
        return {}
    households = watched(county_code).aggregate(count=Count("pk"), last=Max("pk"))
    found: dict[str, list[Any]] = {}
    for dataset, saying in SAYINGS.items():
        until = _newest(files.get(dataset, ())) if saying.spans else ""
        for file in files.get(dataset, ()):
            parts = found.setdefault(str(file.batch_id), [households, gone.get(file.batch_id, []), until])
            parts.append((file.dataset, file.content_hash))
    return {batch: hashlib.sha256(repr(parts).encode()).hexdigest()[:16] for batch, parts in found.items()}


def _newest(files: Iterable[LakeFile]) -> str:
    """The month of a department's newest file: until then it stands by the rows that go on."""
    return max((file.period for file in files), default="")


def _told(files: dict[str, list[LakeFile]], batches: Sequence[str]) -> list[LakeFile]:
    """The files of some batches that say something about income."""
    chosen = set(batches)
    return [file for dataset in SAYINGS for file in files.get(dataset, ()) if str(file.batch_id) in chosen]


def _open_people(lake: duckdb.DuckDBPyConnection, county_code: str, told: Sequence[LakeFile]) -> None:
    """``home``: the households of the ledger with their villages; ``member``: their people, the departed ones too. Of few rows only
    those whom they speak of, else everybody of the county."""
    kept = watched(county_code)
    people = Scope.of_region(county_code).filter(Person.objects.all())
    if sum(file.row_count for file in told) <= _FEW:
        persons, households = _spoken_of(lake, told)
        people = people.filter(pk__in=persons)
        kept = kept.filter(Q(pk__in=households) | Q(pk__in=people.values("household_id")))
    listed = list(people.values_list("pk", "household_id").iterator(chunk_size=_CHUNK))
    homes = list(kept.values_list("pk", "region_code"))
    lake.register(
        "home",
        pa.table(
            {
                "household_id": pa.array([key for key, _ in homes], pa.int64()),
                "region_code": pa.array([code for _, code in homes], pa.string()),
            }
        ),
    )
    lake.register(
        "everybody",
        pa.table(
            {
                "person_id": pa.array([key for key, _ in listed], pa.int64()),
                "household_id": pa.array([home for _, home in listed], pa.int64()),
            }
        ),
    )
    lake.execute(
        "CREATE TEMP TABLE member AS SELECT person_id, household_id FROM everybody JOIN home USING (household_id)"
    )


def _spoken_of(lake: duckdb.DuckDBPyConnection, told: Sequence[LakeFile]) -> tuple[set[int], set[int]]:
    """(persons, households) of some files."""
    persons: set[int] = set()
    households: set[int] = set()
    for file in told:
        column, found = ("person_key", persons) if SAYINGS[file.dataset].is_personal else ("household_key", households)
        rows = lake.execute(f"SELECT DISTINCT {column} FROM {_read([file])} WHERE {column} IS NOT NULL")
        found.update(key for (key,) in rows.fetchall())
    return persons, households


def _wanted(lake: duckdb.DuckDBPyConnection, files: dict[str, list[LakeFile]], batches: Sequence[int]) -> None:
    """``wanted``: the lines that the changed batches ought to stand for."""
    lake.execute("""CREATE TEMP TABLE wanted (household_id BIGINT, person_id BIGINT, period VARCHAR, item VARCHAR,
        amount_fen BIGINT, dataset VARCHAR, batch BIGINT, row INTEGER, told_in VARCHAR)""")
    if rows := files.get(_SUPERSEDED):
        lake.execute(f"CREATE TEMP TABLE gone AS SELECT DISTINCT dataset, batch, row FROM {_read(rows)}")
    else:
        lake.execute("CREATE TEMP TABLE gone (dataset VARCHAR, batch BIGINT, row INTEGER)")
    chosen = set(batches)
    for dataset, saying in SAYINGS.items():
        told = [file for file in files.get(dataset, ()) if file.batch_id in chosen]
        if told:
            _say(lake, dataset, saying, told, until=_newest(files[dataset]))


def _say(
    lake: duckdb.DuckDBPyConnection, dataset: str, saying: Saying, files: Sequence[LakeFile], *, until: str
) -> None:
    whose = "JOIN member USING (person_id)" if saying.is_personal else "JOIN home USING (household_id)"
    facts = f"""(SELECT *, '{until}' AS vouched_until FROM {_read(files)} AS told WHERE NOT EXISTS (
        SELECT 1 FROM gone WHERE gone.dataset = '{dataset}' AND gone.batch = told.batch AND gone.row = told.row))"""
    lake.execute(f"""INSERT INTO wanted
        SELECT household_id, person_id, period, item, amount_fen, '{dataset}', batch, row, told_in
        FROM ({saying.query.format(facts=facts)}) {whose}
        WHERE amount_fen IS NOT NULL AND item IS NOT NULL AND period IS NOT NULL""")


def _read(files: Iterable[LakeFile]) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"


# ── what the ledger has ──────────────────────────────────────────────────────
def _existing(lake: duckdb.DuckDBPyConnection, batches: Sequence[int]) -> None:
    """``existing``: lines of the changed batches that nothing has replaced."""
    names = ("id", *_KEYS, "amount_fen", "dataset", "batch_id", "row")
    columns: list[list[Any]] = [[] for _ in names]
    rows = IncomeLine.objects.filter(batch_id__in=batches, superseded_by=None, amount_fen__isnull=False)
    for line in rows.values_list(*names).iterator(chunk_size=_CHUNK):
        for column, value in zip(columns, line, strict=True):
            column.append(value)
    types = [
        pa.int64(),
        pa.int64(),
        pa.int64(),
        pa.string(),
        pa.string(),
        pa.int64(),
        pa.string(),
        pa.int64(),
        pa.int32(),
    ]
    arrays = {name: pa.array(column, kind) for name, column, kind in zip(names, columns, types, strict=True)}
    lake.register("existing", pa.table(arrays))


def _write(lake: duckdb.DuckDBPyConnection, now: dt.datetime, progress: Progress) -> tuple[int, int, int]:
    """Adds what is wanted and not there; what is there and not wanted is replaced by what takes its place, or taken out."""
    same = " AND ".join(f"w.{name} IS NOT DISTINCT FROM e.{name}" for name in _KEYS)
    lake.execute(f"""CREATE TEMP TABLE leaving AS SELECT e.*, row_number() OVER (PARTITION BY
          e.household_id, e.person_id, e.period, e.item, e.dataset ORDER BY e.id) AS turn
        FROM existing e WHERE NOT EXISTS (SELECT 1 FROM wanted w WHERE {same} AND w.amount_fen = e.amount_fen
          AND w.batch = e.batch_id AND w.row = e.row)""")
    lake.execute(f"""CREATE TEMP TABLE coming AS SELECT w.*, row_number() OVER (PARTITION BY
          w.household_id, w.person_id, w.period, w.item, w.dataset ORDER BY w.batch, w.row) AS turn
        FROM wanted w WHERE NOT EXISTS (SELECT 1 FROM existing e WHERE {same} AND w.amount_fen = e.amount_fen
          AND w.batch = e.batch_id AND w.row = e.row)""")
    matched = " AND ".join(f"c.{name} IS NOT DISTINCT FROM l.{name}" for name in (*_KEYS, "dataset", "turn"))
    coming = lake.execute(f"""SELECT c.household_id, c.person_id, home.region_code, c.period, c.item, c.amount_fen, c.dataset,
          c.batch, c.row, c.told_in, l.id FROM coming c JOIN home USING (household_id) LEFT JOIN leaving l ON {matched}
        ORDER BY c.household_id, c.period, c.item, c.batch, c.row""").fetchall()
    left = lake.execute(f"""SELECT l.household_id, l.person_id, l.period, l.item, l.dataset, l.batch_id, l.id
        FROM leaving l WHERE NOT EXISTS (SELECT 1 FROM coming c WHERE {matched}) ORDER BY l.id""").fetchall()
    progress("收入台账：记入", 0, len(coming) + len(left))
    _insert([_line(*row, now=now) for row in coming])
    villages = dict(Household.objects.filter(pk__in={row[0] for row in left}).values_list("pk", "region_code"))
    _insert([_taking_out(*row, region=villages[row[0]], now=now) for row in left])
    touched = sorted({row[0] for row in coming} | {row[0] for row in left})
    progress("收入台账：汇总各月", 0, len(touched))
    in_force.remake(touched, periods=sorted({row[3] for row in coming} | {row[2] for row in left}))
    return len(coming), len(left), len(touched)


_COLUMNS = (
    *("household_id", "person_id", "region_code", "period", "item", "part", "amount_fen", "source", "standing"),
    *(
        "confidence",
        "told_in",
        "dataset",
        "batch_id",
        "row",
        "visit",
        "note",
        "recorded_at",
        "recorded_by_id",
        "supersedes_id",
    ),
)


def _line(
    household: int,
    person: int | None,
    region: str,
    period: str,
    item: str,
    amount: int | None,
    dataset: str,
    batch: int,
    row: int,
    told_in: str,
    supersedes: int | None,
    *,
    now: dt.datetime,
) -> tuple[Any, ...]:
    saying = SAYINGS[dataset]
    source = SHEET if saying.is_sheet else FEED
    confidence = STATED if saying.is_stated else DEPARTMENT
    return (
        *(household, person, region, period, item, item.partition(".")[0], amount, source, saying.standing),
        *(confidence, told_in, dataset, batch, row, "", "", now, None, supersedes),
    )


def _taking_out(
    household: int,
    person: int | None,
    period: str,
    item: str,
    dataset: str,
    batch: int,
    supersedes: int,
    *,
    region: str,
    now: dt.datetime,
) -> tuple[Any, ...]:
    line = _line(household, person, region, period, item, None, dataset, batch, 0, period, supersedes, now=now)
    return (*line[:12], None, None, "", _why(batch), *line[16:])


def _why(batch: int) -> str:
    return f"第 {batch} 批的这一行不再生效"


def _insert(lines: Sequence[tuple[Any, ...]]) -> None:
    """Rows as they are: half a million objects would take a minute to build."""
    moment = _COLUMNS.index("recorded_at")
    adapt = database.ops.adapt_datetimefield_value
    names, marks = ", ".join(f'"{name}"' for name in _COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
    query = f"INSERT INTO households_incomeline ({names}) VALUES ({marks})"
    with database.cursor() as cursor:
        for start in range(0, len(lines), _CHUNK):
            chunk = [
                (*line[:moment], adapt(line[moment]), *line[moment + 1 :]) for line in lines[start : start + _CHUNK]
            ]
            cursor.executemany(query, chunk)


def forget_batches(batches: Iterable[Batch]) -> None:
    """For tests of a crash: the next collection looks at these batches once more."""
    keys = {str(batch.pk) for batch in batches}
    for state in LedgerState.objects.all():
        state.fingerprints = {key: value for key, value in state.fingerprints.items() if key not in keys}
        state.save(update_fields=["fingerprints"])
