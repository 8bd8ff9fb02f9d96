"""Writes the roster in the columns in which it is read, so that a file given back can be changed and imported again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from shouwang.intake import spreadsheet
from shouwang.organisation import audit, institutions, queries
from shouwang.organisation.models import Account, Appointment, Post
from shouwang.organisation.scope import Scope
from shouwang.organisation.staffing import masked_phone, phone_of
from shouwang.regions import queries as regions

from .contract import ROSTER


def write(path: Path, *, scope: Scope, on: dt.date, by: Account | None, region_code: str, with_phones: bool) -> int:
    """Everybody in office on a day and the vacant posts; returns the number of lines. Logged.

    Without ``with_phones`` numbers are masked; such a file must not be imported again as it is: the reading refuses masked ones.
    """
    held = queries.appointments(scope=scope, on=on).order_by("post__unit__region_code", "post__unit", "post", "pk")
    vacant = institutions.vacant_posts(scope=scope, on=on)
    names = regions.names_of(_codes(held, vacant))

    def lines() -> Iterator[list[str]]:
        for term in held.iterator(chunk_size=2000):
            phone = phone_of(term.staff) if with_phones else masked_phone(term.staff)
            until = term.until_on.isoformat() if term.until_on else ""
            yield [
                *_post(term.post, names),
                term.staff.name,
                term.staff.sex,
                phone,
                term.from_on.isoformat(),
                until,
            ]
        for post in vacant.iterator(chunk_size=2000):
            yield [*_post(post, names), "", "", "", "", ""]

    headings = [column.heading for column in ROSTER.columns]
    count = spreadsheet.write_texts(path, headings, lines(), sheet_name=ROSTER.label)
    audit.record(
        by=by, action="导出机构人员名册", region_code=region_code, detail={"rows": count, "with_phones": with_phones}
    )
    return count


def _codes(*rows: QuerySet[Any]) -> set[str]:
    found = set[str]()
    for query in rows:
        prefix = "post__unit__" if query.model is Appointment else "unit__"
        for code in query.order_by().values_list(f"{prefix}region_code", flat=True).distinct():
            found |= {code, f"{code[:9]}000"}
    return found


def _post(post: Post, names: dict[str, str]) -> list[str]:
    unit, code = post.unit, post.unit.region_code
    return [
        code,
        names.get(f"{code[:9]}000", "") if code[6:9] != "000" else "",
        names.get(code, "") if code[9:] != "000" else "",
        unit.name,
        unit.get_kind_display(),
        post.title,
        post.get_kind_display(),
        post.responsibility,
    ]
