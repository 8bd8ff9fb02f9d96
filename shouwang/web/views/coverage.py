"""走访覆盖: who was seen this month and who was not, place by place down to names; closing the month; campaigns; what two said differently."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.foundation.errors import ConflictError, UserError
from shouwang.foundation.periods import Month
from shouwang.households.models import Device, Visit, VisitChange
from shouwang.households.visits import (
    burden,
    campaign_sums,
    campaigns,
    closing,
    devices,
    help_days,
    known,
    overview,
    settling,
)
from shouwang.households.visits import coverage as months
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.organisation.models import StaffMember
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.codes import first_after
from shouwang.regions.models import Level
from shouwang.registry.models import Household, Person

from .. import lists
from ..access import account_of, needs, scope_of, seen_or_404

_MOST_NAMES = 300
# What stands below a place of each level, and how many digits of a code name it.
BELOW = {
    Level.NATION: "省",
    Level.PROVINCE: "市",
    Level.CITY: "县",
    Level.COUNTY: "乡镇",
    Level.TOWNSHIP: "村",
    Level.VILLAGE: "村",
}
DIGITS = {Level.NATION: 2, Level.PROVINCE: 4, Level.CITY: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12, Level.VILLAGE: 12}
_MONTHS_SHOWN = 12
_MOST_COUNTIES = 15  # of a province, whose campaigns are counted at once; above that city by city


class CoverageForm(lists.ListForm):
    month = forms.ChoiceField(label="月份", required=False)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        now = Month.of(clock.today())
        found = [now.plus(-back) for back in range(_MONTHS_SHOWN)]
        lists.offer(self, "month", [(str(month) if back else "", month.label) for back, month in enumerate(found)])

    @property
    def chosen_month(self) -> Month:
        text = self.chosen("month")
        return Month.parse(text) if text else Month.of(clock.today())


@needs(roles.SEE_FIGURES)
def coverage(request: HttpRequest) -> HttpResponse:
    """The month's figures of a place, by the places below it; in a village by grid and with the blind spots by name."""
    by, scope, today = account_of(request), scope_of(request), clock.today()
    form = CoverageForm(request.GET, scope=scope, home=by.region_code)
    month, place = form.chosen_month, form.place or form.home
    level = Level(regions.region(place).level) if place else Level.NATION
    if level < Level.COUNTY:
        return _above(request, form, level)
    may_see = by.may(roles.SEE_HOUSEHOLDS)
    shows_names = may_see and level >= Level.TOWNSHIP
    found, closed = [], None
    for county in counties(place):
        one, closed = closing.month_of(
            county=county, scope=form.within, month=month, policies=policy.load(), is_named=level >= Level.TOWNSHIP
        )
        found.append(one)
    villages = [figures for one in found for figures in one.villages.values()]
    rows = months.rolled_up(villages, DIGITS[level])
    missed = [line for one in found for line in one.missed]
    total = months.rolled_up(villages, 0)
    names: dict[str, Any] = {
        "form": form,
        "place": place,
        "trail": trail(place, form.home),
        "month": month,
        "level": level,
        "demands": [one.demand for one in found if one.demand.groups],
        "undemanded": [one.demand for one in found if not one.demand.groups],
        "total": total[0] if total else months.Figures(place),
        "rows": rows if level < Level.VILLAGE else [],
        "below": BELOW[level],
        "place_names": regions.names_of({one.code for one in rows}),
        "grids": _grids(found) if level == Level.VILLAGE else [],
        "missed": months.named(missed[:_MOST_NAMES], month=month) if shows_names else [],
        "missed_count": total[0].missed_count if total else 0,
        "is_over": today > month.last_day,
        "shows_names": shows_names,
        "closed": closed if len(found) == 1 else None,
        "county": found[0].county if len(found) == 1 else "",
        "may_close": len(found) == 1
        and level == Level.COUNTY
        and closed is None
        and by.may(roles.CLOSE_VISITS)
        and today > month.last_day,
        "closed_months": closing.closed_months(scope=form.within)[:_MONTHS_SHOWN],
        "results": _results(form.within, month) if shows_names else [],
        "open_count": settling.waiting(scope=form.within).count(),
        "seconds": burden.seconds_per_confirmation(scope=form.within, month=month),
    }
    names["village_names"] = regions.names_of({one.household.region_code for one in names["missed"]})
    return render(request, "web/visits/coverage.html", names)


