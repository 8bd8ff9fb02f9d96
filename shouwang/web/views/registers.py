"""台账: all registers by department, one register's list with its figures, and who should stand in it and does not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.households.registers import eligible, figures, keeping, queries
from shouwang.households.registers.catalogue import BY_CODE, REGISTERS
from shouwang.households.registers.declaration import ABOUT, PERSON, Ask, Register
from shouwang.jobs import clock
from shouwang.jobs.exports.registers import name_of
from shouwang.organisation import departments, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry import queries as registry
from shouwang.registry.models import Household, Person

from .. import lists
from ..access import account_of, needs, scope_of
from ..register_forms import RegisterListForm, cells, filled, headings, list_form

ORDERS = (lists.Order("place", ("region_code", "id")),)
_BY_DUE = lists.Order("due", ("due_on", "id"), frozenset({"due_on"}))
_MOST_SHOWN = 200
# A longer list shows its rows first and its figures as soon as they are added up.
_MOST_ADDED_AT_ONCE = 5_000


@needs(roles.SEE_REGISTERS)
def registers(request: HttpRequest) -> HttpResponse:
    """Every register that the account sees, by department, with its rows."""
    me, scope = account_of(request), scope_of(request)
    shown = [one for one in REGISTERS if keeping.may_see(one, me)]
    counts = queries.counts([one.code for one in shown], scope=scope, on=clock.today())
    due = queries.due_counts([one.code for one in shown if one.due], scope=scope, on=clock.today())
    groups: dict[str, list[tuple[Register, int, bool, tuple[int, int]]]] = {}
    for one in shown:
        line = (one, counts.get(one.code, 0), keeping.may_keep(one, me), due.get(one.code, (0, 0)))
        groups.setdefault(departments.label_of(one.department), []).append(line)
    names = {"groups": groups, "about": ABOUT, "section": "registers"}
    return render(request, "web/registers/overview.html", names)


@needs(roles.SEE_REGISTERS)
def register(request: HttpRequest, code: str) -> HttpResponse:
    """One register: its figures, its filter, its rows."""
    shown = seen_register(request, code)
    scope, me = scope_of(request), account_of(request)
    form = list_form(shown)(request.GET, scope=scope, home=me.region_code)
    rows = queries.rows(shown, scope=form.within, wanted=form.filters, on=clock.today())
    page = lists.page(
        queries.with_subjects(rows),
        orders=(*ORDERS, _BY_DUE) if shown.due else ORDERS,
        asked=request.GET,
        unit=shown.unit,
        counted=rows,
    )
    page.names = regions.names_of(
        {part for row in page.rows for part in (row.region_code, f"{row.region_code[:9]}000")}
    )
    ask = ask_of(shown, form)
    whole = queries.rows(shown, scope=form.within, wanted={}, on=clock.today()).order_by()
    adds_up = "figures" in request.GET or whole[: _MOST_ADDED_AT_ONCE + 1].count() <= _MOST_ADDED_AT_ONCE
    lines, known_labels, filled_headings = filled(cells(shown, page.rows), queries.known_labels(shown), headings(shown))
    names: dict[str, Any] = {
        "register": shown,
        "form": form,
        "page": page,
        "lines": lines,
        "headings": filled_headings,
        "known_labels": known_labels,
        "figures": [(one, _address(form, one)) for one in (figures.answers(ask) if ask and adds_up else [])],
        "adds_up": adds_up,
        "links": [(_link(view), label) for view, label in shown.links],
        "list": name_of(shown),
        "whole": BY_CODE[shown.part_of] if shown.part_of else None,
        "department": departments.label_of(shown.department),
        "keepers": keeping.keepers(shown),
        "may_keep": keeping.may_keep(shown, me),
        "is_of_people": shown.is_of_people,
        "sees_households": me.may(roles.SEE_HOUSEHOLDS),
        "today": clock.today(),
        "section": "registers",
    }
    return render(request, "web/registers/register.html", names)


@require_POST
@needs(roles.SEE_HOUSEHOLDS)
def find(request: HttpRequest, code: str) -> HttpResponse:
    """To the rows of a name or number. It is sent by POST: an identity number turns into the household's before it is an address."""
    shown = seen_register(request, code)
    text = request.POST.get("text", "").strip()[:60]
    hit = (
        registry.households(scope=scope_of(request), wanted=registry.HouseholdFilter(text=text)).first()
        if text
        else None
    )
    if text.isascii() and len(text) in (15, 18):
        text = hit.household_no if hit else ""
        if hit is None:
            messages.error(request, "本辖区的档案里没有这个号码。")
    query = urlencode({"q": text, "state": queries.ALL}) if text else ""
    return redirect(reverse("register", args=[shown.code]) + (f"?{query}" if query else ""))


@needs(roles.SEE_HOUSEHOLDS)
def missing(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Who, by a rule, should stand in the register and does not, in order; or why that cannot be said."""
    shown = seen_register(request, code)
    rule = next((one for one in shown.eligible if one.code == name), None)
    if rule is None:
        raise Http404
    form = list_form(shown)(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    ask = ask_of(shown, form)
    found = eligible.Missing(rule, (), "请先选择一个县")
    if ask is not None and Level(regions.region(ask.region_code).level) >= Level.COUNTY:
        found = eligible.missing(rule, ask)
    first = found.candidates[:_MOST_SHOWN]
    homes = Household.objects.in_bulk({one.household_id for one in first})
    people = Person.objects.in_bulk({one.person_id for one in first if one.person_id})
    names = {
        "register": shown,
        "form": form,
        "rule": rule,
        "missing": found,
        "lines": [(one, homes[one.household_id], people.get(one.person_id or 0)) for one in first],
        "places": regions.names_of({part for one in first for part in (one.region_code, f"{one.region_code[:9]}000")}),
        "most": _MOST_SHOWN,
        "may_keep": keeping.may_keep(shown, account_of(request)),
        "is_of_persons": shown.about == PERSON,
        "section": "registers",
    }
    return render(request, "web/registers/missing.html", names)


def seen_register(request: HttpRequest, code: str) -> Register:
    """The register of a code that the account sees; otherwise there is none."""
    found = BY_CODE.get(code)
    if found is None or not keeping.may_see(found, account_of(request)):
        raise Http404
    return found


def _address(form: RegisterListForm, one: figures.Answer) -> str:
    """The rows behind a figure, in the place and period that are shown."""
    place = {"region": form.data.get("region", ""), "period": form.period, **one.filter}
    return "?" + urlencode({name: value for name, value in place.items() if value})


def _link(view: str) -> str:
    name, _, code = view.partition(":")
    return reverse(name, args=[code] if code else [])


def ask_of(shown: Register, form: RegisterListForm) -> Ask | None:
    """What the figures are asked for; None for an account without a place."""
    place = form.place or form.home
    if not place or form.within == Scope(()):
        return None
    return Ask(shown, form.within, clock.today(), form.period, policy.load(), place)
