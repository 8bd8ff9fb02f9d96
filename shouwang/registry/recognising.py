"""Tells which sheet of the national system a file is, by its headings."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.foundation.errors import UserError
from shouwang.intake import headings, queries
from shouwang.intake.table import Sheet

from .sheets import SHEETS

AUTO = "auto"


def kind_of(sheets: list[Sheet], *, place: str, sender: str = "", mapping: Mapping[str, str] | None = None) -> str:
    """person, household, monitored or outwork. Raises UserError that names what each of them must have.

    A list with a number for every person is about persons, whatever else stands in it; out-work lists say nothing of
    schooling; household lists with a monitoring category are about monitored objects.
    """
    found: dict[str, set[str]] = {}
    for code, contract in SHEETS.items():
        remembered = queries.remembered_headings(dataset=code, sender=sender)
        wanted = {**remembered, **_known_to(code, mapping or {})}
        vocabulary = headings.Vocabulary(contract, wanted)
        for sheet in sheets:
            heading = headings.find(sheet.sample, vocabulary)
            if heading and not heading.missing(contract):
                found.setdefault(code, set()).update(column.heading for column in heading.columns.values())
    if "person" in found or "outwork" in found:
        is_outwork = "outwork" in found and not found.get("person", set()) & {
            "与户主关系",
            "文化程度",
            "健康状况",
            "户主姓名",
        }
        return "outwork" if is_outwork else "person"
    if "monitored" in found:
        return "monitored"
    if "household" in found:
        return "household"
    needs = "；".join(
        f"{contract.label}须有{'、'.join(column.heading for column in contract.columns if column.is_required)}"
        for contract in SHEETS.values()
    )
    raise UserError(
        f"看不出这是全国系统的哪一张表（{needs}）",
        place=place,
        next_step="请用 --kind 指明是 household、person、monitored 还是 outwork，列名不同的用 --map 说明。",
    )


def _known_to(code: str, mapping: Mapping[str, str]) -> dict[str, str]:
    """The part of a mapping whose targets this sheet has."""
    known = {headings.normalised(column.heading) for column in SHEETS[code].columns}
    return {text: name for text, name in mapping.items() if not name or headings.normalised(name) in known}
