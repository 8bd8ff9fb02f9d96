"""The farmer's door: a village's page with five questions, a receipt, and how far the report is. No sign-in, no cookie, no script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from shouwang import policy
from shouwang.door import actions, doors, limits, promise, queries, receipts, said, tokens
from shouwang.door.difficulties import CHOICES
from shouwang.door.models import Channel, SelfReport, VillageDoor
from shouwang.foundation.errors import UserError
from shouwang.jobs import clock
from shouwang.regions import queries as regions

_LARGEST_BODY = 20_000
_OBJECTION_SECONDS = 1800
_BUSY = "现在提交的次数太多了，请过一会儿再试。着急的话请拨打 12317，或到村委会说一声。"
_FORM_TYPE = "application/x-www-form-urlencoded"


class DoorForm(forms.Form):
    """The five questions. ``website`` is for programs that fill in everything; people neither see nor hear it."""

    householder_name = forms.CharField(label="户主叫什么名字？", required=False)
    identity_number = forms.CharField(label="户主身份证号（可以不填，填了能更快找到）", required=False)
    is_for_other = forms.BooleanField(required=False)
    reporter_name = forms.CharField(label="您的姓名（可以不填）", required=False)
    phone = forms.CharField(label="留一个能打通的电话", required=False)
    difficulty = forms.ChoiceField(label="遇到了什么困难？", choices=CHOICES, required=False)
    description = forms.CharField(label="还想说点什么？（可以不填）", required=False)
    website = forms.CharField(required=False)

    said: said.Said | None = None

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if self.data.get("website"):
            raise forms.ValidationError("请把“请不要填写”那一栏清空，再按一次提交。")
        try:
            self.said = said.read(
                householder_name=found.get("householder_name", ""),
                phone=found.get("phone", ""),
                difficulty=found.get("difficulty", ""),
                description=found.get("description", ""),
                identity_number=found.get("identity_number", ""),
                is_for_other=found.get("is_for_other", False),
                reporter_name=found.get("reporter_name", ""),
            )
        except said.SaidError as error:
            for name, sentence in error.faults.items():
                self.errors.pop(name, None)
                self.add_error(name, sentence)
        return found


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to everybody: small bodies only, none that another site sends, nothing kept by browsers or found by search engines.

    There is no session that a foreign site could abuse, so the forms carry signed slips of their own instead of a cookie.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **names: Any) -> HttpResponse:
        if request.method == "POST" and (refusal := _unwelcome(request)):
            return _said(request, *refusal)
        try:
            answer = view(request, *arguments, **names)
        except UserError as error:
            answer = _said(request, "没有办成", str(error), 400)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return csrf_exempt(login_not_required(never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))))


@public
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The five questions of a village; sent, the receipt number. The same form sent twice gives the same receipt."""
    village = doors.found(token)
    if village is None:
        return _said(request, "没有找到这个村的申报页", "请再扫一次村里贴的码，或拨打 12317、到村委会说一声。", 404)
    if village.closed_at:
        return _said(request, "这张码已经换新了", "请扫村里新贴的码，或拨打 12317、到村委会说一声。", 410)
    if request.method != "POST":
        return _form(request, village, DoorForm())
    return _taken(request, village)


def _taken(request: HttpRequest, village: VillageDoor) -> HttpResponse:
    now, form = timezone.now(), DoorForm(request.POST)
    slip = tokens.read_form_slip(request.POST.get("slip", ""))
    keys = {"reports_per_address": address_of(request), "reports_per_village": village.token, "reports_in_all": ""}
    if not limits.knock(keys=keys, now=now):
        return _form(request, village, form, alert=_BUSY, status=429)
    if slip is None or slip.door != village.pk:
        return _form(request, village, form, alert="这一页不完整，请看一遍下面的内容，再按一次提交。", status=400)
    if slip.age(now) > dt.timedelta(hours=settings.DOOR_FORM_HOURS):
        return _form(request, village, form, alert="这一页打开得太久了，请看一遍下面的内容，再按一次提交。", status=400)
    if slip.age(now) < dt.timedelta(seconds=settings.DOOR_FORM_SECONDS):
        again = "提交得太快了，请看一遍下面的内容，再按一次提交。"
        return _form(request, village, form, alert=again, status=400, slip=request.POST["slip"])
    if not form.is_valid() or form.said is None:
        return _form(request, village, form, status=400, slip=request.POST["slip"])
    if not limits.knock(keys={"reports_per_phone": form.said.phone}, now=now):
        return _form(request, village, form, alert=_BUSY, status=429, slip=request.POST["slip"])
    report = actions.receive(
        said=form.said,
        channel=Channel.SCAN,
        region_code=village.region_code,
        by=None,
        now=now,
        today=clock.today(),
        policies=policy.load(),
        form_nonce=slip.nonce,
    )
    return _receipt(request, report, village.region_code)


