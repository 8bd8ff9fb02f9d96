"""Reports of families: the list for those who take them, and the desk and hotline where staff write one down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from shouwang import policy
from shouwang.door import actions, promise, queries, receipts, said
from shouwang.door.difficulties import CHOICES
from shouwang.door.models import Channel, Outcome, RefusalReason
from shouwang.foundation.errors import UserError
from shouwang.jobs import clock, exports
from shouwang.organisation import roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.models import Level, Region

from .. import lists
from ..access import account_of, needs, scope_of

ORDERS = (
    lists.Order("received", ("received_on", "id"), is_descending=True),
    lists.Order("village", ("region_code", "id")),
    lists.Order("number", ("receipt_no",)),
)
# What staff may choose; the code on the wall speaks for itself.
BY_STAFF = (Channel.DESK, Channel.HOTLINE, Channel.APP)


class ReportsForm(lists.ListForm):
    stage = forms.ChoiceField(label="办到哪一步", required=False, choices=[("", "全部"), *queries.STAGES.items()])
    channel = forms.ChoiceField(label="渠道", required=False, choices=[("", "全部"), *Channel.choices])
    difficulty = forms.ChoiceField(label="困难", required=False, choices=[("", "全部"), *CHOICES])
    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", label="收到月份", required=False)
    q = forms.CharField(label="户主姓名或受理编号", required=False, max_length=40)
    outcome = forms.ChoiceField(required=False, choices=[("", ""), *Outcome.choices], widget=forms.HiddenInput)
    refusal = forms.ChoiceField(required=False, choices=[("", ""), *RefusalReason.choices], widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self.fields["month"].widget.attrs["placeholder"] = "如 2022-07"

    @property
    def filters(self) -> dict[str, str]:
        names = ("stage", "channel", "difficulty", "month", "outcome", "refusal")
        return self.kept({name: self.chosen(name) for name in names} | {"text": said.line(self.chosen("q"))})


@never_cache
@needs(roles.TAKE_REPORTS)
def reports(request: HttpRequest) -> HttpResponse:
    """The list: filter, sort, search, page."""
    scope = scope_of(request)
    form = ReportsForm(request.GET, scope=scope, home=account_of(request).region_code)
    page = lists.page(exports.reports(scope, form.filters), orders=ORDERS, asked=request.GET, unit="件")
    page.names = regions.names_of(
        {code for row in page.rows for code in (row.region_code, row.region_code[:9] + "000")}
    )
    decided = queries.decided_among(page.rows)
    rows = [(row, queries.stage_of(row, is_decided=row.pk in decided)) for row in page.rows]
    names = {
        "form": form,
        "page": page,
        "rows": rows,
        "stages": queries.STAGES,
        "waiting": queries.reports(scope=scope, stage=queries.WAITING).count(),
        "decided": queries.reports(scope=scope, stage=queries.DECIDED).count(),
    }
    return render(request, "web/reports/reports.html", names)


class TakeForm(forms.Form):
    """What staff write down: the same five questions, and where and how it was said."""

    channel = forms.ChoiceField(label="渠道", choices=[(one.value, one.label) for one in BY_STAFF])
    village = forms.ChoiceField(label="村", error_messages={"required": "请选择村"})
    householder_name = forms.CharField(label="户主姓名（必填）", required=False)
    phone = forms.CharField(label="联系电话（必填）", required=False, help_text="申报人查结果要用后四位。")
    identity_number = forms.CharField(
        label="户主身份证号（可不填）", required=False, help_text="姓名和号码都对得上时自动认定是哪一户。"
    )
    is_for_other = forms.BooleanField(label="替别人家申报", required=False)
    reporter_name = forms.CharField(label="申报人姓名（替别人申报时，可不填）", required=False)
    difficulty = forms.ChoiceField(label="困难（必填）", choices=[("", "请选择"), *CHOICES], required=False)
    description = forms.CharField(
        label="情况",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="只写和困难有关的，不写证件号码。",
    )
    slip = forms.CharField(widget=forms.HiddenInput)

    said: said.Said | None = None

    def __init__(self, *arguments: Any, scope: Scope, home: str, **names: Any) -> None:
        super().__init__(*arguments, **names)
        lists.offer(self, "village", villages_of(scope, home))
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        names = ("householder_name", "phone", "difficulty", "description", "identity_number", "reporter_name")
        try:
            self.said = said.read(
                **{name: found.get(name, "") for name in names}, is_for_other=found.get("is_for_other", False)
            )
        except said.SaidError as error:
            for name, sentence in error.faults.items():
                self.errors.pop(name, None)
                self.add_error(name, sentence)
        return found


@never_cache
@needs(roles.TAKE_REPORTS)
def take(request: HttpRequest) -> HttpResponse:
    """Staff write down what a visitor or caller says; the receipt number is read out to them."""
    me, scope = account_of(request), scope_of(request)
    form = TakeForm(request.POST or None, scope=scope, home=me.region_code, initial={"slip": receipts.new_slip()})
    if request.method == "POST" and form.is_valid() and form.said:
        try:
            report = actions.receive(
                said=form.said,
                channel=form.cleaned_data["channel"],
                region_code=form.cleaned_data["village"],
                by=me,
                now=timezone.now(),
                today=clock.today(),
                policies=policy.load(),
                form_nonce=f"{me.pk}-{form.cleaned_data['slip']}"[:32],
            )
        except UserError as error:
            form.add_error(None, str(error))
        else:
            promised = promise.of(report, policies=policy.load())
            names = {"report": report, "receipt": receipts.spoken(report.receipt_no), "promise": promised}
            return render(request, "web/reports/taken.html", names | {"section": "reports"})
    return render(request, "web/reports/take.html", {"form": form, "section": "reports"})


def villages_of(scope: Scope, home: str) -> list[tuple[str, Any]]:
    """The villages of an account, by township where there are several."""
    if not home or not scope.ranges:
        return []
    region = regions.region(home)
    if region.level == Level.VILLAGE:
        return [(region.code, region.name)]
    above = [region] if region.level == Level.TOWNSHIP else regions.children(home)
    return [("", "请选择"), *_by_township(above)]


def _by_township(above: Sequence[Region]) -> list[tuple[str, Any]]:
    return [(one.name, [(village.code, village.name) for village in regions.children(one.code)]) for one in above]
