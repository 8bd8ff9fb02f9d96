"""Running the screening of a region, and what a run found, could not compute, or would find under another value."""

from __future__ import annotations

from collections import Counter

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.foundation.periods import Month
from shouwang.jobs import clock, exports, queue
from shouwang.jobs.models import Job, JobState
from shouwang.organisation import audit, roles
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person
from shouwang.screening import catalogue, queries
from shouwang.screening.rule import STATUS_LABELS

from .. import lists
from ..access import account_of, needs, scope_of
from ..runs import counties_with_register, run_or_404, runs_seen, tables_of

RUN_ORDERS = (lists.Order("newest", ("id",), is_descending=True),)


class StartForm(forms.Form):
    """Where and for which month to screen."""

    region = forms.ChoiceField(label="区域")
    as_of = forms.DateField(
        label="截至日期",
        help_text="一般是所筛查月份的最后一天",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    opened_on = forms.DateField(
        label="线索发现日",
        help_text="从这一天起计算办结时限",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *arguments, counties: dict[str, str], home: str, **names) -> None:
        super().__init__(*arguments, **names)
        choices = list(counties.items())
        if len(choices) > 1 and home not in counties:
            choices.insert(0, (home, f"{regions.name(home)}全部 {len(counties)} 个县"))
        lists.offer(self, "region", choices)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        as_of, opened_on = cleaned.get("as_of"), cleaned.get("opened_on")
        if as_of and as_of > clock.today():
            self.add_error("as_of", "截至日期不能晚于今天。")
        if as_of and opened_on and opened_on < Month.of(as_of).first_day:
            self.add_error("opened_on", "发现日不能早于所筛查的月份。")
        return cleaned


@needs(roles.RUN_SCREENING)
def screening(request: HttpRequest) -> HttpResponse:
    """The form that starts a run, what is running, and earlier runs."""
    scope, me = scope_of(request), account_of(request)
    counties = counties_with_register(scope)
    as_of = Month.of(clock.today()).plus(-1).last_day
    initial = {"as_of": as_of, "opened_on": casework.discovery_day(as_of=as_of, today=clock.today())}
    form = StartForm(request.POST or None, counties=counties, home=me.region_code, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        arguments = {"as_of": chosen["as_of"].isoformat(), "opened_on": chosen["opened_on"].isoformat()}
        job = queue.ask(recipe="screen", arguments=arguments, region_code=chosen["region"], by=me)
        audit.record(by=me, action="发起筛查", region_code=chosen["region"], target=arguments["as_of"])
        return redirect("job", job.pk)
    runs = lists.page(runs_seen(scope), orders=RUN_ORDERS, asked=request.GET, unit="次")
    runs.names = regions.names_of({run.region_code for run in runs.rows})
    running = scope.filter(Job.objects.filter(recipe="screen", state__in=[JobState.WAITING, JobState.RUNNING]))
    return render(
        request, "web/screening/screening.html", {"form": form, "page": runs, "running": running, "counties": counties}
    )


@needs(roles.SEE_LEADS)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: per rule what was found, what was not computed and why."""
    shown = run_or_404(request, run_id)
    rows = queries.run_summary(run=shown, scope=scope_of(request))
    for row in rows:
        row["missing"] = _missing(row["results"])
        row["gap_count"] = sum(row["gaps"].values())
    totals = {status: sum(row["counts"][status] for row in rows) for status in ("hit", "judgement", "provisional")}
    names = {
        "run": shown,
        "rows": rows,
        "totals": totals,
        "tables": tables_of(shown),
        "not_computed": sum(1 for row in rows if row["missing"]),
        "newer": runs_seen(scope_of(request))
        .filter(as_of=shown.as_of, region_code=shown.region_code, pk__gt=shown.pk)
        .first(),
    }
    return render(request, "web/screening/run.html", names | {"section": "screening"})


def _missing(results) -> list[dict]:
    """What was missing, each thing once, with the names of its parameters or datasets."""
    found: dict[str, dict] = {}
    for result in results:
        for entry in result.missing:
            if entry["text"] not in found:
                known = policy.load().parameters
                named = [(name, known[name].label) for name in entry["name"].split("、") if name in known]
                found[entry["text"]] = {**entry, "parameters": named}
    return list(found.values())


class FindingsForm(lists.ListForm):
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), *[(code, label) for code, label in STATUS_LABELS.items() if code != "not_computed"]],
    )

    @property
    def filters(self) -> dict[str, str]:
        return self.kept({"status": self.chosen("status")})


@needs(roles.SEE_LEADS)
def findings(request: HttpRequest, run_id: int, code: str) -> HttpResponse:
    """The households that one rule found in one run."""
    shown, bound = run_or_404(request, run_id), _rule_or_404(code)
    form = FindingsForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    rows = exports.findings(scope_of(request), form.filters | {"run": str(shown.pk), "rule": code})
    orders = (lists.Order("village", ("region_code", "id")),)
    page = lists.page(rows, orders=orders, asked=request.GET, unit="项", is_searched=True)
    page.names = regions.names_of({row.region_code for row in page.rows})
    names = {
        "run": shown,
        "rule": bound.rule,
        "form": form,
        "page": page,
        "section": "screening",
        "labels": STATUS_LABELS,
    }
    return render(request, "web/screening/findings.html", names)


@needs(roles.SEE_LEADS)
def gaps(request: HttpRequest, run_id: int, code: str) -> HttpResponse:
    """The households that one rule could not compute in one run, by reason."""
    shown, bound = run_or_404(request, run_id), _rule_or_404(code)
    scope = scope_of(request)
    results = [result for result in shown.results.filter(rule=code) if scope.covers(result.county_code)]
    reasons: Counter[str] = Counter()
    for result in results:
        reasons.update(result.counts.get("not_computed", {}))
    wanted = request.GET.get("reason", "")
    start = max(0, int(text)) if (text := request.GET.get("from", "")).isdecimal() else 0
    rows = queries.gaps_in_order(results=results, scope=scope, reason=wanted, start=start, size=lists.PAGE_SIZE)
    count = reasons[wanted] if wanted else reasons.total()
    households = Household.objects.in_bulk({row["household_key"] for row in rows})
    persons = Person.objects.in_bulk({row["person_key"] for row in rows if row["person_key"]})
    names = {
        "run": shown,
        "rule": bound.rule,
        "reasons": dict(reasons),
        "reason": wanted,
        "rows": [
            row | {"head": households.get(row["household_key"]), "person": persons.get(row["person_key"])}
            for row in rows
        ],
        "count": count,
        "previous": max(0, start - lists.PAGE_SIZE) if start else None,
        "next": start + lists.PAGE_SIZE if start + lists.PAGE_SIZE < count else None,
        "names": regions.names_of({row["region_code"] for row in rows}),
        "section": "screening",
    }
    return render(request, "web/screening/gaps.html", names)


def _rule_or_404(code: str):
    bound = catalogue.rules().get(code)
    if bound is None:
        raise Http404
    return bound
