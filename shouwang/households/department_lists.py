"""Lists out to departments, with the fewest columns, and their answers back in by the mark of each row (S4-C-13, S0-C-45)."""

from __future__ import annotations

import datetime as dt
import json
import secrets as random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from shouwang.casework.models import Case
from shouwang.casework.risks import RISKS, labels
from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake import spreadsheet
from shouwang.organisation import audit, departments, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person

from .models import DepartmentList, ListRow, Measure
from .models.department_lists import ANSWERS
from .routing import DEPARTMENT_OF_RISK

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

# The columns that a list may have. Whoever sends it chooses; the number is the only secret one, and never chosen by itself.
COLUMNS = {
    "head_name": "户主",
    "person_name": "姓名",
    "number": "证件号码",
    "township": "乡镇",
    "village": "村",
    "risks": "风险",
    "measure": "措施",
    "due_on": "应完成日",
    "about": "事项",
}
DEFAULT_COLUMNS = ("person_name", "number", "township", "village", "measure")
# The departments that are asked about some risk, besides those that own measures.
ASKED = frozenset(DEPARTMENT_OF_RISK.values())
MARK, ANSWER, REMARK = "行码", "回复", "说明"
ANSWER_LABELS = dict(ANSWERS)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Subject:
    """Whom a row is about: a household, and the case, measure or person where there is one."""

    household: Household
    case: Case | None = None
    measure: Measure | None = None
    person: Person | None = None
    about: str = ""


# ── out ──────────────────────────────────────────────────────────────────────
def proposed_counts(*, scope: Scope) -> dict[str, int]:
    """Department → how many subjects ``proposed`` would give, for all departments at once and without reading any of them."""
    waiting = ListRow.objects.filter(answer="").values_list("list__department", "measure", "case")
    on_lists = set(waiting)
    asked_measures = {(department, measure) for department, measure, _ in on_lists if measure}
    asked_cases = {(department, case) for department, _, case in on_lists if case}
    found = Counter[str]()
    standing = Measure.objects.filter(cancelled_on=None, case__is_open=True).order_by()
    undone = scope.filter(standing.filter(done_on=None))
    for pk, department in undone.values_list("pk", "department"):
        if (department, pk) not in asked_measures:
            found[department] += 1
    helping = set(scope.filter(standing, "case__region_code").values_list("department", "case_id"))
    cases = scope.filter(Case.objects.filter(is_open=True, included_on__isnull=False)).order_by()
    asked_of: dict[str, set[str]] = {}  # risks as they are written → the departments; there are few ways to write them
    for pk, risks in cases.annotate(written=Cast("risks", TextField())).values_list("pk", "written"):
        if risks not in asked_of:
            asked_of[risks] = {DEPARTMENT_OF_RISK[risk] for risk in json.loads(risks) if risk in DEPARTMENT_OF_RISK}
        for department in asked_of[risks]:
            if (department, pk) not in helping and (department, pk) not in asked_cases:
                found[department] += 1
    return dict(found)


def proposed(*, scope: Scope, department: str) -> list[Subject]:
    """What a department would be asked about now: measures it owns that are not done, else open cases of its risks that
    have no measure of it; nothing that stands on an unanswered list already."""
    waiting = ListRow.objects.filter(list__department=department, answer="")
    measures = scope.filter(Measure.objects.filter(department=department, done_on=None, cancelled_on=None))
    measures = measures.filter(case__is_open=True).exclude(
        pk__in=waiting.filter(measure__isnull=False).values("measure")
    )
    found = [
        Subject(measure.case.household, measure.case, measure)
        for measure in measures.select_related("case__household").order_by("region_code", "case__case_no", "pk")
    ]
    risks = {risk for risk, owner in DEPARTMENT_OF_RISK.items() if owner == department}
    cases = scope.filter(Case.objects.filter(is_open=True, included_on__isnull=False))
    cases = cases.exclude(pk__in=waiting.filter(case__isnull=False).values("case"))
    cases = cases.exclude(Exists(Measure.objects.filter(case=OuterRef("pk"), department=department, cancelled_on=None)))
    found += [
        Subject(case.household, case)
        for case in cases.select_related("household").order_by("region_code", "case_no")
        if risks.intersection(case.risks)
    ]
    return found


