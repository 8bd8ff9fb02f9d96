"""What pages call the files that come in: departments' datasets and the national system's sheets, and the parts of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouwang.feeds.datasets import DATASETS
from shouwang.feeds.queries import COUNT_LABELS
from shouwang.households.registers import contracts
from shouwang.households.registers.catalogue import REGISTERS
from shouwang.intake.models import Batch
from shouwang.registry import plan
from shouwang.registry.sheets import SHEETS

REGISTRY_SHEETS = {code: f"农户档案·{sheet.label}" for code, sheet in SHEETS.items()}
LABELS = {
    **REGISTRY_SHEETS,
    **{code: dataset.label for code, dataset in DATASETS.items()},
    **{contracts.code_of(one): f"台账·{one.label}" for one in REGISTERS},
}

# Parts of the rows of a sheet; what is missing from it are records, not rows, and stands beside.
REGISTRY_PARTS = {kind: plan.LABELS[kind] for kind in plan.ROW_KINDS}
REGISTRY_RECORDS = {kind: plan.LABELS[kind] for kind in ("missing", "returned")}


def parts(batch: Batch) -> list[tuple[str, str, int]]:
    """What became of a file's rows: key, words, number, in a fixed order."""
    return parts_of(batch.purpose, batch.counts)


def parts_of(purpose: str, counts: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    labels = COUNT_LABELS if purpose == "feed" else REGISTRY_PARTS
    return [(key, label, counts[key]) for key, label in labels.items() if key in counts]


def records_of(counts: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Records of the register that a sheet no longer names, or names again."""
    return [(label, counts[key]) for key, label in REGISTRY_RECORDS.items() if counts.get(key)]
