"""The rules say of every constructed case exactly what the truth says, on the line and a fen beside it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shouwang.demonstration import overlay
from shouwang.households.manifest import SUBJECT
from shouwang.intake import queries

from .conftest import Written
from .ideal import findings, lake_of


@pytest.fixture(scope="module")
def files(written: Written, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> dict[str, list[Path]]:
    folder = tmp_path_factory.mktemp("ideal")
    villages = sorted({line["village"] for line in written.truth.of("water")})
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("SHOUWANG_HOME", str(folder))
        patch.setattr(queries, "villages_in_force", lambda: villages)
        return lake_of(written, folder)


@pytest.mark.django_db
def test_every_case_comes_out_as_told_and_nothing_else_is_said_of_it(
    written: Written, files: dict[str, list[Path]]
) -> None:
    found = findings(files, overlay.policies(), SUBJECT)
    told = {line["household_no"]: (line["case"], line["findings"]) for line in written.truth.of("case")}
    assert {number: (case, found.get(number, {})) for number, (case, _) in told.items()} == told


@pytest.mark.django_db
def test_open_parameters_decide_their_cases_once_they_get_a_value(
    written: Written, files: dict[str, list[Path]]
) -> None:
    policies = overlay.policies()
    waiting = [line for line in written.truth.of("case") if line["when"]]
    assert {line["when"][0] for line in waiting} == {"household.transfer_share_limit", "household.low_income_limit"}
    for name in {line["when"][0] for line in waiting}:
        cases = [line for line in waiting if line["when"][0] == name]
        value = Decimal(cases[0]["when"][1])
        found = findings(files, policies, SUBJECT, **{name.replace(".", "__"): value})
        assert {line["household_no"]: found.get(line["household_no"], {}).get(line["rule"], "") for line in cases} == {
            line["household_no"]: line["when"][2] for line in cases
        }


def test_every_rule_has_its_households(written: Written) -> None:
    count = Counter(line["rule"] for line in written.truth.of("case"))
    count.update(line["rule"] for line in written.truth.of("water"))
    assert set(count) == {rule.code for rule in SUBJECT.rules}
    assert all(number >= 12 for rule, number in count.items() if rule != "household.water_unsafe")


def test_rows_of_cases_are_never_damaged(written: Written) -> None:
    members = {number for line in written.truth.of("case") for number in line["members"]}
    damaged = [
        line for line in written.truth.of("row") if line.get("person_no") in members and line["expected"] != "repaired"
    ]
    assert damaged == []


def test_the_village_of_the_demonstration_has_cases_to_look_at(written: Written) -> None:
    here = [line for line in written.truth.of("case") if line["village"] == "130630102200"]
    assert len(here) >= 5
    assert len({line["rule"] for line in here}) >= 3
