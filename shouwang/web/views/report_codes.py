"""The codes on the villages' walls: which village has one, a sheet to print, a new one for an old one."""

from __future__ import annotations

import io
import re
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang.door import doors
from shouwang.door.models import VillageDoor
from shouwang.foundation.errors import UserError
from shouwang.jobs.papers import words
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.reporting import drafts

from .. import handing_papers, lists
from ..access import account_of, needs, scope_of

_SHEETS_AT_ONCE, _VILLAGES_AT_ONCE = 60, 50
_HERE_ONLY = re.compile(r"https?://(localhost|127\.|\[::1\])")
HOTLINE = "12317"
WITH_CODE, WITHOUT_CODE = "open", "missing"


class CodesForm(lists.ListForm):
    """The place, and whether a village has a code."""

    status = forms.ChoiceField(
        label="申报码", required=False, choices=[("", "全部"), (WITH_CODE, "已启用"), (WITHOUT_CODE, "未启用")]
    )


@never_cache
@needs(roles.TAKE_REPORTS)
def codes(request: HttpRequest) -> HttpResponse:
    """The villages of a place with their codes, a screenful at a time."""
    form = CodesForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    place, villages = _villages(request, form)
    open_ones = doors.open_ones(villages=[village.code for village in villages])
    missing = sum(village.code not in open_ones for village in villages)
    if status := form.chosen("status"):
        villages = [village for village in villages if (village.code in open_ones) is (status == WITH_CODE)]
    pages = Paginator(villages, _VILLAGES_AT_ONCE).get_page(request.GET.get("page"))
    prefix = _prefix(request)
    names = {
        "form": form,
        "place": place,
        "villages": [(village, open_ones.get(village.code)) for village in pages],
        "townships": regions.names_of({f"{village.code[:9]}000" for village in pages}),
        "pages": pages,
        "missing": missing,
        "open_count": len(open_ones),
        "may_renew": _may_renew(request),
        "prefix": prefix,
        "is_here_only": bool(_HERE_ONLY.match(prefix)),
        "section": "reports",
    }
    return render(request, "web/reports/codes.html", names)


@never_cache
@needs(roles.TAKE_REPORTS)
def sheets(request: HttpRequest) -> HttpResponse:
    """The sheets of the chosen place, one page of paper each, as many at a time as a browser prints well."""
    form = CodesForm(request.GET, scope=scope_of(request), home=account_of(request).region_code)
    place, villages = _villages(request, form)
    open_ones = doors.open_ones(villages=[village.code for village in villages])
    pages = Paginator([village.code for village in villages if village.code in open_ones], _SHEETS_AT_ONCE)
    if not pages.count:
        raise Http404
    batch = pages.get_page(request.GET.get("page"))
    shown = [
        {"village": regions.full_name(code), "svg": drawing(address_of(request, open_ones[code]))} for code in batch
    ]
    return render(request, "web/reports/sheets.html", {"sheets": shown, "place": place, "pages": batch})


@never_cache
@needs(roles.TAKE_REPORTS)
def sheet_file(request: HttpRequest, region_code: str, file_format: str) -> HttpResponseBase:
    """The sheet of one village as a file to send to a printing shop."""
    found = doors.open_ones(villages=[region_code]).get(region_code) if scope_of(request).covers(region_code) else None
    if found is None or file_format not in ("pdf", "docx"):
        raise Http404
    village = regions.name(region_code)
    made = drafts.door_sheet(
        drafts.DoorSheet(
            village=village, address=address_of(request, found), unit=words.committee(region_code), phone=HOTLINE
        )
    )
    return handing_papers.hand_out(
        request,
        made,
        file_format,
        label="村申报码",
        region_code=region_code,
        target=village,
        instead=reverse("report_sheet_file", args=[region_code, "docx"]),
    )


@never_cache
@require_POST
@needs(roles.REVIEW, roles.APPROVE)
def open_codes(request: HttpRequest) -> HttpResponse:
    """Gives codes to the villages of a place that have none."""
    form = CodesForm(request.POST, scope=scope_of(request), home=account_of(request).region_code)
    place, villages = _villages(request, form)
    count = doors.open_missing(
        villages=[village.code for village in villages], by=account_of(request), now=timezone.now()
    )
    messages.info(request, f"{place}新生成 {count} 个村的申报码。")
    return redirect(_back(form))


@never_cache
@require_POST
@needs(roles.REVIEW, roles.APPROVE)
def renew(request: HttpRequest, region_code: str) -> HttpResponse:
    """A new code for a village whose old one was lost or misused."""
    if not scope_of(request).covers(region_code):
        raise Http404
    try:
        doors.renew(region_code=region_code, by=account_of(request), now=timezone.now())
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.info(request, f"{regions.name(region_code)}的申报码已换新，旧码扫开会提示；请打印新码贴上。")
    return redirect(f"{reverse('report_codes')}?region={region_code[:9]}000" if _is_above(request) else "report_codes")


def address_of(request: HttpRequest, door: VillageDoor) -> str:
    """What a village's code leads to, as a telephone outside the office can reach it."""
    return _prefix(request) + reverse("door", args=[door.token])


def _prefix(request: HttpRequest) -> str:
    """The address before the path: as it was set for the codes, else as the office sees it."""
    return (settings.DOOR_ADDRESS or request.build_absolute_uri("/")).rstrip("/")


def drawing(address: str) -> SafeString:
    """The code as a drawing that stands in the page itself."""
    buffer = io.BytesIO()
    segno.make(address, error="m").save(
        buffer, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, title="申报二维码"
    )
    return mark_safe(buffer.getvalue().decode())  # noqa: S308  made from our own address, no user's text in it


def _villages(request: HttpRequest, form: CodesForm) -> tuple[str, list[Any]]:
    code = form.place or account_of(request).region_code
    if not code or not scope_of(request).contains(code):
        raise Http404
    region = regions.region(code)
    if region.level == Level.VILLAGE:
        return region.name, [region]
    if region.level == Level.TOWNSHIP:
        return region.name, regions.children(code)
    if region.level != Level.COUNTY:
        raise Http404
    return region.name, [village for one in regions.children(code) for village in regions.children(one.code)]


def _may_renew(request: HttpRequest) -> bool:
    return account_of(request).may(roles.REVIEW) or account_of(request).may(roles.APPROVE)


def _is_above(request: HttpRequest) -> bool:
    return regions.region(account_of(request).region_code).level < Level.TOWNSHIP


def _back(form: CodesForm) -> str:
    return f"{reverse('report_codes')}?region={form.place}" if form.place else reverse("report_codes")