def send(
    *,
    department: str,
    region_code: str,
    title: str,
    purpose: str,
    subjects: Sequence[Subject],
    columns: Sequence[str] = DEFAULT_COLUMNS,
    answer_by_on: dt.date | None = None,
    by: Account | None,
    today: dt.date,
    now: dt.datetime,
) -> DepartmentList:
    """Writes a list down; its file is made from it. Raises UserError for no rows, no purpose, unknown columns or department."""
    scope = Scope.everything() if by is None else Scope.of(by)
    if by is not None and not (by.may(roles.EXPORT) and scope.contains(region_code)):
        raise NotPermittedError("您的账号不能向部门发名单", next_step="请由县级数据员发出。")
    if department not in departments.BY_CODE:
        raise UserError(f"没有“{department}”这个部门")
    if unknown := [column for column in columns if column not in COLUMNS]:
        raise UserError(f"没有这些列：{'、'.join(unknown)}")
    if "number" in columns and by is not None and not by.may(roles.UNMASK):
        raise NotPermittedError("您的账号不能发出带证件号码的名单", next_step="请去掉证件号码一列。")
    if not purpose.strip():
        raise UserError("请写明用途", next_step="部门只应收到办这件事所需的信息。")
    if not subjects:
        raise UserError("名单是空的", next_step="没有需要这个部门办理的户。")
    if not all(scope.covers(one.household.region_code) for one in subjects):
        raise NotPermittedError("名单里有辖区以外的农户")
    with transaction.atomic():
        made = DepartmentList.objects.create(
            department=department,
            region_code=regions.full_code(region_code),
            title=title.strip()[:80] or "请落实帮扶措施",
            purpose=purpose.strip()[:200],
            columns=list(dict.fromkeys(columns)),
            sent_on=today,
            answer_by_on=answer_by_on,
            by=by,
            at=now,
        )
        marks = _marks(len(subjects))
        ListRow.objects.bulk_create(
            [
                ListRow(
                    list=made,
                    mark=mark,
                    region_code=one.household.region_code,
                    case=one.case,
                    measure=one.measure,
                    household=one.household,
                    person=one.person,
                    about=one.about,
                )
                for mark, one in zip(marks, subjects, strict=True)
            ],
            batch_size=1000,
        )
        detail = {"rows": len(subjects), "columns": made.columns}
        audit.record(by=by, action="发出部门名单", region_code=region_code, target=f"名单 {made.pk}", detail=detail)
    return made


def _marks(count: int) -> list[str]:
    """Marks that nobody can guess or mistake: no 0, 1, I or O."""
    found: set[str] = set()
    while len(found) < count:
        text = "".join(random.choice(_LETTERS) for _ in range(8))
        found.add(f"{text[:4]}-{text[4:]}")
    return sorted(found)


def headings(made: DepartmentList) -> list[str]:
    return [MARK, *(COLUMNS[column] for column in made.columns), ANSWER, REMARK]


def cells(made: DepartmentList, rows: Iterable[ListRow], *, is_whole: bool) -> Iterator[list[str]]:
    """The rows in words; identity numbers in full only for the file (``is_whole``), masked on pages."""
    rows = list(rows)
    keys = secrets.load()
    names = regions.names_of({code for row in rows for code in (row.region_code, f"{row.region_code[:9]}000")})
    heads = _heads(rows)
    for row in rows:
        person = row.person or heads.get(row.household_id)
        values = {
            "head_name": row.household.head_name,
            "person_name": person.name if person else row.household.head_name,
            "number": _number(person, keys, is_whole) if "number" in made.columns else "",
            "township": names.get(f"{row.region_code[:9]}000", ""),
            "village": names.get(row.region_code, row.region_code),
            "risks": labels(row.case.risks) if row.case else "",
            "measure": row.measure.title if row.measure else "",
            "due_on": row.measure.due_on.isoformat() if row.measure and row.measure.due_on else "",
            "about": row.about,
        }
        yield [row.mark, *(values[column] for column in made.columns), ANSWER_LABELS.get(row.answer, ""), row.remark]


def _heads(rows: Sequence[ListRow]) -> dict[int, Person]:
    """The householder as a person: where nobody is named, the list is about them."""
    homes = [row.household_id for row in rows if row.person_id is None]
    found: dict[int, Person] = {}
    for start in range(0, len(homes), 500):
        people = Person.objects.filter(household_id__in=homes[start : start + 500], relation="户主", is_withdrawn=False)
        found |= {person.household_id: person for person in people}
    return found


