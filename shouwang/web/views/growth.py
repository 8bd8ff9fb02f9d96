"""增收目标: growth held against targets and against the triggers of listed supervision, each figure with who published it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households.income import growth
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.screening.figures import COMPARATOR_WORDS

from .. import lists
from ..access import account_of, needs, scope_of


class PlaceForm(lists.ListForm):
    period = forms.ChoiceField(label="时期", required=False)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        year = clock.today().year
        offered = [str(year), *(f"{year}-Q{quarter}" for quarter in range(1, 5)), str(year - 1)]
        lists.offer(self, "period", [("", f"{year} 年"), *((one, one) for one in offered[1:])])
        self.newest = str(year)

    @property
    def filters(self) -> dict[str, str]:
        return self.kept({"period": self.chosen("period")})


class StatisticForm(forms.Form):
    """One published figure."""

    region_code = forms.ChoiceField(label="哪里")
    series = forms.ChoiceField(label="谁的收入", choices=list(growth.SERIES.items()))
    period = forms.CharField(label="时期", max_length=7, help_text="如 2022 或 2022-Q2")
    growth_percent = forms.DecimalField(label="增速（%）", max_digits=7, decimal_places=4, required=False)
    income_yuan = forms.DecimalField(label="人均收入（元）", max_digits=10, decimal_places=2, required=False)
    source = forms.CharField(label="数据来源", max_length=120, help_text="发布单位和材料名称")


@needs(roles.SEE_FIGURES)
def targets(request: HttpRequest) -> HttpResponse:
    """Targets, triggers, and the figures entered; POST enters one."""
    account = account_of(request)
    form = PlaceForm(request.GET, scope=scope_of(request), home=account.region_code)
    place = form.place or form.home
    if place and Level(regions.region(place).level) > Level.COUNTY:
        place = regions.county_of(place)
    period = form.chosen("period") or form.newest
    may_enter = account.may(roles.RUN_SCREENING)
    names: dict[str, Any] = {
        "form": form,
        "place": place,
        "period": period,
        "section": "growth",
        "words": COMPARATOR_WORDS,
    }
    if not place:
        return render(request, "web/ledger/growth.html", names)
    if may_enter:
        entry = StatisticForm(request.POST or None, initial={"period": period})
        above = list(regions.ancestors(place))
        lists.offer(entry, "region_code", [(code, regions.name(code)) for code in above])
        names["entry"] = entry
        if request.method == "POST" and entry.is_valid():
            try:
                growth.enter(**entry.cleaned_data, by=account, now=timezone.now())
            except UserError as error:
                entry.add_error(None, str(error))
            else:
                messages.success(request, "已登记，来源一并保存。")
                return redirect(f"{reverse('growth')}?region={request.GET.get('region', '')}&period={period}")
    policies, today = policy.load(), clock.today()
    names |= {
        "targets": growth.targets(region_code=place, period=period, on=today, policies=policies),
        "supervision": growth.supervision(region_code=place, period=period, on=today, policies=policies),
        "entered": growth.entered(region_code=place, period=period),
        "series": growth.SERIES,
        "parameters": policies.parameters,
        "places": regions.names_of(list(regions.ancestors(place))),
    }
    return render(request, "web/ledger/growth.html", names)
