"""Answers of departments: on the page, or in the file that comes back, found by the mark of each row (S4-C-13)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from django.db import transaction

from shouwang.casework.procedure import LONG_TEXT, Field
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake import reading
from shouwang.intake.reasons import Refusal
from shouwang.organisation import audit

from . import department_lists, wording
from .models import DepartmentList, ListRow
from .models.department_lists import ANSWERS

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_ANSWER_OF = {label: code for code, label in ANSWERS}
_MARK = re.compile(r"([2-9A-HJ-NP-Z]{4})([-—–－_]?)([2-9A-HJ-NP-Z]{4})")
_TOTALS = ("合计", "总计", "小计", "共计")
_REMARK = Field("remark", department_lists.REMARK, LONG_TEXT, is_required=False)


@dataclass
class Answered:
    """What answers changed, and what of a file could not be taken; ``remarks``: mark → why its remark was left out."""

    answered_count: int = 0
    same_count: int = 0
    empty_count: int = 0
    headings: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)


def answer(
    *, made: DepartmentList, answers: Mapping[str, tuple[str, str]], by: Account | None, today: dt.date
) -> Answered:
    """mark → (answer, remark). The last answer counts; empty ones leave what was said before. A remark with somebody's number or
    a disease is left out, its answer is not. Raises UserError."""
    if by is not None and not department_lists.may_answer(made, by):
        raise NotPermittedError("您的账号不能回复这份名单")
    done = Answered()
    with transaction.atomic():
        rows = {row.mark: row for row in made.rows.select_for_update().filter(mark__in=list(answers))}
        changed = []
        for mark, (code, remark) in answers.items():
            row = rows.get(mark)
            if row is None or not code:
                done.empty_count += 1
                continue
            if code not in department_lists.ANSWER_LABELS:
                raise UserError(
                    f"“{code}”不是可选的回复", next_step=f"可选：{'、'.join(department_lists.ANSWER_LABELS.values())}。"
                )
            text = remark.strip()[:200]
            if fault := wording.faults((_REMARK,), {_REMARK.name: text}).get(_REMARK.name):
                done.remarks[mark], text = fault, row.remark
            if (row.answer, row.remark) == (code, text):
                done.same_count += 1
                continue
            row.answer, row.remark = code, text
            row.answered_on, row.answered_by = today, by
            changed.append(row)
        ListRow.objects.bulk_update(changed, ["answer", "remark", "answered_on", "answered_by"], batch_size=500)
        done.answered_count = len(changed)
        if changed:
            detail = {"rows": len(changed)}
            audit.record(
                by=by, action="回复部门名单", region_code=made.region_code, target=f"名单 {made.pk}", detail=detail
            )
    return done


def import_answers(*, made: DepartmentList, path: Path, by: Account | None, today: dt.date) -> Answered:
    """Reads a list that came back. Rows are found by their mark wherever it stands, so that other columns may have been
    moved, renamed, added or removed, and rows sorted. What cannot be taken comes back with the reason."""
    if by is not None and not department_lists.may_answer(made, by):
        raise NotPermittedError("您的账号不能回复这份名单")
    own = dict(made.rows.values_list("mark", "answer"))
    heading, lines = _read(path, own)
    place = _answer_place(heading, [cells for _, cells in lines])
    remark_place = heading.index(department_lists.REMARK) if department_lists.REMARK in heading else None
    refusals: list[Refusal] = []
    answers: dict[str, tuple[str, str]] = {}
    first: dict[str, int] = {}
    empty = 0
    cells_of = dict(lines)
    for number, found in lines:
        marks = {mark for cell in found if (mark := _mark_in(cell, own))}
        if not marks and _says_nothing(found):
            continue
        said = "".join(found[place].split()) if place < len(found) else ""
        remark = found[remark_place].strip() if remark_place is not None and remark_place < len(found) else ""
        problem = _problem(marks, own, said, first)
        if problem is not None:
            refusals.append(Refusal(number, found, [problem[0]], [problem[1]], [problem[2]]))
            continue
        mark = next(iter(marks))
        if not said:
            empty += 1
            continue
        if mark in answers and answers[mark][0] != _ANSWER_OF[said]:
            reason = f"与第 {first[mark]} 行是同一行，回复不同"
            refusals.append(Refusal(number, found, [department_lists.MARK], [reason], ["请只保留一行"]))
            continue
        first.setdefault(mark, number)
        answers.setdefault(mark, (_ANSWER_OF[said], remark))
    done = answer(made=made, answers=answers, by=by, today=today)
    for mark, fault in done.remarks.items():
        number, reason = first[mark], f"{fault}：回复已登记，说明没有登记"
        refusals.append(Refusal(number, cells_of[number], [department_lists.REMARK], [reason], ["请改写说明后再传"]))
    refusals.sort(key=lambda one: one.row_number)
    done.headings, done.refusals, done.empty_count = heading, refusals, empty
    return done


def _read(path: Path, own: Mapping[str, str]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Heading and rows of the first table in which marks stand."""
    for sheet in reading.open_file(path):
        start = next(
            (n for n, cells in enumerate(sheet.sample) if any(_mark_in(cell, own) for cell in cells)), len(sheet.sample)
        )
        if start == len(sheet.sample):
            continue
        width = max(len(cells) for cells in sheet.sample)
        heading = [cell.strip() for cell in sheet.sample[start - 1]] if start else []
        rows = next(iter(sheet.attempts(start, width)))
        with duckdb.connect() as connection:
            if isinstance(rows.source, str):
                table = connection.execute(f"SELECT * FROM {rows.source}").fetchall()
            else:
                source = rows.source
                table = connection.from_arrow(source).fetchall()
                if "row" in source.column_names:
                    place = source.column_names.index("row")
                    numbered = [(int(line[place]), line[:place] + line[place + 1 :]) for line in table]
                    return heading, [(number, [_cell(value) for value in line]) for number, line in numbered]
        begin = rows.first_number or start + 1
        return heading, [(begin + n, [_cell(value) for value in line]) for n, line in enumerate(table)]
    raise UserError("文件里没有名单的行码", place=path.name, next_step="请在发出的名单上填写回复，保留“行码”一列。")


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _mark_in(cell: str, own: Mapping[str, str]) -> str:
    """The mark that stands in a cell, typed in any way; without its hyphen only where it is one of the list's own."""
    found = _MARK.fullmatch("".join(unicodedata.normalize("NFKC", cell).upper().split()).strip("'\"="))
    if found is None:
        return ""
    mark = f"{found[1]}-{found[3]}"
    return mark if found[2] or mark in own else ""


