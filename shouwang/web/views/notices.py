"""公示公告: what hangs in the villages, what comes down when, each sheet to print; and the same for whoever scans a village's code."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from shouwang.casework.models import Notice
from shouwang.casework.models.notices import ANNOUNCEMENT, PUBLICITY
from shouwang.door import doors
from shouwang.jobs import clock, papers
from shouwang.organisation import roles
from shouwang.regions import queries as regions
from shouwang.reporting import scanner

from .. import handing_papers, lists
from ..access import account_of, needs, scope_of, seen_or_404
from .door import public

ORDERS = (
    lists.Order("until", ("shown_until", "region_code", "id"), is_descending=False),
    lists.Order("village", ("region_code", "shown_until", "id")),
)
UP, OVER, ALL = "", "over", "all"
_MOST_IN_PUBLIC = 200


class NoticesForm(lists.ListForm):
    status = forms.ChoiceField(label="状态", required=False, choices=[(UP, "张贴中"), (OVER, "已撤下"), (ALL, "全部")])
    kind = forms.ChoiceField(
        label="种类", required=False, choices=[("", "全部"), (PUBLICITY, "公示"), (ANNOUNCEMENT, "公告")]
    )


@needs(roles.SEE_CASES)
def notices(request: HttpRequest) -> HttpResponse:
    """The sheets of the account's villages. Whether one is up follows from the day alone."""
    scope, today = scope_of(request), clock.today()
    form = NoticesForm(request.GET, scope=scope, home=account_of(request).region_code)
    rows = papers.posted(scope=form.within)
    if kind := form.chosen("kind"):
        rows = rows.filter(kind=kind)
    up = papers.up_on(rows, today)
    page = lists.page(_of_status(rows, up, form.chosen("status")), orders=ORDERS, asked=request.GET, unit="户")
    page.names = regions.names_of(
        {code for row in page.rows for code in (row.region_code, row.region_code[:9] + "000")}
    )
    hanging = set(up.filter(pk__in=[row.pk for row in page.rows]).values_list("pk", flat=True))
    me = account_of(request)
    names = {
        "form": form,
        "page": page,
        "sheets": [(sheet, sheet.first.pk in hanging) for sheet in papers.together(page.rows)],
        "today": today,
        "up_count": up.order_by().count(),
        "ending": up.filter(shown_until__lte=today + dt.timedelta(days=1)).order_by().count(),
        "may_take": me.may(roles.ORGANISE) or me.may(roles.EXPORT),
        "section": "notices",
    }
    return render(request, "web/papers/notices.html", names)


def _of_status(rows: QuerySet[Notice], up: QuerySet[Notice], status: str) -> QuerySet[Notice]:
    if status == ALL:
        return rows
    return rows.exclude(pk__in=up.values("pk")) if status == OVER else up


@needs(roles.ORGANISE, roles.EXPORT)
def sheet(request: HttpRequest, notice_id: int, file_format: str) -> HttpResponseBase:
    """The whole sheet that a notice hangs on, as Word or PDF."""
    if file_format not in ("docx", "pdf"):
        raise Http404
    one = seen_or_404(Notice.objects.all(), scope_of(request), pk=notice_id)
    beside = Notice.objects.filter(region_code=one.region_code, kind=one.kind, shown_from=one.shown_from)
    # a family whose notice was taken down does not go up again with its neighbours
    beside = beside.filter(Q(taken_down_on=None) | Q(pk=one.pk))
    groups = papers.together(beside.select_related("case").order_by("pk"))
    whole = next(group for group in groups if one in group.notices)
    return handing_papers.hand_out(
        request,
        papers.notice_paper(whole.notices),
        file_format,
        label=one.get_kind_display(),
        region_code=one.region_code,
        target=regions.name(one.region_code),
        instead=reverse("notice_sheet", args=[notice_id, "docx"]),
    )


@public
def on_the_wall(request: HttpRequest, token: str) -> HttpResponse:
    """What hangs in a village today, for whoever scanned its code: the permitted fields of the notices, nothing else."""
    village = doors.found(token)
    if village is None or village.closed_at:
        raise Http404
    rows = papers.up_on(Notice.objects.filter(region_code=village.region_code), clock.today())
    rows = rows.select_related("case").order_by("shown_until", "pk")[:_MOST_IN_PUBLIC]
    shown = papers.together([one for one in rows if _may_be_seen(one)])
    names = {"sheets": shown, "village": regions.full_name(village.region_code), "token": token}
    return render(request, "web/door/notices.html", names)


def _may_be_seen(notice: Notice) -> bool:
    """The page is looked through like the sheet of paper: what may not hang on the wall does not stand here either."""
    content = notice.content
    told = "\n".join(str(content.get(name, "")) for name in ("head_name", "place", "category", "risks", "phone"))
    return not scanner.check(told, allow=frozenset({str(content["phone"])}))
