"""Accounts for their administrator: the list, a new one, and one account with what it may see and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from shouwang.casework import queries as casework
from shouwang.foundation.errors import UserError
from shouwang.jobs import clock
from shouwang.organisation import actions, queries, roles, second_factor
from shouwang.organisation.models import Account, StaffMember, Unit
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry import queries as register

from .. import lists, places, sections
from ..access import account_of, needs, scope_of, seen_or_404
from .account_links import show_link

ORDERS = (
    lists.Order("region", ("region_code", "login")),
    lists.Order("login", ("login",)),
    lists.Order("signed_in", ("last_login", "login"), frozenset({"last_login"}), is_descending=True),
)
_RECENT = 20


class AccountsForm(lists.ListForm):
    role = forms.ChoiceField(label="角色", required=False)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            ("", "全部"),
            ("open", "在用"),
            ("waiting", "已邀请，没登录过"),
            (queries.LEFT, "人已离任，账号还在用"),
            ("closed", "已停用"),
        ],
    )
    q = forms.CharField(label="姓名或登录名", required=False, max_length=40)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        lists.offer(self, "role", [("", "全部"), *((role.code, role.label) for role in roles.ROLES)])


class AccountForm(forms.Form):
    """Who, as what, where. The link with which the person sets a password comes afterwards."""

    name = forms.CharField(label="姓名", max_length=40)
    login = forms.RegexField(
        r"^[A-Za-z0-9_.-]{2,40}$",
        label="登录名",
        help_text="字母、数字，如姓名拼音加村名拼音",
        error_messages={"invalid": "登录名只用字母、数字、点、横线，至少 2 位。"},
    )
    role = forms.ChoiceField(label="角色")
    region = places.RegionField(label="管辖区域", help_text="名称或代码，如 走马驿镇 西走马驿村")
    unit = forms.ChoiceField(label="所在单位", required=False, help_text="部门联络员必填")
    staff = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, scope: Scope, account: Account | None = None, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.scope = scope
        region = self.fields["region"]
        assert isinstance(region, places.RegionField)
        region.scope = scope
        if account is not None:
            del self.fields["login"]
        lists.offer(self, "role", ((role.code, role.label) for role in roles.ROLES))
        units = queries.units(scope=scope).exclude(kind="village").order_by("region_code", "name")
        offered = [("", "—"), *((str(unit.pk), unit.name) for unit in units)]
        if account is not None and account.unit and not any(str(account.unit_id) == key for key, _ in offered):
            offered.append((str(account.unit_id), account.unit.name))
        lists.offer(self, "unit", offered)

    def chosen_unit(self) -> Unit | None:
        text = self.cleaned_data["unit"]
        return Unit.objects.filter(pk=int(text)).first() if text else None

    def chosen_staff(self) -> StaffMember | None:
        number = self.cleaned_data["staff"]
        return queries.staff_member(scope=self.scope, pk=number) if number else None


@needs(roles.MANAGE_ACCOUNTS)
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of the administrator's region."""
    scope = scope_of(request)
    form = AccountsForm(request.GET, scope=scope, home=account_of(request).region_code)
    rows = queries.accounts(
        scope=form.within,
        role=form.chosen("role"),
        text=form.chosen("q").strip(),
        state=form.chosen("state"),
        on=clock.today(),
    )
    page = lists.page(rows, orders=ORDERS, asked=request.GET, unit="个账号")
    page.names = regions.names_of({row.region_code for row in page.rows})
    return render(request, "web/accounts/accounts.html", {"form": form, "page": page})


@never_cache
@needs(roles.MANAGE_ACCOUNTS)
def new(request: HttpRequest) -> HttpResponse:
    """A new account, for anybody or for a member of staff; then its link."""
    scope = scope_of(request)
    form = AccountForm(request.POST or None, scope=scope, initial=_from_staff(request, scope))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            account, token = actions.open_account(
                login=given["login"],
                name=given["name"],
                role=given["role"],
                region_code=given["region"],
                unit=form.chosen_unit(),
                staff=form.chosen_staff(),
                by=account_of(request),
                now=timezone.now(),
            )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return show_link(request, account, token)
    return render(request, "web/accounts/new.html", {"form": form, "all_roles": roles.ROLES, "section": "accounts"})


@never_cache
@needs(roles.MANAGE_ACCOUNTS)
def detail(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: what it may see and do and why, what it did lately, and what can be changed."""
    scope, me = scope_of(request), account_of(request)
    shown = seen_or_404(Account.objects.select_related("unit", "staff"), scope, pk=account_id)
    initial = {
        "name": shown.name,
        "role": shown.role,
        "region": shown.region_code,
        "unit": str(shown.unit_id or ""),
        "staff": shown.staff_id,
    }
    form = AccountForm(request.POST or None, scope=scope, account=shown, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_account(
                account=shown,
                name=given["name"],
                role=given["role"],
                region_code=given["region"],
                unit=form.chosen_unit(),
                staff=form.chosen_staff(),
                by=me,
            )
        except UserError as error:
            form.add_error(None, str(error))
            shown.refresh_from_db()
        else:
            return redirect("account_detail", shown.pk)
    return render(request, "web/accounts/account.html", _names(shown) | {"form": form, "is_me": shown.pk == me.pk})


def _names(shown: Account) -> dict[str, Any]:
    """What an account may see and why; only counts, because the administrator sees no household."""
    its_scope, duties = Scope.of(shown), shown.duties
    sees = shown.may(roles.SEE_HOUSEHOLDS)
    households = register.households(scope=its_scope, wanted=register.HouseholdFilter()) if sees else None
    pending = shown.invitations.filter(used_at__isnull=True, revoked_at__isnull=True).last()
    return {
        "shown": shown,
        "role": duties,
        "permissions": sections.permissions_of(shown),
        "household_count": households.order_by().count() if households is not None else 0,
        "lead_count": casework.leads(scope=its_scope).order_by().count() if shown.may(roles.SEE_LEADS) else 0,
        "has_second_factor": second_factor.is_on(shown),
        "invitation": pending,
        "is_invitation_over": bool(pending and pending.expires_at <= timezone.now()),
        "events": shown.auditevent_set.order_by("-id")[:_RECENT],
        "terms": shown.staff.appointments.in_office(clock.today()).select_related("post__unit") if shown.staff else [],
        "section": "accounts",
    }


def _from_staff(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """What is known of a member of staff is not asked again."""
    number = request.GET.get("staff", "")
    staff = queries.staff_member(scope=scope, pk=int(number)) if number.isdecimal() else None
    term = queries.terms_of(staff=staff, scope=scope).first() if staff else None
    if staff is None or term is None:
        return {}
    role = {
        "grid_worker": roles.GridWorker,
        "village_team": roles.ResidentCadre,
        "station_officer": roles.TownshipClerk,
        "centre_officer": roles.CountyOfficer,
        "liaison": roles.DepartmentLiaison,
    }.get(term.post.kind)
    unit = term.post.unit
    return {
        "name": staff.name,
        "staff": staff.pk,
        "region": unit.region_code,
        "role": role.code if role else "",
        "unit": "" if unit.kind == "village" else str(unit.pk),
    }
