"""Loads the divisions and their boundaries, and applies files of changes: each all or nothing, each harmless when repeated."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from pathlib import Path

from django.db import transaction

from shouwang.foundation import bulk
from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress, silent

from . import boundaries, catalogue, change_files, changes, storage
from .changes import Change
from .models import Boundary, Edition


def load(
    *,
    progress: Progress = silent,
    today: dt.date | None = None,
    counties_in_detail: Collection[str] | None = None,
) -> int:
    """Brings the program's divisions, published changes and county outlines into the database; returns how many divisions
    were added.

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
        known = set(Boundary.objects.values_list("region_code", flat=True))
        outlines = {code: outline for code, outline in boundaries.shipped().items() if code not in known}
        _write_outlines(outlines, boundaries.SHIPPED_SOURCE, "")
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


def load_boundaries(path: Path, *, source: str, approval_number: str = "", today: dt.date | None = None) -> int:
    """Takes outlines from a GeoJSON file (EPSG:4490), in the place of those that are there for the same divisions.

    ``source`` and ``approval_number`` (审图号) are shown with every map. Returns how many outlines. Raises UserError, with
    nothing changed, when a feature cannot be an outline or names a division that does not exist.
    """
    if not source.strip():
        raise UserError("没有写边界的来源", next_step="请写明数据由谁提供，地图上会注明。")
    outlines = boundaries.read(path)
    with transaction.atomic():
        storage.lock()
        tree = storage.tree()
        unknown = [code for code in outlines if code not in tree and not storage.exists(code)]
        if unknown:
            raise UserError(
                f"{len(unknown)} 个图形的区划代码不存在：{'、'.join(unknown[:5])}",
                place=path.name,
                next_step="请核对代码；新设的区划请先用 shouwang regions apply-changes 导入。",
            )
        Boundary.objects.filter(region_code__in=list(outlines)).delete()
        _write_outlines(outlines, source.strip(), approval_number.strip())
        storage.new_edition(
            kind="boundaries",
            file_name=path.name,
            content_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
            counts={"added": len(outlines)},
            applied_on=today,
        )
    return len(outlines)


def _write_outlines(outlines: dict[str, boundaries.MultiPolygon], source: str, approval_number: str) -> None:
    bulk.insert(
        Boundary,
        ("region_code", "geometry", "source", "approval_number"),
        (
            (code, json.dumps({"type": "MultiPolygon", "coordinates": polygons}), source, approval_number)
            for code, polygons in outlines.items()
        ),
    )
