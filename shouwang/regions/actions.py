"""Loads the divisions and their boundaries, and applies files of changes: each all or nothing, each harmless when repeated."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from pathlib import Path

from django.db import transaction

from shouwang.foundation.progress import Progress, silent

from . import catalogue, change_files, changes, storage
from .changes import Change
from .models import Edition


def load(
    *,
    progress: Progress = silent,
    today: dt.date | None = None,
    counties_in_detail: Collection[str] | None = None,
) -> int:
    """Brings the program's divisions and published changes into the database; returns how many lines were added.

    Codes that the database knows are left as they are, whatever a county changed stays. ``counties_in_detail`` (12-digit
    codes) loads townships and villages of these counties only.
    """
    mark = catalogue.fingerprint() + "".join(sorted(counties_in_detail or ()))
    fingerprint = hashlib.sha256(mark.encode()).hexdigest()
    with transaction.atomic():
        storage.lock()
        if Edition.objects.filter(kind="list", content_hash=fingerprint).exists():
            return 0
        progress("读取行政区划")
        ours = catalogue.divisions(counties_in_detail=counties_in_detail)
        table = ours
        if storage.edition():
            table = storage.read_all()
            for line in [line for line in ours if line.code not in table]:
                table.add(line)
            changes.apply(table, change_files.read(catalogue.CHANGES_FILE), place=catalogue.CHANGES_FILE.name)
        progress("写入行政区划")
        added, changed = storage.write(table)
        storage.new_edition(
            kind="list",
            file_name=catalogue.EDITION,
            content_hash=fingerprint,
            counts={"added": added, "changed": changed},
            applied_on=today,
        )
    return added


def apply_changes(path: Path, *, today: dt.date, is_dry_run: bool = False) -> list[Change]:
    """Applies a file of changes (YAML or CSV); returns the changes that were not there yet.

    Raises UserError with the faulty lines; the divisions are then as before. Applied again, nothing happens.
    """
    declared = change_files.read(path)
    with transaction.atomic():
        storage.lock()
        table = storage.read_all()
        effective = changes.apply(table, declared, place=path.name, today=today)
        if effective and not is_dry_run:
            added, changed = storage.write(table)
            storage.new_edition(
                kind="changes",
                file_name=path.name,
                content_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
                counts={"added": added, "changed": changed},
                applied_on=today,
            )
    return effective
