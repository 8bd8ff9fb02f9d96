"""Leads: the list, and the page of a lead that explains itself down to the row of the file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.casework import case_queries, clocks, pausing, verification
from shouwang.casework import queries as casework
from shouwang.casework.models import Lead, LeadReason
from shouwang.casework.models.leads import CHANNELS, RULE_CHANNEL
from shouwang.jobs import clock, dispatching, exports
from shouwang.organisation import roles
from shouwang.policy import Policies, shapes
from shouwang.policy.parameters import COMPARATORS
from shouwang.regions import queries as regions
from shouwang.registry.models import Monitoring, Person
from shouwang.screening import catalogue
from shouwang.screening import queries as screening
from shouwang.screening.models import Finding

from .. import evidence, lists, sentences, step_pictures, steps, told
from ..access import account_of, needs, scope_of, seen_or_404

ORDERS = (
    lists.Order("due", ("due_on", "lead_no"), frozenset({"due_on"})),
    lists.Order("number", ("lead_no",)),
    lists.Order("opened", ("opened_on", "lead_no")),
    lists.Order("village", ("region_code", "lead_no")),
)
LATE, SOON = "late", "soon"
SEARCHING = {"text", "rule", "batch"}
STATE_LABELS = {state.code: state.label for state in verification.PROCEDURE.states}


def _causes() -> list[tuple[str, str]]:
    """Why a lead may be there: what a rule found, or who told of it."""
    rules = [(code, bound.rule.label) for code, bound in catalogue.rules().items()]
    return rules + [(code, label) for code, label in CHANNELS if code != RULE_CHANNEL]


class LeadsForm(lists.ListForm):
    rule = forms.ChoiceField(label="原因", required=False)
    due = forms.ChoiceField(
        label="期限", required=False, choices=[("", "全部"), (LATE, "已超期"), (SOON, "三天内到期")]
    )
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "未办结"), *STATE_LABELS.items()])
    q = forms.CharField(label="户主、户编号或线索编号", required=False, max_length=60)
    batch = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        lists.offer(self, "rule", [("", "全部"), *_causes()])

    @property
    def filters(self) -> dict[str, str]:
        today, due = clock.today(), self.chosen("due")
        found = {"rule": self.chosen("rule"), "text": self.chosen("q").strip(), "status": self.chosen("status")}
        if due == LATE:
            found["late_on"] = today.isoformat()
        elif due == SOON:
            found |= {"due_from": today.isoformat(), "due_until": (today + dt.timedelta(days=3)).isoformat()}
        return self.kept(found | {"batch": str(self.chosen("batch"))})


@needs(roles.SEE_LEADS)
def leads(request: HttpRequest) -> HttpResponse:
    """The list: filter, sort, search, page."""
    scope, today = scope_of(request), clock.today()
    form = LeadsForm(request.GET, scope=scope, home=account_of(request).region_code)
    rows = exports.leads(scope, form.filters)
    may_dispatch = account_of(request).may(roles.DISPATCH_LEADS)
    parts = {"dispatchable": Q(state__in=dispatching.DISPATCHABLE)} if may_dispatch else {}
    page = lists.page(
        rows,
        orders=ORDERS,
        asked=request.GET,
        unit="条",
        parts=parts,
        is_searched=bool(SEARCHING & form.filters.keys()),
    )
    page.names = regions.names_of(
        {code for lead in page.rows for code in (lead.region_code, lead.region_code[:9] + "000")}
    )
    labels = {code: rule.rule.label for code, rule in catalogue.rules().items()}
    names = {"form": form, "page": page, "today": today, "labels": labels, "states": STATE_LABELS}
    names["channels"] = dict(CHANNELS)
    if may_dispatch:
        names["dispatchable"] = page.parts["dispatchable"]
        names["dispatchable_states"] = dispatching.DISPATCHABLE
        names["dispatching"] = dispatching.running(by=account_of(request))
    return render(request, "web/leads/leads.html", names)


@needs(roles.SEE_LEADS)
def lead(request: HttpRequest, lead_no: str) -> HttpResponse:
    """One lead: who, why, by which clause, against which value, from which rows, until when; and what to do about it."""
    return page(request, seen_or_404(Lead.objects.select_related("household"), scope_of(request), lead_no=lead_no))


def page(
    request: HttpRequest, shown: Lead, *, refused: steps.StepForm | None = None, status: int = 200
) -> HttpResponse:
    """``refused``: the form of a step that was just sent and came back with its faults."""
    scope = scope_of(request)
    joined = list(
        shown.reasons.filter(finding__isnull=False)
        .select_related("finding__result", "finding__person", "finding__household")
        .order_by("joined_on", "pk")
    )
    standing = [reason for reason in joined if reason.left_on is None]
    shown_reasons = standing if shown.is_open else joined
    opened = evidence.open_rows(scope, [point for reason in shown_reasons for point in _finding(reason).evidence])
    policies, seen = policy.load(), set[Any]()
    names = {
        "lead": shown,
        "state": verification.PROCEDURE.state(shown.state),
        "today": clock.today(),
        "county": regions.full_name(regions.county_of(shown.region_code)),
        "persons": _persons(shown),
        "monitoring": Monitoring.objects.filter(household=shown.household, is_withdrawn=False).first(),
        "reasons": [_reason(policies, reason, opened, seen) for reason in shown_reasons],
        "history": [(reason, sentences.of_finding(_finding(reason))) for reason in joined],
        "has_left": any(reason.left_on for reason in joined),
        "told": (said := told.of(shown, by=account_of(request))),
        "reason_count": len(shown_reasons) + len(said),
        "record": casework.reasons_of([shown])[shown.pk],
        "questions": shown.questions,
        "clock_parameter": policies.parameters.get(shown.due_parameter.get("parameter", "")),
        "clock_note": clocks.note(shown.due_parameter),
        "offers": steps.offers(request, shown, refused=refused),
        "may_pause": pausing.may(proceeding=shown, by=account_of(request)),
        "stood_on": pausing.stood_on(shown),
        "events": step_pictures.shown(
            (steps.told(event) for event in case_queries.events(shown)), by=account_of(request)
        ),
        "case": getattr(shown, "case", None),
    }
    return render(request, "web/leads/lead.html", names | {"section": "leads"}, status=status)


def _finding(reason: LeadReason) -> Finding:
    assert reason.finding is not None  # what was told by somebody is shown apart
    return reason.finding


def _persons(lead: Lead) -> list[Person]:
    return list(lead.household.persons.filter(is_withdrawn=False).order_by("person_no"))


def _reason(
    policies: Policies, reason: LeadReason, opened: dict[evidence.Point, evidence.Row], seen: set[Any]
) -> dict[str, Any]:
    """One reason as the page shows it."""
    finding = _finding(reason)
    bound = catalogue.rules().get(finding.rule)
    return {
        "finding": finding,
        "rule": bound.rule if bound else None,
        "sentence": sentences.of_finding(finding),
        "observed": sentences.observed_of(finding),
        "clauses": [policies.clause(cite) for cite in screening.cites(finding.result) if "#" in cite],
        "values": [_value(policies, finding, one) for one in _deciding(finding)],
        "groups": evidence.grouped(finding.evidence, opened, seen),
        "joined_on": reason.joined_on,
        "is_answered": reason.is_answered,
    }


def _deciding(finding: Finding) -> list[dict[str, Any]]:
    """The parameters behind a finding; of several lines only the one that it was measured against."""
    used = screening.deciding_parameters(finding.result)
    matching = [one for one in used if finding.threshold and _is_same(one["value"], finding.threshold)]
    return matching if len(used) > 1 and matching else used


def _is_same(value: Any, threshold: str) -> bool:
    try:
        return Decimal(str(value)) == Decimal(threshold)
    except ArithmeticError:
        return False


def _value(policies: Policies, finding: Finding, used: dict[str, Any]) -> dict[str, Any]:
    """A parameter as the run used it, in words; the words of today's value only where it is still the same."""
    parameter = policies.parameters.get(used["name"])
    if parameter is None:
        return used | {"label": used["name"], "text": used["value"]}
    answer = policies.resolve(used["name"], region_code=finding.result.county_code, on=finding.as_of)
    text = answer.text if shapes.plain(answer.value) == used["value"] else str(used["value"])
    return used | {"label": parameter.label, "text": text, "words": COMPARATORS.get(used["comparator"], "")}


