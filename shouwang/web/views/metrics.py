"""Leads measured: by rule, source, township and month. Every figure opens its rows; persons are not compared."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from shouwang.casework import verification
from shouwang.foundation.periods import Month
from shouwang.households import metrics as figures
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.screening import catalogue

from .. import handing_out, lists
from ..access import account_of, needs, scope_of

ORDERS = (lists.Order("opened", ("opened_on", "lead_no")),)
_MONTH = r"^\d{4}-\d{2}$"


class MetricsForm(lists.ListForm):
    by = forms.ChoiceField(label="按什么", required=False, choices=[*figures.DIMENSIONS.items()])
    first = forms.RegexField(
        _MONTH, label="发现月份自", required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    last = forms.RegexField(_MONTH, label="至", required=False, widget=forms.TextInput(attrs={"type": "month"}))

    @property
    def dimension(self) -> str:
        return self.chosen("by") or figures.BY_RULE

    @property
    def period(self) -> dict[str, dt.date | None]:
        first, last = self.chosen("first"), self.chosen("last")
        return {
            "from_on": Month.parse(first).first_day if first else None,
            "until_on": Month.parse(last).plus(1).first_day if last else None,
        }


class RowsForm(MetricsForm):
    part = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput)


@needs(roles.SEE_LEADS)
def metrics(request: HttpRequest) -> HttpResponse:
    """One dimension at a time."""
    form = MetricsForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    table = figures.table(scope=form.within, dimension=form.dimension, **form.period)
    names = {
        "form": form,
        "table": table,
        "label": figures.DIMENSIONS[form.dimension],
        "counts": figures.COUNTS,
        "stretches": figures.STRETCHES,
        "lines": [*table.lines, table.whole],
        "section": "metrics",
    }
    return render(request, "web/loop/metrics.html", names)


@needs(roles.SEE_LEADS)
def rows(request: HttpRequest) -> HttpResponse:
    """The leads behind one figure."""
    form = RowsForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    part = form.chosen("part") or figures.LEADS
    labels = figures.COUNTS | figures.STRETCHES
    if part not in labels:
        raise Http404
    wanted = {"dimension": form.dimension, "key": form.chosen("key"), "part": part, **form.period}
    found = figures.rows(scope=form.within, **wanted).select_related("household", "case")
    counted = figures.counted(scope=form.within, **wanted)
    page = lists.page(found, orders=ORDERS, asked=request.GET, unit="条", counted=counted)
    page.names = regions.names_of(
        {code for one in page.rows for code in (one.region_code, one.region_code[:9] + "000")}
    )
    names = {
        "form": form,
        "page": page,
        "label": labels[part],
        "states": {state.code: state.label for state in verification.PROCEDURE.states},
        "rules": {code: bound.rule.label for code, bound in catalogue.rules().items()},
        "section": "metrics",
    }
    return render(request, "web/loop/metric_rows.html", names)


@needs(roles.EXPORT)
def file(request: HttpRequest) -> HttpResponseBase:
    """The table as it is filtered."""
    form = MetricsForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    table = figures.table(scope=form.within, dimension=form.dimension, **form.period)
    stretches = [
        f"{label}{what}" for label in figures.STRETCHES.values() for what in ("件数", "中位天数", "90分位天数")
    ]
    headings = [figures.DIMENSIONS[form.dimension], *figures.COUNTS.values(), "属实率", *stretches]
    lines = []
    for line in (*table.lines, table.whole):
        texts = [line.label, *(str(line.counts[code]) for code in figures.COUNTS), _percent(line.precision)]
        for code in figures.STRETCHES:
            spread = line.spreads[code]
            texts += [str(spread.count), _days(spread.median), _days(spread.ninetieth)]
        lines.append(texts)
    name = f"线索成效-{clock.today():%Y%m}"
    return handing_out.texts(request, label=name, headings=headings, rows=lines)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}%"


def _days(days: float | int | None) -> str:
    return "" if days is None else f"{days:g}"