def _number(person: Person | None, keys: secrets.Keys, is_whole: bool) -> str:
    if person is None or not person.secrets:
        return ""
    from shouwang.foundation import identity

    number = keys.decrypt_values(bytes(person.secrets)).get("证件号码", "")
    return number if is_whole else identity.masked(number)


def rows_of(made: DepartmentList, *, waiting_first: bool = False) -> QuerySet[ListRow]:
    """By village; ``waiting_first`` puts on top what nobody answered yet."""
    rows = made.rows.select_related("household", "person", "case", "measure")
    is_waiting = ExpressionWrapper(Q(answer=""), output_field=BooleanField())
    return rows.order_by(*([is_waiting.desc()] if waiting_first else []), "region_code", "mark")


def write(*, made: DepartmentList, path: Path, by: Account | None) -> int:
    """The spreadsheet for the department, numbers as text, with a drop-down in the reply column; goes into the log."""
    if by is not None and not may_see(made, by):
        raise NotPermittedError("您的账号看不到这份名单")
    columns = [
        spreadsheet.SheetColumn(heading, choices=list(ANSWER_LABELS.values()) if heading == ANSWER else ())
        for heading in headings(made)
    ]
    lines = list(cells(made, rows_of(made), is_whole=True))
    spreadsheet.write_sheets(path, [spreadsheet.FormattedSheet("名单", columns, lines)])
    audit.record(
        by=by,
        action="导出部门名单",
        region_code=made.region_code,
        target=f"名单 {made.pk}",
        detail={"rows": len(lines)},
    )
    return len(lines)


# ── who sees what ────────────────────────────────────────────────────────────
def lists(*, account: Account) -> QuerySet[DepartmentList]:
    """A liaison sees the lists of the own department and place; an office those of its region."""
    rows = DepartmentList.objects.select_related("by")
    if account.may(roles.SEE_CASES):
        return Scope.of(account).filter(rows).order_by("-sent_on", "-pk")
    if not account.may(roles.ANSWER_LISTS) or account.unit is None or not account.unit.department:
        return rows.none()
    own = Scope.of(account).filter(rows).filter(department=account.unit.department)
    return own.order_by("-sent_on", "-pk")


def may_see(made: DepartmentList, account: Account) -> bool:
    return lists(account=account).filter(pk=made.pk).exists()


def may_answer(made: DepartmentList, account: Account) -> bool:
    """The department itself, or the office that sent the list and types in what came on paper."""
    return may_see(made, account) and (account.may(roles.ANSWER_LISTS) or account.may(roles.EXPORT))


# ── how departments answer ───────────────────────────────────────────────────
def answered_counts(made: Iterable[DepartmentList]) -> list[tuple[int, int, int]]:
    """(list, rows, answered) in one query."""
    rows = ListRow.objects.filter(list__in=[one.pk for one in made]).values_list("list_id")
    return list(rows.annotate(rows=Count("pk"), answered=Count("pk", filter=~Q(answer=""))))


@dataclass(frozen=True)
class Response:
    """How a department answers: rows sent, answered, and those asked for by a day that is over."""

    department: str
    row_count: int
    answered_count: int
    late_count: int

    @property
    def label(self) -> str:
        return departments.label_of(self.department)

    @property
    def percent(self) -> str:
        return f"{100 * self.answered_count / self.row_count:.1f}" if self.row_count else ""


def responses(*, scope: Scope, today: dt.date) -> list[Response]:
    """Per department, in the order of the departments."""
    rows = ListRow.objects.filter(list__in=scope.filter(DepartmentList.objects.all()))
    counted = rows.values_list("list__department").annotate(
        rows=Count("pk"),
        answered=Count("pk", filter=~Q(answer="")),
        late=Count("pk", filter=Q(answer="", list__answer_by_on__lt=today)),
    )
    found = {department: Response(department, *counts) for department, *counts in counted}
    order = [code for code in departments.BY_CODE if code in found]
    return [found[code] for code in order]


def risks_of(department: str) -> str:
    """The risks about which a department is asked first."""
    return labels([risk for risk in RISKS if DEPARTMENT_OF_RISK.get(risk) == department])
