"""Units and their posts: the list, a new one, and one unit with who holds what since when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shouwang.foundation.errors import UserError
from shouwang.jobs import clock
from shouwang.organisation import actions, departments, queries, roles
from shouwang.organisation.models import Appointment, Post, PostKind, Unit, UnitKind
from shouwang.regions import queries as regions

from .. import lists, places
from ..access import account_of, needs, scope_of, seen_or_404

ORDERS = (lists.Order("place", ("region_code", "name", "id")),)


class UnitsForm(lists.ListForm):
    kind = forms.ChoiceField(label="单位类型", required=False, choices=[("", "全部"), *UnitKind.choices])
    state = forms.ChoiceField(label="岗位", required=False, choices=[("", "全部"), ("vacant", "有空缺岗位")])
    q = forms.CharField(label="单位名称", required=False, max_length=40)


class UnitForm(forms.Form):
    name = forms.CharField(label="单位名称", max_length=80)
    kind = forms.ChoiceField(label="单位类型", choices=UnitKind.choices)
    department = forms.ChoiceField(
        label="是哪个部门",
        required=False,
        choices=[("", "—"), *((one.code, one.label) for one in departments.DEPARTMENTS)],
        help_text="只有部门填写",
    )
    region = places.RegionField(label="所在区域", help_text="名称或代码，如 走马驿镇 西走马驿村")


class PostForm(forms.Form):
    title = forms.CharField(label="岗位", max_length=40)
    kind = forms.ChoiceField(label="岗位类型", choices=PostKind.choices)
    responsibility = forms.CharField(label="职责", required=False, max_length=200)


class AppointForm(forms.Form):
    """定人: the name, and since when."""

    name = forms.CharField(label="姓名", max_length=40)
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "—"), ("男", "男"), ("女", "女")])
    phone = forms.CharField(label="联系电话", required=False, max_length=20, help_text="加密保存，页面上只显示一部分")
    from_on = forms.DateField(label="任职日期", widget=forms.DateInput(attrs={"type": "date"}))


class DayForm(forms.Form):
    on = forms.DateField(label="自这一天起", widget=forms.DateInput(attrs={"type": "date"}))


@needs(roles.SEE_STAFF)
def units(request: HttpRequest) -> HttpResponse:
    """Every unit with how many posts it has and how many of them somebody holds."""
    scope, today = scope_of(request), clock.today()
    form = UnitsForm(request.GET, scope=scope, home=account_of(request).region_code)
    rows = queries.units(
        scope=form.within,
        kind=form.chosen("kind"),
        text=form.chosen("q").strip(),
        vacant_on=today if form.chosen("state") else None,
    )
    in_office = Q(posts__appointments__from_on__lte=today) & (
        Q(posts__appointments__until_on__isnull=True) | Q(posts__appointments__until_on__gt=today)
    )
    counted = rows.annotate(
        post_count=Count("posts", filter=Q(posts__closed_on__isnull=True), distinct=True),
        people_count=Count("posts__appointments__staff", filter=in_office, distinct=True),
    )
    page = lists.page(counted, orders=ORDERS, asked=request.GET, unit="个单位", counted=rows)
    page.names = regions.names_of({row.region_code for row in page.rows})
    return render(request, "web/staff/units.html", {"form": form, "page": page, "section": "institutions"})


@needs(roles.MANAGE_STAFF)
def new(request: HttpRequest) -> HttpResponse:
    """Registers a unit."""
    scope = scope_of(request)
    form = UnitForm(request.POST or None, initial={"region": request.GET.get("region", ""), "kind": "village"})
    region = form.fields["region"]
    assert isinstance(region, places.RegionField)
    region.scope = scope
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            unit = actions.create_unit(
                name=given["name"],
                kind=given["kind"],
                department=given["department"],
                region_code=given["region"],
                by=account_of(request),
            )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("unit", unit.pk)
    return render(request, "web/staff/new_unit.html", {"form": form, "section": "institutions"})


@needs(roles.SEE_STAFF)
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: its posts, who holds them, who held them."""
    shown = seen_or_404(Unit.objects.all(), scope_of(request), pk=unit_id)
    return render(request, "web/staff/unit.html", _names(shown))


@require_POST
@needs(roles.MANAGE_STAFF)
def change(request: HttpRequest, unit_id: int, verb: str) -> HttpResponse:
    """post: a new post · appoint, close-post (``post``) · end (``appointment``) · close."""
    shown = seen_or_404(Unit.objects.all(), scope_of(request), pk=unit_id)
    kinds: dict[str, type[forms.Form]] = {
        "post": PostForm,
        "appoint": AppointForm,
        "close-post": DayForm,
        "end": DayForm,
        "close": DayForm,
    }
    if verb not in kinds:
        raise Http404
    form = kinds[verb](request.POST)
    if form.is_valid():
        try:
            messages.info(request, _done(request, shown, verb, form.cleaned_data))
            return redirect("unit", shown.pk)
        except UserError as error:
            form.add_error(None, str(error))
    return render(request, "web/staff/unit.html", _names(shown) | {"refused": form}, status=400)


def _done(request: HttpRequest, shown: Unit, verb: str, given: dict[str, Any]) -> str:
    me = account_of(request)
    if verb == "post":
        actions.create_post(unit=shown, by=me, **given)
        return f"已设岗位“{given['title']}”。"
    if verb == "close":
        actions.close_unit(unit=shown, on=given["on"], by=me)
        return "单位已撤销，历史保留。"
    if verb == "end":
        term = _one(Appointment.objects.filter(post__unit=shown), request.POST.get("appointment", ""))
        actions.end_appointment(appointment=term, until_on=given["on"], by=me)
        return f"{term.staff.name}自 {given['on']} 起不再担任{term.post.title}。"
    post = _one(Post.objects.filter(unit=shown), request.POST.get("post", ""))
    if verb == "close-post":
        actions.close_post(post=post, on=given["on"], by=me)
        return f"岗位“{post.title}”已撤销。"
    actions.appoint(post=post, by=me, **given)
    return f"{given['name']}自 {given['from_on']} 起担任{post.title}。"


def _one(rows: Any, text: str) -> Any:
    found = rows.filter(pk=int(text)).first() if text.isdecimal() else None
    if found is None:
        raise Http404
    return found


def _names(shown: Unit) -> dict[str, Any]:
    """The posts that are there with their holders, then everything that was."""
    today = clock.today()
    terms = list(Appointment.objects.filter(post__unit=shown).select_related("post", "staff").order_by("-from_on"))
    current = [term for term in terms if term.from_on <= today and (term.until_on is None or term.until_on > today)]
    return {
        "shown": shown,
        "department": departments.label_of(shown.department) if shown.department else "",
        "posts": [(post, [term for term in current if term.post_id == post.pk]) for post in queries.posts(unit=shown)],
        "past": [term for term in terms if term not in current],
        "post_form": PostForm(auto_id="post_%s"),
        "appoint_form": AppointForm(auto_id="appoint_%s", initial={"from_on": today.isoformat()}),
        "today": today,
        "section": "institutions",
    }
