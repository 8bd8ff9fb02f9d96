"""增收台账: the roll-up by place down to the village's list; as it counts now or as it was known on a day; closing a month."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households import catalogue, outlook
from shouwang.households.income import closing, collecting, ledger, places
from shouwang.jobs import clock, queue
from shouwang.organisation import roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.screening import catalogue as rules

from .. import lists
from ..access import account_of, needs, scope_of
from ..runs import below_with_register

REPORT_BY = "income.response_report_by"
LARGE_DROP = "income.large_drop"
_MONTHS_OFFERED = 12
_FILTERS = {
    "": "全部",
    "classes": "五类户",
    "fallen": "减收户",
    "incomplete": "缺月份或缺上年收入",
    "disputed": "说法不一",
    "points": "有未消除的风险点",
    "no_measure": "五类户中还没有措施",
    "no_work_measure": "有劳动能力而没有产业就业帮扶",
}


class LedgerForm(lists.ListForm):
    month = forms.ChoiceField(label="截至", required=False)
    show = forms.ChoiceField(label="只看", required=False, choices=list(_FILTERS.items()))
    known = forms.DateField(
        label="按哪一天所知", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        last = Month.of(clock.today()).plus(-1)
        self.newest = str(last)
        offered = [last.plus(-step) for step in range(_MONTHS_OFFERED)]
        lists.offer(self, "month", [("", offered[0].label), *((str(month), month.label) for month in offered[1:])])

    @property
    def as_of(self) -> dt.date:
        """The last day of the chosen month; of the last month that is over unless chosen."""
        return Month.parse(self.chosen("month") or self.newest).last_day

    @property
    def known_at(self) -> dt.datetime | None:
        """The end of the chosen day, or nothing: as it counts now."""
        known = self.chosen("known")
        return clock.end_of(known) if known else None

    @property
    def filters(self) -> dict[str, str]:
        known = self.chosen("known")
        found = {"month": self.chosen("month"), "show": self.chosen("show"), "known": str(known or "")}
        return self.kept(found)


@needs(roles.SEE_HOUSEHOLDS)
def overview(request: HttpRequest) -> HttpResponse:
    """A village's ledger, or above it the places with their sums."""
    form = LedgerForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    place = form.place or form.home
    level = Level(regions.region(place).level) if place else Level.VILLAGE
    as_of = form.as_of
    names: dict[str, Any] = {
        "form": form,
        "place": place,
        "as_of": as_of,
        "known_on": form.chosen("known") or None,
        "trail": trail(place, form.home),
        "labels": {code: (mark, rules.rules()[code].rule.label) for code, mark in outlook.CLASSES.items()},
        "section": "ledger",
    }
    if place and level >= Level.COUNTY:
        names |= _county_names(place, as_of)
        if level == Level.VILLAGE:
            names |= _village(form, place, as_of)
        else:
            names |= _places(form, place, level, as_of)
        names["may_close"] = any(map(account_of(request).may, (roles.PLAN_SUPPORT, roles.APPROVE)))
        names["closed"] = closing.closed(region_code=place)
        names["closable"] = str(Month.of(as_of))
    elif place:
        names["counties"] = below_with_register(place, form.within)
    return render(request, "web/ledger/ledger.html", names)


def _county_names(place: str, as_of: dt.date) -> dict[str, Any]:
    county, policies = regions.county_of(place), policy.load()
    return {
        "waiting": collecting.waiting(county_code=county),
        "report_by": policies.resolve(REPORT_BY, region_code=county, on=clock.today()),
        "large_drop": policies.resolve(LARGE_DROP, region_code=county, on=as_of),
        "projection": policies.resolve("household.income_projection", region_code=county, on=as_of),
    }


def _village(form: LedgerForm, place: str, as_of: dt.date) -> dict[str, Any]:
    found = ledger.page(
        village_code=place, scope=form.within, as_of=as_of, policies=policy.load(), known_at=form.known_at
    )
    rows = [row for row in found.rows if ledger.is_shown(row, form.chosen("show"))]
    return {"page": found, "rows": rows, "total": len(found.rows), "points_of": ledger.point_labels}


def _places(form: LedgerForm, place: str, level: Level, as_of: dt.date) -> dict[str, Any]:
    digits = 9 if level == Level.COUNTY else 12
    county = regions.county_of(place)
    sums = places.sums(scope=form.within, digits=digits, as_of=as_of, policies=policy.load(), county_code=county)
    names = regions.names_of({one.region_code for one in sums})
    kinds: dict[str, int] = {}
    for one in sums:
        for kind, count in one.by_kind.items():
            kinds[kind] = kinds.get(kind, 0) + count
    added = (
        "households",
        "complete",
        "incomplete",
        "nothing",
        "fallen",
        "in_classes",
        "with_measures",
        "done_measures",
        "open_points",
        "closed_points",
    )
    return {
        "sums": sorted(sums, key=lambda one: (-one.fallen, one.region_code)),
        "names": names,
        "below": "乡镇" if level == Level.COUNTY else "村",
        "totals": {name: sum(getattr(one, name) for one in sums) for name in added},
        "kinds": sorted(
            ((catalogue.label_of(kind), count) for kind, count in kinds.items()), key=lambda pair: -pair[1]
        ),
        "measure_count": sum(kinds.values()),
        "labour": places.labour_coverage(scope=form.within),
    }


def trail(place: str, home: str) -> list[tuple[str, str]]:
    """The way from the account's region down to the place that is shown, without the place itself."""
    if not place or place == home:
        return []
    above = list(regions.ancestors(place))[1:]
    above = above[: above.index(home) + 1] if home in above else []
    names = regions.names_of(above)
    return [(code if code != home else "", names.get(code, code)) for code in reversed(above)]


@require_POST
@needs(roles.PLAN_SUPPORT, roles.APPROVE)
def close(request: HttpRequest) -> HttpResponse:
    """Freezes a month of a place."""
    place, month = request.POST.get("region", ""), request.POST.get("month", "")
    address = f"{reverse('ledger')}?region={place}"
    try:
        closing.close(
            region_code=place,
            month=Month.parse(month),
            today=clock.today(),
            by=account_of(request),
            now=timezone.now(),
            policies=policy.load(),
        )
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{Month.parse(month).label}的台账已月结，数字不再变动，可以按当时所知打开。")
    return redirect(address)


@require_POST
@needs(roles.IMPORT_FEEDS)
def collect(request: HttpRequest) -> HttpResponse:
    """Asks for the files that wait to be taken into the ledger."""
    account = account_of(request)
    code = regions.county_of(request.POST.get("region") or account.region_code)
    if not Scope.of(account).contains(code):
        return redirect("ledger")
    job = queue.ask(recipe="collect_income", arguments={}, region_code=code, by=account)
    return redirect("job", job.pk)
