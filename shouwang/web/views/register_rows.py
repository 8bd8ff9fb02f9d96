"""One row of a register: a new one about somebody who is looked up, its history, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from shouwang.foundation.errors import UserError
from shouwang.households.models import Measure, RegisterRow
from shouwang.households.registers import actions, keeping, queries
from shouwang.households.registers.catalogue import BY_CODE
from shouwang.households.registers.declaration import NO_PERIOD, PERSON, VILLAGE, Register
from shouwang.households.registers.subjects import Subject
from shouwang.households.registers.values import shown as shown_value
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household, Person

from .. import places
from ..access import account_of, needs, scope_of, seen_or_404
from ..register_forms import ReasonForm, RowForm, found, initial_of, newest_period
from .registers import seen_register

_VERBS = ("end", "reopen", "take-back")


@needs(roles.KEEP_REGISTERS)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """First whom or where it is about, then the few columns that nobody else supplies."""
    shown = _kept_register(request, code)
    try:
        subject = _subject(request, shown)
    except UserError as error:
        messages.error(request, str(error))
        subject = None
    if subject is None:
        return _choose(request, shown)
    measure = _measure(request, subject)
    initial = _from_measure(shown, measure) | {
        "period": newest_period(shown),
        "part_of": request.GET.get("part_of", ""),
    }
    is_sent = request.method == "POST" and "find" not in request.POST
    form = RowForm(
        request.POST if is_sent else None, register=shown, is_new=True, scope=scope_of(request), initial=initial
    )
    if is_sent and form.is_valid():
        try:
            row = actions.add(
                register=shown,
                subject=Subject(
                    subject.region_code, subject.household, subject.person, form.cleaned_data.get("name", subject.name)
                ),
                values=form.values,
                period=form.cleaned_data.get("period", ""),
                part_of=_whole(request, shown, form.cleaned_data.get("part_of", "")),
                measure=measure,
                by=account_of(request),
                today=clock.today(),
                now=timezone.now(),
            )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.info(request, "已登记。")
            return redirect("register_row", shown.code, row.pk)
    known = queries.known_of(shown, [(subject.household, subject.person)])[0]
    names = {
        "register": shown,
        "form": form,
        "subject": subject,
        "known": list(zip(queries.known_labels(shown), known, strict=True)),
        "place": regions.full_name(subject.region_code),
        "measure": measure,
        "section": "registers",
    }
    return render(request, "web/registers/new.html", names, status=400 if form.errors else 200)


@needs(roles.SEE_REGISTERS)
def row(request: HttpRequest, code: str, row_id: int) -> HttpResponse:
    """A row as it stands, its history, and its form."""
    shown = seen_register(request, code)
    one = _row_or_404(request, shown, row_id)
    may_keep = keeping.may_keep(shown, account_of(request)) and not one.is_taken_back
    form = RowForm(
        request.POST or None,
        register=shown,
        is_new=False,
        scope=scope_of(request),
        initial=initial_of(shown, one.values),
    )
    if request.method == "POST":
        if not may_keep:
            raise PermissionDenied
        if form.is_valid():
            try:
                version = request.POST.get("version", "")
                actions.change(
                    row=one,
                    register=shown,
                    values=form.values,
                    version=int(version) if version.isdecimal() else 0,
                    reason=request.POST.get("reason", ""),
                    by=account_of(request),
                    now=timezone.now(),
                )
                messages.info(request, "已保存。")
                return redirect("register_row", shown.code, one.pk)
            except UserError as error:
                form.add_error(None, str(error))
    return render(
        request,
        "web/registers/row.html",
        _names(request, shown, one, form, may_keep),
        status=400 if form.errors else 200,
    )


@require_POST
@needs(roles.KEEP_REGISTERS)
def act(request: HttpRequest, code: str, row_id: int, verb: str) -> HttpResponse:
    """Ends a row, revives it, or takes it back; each with a reason."""
    shown = _kept_register(request, code)
    one = _row_or_404(request, shown, row_id)
    form = ReasonForm(request.POST)
    if verb not in _VERBS:
        raise Http404
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("register_row", shown.code, one.pk)
    told: dict[str, Any] = {
        "row": one,
        "register": shown,
        "reason": form.cleaned_data["reason"],
        "version": form.cleaned_data["version"],
        "by": account_of(request),
        "now": timezone.now(),
    }
    try:
        if verb == "end":
            actions.end(on=form.cleaned_data["on"] or clock.today(), **told)
        elif verb == "reopen":
            actions.reopen(**told)
        else:
            actions.take_back(**told)
        messages.info(request, "已保存。")
    except UserError as error:
        messages.error(request, str(error))
    return redirect("register_row", shown.code, one.pk)


def _names(request: HttpRequest, shown: Register, one: RegisterRow, form: RowForm, may_keep: bool) -> dict[str, Any]:
    today = clock.today()
    return {
        "register": shown,
        "row": one,
        "subject": queries.subject_name(one),
        "place": regions.full_name(one.region_code),
        "known": list(zip(queries.known_labels(shown), queries.known(shown, [one])[one.pk], strict=True)),
        "values": [
            (column.heading, shown_value(column, one.values.get(column.name)), column.unit) for column in shown.columns
        ],
        "history": queries.history(shown, one),
        "form": form,
        "may_keep": may_keep,
        "may_see_household": account_of(request).may(roles.SEE_HOUSEHOLDS),
        "parts": one.parts.filter(is_taken_back=False).count(),
        "part_registers": [other for other in BY_CODE.values() if other.part_of == shown.code],
        "is_over": (one.ended_on is not None and one.ended_on <= today)
        or (one.until_on is not None and one.until_on < today),
        "has_period": shown.period != NO_PERIOD,
        "is_of_persons": shown.about == PERSON,
        "today": today,
        "section": "registers",
    }


def _kept_register(request: HttpRequest, code: str) -> Register:
    shown = seen_register(request, code)
    if not keeping.may_keep(shown, account_of(request)):
        raise PermissionDenied
    return shown


def _row_or_404(request: HttpRequest, shown: Register, row_id: int) -> RegisterRow:
    one = queries.row(shown, scope=scope_of(request), pk=row_id)
    if one is None:
        raise Http404
    return one


def _subject(request: HttpRequest, shown: Register) -> Subject | None:
    """Whom the address names; None while nobody is chosen. A stranger's number is not there (404)."""
    scope = scope_of(request)
    if shown.about == PERSON and (number := request.GET.get("person", "")):
        people = Person.objects.filter(is_withdrawn=False).select_related("household")
        return Subject.of_person(seen_or_404(people, scope, person_no=number))
    if shown.is_of_people:
        number = request.GET.get("household", "")
        if not number or shown.about == PERSON:
            return None
        return Subject.of_household(
            seen_or_404(Household.objects.filter(is_withdrawn=False), scope, household_no=number)
        )
    field = places.RegionField()
    field.scope = scope
    me = account_of(request)
    text = request.GET.get("region", "") or (
        me.region_code if regions.region(me.region_code).level == Level.VILLAGE else ""
    )
    if not text:
        return None
    try:
        code = field.clean(text)
    except Exception as error:
        raise UserError("；".join(getattr(error, "messages", [str(error)]))) from None
    subject = Subject(code)
    if shown.about == VILLAGE and (lack := subject.lacks(shown)):
        raise UserError(lack, next_step="请选择行政村。")
    return subject


