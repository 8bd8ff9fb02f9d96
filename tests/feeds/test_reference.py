"""The manual of the datasets is printed from the declarations, and what they cite exists."""

from __future__ import annotations

from pathlib import Path

from shouwang import policy
from shouwang.feeds import reference
from shouwang.feeds.datasets import DATASETS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "datasets.zh-CN.md"


def test_the_committed_page_is_fresh():
    assert PAGE.read_text() == reference.page(), "stale: run `make docs` and commit"


def test_every_clause_and_parameter_that_a_dataset_names_exists():
    policies = policy.load()
    for dataset in DATASETS.values():
        for cite in dataset.cites:
            assert policies.clause(cite).duties, f"{dataset.code} cites {cite}, which no duty stands behind"
        if dataset.frequency_parameter:
            policies.parameter(dataset.frequency_parameter)
