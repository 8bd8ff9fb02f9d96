"""What hangs in the villages: read from the notices of the cases, up or not by the day alone, and printed as one sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from shouwang.casework.models import Notice
from shouwang.casework.models.notices import ANNOUNCEMENT
from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.reporting import drafts
from shouwang.reporting.drafts import Contact, Matter, NoticedHousehold
from shouwang.reporting.papers import Paper

from . import words


@dataclass(frozen=True)
class Posted:
    """Notices of one village that hang as one sheet: the same kind, matter, days and telephone."""

    notices: tuple[Notice, ...]

    @property
    def first(self) -> Notice:
        return self.notices[0]

    @property
    def label(self) -> str:
        about = "风险消除" if self.first.is_about_clearance else "纳入监测"
        return f"{self.first.get_kind_display()}（{about}）"


def posted(*, scope: Scope) -> QuerySet[Notice]:
    """Every notice of the scope's villages."""
    return scope.filter(Notice.objects.select_related("case"))


def up_on(rows: QuerySet[Notice], day: dt.date) -> QuerySet[Notice]:
    """Those that hang on a day: it lies between their first and last one, and nobody took them down before."""
    return rows.filter(shown_from__lte=day, shown_until__gte=day).filter(
        Q(taken_down_on=None) | Q(taken_down_on__gt=day)
    )


def together(rows: Iterable[Notice]) -> list[Posted]:
    """Gathers notices that hang as one sheet, in the order they come."""
    found: dict[tuple[object, ...], list[Notice]] = {}
    for one in rows:
        key = (one.region_code, one.kind, one.is_about_clearance, one.shown_from, one.shown_until, one.content["phone"])
        found.setdefault(key, []).append(one)
    return [Posted(tuple(group)) for group in found.values()]


def notice_paper(notices: Sequence[Notice]) -> Paper:
    """The sheet on the wall. Raises UserError when there is nothing to show, or what there is does not hang together."""
    groups = together(notices)
    if len(groups) != 1:
        raise UserError(
            "没有可以打印的公示、公告" if not groups else "选中的公示不是同一张", next_step="请从列表里选一张。"
        )
    first = groups[0].first
    households = [_household(one) for one in groups[0].notices]
    village = regions.name(first.region_code)
    phone = str(first.content["phone"])
    matter = Matter.CLEARANCE if first.is_about_clearance else Matter.INCLUSION
    if first.kind == ANNOUNCEMENT:
        unit = f"{words.township(first.region_code)}人民政府"
        decided_on = first.case.included_on or first.shown_from
        return drafts.announcement(
            drafts.Announcement(
                matter=matter,
                village=village,
                households=households,
                decided_on=decided_on,
                contacts=[Contact(unit, phone)],
                unit=unit,
                signed_on=first.shown_from,
            )
        )
    unit = words.committee(first.region_code)
    return drafts.public_notice(
        drafts.PublicNotice(
            matter=matter,
            village=village,
            households=households,
            from_on=first.shown_from,
            until_on=first.shown_until,
            contacts=[Contact(unit, phone)],
            unit=unit,
            signed_on=first.shown_from,
        )
    )


def _household(notice: Notice) -> NoticedHousehold:
    """Only what the notice itself keeps: the permitted fields as they were on the day it went up."""
    content = notice.content
    return NoticedHousehold(
        head_name=content["head_name"],
        village_group=content["place"],
        size=content["size"] or words.size(notice.case),
        category=content.get("category") or "—",
        risks=[risk for risk in str(content["risks"]).split("、") if risk],
    )
