"""Gives households to persons and hands them on: one line ends, the next begins, nothing is overwritten (S0-C-34, S3-B-14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from django.db import transaction

from shouwang.foundation import bulk
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.intake import staging
from shouwang.intake.contract import CodeList, Column, Contract, Kind, Privacy
from shouwang.intake.reasons import Refusal
from shouwang.organisation import audit, roles
from shouwang.organisation.models import Appointment, StaffMember
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household

from . import responsibilities
from .models import Responsibility
from .models.responsibility import CONTACT, GRID_WORKER, KINDS, SUPPORT_PERSON

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

LABELS = dict(KINDS)

KIND_LIST = CodeList(
    "职责",
    {
        "网格员": ("村网格员", "防贫网格员"),
        "监测联系人": ("联系人",),
        "帮扶责任人": ("帮扶人", "帮扶联系人", "帮扶干部"),
    },
)
_KIND_OF = {label: code for code, label in KINDS}
SHEET = Contract(
    code="responsibilities",
    label="责任人名册",
    description="哪一户由谁负责，一行一户一项职责",
    columns=(
        Column(
            "户编号",
            "household_no",
            Kind.KEY,
            "农户在全国系统的户编号",
            is_required=True,
            may_be_empty=False,
            aliases=("农户编号", "户编码"),
            privacy=Privacy.PERSONAL,
        ),
        Column(
            "职责",
            "kind",
            Kind.CODE,
            "网格员、监测联系人或帮扶责任人",
            is_required=True,
            may_be_empty=False,
            codes=KIND_LIST,
            aliases=("责任类型", "职责类型"),
        ),
        Column(
            "责任人",
            "staff_name",
            Kind.TEXT,
            "工作人员姓名，须已在机构人员名册中",
            is_required=True,
            may_be_empty=False,
            aliases=("姓名", "责任人姓名", "网格员姓名", "帮扶责任人", "监测联系人"),
            privacy=Privacy.PERSONAL,
        ),
        Column("自何日起", "from_on", Kind.DAY, "留空按导入当天", aliases=("开始日期", "任职日期", "帮扶开始时间")),
    ),
)


@dataclass
class Assigned:
    """What an assignment changed: households given to somebody, those who had the same person already, lines that ended."""

    given_count: int = 0
    same_count: int = 0
    ended_count: int = 0


@dataclass
class Imported(Assigned):
    """The same for a file, with the lines that could not be taken."""

    headings: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


# hebei-opinion-2021#2.2.12, hengshui-2022-1#C.2.8.1
def assign(
    *,
    households: Sequence[Household],
    kind: str,
    staff: StaffMember,
    from_on: dt.date,
    by: Account | None,
    now: dt.datetime,
) -> Assigned:
    """One person for these households from a day on; whoever had them ends on that day. Raises UserError.

    A household that this person has already is left as it is. Nobody can be given a household before the one who has it began.
    """
    _require(by, {household.region_code for household in households})
    if kind not in LABELS:
        raise UserError(f"没有“{kind}”这项职责")
    _require_in_office(staff, kind, {household.region_code for household in households}, from_on)
    assigned = Assigned()
    with transaction.atomic():
        held = _held([household.pk for household in households], kind)
        late = [line for line in held.values() if line.staff_id != staff.pk and line.from_on > from_on]
        if late:
            raise UserError(
                f"有 {len(late)} 户的现任{LABELS[kind]}自 {max(line.from_on for line in late)} 起任职，晚于 {from_on}",
                next_step="请把交接日期改到这一天或之后。",
            )
        changing = [one for one in households if one.pk not in held or held[one.pk].staff_id != staff.pk]
        ending = [held[one.pk].pk for one in changing if one.pk in held]
        for chunk in bulk.chunks(ending):
            Responsibility.objects.filter(pk__in=chunk, until_on=None).update(until_on=from_on)
        Responsibility.objects.bulk_create(
            [
                Responsibility(
                    household=one,
                    region_code=one.region_code,
                    kind=kind,
                    staff=staff,
                    from_on=from_on,
                    by=by,
                    at=now,
                )
                for one in changing
            ],
            batch_size=1000,
        )
        assigned.given_count, assigned.ended_count = len(changing), len(ending)
        assigned.same_count = len(households) - len(changing)
        _log(by, "落实责任人", households, kind, assigned)
    return assigned


def hand_over(
    *,
    scope: Scope,
    kind: str,
    from_staff: StaffMember,
    to_staff: StaffMember,
    on: dt.date,
    by: Account | None,
    now: dt.datetime,
) -> Assigned:
    """Everything that one person looks after in a place goes to another."""
    lines = scope.filter(Responsibility.objects.filter(kind=kind, staff=from_staff, until_on=None))
    households = list(Household.objects.filter(pk__in=lines.values("household_id"), is_withdrawn=False))
    if not households:
        raise UserError(f"{from_staff.name}在这里没有负责的户", next_step="请核对区域和职责。")
    if from_staff.pk == to_staff.pk:
        raise UserError("交接双方是同一个人", next_step="请另选接手的人。")
    return assign(households=households, kind=kind, staff=to_staff, from_on=on, by=by, now=now)


def give_village(
    *,
    region_code: str,
    kind: str,
    staff: StaffMember,
    on: dt.date,
    only_without: bool,
    by: Account | None,
    now: dt.datetime,
) -> Assigned:
    """All households of a village, or only those whom nobody in office looks after, to one person."""
    households = list(responsibilities.of_village(region_code=region_code, kind=kind, on=on, only_without=only_without))
    if not households:
        raise UserError("没有需要落实的户", next_step="这里的户都已有在任的责任人。")
    return assign(households=households, kind=kind, staff=staff, from_on=on, by=by, now=now)


def end(*, line: Responsibility, on: dt.date, by: Account | None) -> None:
    """Nobody takes over: the household is without from this day on, and is listed so."""
    _require(by, {line.region_code})
    if on < line.from_on:
        raise UserError(f"结束日 {on} 早于开始日 {line.from_on}")
    with transaction.atomic():
        if not Responsibility.objects.filter(pk=line.pk, until_on=None).update(until_on=on):
            raise UserError("这项职责已经结束", next_step="请刷新页面。")
        audit.record(by=by, action="结束责任关系", region_code=line.region_code, target=f"责任关系 {line.pk}")


def import_file(
    *, path: Path, region_code: str, today: dt.date, by: Account | None, now: dt.datetime, dry_run: bool = False
) -> Imported:
    """Reads who looks after whom; sound lines are taken, others come back with the reason.

    Raises UserError where the file as a whole cannot be used.
    """
    scope = Scope.of_region(region_code) if by is None else Scope.of(by).narrowed(region_code)
    with duckdb.connect() as connection:
        staged = staging.stage(connection, path, SHEET)
        imported = Imported(headings=staged.headings, refusals=list(staged.refusals))
        rows = connection.execute(
            "SELECT row, household_no, kind, staff_name, from_on FROM staged ORDER BY row"
        ).fetchall()
    homes = _homes([row[1] for row in rows], scope)
    people = _people({row[3] for row in rows}, today)
    groups: dict[tuple[str, int, dt.date], list[Household]] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, household_no, label, name, from_on in rows:
        kind, home = _KIND_OF[label], homes.get(household_no)
        cells = [household_no, label, name, str(from_on or "")]
        if home is None:
            imported.refusals.append(
                _refusal(number, cells, "户编号", f"本区域没有户编号 {household_no}", "请核对户编号")
            )
        elif (household_no, kind) in seen:
            first = seen[household_no, kind]
            imported.refusals.append(
                _refusal(number, cells, "户编号", f"与第 {first} 行重复", "一户一项职责只能有一个人")
            )
        elif isinstance(found := _one(people.get(name, []), home.region_code, kind), str):
            imported.refusals.append(
                _refusal(number, cells, "责任人", f"{name}：{found}", "请先在机构人员里登记，或核对姓名")
            )
        else:
            seen[household_no, kind] = number
            groups.setdefault((kind, found, from_on or today), []).append(home)
    imported.refusals.sort(key=lambda one: one.row_number)
    if dry_run:
        imported.given_count = sum(map(len, groups.values()))
        return imported
    with transaction.atomic():
        staff = StaffMember.objects.in_bulk({pk for _, pk, _ in groups})
        for (kind, pk, from_on), households in groups.items():
            done = assign(households=households, kind=kind, staff=staff[pk], from_on=from_on, by=by, now=now)
            imported.given_count += done.given_count
            imported.same_count += done.same_count
            imported.ended_count += done.ended_count
    return imported


def _refusal(number: int, cells: list[str], column: str, reason: str, suggestion: str) -> Refusal:
    return Refusal(int(number), cells, [column], [reason], [suggestion])


def _homes(numbers: Iterable[str], scope: Scope) -> dict[str, Household]:
    found: dict[str, Household] = {}
    wanted = sorted(set(numbers))
    for start in range(0, len(wanted), 500):
        rows = scope.filter(
            Household.objects.filter(household_no__in=wanted[start : start + 500], is_withdrawn=False)
        ).only("id", "household_no", "region_code")
        found |= {home.household_no: home for home in rows}
    return found


def _people(names: Iterable[str], on: dt.date) -> dict[str, list[tuple[int, str, str]]]:
    """Name → (person, place of the unit, kind of post) of everybody in office under it."""
    rows = Appointment.objects.in_office(on).filter(staff__name__in=list(names))
    found: dict[str, list[tuple[int, str, str]]] = {}
    for name, pk, region, kind in rows.values_list("staff__name", "staff_id", "post__unit__region_code", "post__kind"):
        found.setdefault(name, []).append((pk, region, kind))
    return found


def _one(people: list[tuple[int, str, str]], village: str, kind: str) -> int | str:
    """The person that a name means at a place, or what is wrong with it."""
    near = {pk for pk, region, post in people if _is_above(region, village) and _fits(post, kind)}
    if len(near) == 1:
        return next(iter(near))
    if near:
        return f"这里有 {len(near)} 个同名人员"
    if not people:
        return "人员名册里没有这个在任的人"
    return f"不是这里在任的{LABELS[kind]}" if kind == GRID_WORKER else "不在这一户所在的村、乡镇或县任职"


def _is_above(region: str, village: str) -> bool:
    return village.startswith(region.rstrip("0") or "-") or region == village


def _fits(post_kind: str, kind: str) -> bool:
    return kind != GRID_WORKER or post_kind == "grid_worker"


def _require(by: Account | None, villages: set[str]) -> None:
    if by is None:
        return
    scope = Scope.of(by)
    if not (by.may(roles.PLAN_SUPPORT) or by.may(roles.MANAGE_STAFF)):
        raise NotPermittedError("您的角色不能调整责任人", next_step="请由乡镇或县办理。")
    if not all(scope.covers(village) for village in villages):
        raise NotPermittedError("有农户不在您的辖区")


def _require_in_office(staff: StaffMember, kind: str, villages: set[str], on: dt.date) -> None:
    rows = Appointment.objects.in_office(on).filter(staff=staff)
    posts = list(rows.values_list("post__unit__region_code", "post__kind"))
    for village in villages:
        if not any(_is_above(region, village) and _fits(post, kind) for region, post in posts):
            what = "网格员" if kind == GRID_WORKER else "工作人员"
            raise UserError(f"{staff.name}在 {on} 不是这里在任的{what}", next_step="请先在机构人员里登记任职。")


def _held(households: Iterable[int], kind: str) -> dict[int, Responsibility]:
    found: dict[int, Responsibility] = {}
    for chunk in bulk.chunks(households):
        rows = Responsibility.objects.select_for_update().filter(household_id__in=chunk, kind=kind, until_on=None)
        found |= {line.household_id: line for line in rows}
    return found


def _log(by: Account | None, action: str, households: Sequence[Household], kind: str, assigned: Assigned) -> None:
    place = households[0].region_code if households else ""
    detail = {"kind": kind, "given": assigned.given_count, "ended": assigned.ended_count}
    audit.record(by=by, action=action, region_code=place, target=LABELS[kind], detail=detail)


__all__ = [
    "CONTACT",
    "GRID_WORKER",
    "SHEET",
    "SUPPORT_PERSON",
    "assign",
    "end",
    "give_village",
    "hand_over",
    "import_file",
]
