"""Reads a roster file: every line to a place, a unit, a post and a person, or back with the reason."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from shouwang.foundation.errors import UserError
from shouwang.intake import staging
from shouwang.intake.reasons import Refusal
from shouwang.organisation import actions
from shouwang.organisation.departments import department_named
from shouwang.organisation.models import PostKind, UnitKind
from shouwang.organisation.roster import Outcome, RosterRow
from shouwang.organisation.scope import Scope
from shouwang.organisation.staffing import clean_name, clean_phone
from shouwang.regions import queries as regions
from shouwang.regions.models import Level

from .contract import POST_KIND_OF, POST_KINDS, ROSTER, UNIT_KIND_OF

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_SPELLINGS = {spelling: POST_KIND_OF[label] for spelling, label in POST_KINDS.canonical().items()}


@dataclass
class Reading:
    """What a file says: lines that can be taken, and those that cannot, each with its reason."""

    headings: list[str]
    rows: list[RosterRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


class _CellError(Exception):
    """A cell that cannot be understood: its column, the reason, what to do."""

    def __init__(self, column: str, reason: str, suggestion: str) -> None:
        super().__init__(reason)
        self.column, self.reason, self.suggestion = column, reason, suggestion


def read(path: Path, *, region_code: str) -> Reading:
    """Raises UserError when the file as a whole cannot be used: unreadable, no heading, a required column missing."""
    with duckdb.connect() as connection:
        staged = staging.stage(connection, path, ROSTER)
        reading = Reading(staged.headings, refusals=list(staged.refusals), notices=list(staged.notices))
        lines = connection.execute("SELECT * FROM staged ORDER BY row")
        names = [column[0] for column in lines.description or ()]
        places = _Places(region_code)
        for cells in lines.fetchall():
            line = dict(zip(names, cells, strict=True))
            try:
                reading.rows.append(_row(line, places))
            except _CellError as error:
                came = [_text(line.get(staging.staged_name(column))) for column in ROSTER.columns]
                reading.refusals.append(
                    Refusal(int(line["row"]), came, [error.column], [error.reason], [error.suggestion])
                )
    reading.refusals.sort(key=lambda one: one.row_number)
    return reading


def take(
    path: Path,
    *,
    region_code: str,
    today: dt.date,
    by: Account | None,
    ends_missing: bool = False,
    dry_run: bool = False,
) -> tuple[Reading, Outcome]:
    """Reads a roster and takes its sound lines. Raises UserError when none is sound."""
    reading = read(path, region_code=region_code)
    if not reading.rows:
        first = f"：{reading.refusals[0].sentence}" if reading.refusals else ""
        raise UserError(f"名册里没有可以导入的行{first}", place=path.name, next_step="请下载模板核对列名和内容。")
    if ends_missing and reading.refusals and not dry_run:
        raise UserError(
            f"有 {len(reading.refusals)} 行不能导入，不能据此判断谁已离任",
            place=path.name,
            next_step="请先改正这些行，或取消“名册中没有的人员视为离任”。",
        )
    outcome = actions.take_roster(
        rows=reading.rows, region_code=region_code, today=today, by=by, ends_missing=ends_missing, dry_run=dry_run
    )
    return reading, outcome


class _Places:
    """Names of townships and villages of one region, as people write them."""

    def __init__(self, region_code: str) -> None:
        self.home = regions.full_code(region_code)
        self.scope = Scope.of_region(self.home)
        self.level = regions.region(self.home).level
        self.townships: dict[str, set[str]] = defaultdict(set)
        self.villages: dict[str, set[str]] = defaultdict(set)
        for line in regions.lookup_table(self.home).to_pylist():
            names = self.townships if line["level"] == Level.TOWNSHIP else self.villages
            if line["level"] >= Level.TOWNSHIP:
                for name in (line["name"], line["short_name"], _plain_village(line["name"])):
                    names[name].add(line["code"])

    def code(self, line: dict[str, Any]) -> str:
        """The place of a line. Raises _CellError where it is unknown, ambiguous or elsewhere."""
        if text := _text(line["region"]):
            try:
                code = regions.full_code(text)
            except UserError:
                raise _CellError("区划代码", f"区划代码“{text}”不存在", "请按区划代码表填写") from None
            if not self.scope.covers(code):
                raise _CellError(
                    "区划代码", f"{regions.name(code)}不在导入的区域里", "请由所在地的人员导入，或另选区域"
                )
            return code
        township, village = _text(line["township"]), _text(line["village"])
        above = self._one("乡镇", township, self.townships, "") if township else ""
        if village:
            return self._one("村", village, self.villages, above[:9] or self.home[: 9 if self.level >= 4 else 0])
        return above or self.home

    def _one(self, column: str, name: str, known: dict[str, set[str]], prefix: str) -> str:
        found = {code for code in known.get(name, ()) if code.startswith(prefix)}
        if not found:
            raise _CellError(column, f"本区域没有“{name}”", "请核对名称，或填写区划代码")
        if len(found) > 1:
            raise _CellError(column, f"“{name}”有 {len(found)} 个", "请补填乡镇或区划代码")
        return next(iter(found))


def _row(line: dict[str, Any], places: _Places) -> RosterRow:
    code = places.code(line)
    level = regions.region(code).level
    unit, department = _text(line["unit"]), ""
    kind = UNIT_KIND_OF.get(_text(line["unit_kind"]), "")
    if not kind:
        kind = _kind(level, unit)
    if kind == UnitKind.DEPARTMENT:
        found = department_named(unit)
        if found is None:
            raise _CellError(
                "单位名称",
                f"看不出“{unit}”是哪个部门" if unit else "部门没有写单位名称",
                "请写部门全称，如某县医疗保障局",
            )
        department = found.code
    title = _text(line["post"])
    post_kind = POST_KIND_OF.get(_text(line["post_kind"]), "") or _post_kind(title, kind)
    if post_kind == PostKind.GRID_WORKER and level != Level.VILLAGE:
        raise _CellError("村", "网格员没有写是哪个村", "请填写行政村")
    from_on, until_on = line["from_on"], line["until_on"]
    if from_on and until_on and until_on <= from_on:
        raise _CellError("离任日期", f"离任日期 {until_on} 不晚于任职日期 {from_on}", "请核对两个日期")
    try:
        name = clean_name(line["name"]) if line["name"] else ""
        phone = clean_phone(_text(line["phone"]))
    except UserError as error:
        column = "联系电话" if "电话" in error.message else "姓名"
        raise _CellError(column, error.message, error.next_step) from None
    return RosterRow(
        region_code=code,
        unit=unit or _unit_name(kind, code),
        unit_kind=kind,
        department=department,
        post=title,
        post_kind=post_kind,
        responsibility=_text(line["responsibility"])[:200],
        name=name,
        sex=_text(line["sex"]),
        phone=phone,
        from_on=from_on,
        until_on=until_on,
    )


def _kind(level: int, unit: str) -> str:
    """What kind of unit a line means that does not say it."""
    if level == Level.VILLAGE:
        return UnitKind.VILLAGE
    if level == Level.TOWNSHIP:
        return UnitKind.TOWNSHIP_STATION
    if "防贫" in unit or "防返贫" in unit or (level == Level.COUNTY and not unit):
        return UnitKind.COUNTY_CENTRE
    return UnitKind.BUREAU if level < Level.COUNTY and "乡村振兴" in unit else UnitKind.DEPARTMENT


def _post_kind(title: str, unit_kind: str) -> str:
    if title in _SPELLINGS:
        return _SPELLINGS[title]
    usual = {
        UnitKind.TOWNSHIP_STATION: PostKind.STATION_OFFICER,
        UnitKind.COUNTY_CENTRE: PostKind.CENTRE_OFFICER,
        UnitKind.DEPARTMENT: PostKind.LIAISON,
    }
    for spelling, kind in _SPELLINGS.items():
        if title.endswith(spelling):
            return kind
    return usual.get(UnitKind(unit_kind), PostKind.OTHER)


def _unit_name(kind: str, code: str) -> str:
    """The name of a unit that the file leaves out: there is only one such at a place."""
    name = regions.name(code)
    if kind == UnitKind.TOWNSHIP_STATION:
        return f"{name}防贫工作站"
    if kind == UnitKind.COUNTY_CENTRE:
        return f"{name}防贫中心"
    return _plain_village(name)


def _plain_village(name: str) -> str:
    """东关村村民委员会 is 东关村."""
    return name.removesuffix("村民委员会").removesuffix("村委会") if name.endswith("委员会") else name


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