def _form(
    request: HttpRequest, village: VillageDoor, form: DoorForm, *, alert: str = "", status: int = 200, slip: str = ""
) -> HttpResponse:
    """The page of the questions; what was typed stays, the identity number alone has to be typed again."""
    names = {
        "form": form,
        "alert": alert or " ".join(str(error) for error in form.non_field_errors()) if form.is_bound else "",
        "slip": slip or tokens.form_slip(door=village.pk, now=timezone.now()),
        "village": regions.full_name(village.region_code),
        "token": village.token,
        "has_number": bool(form.data.get("identity_number")),
    }
    return render(request, "web/door/door.html", names, status=status)


def _receipt(request: HttpRequest, report: SelfReport, region_code: str) -> HttpResponse:
    names = {
        "receipt": receipts.spoken(report.receipt_no),
        "promise": promise.of(report, policies=policy.load()),
        "village": regions.name(region_code),
    }
    return render(request, "web/door/receipt.html", names)


@public
def progress(request: HttpRequest) -> HttpResponse:
    """How far a report is, for whoever has its receipt and the end of the phone number. Asked by POST: no address tells either."""
    if request.method != "POST":
        return render(request, "web/door/progress.html")
    now, receipt = timezone.now(), request.POST.get("receipt", "")[:40]
    number = receipts.clean(receipt) or receipt.strip().upper()
    keys = {
        "questions_per_address": address_of(request),
        "questions_per_receipt": number,
        "questions_per_receipt_a_day": number,
        "questions_in_all": "",
    }
    if not limits.knock(keys=keys, now=now):
        return render(
            request, "web/door/progress.html", {"alert": "查询的次数太多了，请过一会儿再试，或拨打 12317。"}, status=429
        )
    found = queries.progress(
        receipt_no=receipt, phone_tail=request.POST.get("tail", "")[:20], today=clock.today(), policies=policy.load()
    )
    if found is None:
        wrong = "没有查到。请核对受理编号和电话的后四位，再查一次。"
        return render(request, "web/door/progress.html", {"alert": wrong}, status=404)
    slip = tokens.objection_slip(report=found.report) if found.may_object else ""
    return render(request, "web/door/standing.html", {"progress": found, "slip": slip})


@public
def objection(request: HttpRequest) -> HttpResponse:
    """A family that does not agree with a refusal: one press opens a new report that is linked to it."""
    now = timezone.now()
    if request.method != "POST":
        return render(request, "web/door/progress.html")
    if not limits.knock(keys={"reports_per_address": address_of(request), "reports_in_all": ""}, now=now):
        return _said(request, "请过一会儿再试", _BUSY, 429)
    key = tokens.read_objection_slip(request.POST.get("slip", ""), seconds=_OBJECTION_SECONDS)
    report = SelfReport.objects.filter(pk=key).first() if key else None
    if report is None:
        return render(
            request, "web/door/progress.html", {"alert": "这一页打开得太久了，请重新查询后再提。"}, status=400
        )
    new = actions.object_to(
        report=report,
        text=request.POST.get("description", "")[: said.TEXT_LENGTH],
        now=now,
        today=clock.today(),
        policies=policy.load(),
    )
    return _receipt(request, new, new.region_code)


def address_of(request: HttpRequest) -> str:
    """The visitor's address; behind our own servers, as the outermost of them saw it."""
    seen = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if settings.PROXIES and len(seen) >= settings.PROXIES:
        return seen[-settings.PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def _unwelcome(request: HttpRequest) -> tuple[str, str, int] | None:
    """Why a form is not even read."""
    if request.content_type != _FORM_TYPE:
        return "没有收下", "请从村里的申报页提交。", 415
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > _LARGEST_BODY:
        return "写得太长了", f"每项最多 {said.TEXT_LENGTH} 个字，请返回删短一些再提交。", 413
    origin = urlsplit(request.headers.get("Origin", ""))
    is_foreign = bool(origin.netloc) and origin.netloc != request.get_host()
    if is_foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return "没有收下", "请扫村里的码，从申报页提交。", 403
    return None


def _said(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    return render(request, "web/door/said.html", {"title": title, "text": text}, status=status)
