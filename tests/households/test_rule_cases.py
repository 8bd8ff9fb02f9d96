"""The manual of every rule holds: each case of each rule file comes out on DuckDB as its sentence says."""

from __future__ import annotations

import pytest

from shouwang.households.manifest import RULES, SUBJECT
from shouwang.screening import cases, engines


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_cases_come_out_as_they_say(rule, home):
    with engines.start("duckdb") as engine:
        verdicts = cases.run(engine, SUBJECT, [rule])
    wrong = [
        (verdict.case.sentence, verdict.case.expect, verdict.found) for verdict in verdicts if not verdict.is_right
    ]
    assert not wrong


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_shows_a_hit_a_miss_and_a_boundary(rule):
    written = cases.read(rule)
    assert len(written) >= 4
    assert any(case.expect for case in written)
    assert any(not case.expect for case in written)
    assert len({case.as_of for case in written}) >= 2 or not rule.rule.uses, (
        "the day on which a value changed is missing"
    )


def test_a_wrong_expectation_is_noticed(home):
    """The check itself can fail: a case turned on its head is not right."""
    rule = RULES[0]
    with engines.start("duckdb") as engine:
        verdicts = cases.run(engine, SUBJECT, [rule])
    for verdict in verdicts:
        if verdict.found:
            verdict.case.expect.clear()
            assert not verdict.is_right
