"""Rows whose person is in doubt: a person decides, one by one, side by side with the candidates, once and for all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang import policy
from shouwang.feeds import actions, queries
from shouwang.feeds.datasets import DATASETS
from shouwang.feeds.models import PendingRow
from shouwang.foundation.errors import UserError
from shouwang.households import pushes
from shouwang.jobs import clock, exports, masking, queue
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.registry.models import Person

from .. import household_page, lists
from ..access import account_of, needs, scope_of

# A push is read anew as a whole; of more rows than this it takes longer than a click should.
_FOLLOWED_AT_ONCE = 5_000
ORDERS = (lists.Order("file", ("kind", "batch_id", "row_number", "id")),)


class PendingForm(lists.ListForm):
    kind = forms.ChoiceField(
        label="情形",
        required=False,
        choices=[
            ("", "全部"),
            ("doubtful", "存疑，有候选人"),
            ("unmatched", "未匹配"),
            ("other_county", "属于其他县"),
            ("decided", "已认定"),
        ],
    )
    dataset = forms.ChoiceField(label="数据", required=False)
    batch = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        people = [(code, dataset.label) for code, dataset in DATASETS.items() if dataset.is_about_people]
        lists.offer(self, "dataset", [("", "全部"), *people])

    @property
    def filters(self) -> dict[str, str]:
        chosen = {name: str(self.chosen(name)) for name in ("kind", "dataset", "batch")}
        return self.kept(chosen)


@never_cache
@needs(roles.DECIDE_MATCHES)
def decisions(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, those with candidates first."""
    scope = scope_of(request)
    form = PendingForm(request.GET, scope=scope, home=account_of(request).region_code)
    page = lists.page(exports.pending(scope, form.filters), orders=ORDERS, asked=request.GET, unit="行")
    views = queries.described(page.rows, scope=scope)
    doubtful = exports.pending(scope, form.filters | {"kind": "doubtful"}).first()
    return render(request, "web/files/decisions.html", {"form": form, "page": page, "views": views, "first": doubtful})


@never_cache
@needs(roles.DECIDE_MATCHES)
def decision(request: HttpRequest, row_id: int) -> HttpResponse:
    """One row beside its candidates; a click or a key decides, and the next one comes."""
    scope = scope_of(request)
    view = queries.pending_row(scope=scope, row_id=row_id)
    if view is None:
        raise Http404
    form = PendingForm(request.GET, scope=scope, home=account_of(request).region_code)
    if request.method == "POST":
        return _decide(request, view, form)
    waiting = exports.pending(scope, form.filters | {"kind": "doubtful"})
    names = {
        "view": view,
        "candidates": [{"one": one, "number": _number(one.person)} for one in view.candidates],
        "left": waiting.order_by().count(),
        "next": _next(waiting, view.row),
        "query": urlencode(form.filters),
        "county": regions.name(view.row.region_code),
        "section": "decisions",
    }
    return render(request, "web/files/decision.html", names)


def _decide(request: HttpRequest, view: queries.PendingView, form: PendingForm) -> HttpResponse:
    chosen = request.POST.get("person", "")
    person: Person | None = None
    if chosen != "none":
        person = next((one.person for one in view.candidates if str(one.person.pk) == chosen), None)
        if person is None:
            raise Http404
    scope = scope_of(request)
    following = _next(exports.pending(scope, form.filters | {"kind": "doubtful"}), view.row)
    try:
        count = actions.decide(pending_row=view.row, person=person, by=account_of(request), now=timezone.now())
    except UserError as error:
        messages.error(request, str(error))
        return redirect("decisions")
    _follow_push(request, view.row)
    said = f"{view.name}认定为 {person.name}" if person else f"{view.name}不是候选人中的任何一个"
    more = f"，同样的来文共 {count} 行一并处理" if count > 1 else ""
    messages.info(request, f"{said}{more}。")
    still = exports.pending(scope, form.filters | {"kind": "doubtful"})
    following = following if following and still.filter(pk=following).exists() else getattr(still.first(), "pk", None)
    query = f"?{urlencode(form.filters)}" if form.filters else ""
    return redirect((reverse("decision", args=[following]) if following else reverse("decisions")) + query)


class CorrectionForm(forms.Form):
    """Who it is after all, and why the decision was wrong."""

    person = forms.ChoiceField(label="应认定为")
    reason = forms.CharField(label="更正原因", min_length=4, max_length=200)


@never_cache
@require_POST
@needs(roles.DECIDE_MATCHES)
def correction(request: HttpRequest, row_id: int) -> HttpResponse:
    """Takes a decision back with a reason; what stood on it stays in the record and no longer counts."""
    view = queries.pending_row(scope=scope_of(request), row_id=row_id)
    if view is None or not view.row.is_decided:
        raise Http404
    form = CorrectionForm(request.POST)
    people = {str(one.person.pk): one.person for one in view.candidates}
    lists.offer(form, "person", [("none", "都不是"), *((key, person.name) for key, person in people.items())])
    if not form.is_valid():
        messages.error(request, "请选择应认定为谁，并写明更正原因。")
        return redirect("decision", row_id)
    person = people.get(form.cleaned_data["person"])
    try:
        count = actions.correct(
            pending_row=view.row,
            person=person,
            by=account_of(request),
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except UserError as error:
        messages.error(request, str(error))
    else:
        _follow_push(request, view.row)
        messages.info(request, f"已更正，涉及 {count} 行；再筛查一次后线索随之更新。")
    return redirect("decision", row_id)


def _follow_push(request: HttpRequest, row: PendingRow) -> None:
    """Where the file was pushed, the row takes its place in the push; a long list is done in the background."""
    batch = row.batch
    if batch.counts.get("rows", 0) <= _FOLLOWED_AT_ONCE:
        pushes.follow(batch=batch, today=clock.today(), now=timezone.now(), policies=policy.load())
    else:
        # the row is named so that a decision made while the work runs asks for it again
        arguments = {"batch": batch.pk, "row": row.pk}
        queue.ask(recipe="follow_push", arguments=arguments, region_code=batch.region_code, by=account_of(request))


def _number(person: Person) -> str:
    """A candidate's identity number, masked."""
    return masking.columns(household_page.secrets_of(person)).get("证件号码", "")


def _next(waiting: Any, row: Any) -> int | None:
    """The doubtful row that follows this one in the list, else the first of the others."""
    after = (
        waiting.filter(batch_id=row.batch_id, row_number__gt=row.row_number).first()
        or waiting.filter(batch_id__gt=row.batch_id).first()
    )
    found = after or waiting.exclude(pk=row.pk).first()
    return found.pk if found else None