def _above(request: HttpRequest, form: CoverageForm, level: Level) -> HttpResponse:
    """A city's or a province's month by the places below it: counted in the database, without names."""
    month, place, today = form.chosen_month, form.place or form.home, clock.today()
    found = overview.of_counties(counties=counties(place), scope=form.within, month=month, policies=policy.load())
    rows = months.rolled_up(found.counties.values(), DIGITS[level])
    total = months.rolled_up(found.counties.values(), 0)
    names = {
        "form": form,
        "place": place,
        "trail": trail(place, form.home),
        "month": month,
        "level": level,
        "demands": [one for one in found.demands if one.groups],
        "undemanded": [one for one in found.demands if not one.groups],
        "total": total[0] if total else months.Figures(place),
        "rows": rows,
        "below": BELOW[level],
        "place_names": regions.names_of({one.code for one in rows}),
        "missed_count": found.missed_count,
        "is_over": today > month.last_day,
        "shows_names": False,
        "closed_count": found.closed_count,
        "county_count": len(found.demands),
        "open_count": settling.waiting(scope=form.within).count(),
        "is_above": True,
    }
    return render(request, "web/visits/coverage.html", names)


@require_POST
@needs(roles.CLOSE_VISITS)
def close(request: HttpRequest) -> HttpResponse:
    """Closes a month of the account's county."""
    month = Month.parse(request.POST.get("month", ""))
    by = account_of(request)
    county = regions.full_code(request.POST.get("county", ""))
    try:
        closing.close(
            county=county, month=month, by=by, today=clock.today(), now=timezone.now(), policies=policy.load()
        )
        messages.success(request, f"{month.label}已结账，数字和名单从此不变。")
    except (ConflictError, UserError) as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('coverage')}?{urlencode({'region': county, 'month': str(month)})}")


@needs(roles.SEE_FIGURES)
def campaign_list(request: HttpRequest) -> HttpResponse:
    """集中排查, 回头看, 动态管理: what documents ask for, how far it is, who is missing; nothing new is asked."""
    by, scope, today = account_of(request), scope_of(request), clock.today()
    form = lists.ListForm(request.GET, scope=scope, home=by.region_code)
    place = form.place or form.home
    level = Level(regions.region(place).level) if place else Level.NATION
    held_in = counties(place)
    if place and level < Level.CITY and len(held_in) > _MOST_COUNTIES:
        below = [(one.code, one.name) for one in regions.children(place)]
        return render(
            request,
            "web/visits/campaigns.html",
            {"form": form, "place": place, "choose": below, "county_count": len(held_in), "section": "coverage"},
        )
    found: list[dict[str, Any]] = []
    for county in held_in:
        for running in campaigns.held(county=county, today=today, policies=policy.load()):
            one = {"running": running, "county": regions.name(county), "is_over": running.is_over(today)}
            if level < Level.TOWNSHIP:
                found.append(
                    one | _campaign_figures(running, county, form.within, digits=9 if level == Level.COUNTY else 6)
                )
            else:
                shows_names = by.may(roles.SEE_HOUSEHOLDS)
                found.append(one | _campaign_names(running, county, form.within, level, shows_names=shows_names))
    names = {"form": form, "place": place, "found": found, "today": today, "section": "coverage"}
    names["burden"] = burden.total(burden.by_township(scope=form.within, month=Month.of(today)).values(), place)
    names["place_names"] = regions.names_of({row.code for one in found for row in one["rows"]})
    if place and level >= Level.COUNTY:
        county = regions.county_of(place)
        names["help_days"] = help_days.calendar(
            county=county, month=Month.of(today), scope=form.within, policies=policy.load()
        )
        names["shows_visitors"] = by.may(roles.SEE_HOUSEHOLDS)
    return render(request, "web/visits/campaigns.html", names)


def _campaign_figures(running: campaigns.Running, county: str, scope: Scope, digits: int) -> dict[str, Any]:
    """A county's figures, as they are kept."""
    sums = campaign_sums.of_county(running=running, county=county, scope=scope)
    total = months.rolled_up(sums.townships, 0)
    return {
        "total": total[0] if total else months.Figures(county),
        "rows": months.rolled_up(sums.townships, digits),
        "focus": sums.focus,
        "low_income": sums.low_income,
        "low_income_why": sums.low_income_why,
        "standings": _standings(sums.standings),
        "missed": [],
        "missed_count": total[0].missed_count if total else 0,
    }


def _campaign_names(
    running: campaigns.Running, county: str, scope: Scope, level: Level, *, shows_names: bool
) -> dict[str, Any]:
    """A township's or village's figures, household by household, with those whom nobody looked at."""
    today = clock.today()
    one = campaigns.progress(running=running, county=county, scope=scope, today=today)
    total = months.rolled_up(one.villages.values(), 0)
    return {
        "total": total[0] if total else months.Figures(county),
        "rows": months.rolled_up(one.villages.values(), 12) if level < Level.VILLAGE else [],
        "focus": one.focus,
        "low_income": one.low_income,
        "low_income_why": one.low_income_why,
        "standings": _standings(Counter(one.standings.values())),
        "missed": months.named(one.missed[:_MOST_NAMES], month=Month.of(today)) if shows_names else [],
        "missed_count": len(one.missed),
    }