def _says_nothing(cells: Sequence[str]) -> bool:
    """An empty line, or one that adds the others up."""
    said = [text for cell in cells if (text := "".join(cell.split()))]
    return not said or said[0].rstrip("：:") in _TOTALS


def _answer_place(heading: Sequence[str], lines: Sequence[Sequence[str]]) -> int:
    """The column of the answers: by its heading, or by what stands in it."""
    for names in (
        (department_lists.ANSWER,),
        ("回复情况", "办理结果", "办理情况", "落实情况", "反馈", "反馈结果", "答复"),
    ):
        for place, text in enumerate(heading):
            if text in names:
                return place
    width = max((len(line) for line in lines), default=0)
    counts = [sum(place < len(line) and line[place].strip() in _ANSWER_OF for line in lines) for place in range(width)]
    if not counts or not max(counts):
        raise UserError(
            "文件里没有找到回复", next_step=f"请在“{department_lists.ANSWER}”一列填写：{'、'.join(_ANSWER_OF)}。"
        )
    return counts.index(max(counts))


def _problem(
    marks: set[str], own: Mapping[str, str], said: str, first: Mapping[str, int]
) -> tuple[str, str, str] | None:
    if not marks:
        return department_lists.MARK, "没有行码", "请保留发出名单时的行码"
    if len(marks) > 1:
        return department_lists.MARK, "有两个行码", "请一行只留一个行码"
    if next(iter(marks)) not in own:
        return department_lists.MARK, "不是这份名单的行", "请核对是否传错了名单"
    if said and said not in _ANSWER_OF:
        return department_lists.ANSWER, f"“{said[:20]}”不是可选的回复", f"请填：{'、'.join(_ANSWER_OF)}"
    return None
