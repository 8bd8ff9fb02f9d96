"""The rules: each page is made from the rule itself, the values that apply here and now, and its cases."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.feeds.datasets import DATASETS
from shouwang.organisation import roles
from shouwang.policy import Policies, Resolution
from shouwang.policy.parameters import COMPARATORS
from shouwang.screening import cases, catalogue
from shouwang.screening.rule import Rule

from .. import case_tables
from ..access import needs
from .parameters import Answers, PlaceAndDayForm

SUBJECTS = {"household": "户", "person": "人"}
REGISTER_LABELS = {
    "registry_income": "农户档案：年收入",
    "registry_person": "农户档案：人口",
    "registry_household": "农户档案：户",
}


@needs(roles.SEE_POLICIES)
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with its clauses and whether its values are there."""
    policies, form = policy.load(), PlaceAndDayForm(request)
    answers = Answers(policies, form)
    rows = [{"rule": bound.rule, "open": _open(policies, bound.rule, answers)} for bound in catalogue.rules().values()]
    return render(request, "web/policy/rules.html", {"rows": rows, "form": form})


@needs(roles.SEE_POLICIES)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: what it finds, by which clause, with which values, from which data, and its cases."""
    bound = catalogue.rules().get(code)
    if bound is None:
        raise Http404
    policies, form, shown = policy.load(), PlaceAndDayForm(request), bound.rule
    answers = Answers(policies, form)
    names = {
        "rule": shown,
        "bound": bound,
        "subject": SUBJECTS.get(shown.subject, shown.subject),
        "sentence": case_tables.sentence_with_places(shown.sentence),
        "clauses": [policies.clause(cite) for cite in shown.cites],
        "parameters": [_value(answers.of(name), name, shown) for name in shown.parameters],
        "datasets": [_dataset(name, shown) for name in shown.all_datasets],
        "cases": [case_tables.tables(case, shown) for case in cases.read(bound)],
        "form": form,
    }
    return render(request, "web/policy/rule.html", names | {"section": "rules"})


def _open(policies: Policies, rule: Rule, answers: Answers) -> list[Any]:
    """The parameters that stop the rule here and now."""
    found = [name for name in rule.uses if answers.of(name).value is None]
    if rule.needs_one_of and all(answers.of(name).value is None for name in rule.needs_one_of):
        found += rule.needs_one_of
    return [policies.parameter(name) for name in found]


def _value(answer: Resolution, name: str, rule: Rule) -> dict[str, Any]:
    if name in rule.uses:
        need = "必须有值"
    elif name in rule.needs_one_of:
        need = "至少一个有值"
    else:
        need = "没有值也可以"
    return {"answer": answer, "comparator": COMPARATORS.get(answer.comparator, ""), "need": need}


def _dataset(name: str, rule: Rule) -> dict[str, str]:
    if name in rule.datasets:
        need = "必须有"
    elif name in rule.needs_one_dataset_of:
        need = "至少有一种"
    else:
        need = "有则使用"
    if name in REGISTER_LABELS:
        return {"label": REGISTER_LABELS[name], "department": "全国系统导出", "need": need}
    dataset = DATASETS[name]
    return {"label": dataset.label, "department": dataset.department, "need": need}