class NotIncludedForm(lists.ListForm):
    rule = forms.ChoiceField(label="原因", required=False)
    q = forms.CharField(label="户主、户编号或线索编号", required=False, max_length=60)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        lists.offer(self, "rule", [("", "全部"), *_causes()])

    @property
    def filters(self) -> dict[str, str]:
        return self.kept({"rule": self.chosen("rule"), "text": self.chosen("q").strip()})


# xuchang-2022-1#3.1.2.3, hebei-xiangzhenfa-2022-14#1.7
@needs(roles.SEE_CASES)
def not_included(request: HttpRequest) -> HttpResponse:
    """Every hit that did not lead to an inclusion, each with its reason."""
    scope = scope_of(request)
    form = NotIncludedForm(request.GET, scope=scope, home=account_of(request).region_code)
    orders = (lists.Order("village", ("region_code", "lead_no")), lists.Order("opened", ("opened_on", "lead_no")))
    is_searched = bool(SEARCHING & form.filters.keys())
    rows = exports.not_included(scope, form.filters)
    page = lists.page(rows, orders=orders, asked=request.GET, unit="条", is_searched=is_searched)
    page.names = regions.names_of(
        {code for lead in page.rows for code in (lead.region_code, lead.region_code[:9] + "000")}
    )
    labels = {code: rule.rule.label for code, rule in catalogue.rules().items()}
    names = {"form": form, "page": page, "labels": labels, "reasons": casework.reasons_of(page.rows)}
    names["channels"] = dict(CHANNELS)
    return render(request, "web/leads/not_included.html", names | {"section": "leads"})


@needs(roles.SEE_LEADS)
def collection(request: HttpRequest) -> HttpResponse:
    """The months of income that somebody still has to collect."""
    scope = scope_of(request)
    form = lists.ListForm(request.GET, scope=scope, home=account_of(request).region_code)
    orders = (lists.Order("village", ("region_code", "household_id", "month", "id")),)
    page = lists.page(exports.collection(scope, form.filters), orders=orders, asked=request.GET, unit="项")
    page.names = regions.names_of({task.region_code for task in page.rows})
    return render(request, "web/leads/collection.html", {"form": form, "page": page, "section": "home"})