def _choose(request: HttpRequest, shown: Register) -> HttpResponse:
    """Asks whom or where; a name is sent by POST, so that it stands in no address."""
    text = request.POST.get("find", "").strip()[:60]
    me, scope = account_of(request), scope_of(request)
    hits = found(shown, text, scope=scope, account=me)
    if not text and shown.about == PERSON and (number := request.GET.get("of", "")) and me.may(roles.SEE_HOUSEHOLDS):
        hits = found(shown, number, scope=scope, account=me)
        text = number
    home = regions.region(me.region_code)
    below = [(one.code, one.name) for one in regions.children(home.code)] if not shown.is_of_people else []
    names = {
        "register": shown,
        "text": text,
        "hits": hits,
        "places": regions.names_of(
            {part for one in hits for part in (one.household.region_code, f"{one.household.region_code[:9]}000")}
        ),
        "sees_households": me.may(roles.SEE_HOUSEHOLDS),
        "own": (home.code, home.name),
        "below": below,
        "is_of_persons": shown.about == PERSON,
        "measure": number if (number := request.GET.get("measure", "")).isdecimal() else "",
        "section": "registers",
    }
    return render(request, "web/registers/choose.html", names)


def _measure(request: HttpRequest, subject: Subject) -> Measure | None:
    number = request.GET.get("measure", "")
    if not number.isdecimal() or subject.household is None:
        return None
    rows = Measure.objects.filter(case__household=subject.household, cancelled_on=None)
    return scope_of(request).filter(rows).filter(pk=int(number)).first()


def _from_measure(shown: Register, measure: Measure | None) -> dict[str, Any]:
    """What a measure that was carried out says already."""
    if measure is None:
        return {}
    told = {column: getattr(measure, attribute) for column, attribute in shown.from_measure.items()}
    return initial_of(shown, {name: value for name, value in told.items() if value not in (None, "")})


def _whole(request: HttpRequest, shown: Register, number: str) -> RegisterRow | None:
    if not shown.part_of or not number.isdecimal():
        return None
    return queries.wholes(shown, scope=scope_of(request)).filter(pk=int(number)).first()
