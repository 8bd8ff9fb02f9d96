"""The people who work here: who holds which post, one person with all terms, and the telephone with a line in the log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang.foundation.errors import UserError
from shouwang.jobs import clock, exports
from shouwang.organisation import actions, queries, roles
from shouwang.organisation.models import PostKind, StaffMember, UnitKind
from shouwang.organisation.staffing import masked_phone
from shouwang.regions import queries as regions

from .. import lists
from ..access import account_of, needs, scope_of
from .institutions import DayForm

ORDERS = (lists.Order("place", ("post__unit__region_code", "id")),)


class StaffForm(DayForm):
    kind = forms.ChoiceField(label="岗位类型", required=False, choices=[("", "全部"), *PostKind.choices])
    unit = forms.ChoiceField(label="单位类型", required=False, choices=[("", "全部"), *UnitKind.choices])
    q = forms.CharField(label="姓名", required=False, max_length=40)

    @property
    def filters(self) -> dict[str, str]:
        found = {"kind": self.chosen("kind"), "unit": self.chosen("unit"), "text": self.chosen("q").strip()}
        return super().filters | self.kept(found)


class PersonForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=40)
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "—"), ("男", "男"), ("女", "女")])
    phone = forms.CharField(label="新的联系电话", required=False, max_length=20, help_text="不改就留空")


@needs(roles.SEE_STAFF)
def staff(request: HttpRequest) -> HttpResponse:
    """Who holds which post on a day."""
    scope = scope_of(request)
    form = StaffForm(request.GET, scope=scope, home=account_of(request).region_code)
    page = lists.page(exports.staff(scope, form.filters), orders=ORDERS, asked=request.GET, unit="人次")
    page.names = regions.names_of({term.post.unit.region_code for term in page.rows})
    names = {"form": form, "page": page, "section": "institutions"}
    names["phones"] = {term.staff_id: masked_phone(term.staff) for term in page.rows}
    return render(request, "web/staff/staff.html", names)


@never_cache
@needs(roles.SEE_STAFF)
def person(request: HttpRequest, staff_id: int) -> HttpResponse:
    """One person with every term inside the scope."""
    shown = _or_404(request, staff_id)
    return render(request, "web/staff/person.html", _names(request, shown))


@never_cache
@require_POST
@needs(roles.MANAGE_STAFF)
def change(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Another name or telephone; or, with ``reveal``, the telephone in full once, with a line in the log."""
    shown = _or_404(request, staff_id)
    me = account_of(request)
    if "reveal" in request.POST:
        phone = actions.reveal_phone(staff=shown, by=me)
        return render(request, "web/staff/person.html", _names(request, shown) | {"phone": phone})
    form = PersonForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            phone_or_none = given["phone"] or None
            actions.change_staff(staff=shown, name=given["name"], sex=given["sex"], phone=phone_or_none, by=me)
            messages.info(request, "已保存。")
            return redirect("person", shown.pk)
        except UserError as error:
            form.add_error(None, str(error))
            shown.refresh_from_db()
    return render(request, "web/staff/person.html", _names(request, shown) | {"form": form}, status=400)


def _or_404(request: HttpRequest, staff_id: int) -> StaffMember:
    found = queries.staff_member(scope=scope_of(request), pk=staff_id)
    if found is None:
        raise Http404
    return found


def _names(request: HttpRequest, shown: StaffMember) -> dict[str, Any]:
    terms = list(queries.terms_of(staff=shown, scope=scope_of(request)))
    return {
        "shown": shown,
        "terms": terms,
        "places": regions.names_of({term.post.unit.region_code for term in terms}),
        "masked": masked_phone(shown),
        "form": PersonForm(initial={"name": shown.name, "sex": shown.sex}),
        "account": shown.accounts.filter(is_active=True).first(),
        "today": clock.today(),
        "section": "institutions",
    }