def _standings(counts: Counter[str]) -> list[tuple[str, int]]:
    return [(label, counts[code]) for code, label in campaigns.STANDINGS.items()] if counts else []


class SettleForm(forms.Form):
    reason = forms.CharField(label="核对的情况", max_length=200, error_messages={"required": "请写明核对的情况。"})


@needs(roles.SEE_CASES)
def conflicts(request: HttpRequest) -> HttpResponse:
    """What two visitors said differently, both words beside each other."""
    rows = list(settling.waiting(scope=scope_of(request))[:_MOST_NAMES])
    people = {str(one.pk): one.name for one in Person.objects.filter(household__in={row.household_id for row in rows})}
    shown = []
    for row in rows:
        label, said = known.words(row.field, row.value, people)
        found = known.words(row.field, row.found, people)[1] if row.found is not None else "（没有）"
        shown.append({"change": row, "label": label, "said": said, "found": found})
    names = {
        "rows": shown,
        "places": regions.names_of({row.region_code for row in rows}),
        "form": SettleForm(),
        "section": "coverage",
    }
    return render(request, "web/visits/conflicts.html", names)


@require_POST
@needs(roles.SETTLE_VISITS)
def settle(request: HttpRequest, change_id: int) -> HttpResponse:
    """The township decides, with a reason."""
    change = seen_or_404(VisitChange.objects.all(), scope_of(request), pk=change_id)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明核对的情况，如：已电话问过户主。")
        return redirect("visit_conflicts")
    try:
        done = settling.settle(
            change=change,
            is_taken=request.POST.get("take") == "1",
            reason=form.cleaned_data["reason"],
            by=account_of(request),
            today=clock.today(),
            now=timezone.now(),
            policies=policy.load(),
        )
    except (ConflictError, UserError) as error:
        messages.error(request, str(error))
    else:
        if done.settled_at is None:
            messages.error(request, "核对期间又有新的登记，请看过现在的值再定。")
        else:
            messages.success(request, "已核对。")
    return redirect("visit_conflicts")


@needs(roles.MANAGE_ACCOUNTS, roles.MANAGE_STAFF)
def phones(request: HttpRequest) -> HttpResponse:
    """The phones that carry a village's list: whose, heard of when, revoked or emptied."""
    rows = list(devices.seen(scope=scope_of(request))[:_MOST_NAMES])
    names = {
        "rows": [(one, devices.must_empty(one)) for one in rows],
        "places": regions.names_of({one.region_code for one in rows}),
        "section": "institutions",
    }
    return render(request, "web/visits/phones.html", names)


@require_POST
@needs(roles.MANAGE_ACCOUNTS, roles.MANAGE_STAFF)
def revoke(request: HttpRequest, device_id: int) -> HttpResponse:
    """A lost phone empties itself as soon as it is heard of."""
    device = seen_or_404(Device.objects.select_related("account"), scope_of(request), pk=device_id)
    try:
        devices.revoke(device=device, reason=request.POST.get("reason", ""), by=account_of(request), now=timezone.now())
        messages.success(request, f"已作废“{device.label or device.account.name}”，它下次联网时清空。")
    except UserError as error:
        messages.error(request, str(error))
    return redirect("phones")


def counties(place: str) -> list[str]:
    """The counties with a register that a place lies in or holds."""
    if not place:
        return []
    level = regions.region(place).level
    if level >= Level.COUNTY:
        return [regions.county_of(place)]
    found = [place]
    for _ in range(Level.COUNTY - level):
        found = [child.code for one in found for child in regions.children(one)]
    homes = Household.objects.filter(is_withdrawn=False)
    # by range: what begins with some digits is looked for in every row where letters are not told apart by their case
    return [code for code in found if homes.filter(region_code__gte=code, region_code__lt=first_after(code)).exists()]


def trail(place: str, home: str) -> list[tuple[str, str]]:
    """The way from the account's region down to the place that is shown, without the place itself."""
    if not place or place == home:
        return []
    above = list(regions.ancestors(place))[1:]
    above = above[: above.index(home) + 1] if home in above else []
    names = regions.names_of(above)
    return [(code if code != home else "", names.get(code, code)) for code in reversed(above)]


def _grids(found: list[months.Coverage]) -> list[tuple[str, months.Figures]]:
    lines = [(grid, figures) for one in found for (_, grid), figures in one.grids.items()]
    staff = StaffMember.objects.in_bulk([grid for grid, _ in lines if grid])
    return sorted(
        ((staff[grid].name if grid in staff else "没有网格员", figures) for grid, figures in lines),
        key=lambda line: line[0],
    )


def _results(scope: Scope, month: Month) -> list[Visit]:
    """已去世, 已迁出, 查无此人, 数据有误: what goes back to whoever the data came from."""
    return list(months.visits(scope=scope, month=month).exclude(result="")[:_MOST_NAMES])
