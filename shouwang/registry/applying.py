"""Puts a plan into force in one transaction: records, their history, missing ones, lake snapshots, the batch itself.

Nothing counts before the transaction ends. A crash leaves the batch as received and lake files that nobody reads; the
same command again finds the batch and goes the same way.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shouwang.foundation import bulk, secrets
from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress, silent
from shouwang.foundation.secrets import Keys
from shouwang.intake import actions as intake
from shouwang.intake import refused
from shouwang.intake.models import Batch, BatchState
from shouwang.organisation import audit

from . import comparing, digests, history, holding, known, snapshots, tables
from .fields import EXTRA, FIELDS
from .models import Coverage, Household
from .plan import CHANGED, HISTORY, NEW, STEPS, Plan

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_CHUNK = 5_000
# Sheet → what else a record of it has: the number it is found by, its owner, the index of its identity number.
_OWN = {
    "person": ("person_no", "household_id", "identity_index"),
    "household": ("household_no",),
    "monitored": ("household_id",),
    "outwork": ("person_id",),
}


def apply(plan: Plan, batch: Batch, *, by: Account | None, now: dt.datetime, progress: Progress = silent) -> None:
    """Writes everything or nothing. Raises UserError when the register was changed since the plan was made."""
    progress(STEPS[3], 3, len(STEPS))
    with transaction.atomic():
        holding.hold()
        changed = Batch.objects.filter(pk=batch.pk, state=BatchState.RECEIVED).update(
            state=BatchState.APPLIED,
            applied_at=now,
            counts=plan.counts,
            notices=plan.notices,
            headings=plan.heading.texts,
            columns=plan.columns,
        )
        if not changed:
            raise UserError("这个文件刚刚由另一项操作处理过", next_step="请刷新批次列表。")
        if comparing.register_mark() != (plan.register_mark[0] + 1, plan.register_mark[1]):
            raise UserError("比较之后档案又有变动，本次没有改动任何数据", next_step="请重新导入这个文件。")
        _Writing(plan, batch, secrets.load()).write(progress)
        Coverage.objects.bulk_create(
            Coverage(batch=batch, sheet=plan.kind, region_code=code, period=str(plan.period)) for code in _covered(plan)
        )
        progress(STEPS[4], 4, len(STEPS))
        snapshots.write(plan, batch)
        refused.save(batch=batch, refusals=plan.refusals)
        intake.remember_headings(dataset=plan.kind, sender=plan.sender, mapping=plan.mapping, by=by)
        audit.record(
            by=by,
            action="导入农户档案",
            region_code=batch.region_code,
            target=f"批次 {batch.pk}",
            detail={"sheet": plan.kind, "period": str(plan.period), "counts": plan.counts},
        )
    batch.refresh_from_db()


def _covered(plan: Plan) -> list[str]:
    rows = plan.connection.execute("SELECT DISTINCT region_code FROM incoming ORDER BY 1").fetchall()
    return [code for (code,) in rows]


class _Writing:
    """One batch on its way into the register, inside the caller's transaction."""

    def __init__(self, plan: Plan, batch: Batch, keys: Keys) -> None:
        self.plan = plan
        self.batch = batch
        self.keys = keys
        self.connection = plan.connection
        self.model = known.MODELS[plan.kind]
        self.own = _OWN[plan.kind]
        self.fields = FIELDS[plan.kind]

    def write(self, progress: Progress) -> None:
        self._number_the_owners()
        self._insert_new(progress)
        self._fill_known(f"v.kind = '{NEW}' AND v.record_id IS NOT NULL", "revived")
        self._fill_known(f"v.kind = '{CHANGED}'", "changed")
        self._tell_households_their_type()
        leave = history.close if self.plan.closes_missing else history.mark_missing
        leave(kind=self.plan.kind, ids=self.plan.missing, batch=self.batch, period=str(self.plan.period))
        history.mark_returned(kind=self.plan.kind, ids=self.plan.returned, batch=self.batch)

    # — who a row belongs to ———————————————————————————————————————————————————————————————————————

    def _number_the_owners(self) -> None:
        """``owner`` (number, id); households that only this sheet names are made first."""
        if self.plan.kind == "outwork":
            self.connection.execute(
                "CREATE OR REPLACE TEMP TABLE owner AS SELECT person_no AS number, id FROM known_person"
            )
            return
        if self.plan.kind in ("person", "monitored"):
            self._make_stubs()
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE owner AS SELECT household_no AS number, id FROM known_household"
        )

    def _make_stubs(self) -> None:
        stubs = self.connection.execute(f"""SELECT i.household_no, min(i.region_code), min_by(i.head_name, i.row), min(i.row)
            FROM incoming i JOIN verdict v ON v.row = i.row
            ANTI JOIN (FROM known_household WHERE NOT is_withdrawn) h ON h.household_no = i.household_no
            WHERE v.kind <> '{HISTORY}' GROUP BY 1 ORDER BY 1""").fetchall()
        if not stubs:
            return
        there = dict(
            self.connection.execute("SELECT household_no, id FROM known_household WHERE is_withdrawn").fetchall()
        )
        again = [there[number] for number, *_ in stubs if number in there]
        history.bring_back(kind="household", ids=again, batch=self.batch)
        bulk.insert(
            Household,
            ["household_no", "region_code", "head_name", "period", "first_batch", "first_row", "batch", "row_number",
             "is_stub", "household_type", "columns", "digest", "missing_since", "is_withdrawn", "closed_since"],
            (
                (number, region, name or "", str(self.plan.period), self.batch.pk, row, self.batch.pk, row,
                 True, "", "{}", "", "", False, "")
                for number, region, name, row in stubs
                if number not in there
            ),
        )  # fmt: skip
        made = Household.objects.filter(first_batch=self.batch, is_stub=True)
        columns = known.HOUSEHOLD_COLUMNS
        tables.append(self.connection, "known_household", columns, made.values_list(*columns).iterator(tables.CHUNK))

    def _owner(self) -> str:
        match self.plan.kind:
            case "household":
                return "i.key"
            case "person":
                return "i.key, o.id, i.identity_index"
        return "o.id"

    def _join_owner(self) -> str:
        if self.plan.kind == "household":
            return ""
        return f"JOIN owner o ON o.number = i.{'key' if self.plan.kind == 'outwork' else 'household_no'}"

    def _rows(self, where: str, first: str) -> Iterator[list[tuple[Any, ...]]]:
        """Rows in chunks: ``first``, row, own …, region_code, digest, columns, secrets, fields …"""
        fields = ", ".join(f"i.{name}::VARCHAR" if name == "born_on" else f"i.{name}" for name in self.fields)
        found = self.connection.execute(f"""SELECT {first}, i.row, {self._owner()}, i.region_code, i.digest, i.columns, i.secrets, {fields}
            FROM incoming i JOIN verdict v ON v.row = i.row {self._join_owner()} WHERE {where} ORDER BY {first}""")
        while chunk := found.fetchmany(_CHUNK):
            yield chunk

    # — records ————————————————————————————————————————————————————————————————————————————————————

    def _insert_new(self, progress: Progress) -> None:
        own = len(self.own)
        names = [name.removesuffix("_id") for name in self.own]
        columns = [
            "first_row", "row_number", *names, "region_code", "digest", "columns", "secrets", *self.fields,
            "period", "first_batch", "batch", "missing_since", "is_withdrawn", "closed_since",
        ]  # fmt: skip
        rest: tuple[Any, ...] = (str(self.plan.period), self.batch.pk, self.batch.pk, "", False, "")
        if self.plan.kind == "household":
            columns.append("is_stub")
            rest += (False,)
        total, done = self.plan.counts[NEW], 0

        def rows() -> Iterator[Sequence[Any]]:
            nonlocal done
            for chunk in self._rows(f"v.kind = '{NEW}' AND v.record_id IS NULL", "i.row"):
                for row in chunk:
                    yield (*row[: own + 3], *self._as_it_came(row), *row[own + 6 :], *rest)
                done += len(chunk)
                progress(STEPS[3], done, total)

        bulk.insert(self.model, columns, rows())

    def _as_it_came(self, row: tuple[Any, ...]) -> tuple[str, str, bytes | None]:
        """Digest, columns and encrypted secrets of a row of ``_rows`` to which nothing from before is added."""
        digest, columns, hidden = row[len(self.own) + 3 : len(self.own) + 6]
        return digest, columns, None if hidden == "{}" else self.keys.encrypt(hidden.encode())

    def _fill_known(self, where: str, operation: str) -> None:
        """Records that are there already get the row's columns; what they were like before goes into the history."""
        own, headings = len(self.own), frozenset(self.plan.columns)
        for chunk in self._rows(where, "v.record_id"):
            found = history.states(self.plan.kind, [row[0] for row in chunk])
            records = {key: (state, before, hidden) for key, state, before, hidden in found}
            changes, updates = [], []
            for row in chunk:
                state, before, encrypted = records[row[0]]
                before_secrets = self.keys.decrypt_values(encrypted)
                columns, hidden = json.loads(row[own + 4]), json.loads(row[own + 5])
                told = list(row[own + 6 :])
                if self.plan.kind == "household" and not told[1]:
                    told[1] = state["household_type"]  # the monitored sheet may have said it
                fields = history.differences({**before, **before_secrets}, {**columns, **hidden}, self.plan.columns)
                changes.append((row[0], row[1], operation, state, fields))
                if headings.issuperset(before) and headings.issuperset(before_secrets):
                    written = self._as_it_came(row)
                else:
                    # Columns that this file does not have keep what an earlier one said.
                    columns = {**{h: v for h, v in before.items() if h not in headings}, **columns}
                    hidden = {**{h: v for h, v in before_secrets.items() if h not in headings}, **hidden}
                    written = (
                        digests.of(self.keys, columns, hidden),
                        json.dumps(columns, ensure_ascii=False),
                        self.keys.encrypt_values(hidden) if hidden else None,
                    )
                updates.append(
                    (
                        row[0], row[1], *row[2 : own + 2], row[own + 2], *written,
                        *told, str(self.plan.period), self.batch.pk, "", False, "",
                        *((False,) if self.plan.kind == "household" else ()),
                    )
                )  # fmt: skip
            history.note(kind=self.plan.kind, batch=self.batch, keys=self.keys, changes=changes)
            names = [name.removesuffix("_id") for name in self.own]
            bulk.update(
                self.model,
                "id",
                [
                    "row_number", *names, "region_code", "digest", "columns", "secrets", *self.fields, "period", "batch",
                    "missing_since", "is_withdrawn", "closed_since", *(("is_stub",) if self.plan.kind == "household" else ()),
                ],
                updates,
            )  # fmt: skip

    def _tell_households_their_type(self) -> None:
        """户类型 may stand in the monitored sheet: it counts where the household sheet says none (interfaces.md, Files in)."""
        if "household_type" not in EXTRA[self.plan.kind]:
            return
        rows = dict(
            self.connection.execute(f"""SELECT o.id, i.household_type FROM incoming i JOIN verdict v ON v.row = i.row
                JOIN owner o ON o.number = i.household_no
                WHERE v.kind <> '{HISTORY}' AND i.household_type <> ''""").fetchall()
        )
        changes: list[history.Noted] = []
        updates: list[tuple[int, str]] = []
        for household in known.records("household", list(rows)):
            assert isinstance(household, Household)
            said = rows[household.pk]
            if household.columns.get("户类型", "").strip() or household.household_type == said:
                continue
            changes.append((household.pk, None, "changed", history.state_of(household, "household"), {}))
            updates.append((household.pk, said))
        history.note(kind="household", batch=self.batch, keys=self.keys, changes=changes)
        bulk.update(Household, "id", ["household_type"], updates)
