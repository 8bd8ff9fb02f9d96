"""What the coverage table says implements a duty is really there."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from shouwang import policy
from shouwang.config.coverage import CLAIMS
from shouwang.policy import coverage

ROOT = Path(__file__).resolve().parents[2]


def exists(name: str) -> bool:
    """A file of the documentation, a module below ``shouwang``, or an attribute of one."""
    if name.startswith("docs/"):
        return (ROOT / name).is_file()
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(["shouwang", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


@pytest.mark.parametrize("duty", CLAIMS)
def test_what_a_claim_names_exists(duty):
    assert [name for name in CLAIMS[duty].by if not exists(name)] == []


def test_every_claim_is_about_a_duty_of_the_documents():
    coverage.check(policy.load(), claims=CLAIMS)


def test_a_name_that_is_not_there_is_noticed():
    assert not exists("households.rules.no_such_rule")
    assert not exists("casework.actions.no_such_action")
    assert not exists("docs/explanation/no-such-page.md")
