"""档、账、实三方比对: differences by place down to the household, open until somebody says how they were settled."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shouwang.foundation.errors import UserError
from shouwang.households.archive import actions, comparing, queries
from shouwang.households.models import ArchiveDifference
from shouwang.households.models.archive import KINDS
from shouwang.jobs import archive_check, clock, queue
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import handing_out, lists
from ..access import account_of, needs, scope_of, seen_or_404

ORDERS = (lists.Order("village", ("region_code", "id")),)
_HEADINGS = (
    "乡镇", "村", "户主", "户编号", "项目", "种类", "档案（全国系统）", "本系统", "实际（走访）", "走访日", "发现日", "核对日", "核对结果", "核对说明",
)  # fmt: skip


class DifferenceForm(lists.ListForm):
    item = forms.ChoiceField(label="项目", required=False, choices=[("", "全部"), *comparing.ITEMS.items()])
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *KINDS])
    part = forms.ChoiceField(
        label="状态", required=False, choices=[("", "未核对"), (queries.SETTLED, "已了结"), (queries.ALL, "全部")]
    )

    @property
    def chosen_rows(self) -> Any:
        wanted = {name: self.chosen(name) for name in ("part", "item", "kind")}
        return queries.differences(scope=self.within, **wanted)


@needs(roles.SEE_HOUSEHOLDS)
def archive(request: HttpRequest) -> HttpResponse:
    """The differences of a place, by the places below it, and one by one."""
    me = account_of(request)
    form = DifferenceForm(request.GET, scope=scope_of(request), home=me.region_code)
    place = form.place or form.home
    level = Level(regions.region(place).level) if place else Level.NATION
    digits = {Level.COUNTY: 9, Level.TOWNSHIP: 12, Level.VILLAGE: 12}.get(level, 6)
    sums = queries.sums(scope=form.within, digits=digits) if place else []
    page: lists.Page[ArchiveDifference] = lists.page(form.chosen_rows, orders=ORDERS, asked=request.GET, unit="项")
    county = regions.county_of(place) if place and level >= Level.COUNTY else ""
    codes = {code for one in page.rows for code in (one.region_code, one.region_code[:9] + "000")}
    names = {
        "form": form,
        "place": place,
        "page": page,
        "rows": [(one, actions.may_settle(one, by=me)) for one in page.rows],
        "sums": sums if level < Level.VILLAGE else [],
        "below": {Level.COUNTY: "乡镇", Level.TOWNSHIP: "村"}.get(level, "县"),
        "totals": {name: sum(getattr(one, name) for one in sums) for name in ("accounts", "reality", "households", "settled", "gone")},
        "names": regions.names_of(codes | {one.code for one in sums}),
        "items": comparing.ITEMS,
        "results": actions.BY_PEOPLE,
        "newest": queries.newest(region_code=county) if county else None,
        "county": county,
        "may_compare": bool(county) and actions.may_compare(county=county, by=me),
        "section": "archive",
    }  # fmt: skip
    return render(request, "web/households/archive.html", names)


@require_POST
@needs(roles.IMPORT_REGISTRY)
def compare(request: HttpRequest) -> HttpResponse:
    """Asks for a new comparison of a county."""
    me = account_of(request)
    county = regions.county_of(request.POST.get("county") or me.region_code)
    if not actions.may_compare(county=county, by=me):
        messages.error(request, "您的账号不能比对这个县的档案。")
        return redirect("archive")
    job = queue.ask(recipe=archive_check.RECIPE, arguments={}, region_code=county, by=me)
    return redirect("job", job.pk)


@require_POST
@needs(roles.SETTLE_VISITS, roles.IMPORT_REGISTRY)
def settle(request: HttpRequest, difference_id: int) -> HttpResponse:
    """One difference is settled, with how."""
    scope = scope_of(request)
    one = seen_or_404(ArchiveDifference.objects.all(), scope, pk=difference_id)
    try:
        actions.settle(
            difference=one,
            settled_as=request.POST.get("settled_as", ""),
            how=request.POST.get("how", ""),
            by=account_of(request),
            today=clock.today(),
        )
        messages.success(request, "已核对。")
    except UserError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('archive')}?region={one.region_code}")


@needs(roles.EXPORT)
def file(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, as a spreadsheet."""
    form = DifferenceForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    rows = list(form.chosen_rows)
    names = regions.names_of({code for one in rows for code in (one.region_code, one.region_code[:9] + "000")})
    kinds, results = dict(KINDS), dict(ArchiveDifference._meta.get_field("settled_as").flatchoices)
    lines = (
        [
            names.get(one.region_code[:9] + "000", ""),
            names.get(one.region_code, ""),
            one.household.head_name,
            one.household.household_no,
            comparing.ITEMS.get(one.item, one.item),
            kinds[one.kind],
            one.archive,
            one.system,
            one.reality,
            str(one.seen_on or ""),
            str(one.found_on),
            str(one.settled_on or ""),
            results.get(one.settled_as, ""),
            one.how,
        ]
        for one in rows
    )
    return handing_out.texts(request, label="三方比对差异", headings=_HEADINGS, rows=lines, free_text=("核对说明",))
