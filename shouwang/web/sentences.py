"""Findings as sentences: what was observed, against which value, and where both come from."""

from __future__ import annotations

from shouwang.foundation.periods import Month
from shouwang.screening import catalogue, figures
from shouwang.screening.models import Finding
from shouwang.screening.rule import JUDGEMENT, PROVISIONAL

_SPENDING_MONTHS = "household.rigid_spending_months"


def observed_of(finding: Finding) -> str:
    """What was observed, for people."""
    bound = catalogue.rules().get(finding.rule)
    unit = bound.rule.unit if bound else ""
    return figures.observed_words(unit, finding.observed, finding.threshold, finding.comparator)


def of_finding(finding: Finding) -> str:
    """The rule's sentence with this finding's figures; ``finding.person`` and ``finding.result`` are at hand."""
    bound = catalogue.rules().get(finding.rule)
    if bound is None:
        return f"{finding.rule}：{finding.observed}"
    months = (finding.result.parameters.get(_SPENDING_MONTHS) or {}).get("value") or ""
    sentence = bound.rule.sentence.format(
        person=finding.person.name if finding.person else "",
        observed=observed_of(finding),
        comparator=figures.COMPARATOR_WORDS.get(finding.comparator, ""),
        threshold=figures.spoken(bound.rule.unit, finding.threshold),
        present=finding.present_count or "",
        expected=finding.expected_count or "",
        year=finding.as_of.year,
        as_of=f"{finding.as_of.month}月{finding.as_of.day}日",
        month=Month.of(finding.as_of).label,
        months=months,
    )
    if finding.status == JUDGEMENT:
        return f"{sentence}；文件没有写明数额，请核实后判断"
    if finding.status == PROVISIONAL:
        return f"{sentence}（暂定，缺 {'、'.join(finding.missing_months)}）"
    return sentence
