"""What pages call the files that come in: departments' datasets and the national system's sheets, and the parts of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouwang.feeds.datasets import DATASETS
from shouwang.feeds.queries import COUNT_LABELS
from shouwang.intake.models import Batch

REGISTRY_SHEETS = {
    "household": "农户档案·农户表",
    "person": "农户档案·人口表",
    "monitored": "农户档案·监测对象表",
    "outwork": "农户档案·外出务工表",
}
LABELS = {**REGISTRY_SHEETS, **{code: dataset.label for code, dataset in DATASETS.items()}}

REGISTRY_PARTS = {
    "new": "新增",
    "changed": "变更",
    "same": "没有变化",
    "conflicting": "冲突",
    "refused": "退回",
    "missing": "文件中没有",
}


def parts(batch: Batch) -> list[tuple[str, str, int]]:
    """What became of a file's rows: key, words, number, in a fixed order."""
    return parts_of(batch.purpose, batch.counts)


def parts_of(purpose: str, counts: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    labels = COUNT_LABELS if purpose == "feed" else REGISTRY_PARTS
    return [(key, label, counts[key]) for key, label in labels.items() if key in counts]
