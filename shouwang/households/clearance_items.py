"""The items of the way out: those that the place's list names for the day, each with evidence; the usual four while none is set."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shouwang.casework.procedure import CHOICE, LONG_TEXT, Asked, Context, Field
from shouwang.policy import Policies

PARAMETER = "case.elimination_checks"
COUNT = "case.elimination_check_count"
PASSED, FAILED = "passed", "failed"

_RESULTS = {PASSED: "通过", FAILED: "未通过"}
_EVIDENCE = "看了什么、数是多少"
_ALL = "每项写明依据，全部通过才能申请。"


@dataclass(frozen=True)
class Item:
    """One thing to be checked. ``evidence``: what has to be shown, empty for a default item that nobody described."""

    code: str
    label: str
    evidence: str = ""


def items(*, policies: Policies, region_code: str, on: dt.date) -> tuple[Item, ...]:
    """The list in force for a region on a day. hengshui-2022-1#C.2.4.4 counts four and names none (P68, X22): the parameter's
    ``choices`` are those that other places use, and stand in while no list is set."""
    value = policies.resolve(PARAMETER, region_code=region_code, on=on, name_of=str).value
    if value is None:
        return tuple(Item(code, label) for code, label in policies.parameter(PARAMETER).shape.choices.items())
    return tuple(Item(one["code"], one["label"], one["evidence"]) for one in value)


def asked(policies: Policies, county_code: str, on: dt.date) -> Asked:
    """A result and its evidence for every item."""
    found = items(policies=policies, region_code=county_code, on=on)
    source = policies.resolve(PARAMETER, region_code=county_code, on=on, name_of=str).source
    fields = tuple(
        field
        for item in found
        for field in (
            Field(item.code, item.label, CHOICE, choices=_RESULTS),
            Field(f"{item.code}_evidence", f"{item.label}：依据", LONG_TEXT, help=item.evidence or _EVIDENCE),
        )
    )
    if source is None:
        basis = "默认项（文件未列出具体项目）"
        told = "文件未列出具体项目，采用默认项，以省里的文件为准。"
    else:
        basis = "、".join(policies.citation_text(cite) for cite in source.cites)
        told = f"按{basis}（{source.from_on} 起）验收。"
    count = policies.resolve(COUNT, region_code=county_code, on=on, name_of=str).value
    differs = "" if count in (None, len(found)) else f"文件要求 {count} 项，清单现为 {len(found)} 项，请县里核对。"
    return Asked(fields, basis=basis, description=f"{told}共 {len(found)} 项，{_ALL}{differs}")


def all_passed(context: Context) -> list[str]:
    """Every item of the list in force, by its name."""
    found = items(policies=context.policies, region_code=context.county_code, on=context.on)
    return [f"“{item.label}”未通过" for item in found if context.data.get(item.code) != PASSED]
