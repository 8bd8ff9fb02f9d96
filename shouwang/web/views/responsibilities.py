"""Who looks after which households: where nobody does, what each person has, and handing over in bulk."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households import assigning, contacts
from shouwang.households import responsibilities as looking_after
from shouwang.households.models.responsibility import GRID_WORKER, KINDS
from shouwang.intake import template
from shouwang.jobs import clock
from shouwang.organisation import queries as organisation
from shouwang.organisation import roles
from shouwang.organisation.models import StaffMember
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .. import handing_out, lists, lists_by_place
from ..access import account_of, needs, scope_of

ORDERS = (lists.Order("village", ("region_code", "household_no")),)
_DIGITS_BELOW = {Level.NATION: 2, Level.PROVINCE: 4, Level.CITY: 6, Level.COUNTY: 9, Level.TOWNSHIP: 12}


class GapForm(lists.ListForm):
    gap = forms.ChoiceField(label="缺什么", required=False, choices=[*looking_after.GAPS.items()])

    @property
    def wanted(self) -> str:
        return self.chosen("gap") or "no_grid"


@needs(roles.SEE_HOUSEHOLDS)
def responsibilities(request: HttpRequest) -> HttpResponse:
    """Sums, place by place, and what each person looks after."""
    scope, today = scope_of(request), clock.today()
    form = lists.ListForm(request.GET, scope=scope, home=account_of(request).region_code)
    place = form.place or account_of(request).region_code
    level = Level(regions.region(place).level) if place else Level.VILLAGE
    digits = _DIGITS_BELOW.get(level, 12)
    found = looking_after.coverage(scope=form.within, on=today, digits=digits)
    names = regions.names_of(set(found))
    lines = [(code, names.get(code, code), line) for code, line in sorted(found.items())]
    sums = {gap: sum(line.missing[gap] for line in found.values()) for gap in looking_after.GAPS}
    context = {
        "form": form,
        "lines": lines,
        "gaps": [(gap, label, sums[gap]) for gap, label in looking_after.GAPS.items()],
        "household_count": sum(line.household_count for line in found.values()),
        "object_count": sum(line.object_count for line in found.values()),
        "loads": looking_after.loads(scope=form.within, on=today) if level >= Level.TOWNSHIP else None,
        "may_change": _may_change(request),
        "section": "responsibilities",
    }
    return render(request, "web/loop/responsibilities.html", context)


@needs(roles.SEE_HOUSEHOLDS)
def gaps(request: HttpRequest) -> HttpResponse:
    """The households behind one figure."""
    form = GapForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    gap, today = form.wanted, clock.today()
    page = lists_by_place.page(
        lambda scope: looking_after.lacking(scope=scope, gap=gap, on=today),
        scope=form.within,
        counts=looking_after.gaps_by_township(scope=form.within, gap=gap, on=today),
        order=ORDERS[0],
        asked=request.GET,
        unit="户",
    )
    page.names = regions.names_of(
        {code for row in page.rows for code in (row.region_code, row.region_code[:9] + "000")}
    )
    names = {
        "form": form,
        "page": page,
        "label": looking_after.GAPS[form.wanted],
        "may_change": _may_change(request),
        "section": "responsibilities",
    }
    return render(request, "web/loop/responsibility_gaps.html", names)


@needs(roles.EXPORT)
def gaps_file(request: HttpRequest) -> HttpResponseBase:
    """The same households as a file."""
    form = GapForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    found = looking_after.lacking(scope=form.within, gap=form.wanted, on=clock.today()).order_by(*ORDERS[0].fields)
    rows = list(found.only("household_no", "head_name", "region_code", "household_type"))
    names = regions.names_of({code for row in rows for code in (row.region_code, row.region_code[:9] + "000")})
    lines = (
        [
            row.household_no,
            row.head_name,
            names.get(row.region_code[:9] + "000", ""),
            names.get(row.region_code, row.region_code),
            row.household_type,
        ]
        for row in rows
    )
    headings = ["户编号", "户主", "乡镇", "村", "户类型"]
    return handing_out.texts(request, label=looking_after.GAPS[form.wanted], headings=headings, rows=lines)


class HandOverForm(forms.Form):
    """From whom, to whom, which capacity, since when."""

    kind = forms.ChoiceField(label="职责", choices=KINDS, initial=GRID_WORKER)
    what = forms.ChoiceField(label="交哪些户")
    staff = forms.ChoiceField(label="接手的人")
    on = forms.DateField(label="自何日起", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *arguments: Any, place: str, **names: Any) -> None:
        super().__init__(*arguments, **names)
        within, today = Scope.of_region(place), clock.today()
        having = looking_after.loads(scope=within, on=today)
        people = [(f"from-{one.staff.pk}", f"{one.staff.name}名下的全部户") for one in having]
        without = [("without", "没有在任责任人的户"), ("all", "全部农户")]
        lists.offer(self, "what", [*without, *dict(people).items()])
        # for a whole county those of its townships and departments; of a village's people when it is the village's turn
        inside = Scope.of_region(place).where("post__unit__region_code")
        if regions.region(place).level == Level.COUNTY:
            inside &= Q(post__unit__region_code__endswith="000")
        near = organisation.appointments(scope=Scope.of_region(regions.county_of(place)), on=today)
        near = near.filter(inside | Q(post__unit__region_code__in=regions.ancestors(place)))
        staff = {str(one.staff_id): f"{one.staff.name}（{one.post.unit.name}{one.post.title}）" for one in near}
        lists.offer(self, "staff", [("", "请选择"), *staff.items()])


@needs(roles.PLAN_SUPPORT, roles.MANAGE_STAFF)
def hand_over(request: HttpRequest) -> HttpResponse:
    """Many households at once: those of one person, those without anybody, or a whole village."""
    scope, me = scope_of(request), account_of(request)
    picker = lists.ListForm(request.GET, scope=scope, home=me.region_code)
    place = picker.place or me.region_code
    form: HandOverForm | None = None  # nobody hands over a whole city: a county, township or village comes first
    is_near = regions.region(place).level >= Level.COUNTY if place else False
    if is_near and request.method == "POST":
        form = HandOverForm(request.POST, place=place)
        if form.is_valid():
            try:
                done = _hand_over(request, form.cleaned_data, place)
                count = _contacts_named(request, scope.narrowed(place))
                messages.info(
                    request,
                    f"已落实 {done.given_count:,} 户"
                    + (f"，{done.same_count:,} 户原来就是这个人" if done.same_count else "")
                    + (f"，{count:,} 件个案的“落实监测联系人”随之办结" if count else "")
                    + "。",
                )
                return redirect("responsibilities")
            except UserError as error:
                form.add_error(None, str(error))
    elif is_near:
        chosen = {name: request.GET[name] for name in ("kind", "what") if name in request.GET}
        form = HandOverForm(place=place, initial={"on": clock.today()} | chosen)
    names = {
        "form": form,
        "picker": picker,
        "place": regions.full_name(place) if place else "",
        "section": "responsibilities",
    }
    return render(request, "web/loop/hand_over.html", names)


def _contacts_named(request: HttpRequest, scope: Scope) -> int:
    """Cases that waited for a contact and have one now."""
    return contacts.follow(
        scope=scope, by=account_of(request), today=clock.today(), now=timezone.now(), policies=policy.load()
    )


def _hand_over(request: HttpRequest, wanted: dict[str, Any], place: str) -> assigning.Assigned:
    me, now = account_of(request), timezone.now()
    staff = StaffMember.objects.get(pk=wanted["staff"])
    if wanted["what"].startswith("from-"):
        before = StaffMember.objects.get(pk=wanted["what"].removeprefix("from-"))
        scope = scope_of(request).narrowed(place)
        return assigning.hand_over(
            scope=scope, kind=wanted["kind"], from_staff=before, to_staff=staff, on=wanted["on"], by=me, now=now
        )
    return assigning.give_village(
        region_code=place,
        kind=wanted["kind"],
        staff=staff,
        on=wanted["on"],
        only_without=wanted["what"] == "without",
        by=me,
        now=now,
    )


class FileForm(forms.Form):
    file = forms.FileField(label="责任人名册", help_text="列：户编号、职责、责任人、自何日起")


@needs(roles.PLAN_SUPPORT, roles.MANAGE_STAFF)
def upload(request: HttpRequest) -> HttpResponse:
    """A file of who looks after whom: sound lines are taken, the others shown with their reason."""
    form = FileForm(request.POST or None, request.FILES or None)
    imported = None
    if form.is_valid():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(form.cleaned_data["file"].name or "file").name
            path.write_bytes(form.cleaned_data["file"].read())
            try:
                imported = assigning.import_file(
                    path=path,
                    region_code=account_of(request).region_code,
                    today=clock.today(),
                    by=account_of(request),
                    now=timezone.now(),
                )
            except UserError as error:
                form.add_error("file", str(error))
            else:
                if count := _contacts_named(request, scope_of(request)):
                    messages.info(request, f"{count:,} 件个案的“落实监测联系人”随之办结。")
    names = {"form": form, "imported": imported, "section": "responsibilities"}
    return render(request, "web/loop/responsibility_upload.html", names)


@needs(roles.PLAN_SUPPORT, roles.MANAGE_STAFF)
def blank(request: HttpRequest) -> HttpResponseBase:
    """The blank file with notes and drop-downs."""
    from django.http import FileResponse

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.xlsx"
        template.write(assigning.SHEET, path)
        return FileResponse(path.open("rb"), as_attachment=True, filename="责任人名册.xlsx")


def _may_change(request: HttpRequest) -> bool:
    me = account_of(request)
    return me.may(roles.PLAN_SUPPORT) or me.may(roles.MANAGE_STAFF)
