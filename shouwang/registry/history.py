"""What a batch did to each record, so that it can be told field by field and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from shouwang.foundation import bulk, secrets
from shouwang.foundation.secrets import Keys
from shouwang.intake.headings import Vocabulary
from shouwang.intake.models import Batch

from . import known
from .fields import FIELDS
from .models import Change, SheetRecord
from .sheets import SHEETS

# What a record has besides the columns of its row; a reversal puts all of it back.
_COMMON = ("region_code", "period", "digest", "batch_id", "row_number", "missing_since", "is_withdrawn", "closed_since")
_OWN = {
    "person": ("household_id", "identity_index"),
    "household": ("is_stub",),
    "monitored": (),
    "outwork": (),
}
_CHUNK = 900

_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: a county is a hundred thousand lines

Fields = dict[str, tuple[str, str]]
# record, row in the file, operation, what the record was like, fields by heading
Noted = tuple[int, int | None, str, dict[str, Any], Fields]


def state_names(kind: str) -> tuple[str, ...]:
    """The names of what ``state_of`` tells."""
    return (*_COMMON, *_OWN[kind], *FIELDS[kind])


def state_of(record: SheetRecord, kind: str) -> dict[str, Any]:
    """Everything but the columns, ready for JSON."""
    return _ready({name: getattr(record, name) for name in state_names(kind)})


def states(kind: str, ids: Sequence[int]) -> Iterator[tuple[int, dict[str, Any], dict[str, str], bytes | None]]:
    """Key, ``state_of``, columns and encrypted secrets of some records; no record is made of them."""
    names = state_names(kind)
    for chunk in bulk.chunks(ids, _CHUNK):
        rows = known.MODELS[kind].objects.filter(pk__in=chunk).values_list("pk", "columns", "secrets", *names)
        for key, columns, hidden, *state in rows.iterator(chunk_size=_CHUNK):
            yield key, _ready(dict(zip(names, state, strict=True))), columns, bytes(hidden) if hidden else None


def _ready(state: dict[str, Any]) -> dict[str, Any]:
    if state.get("born_on"):
        state["born_on"] = state["born_on"].isoformat()
    return state


def differences(before: Mapping[str, str], after: Mapping[str, str], headings: Iterable[str]) -> Fields:
    """heading → (before, after) of what differs under the given headings."""
    if not before:  # a household that only the people's sheet had named: nearly every one of its headings is new
        return {heading: ("", after[heading]) for heading in headings if after.get(heading)}
    told = dict(before.items() ^ after.items())  # the few that may differ, found without a look at every heading
    return {
        heading: (before.get(heading, ""), after.get(heading, ""))
        for heading in headings
        if heading in told and before.get(heading, "") != after.get(heading, "")
    }


def is_secret_of(model: type) -> Callable[[str], bool]:
    """Whether a heading of this model's sheet is kept encrypted; an alias is kept like the column that it stands for."""
    kind = next(kind for kind, own in known.MODELS.items() if own is model)
    sheet = SHEETS[kind]
    vocabulary = Vocabulary(sheet)

    def is_secret(heading: str) -> bool:
        column = vocabulary.known(heading)
        return sheet.is_secret(column.heading if column else heading)

    return is_secret


def note(*, kind: str, batch: Batch, keys: Keys, changes: Sequence[Noted]) -> None:
    """Adds lines to the history, in the caller's transaction."""
    bulk.insert(
        Change,
        ["batch", "sheet", "record_id", "row_number", "operation", "before_state", "fields"],
        (
            (
                batch.pk,
                kind,
                record_id,
                row,
                operation,
                _json(state),
                keys.encrypt(_json(fields).encode()) if fields else None,
            )
            for record_id, row, operation, state, fields in changes
        ),
    )


def fields_of(change: Change, keys: Keys) -> Fields:
    """heading → (before, after)."""
    if not change.fields:
        return {}
    return {
        heading: (before, after) for heading, (before, after) in json.loads(keys.decrypt(bytes(change.fields))).items()
    }


def mark_missing(*, kind: str, ids: Sequence[int], batch: Batch, period: str) -> None:
    """Records that the file does not name are flagged, not removed: a person decides what it means."""
    _set(kind, ids, batch, "missing", {"missing_since": period})


def mark_returned(*, kind: str, ids: Sequence[int], batch: Batch) -> None:
    """Records that were missing and are named again."""
    _set(kind, ids, batch, "revived", {"missing_since": ""})


def bring_back(*, kind: str, ids: Sequence[int], batch: Batch) -> None:
    """Withdrawn records that a file needs again."""
    _set(kind, ids, batch, "revived", {"is_withdrawn": False, "closed_since": "", "missing_since": ""})


def close(*, kind: str, ids: Sequence[int], batch: Batch, period: str) -> None:
    """Records leave the register."""
    _set(kind, ids, batch, "closed", {"is_withdrawn": True, "closed_since": period})


def _set(kind: str, ids: Sequence[int], batch: Batch, operation: str, values: dict[str, Any]) -> None:
    keys = secrets.load()
    model = known.MODELS[kind]
    for start in range(0, len(ids), _CHUNK):
        part = list(ids[start : start + _CHUNK])
        rows = model.objects.filter(pk__in=part).values("pk", *values)
        lines: list[Noted] = [
            (row["pk"], None, operation, {name: row[name] for name in values}, {})
            for row in rows
            if any(row[name] != value for name, value in values.items())
        ]
        note(kind=kind, batch=batch, keys=keys, changes=lines)
        model.objects.filter(pk__in=part).update(**values)
