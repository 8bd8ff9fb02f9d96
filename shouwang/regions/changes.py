"""Changes of divisions as declarations: what was renamed, merged, split, transferred or created, on which day, by which source.

``change_files.read`` checks a file, ``apply`` works the changes out on a table of divisions: all of them or none.
A change that is already there changes nothing. A change that the list of divisions already shows (its edition is newer)
only adds the history: then ``name`` says what the old division was called.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shouwang.foundation.errors import UserError

from .codes import NATION, level_of, parent_by_code, recoded
from .divisions import ALWAYS, Division, Divisions
from .names import short_name

MOST_ERRORS_SHOWN = 20


class Kind(StrEnum):
    RENAME = "rename"  # another name, another code, or both; what lies below gets the new code in front
    MERGE = "merge"  # into another division; what lies below keeps its code and moves with it
    SPLIT = "split"  # into parts, each with what it takes; the old code stays with the division above
    TRANSFER = "transfer"  # to another division above; the code stays
    CREATE = "create"

    @property
    def label(self) -> str:
        return {"rename": "更名", "merge": "合并", "split": "拆分", "transfer": "划转", "create": "新设"}[self.value]


@dataclass(frozen=True)
class Change:
    """One line of a file. Codes have 12 digits. ``to`` is the new code, the successor, a part, or the division above."""

    kind: Kind
    on: dt.date
    code: str
    source: str
    line: int
    name: str = ""
    to: str = ""
    to_name: str = ""
    takes: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    is_functional_zone: bool = False

    def __str__(self) -> str:
        went = f" → {self.to_name or ''}{self.to}" if self.to or self.to_name else ""
        return f"{self.on} {self.kind.label} {self.name}{self.code}{went}"


def apply(table: Divisions, changes: Sequence[Change], *, place: str, today: dt.date | None = None) -> list[Change]:
    """Works the changes out on ``table``, oldest first, and returns those that changed something.

    Raises UserError that lists the lines which cannot be; ``table`` is then to be thrown away.
    """
    effective, errors = [], []
    for change in sorted(changes, key=lambda change: (change.on, change.line)):
        try:
            if today is not None and change.on > today:
                raise UserError(f"生效日期 {change.on} 还没有到", next_step="请在生效之日起再导入。")
            if _WORKED_OUT[change.kind](table, change, changes):
                effective.append(change)
        except UserError as error:
            errors.append((change.line, str(error)))
    if errors:
        errors.sort()
        shown = [f"第 {line} 行 {text}" for line, text in errors[:MOST_ERRORS_SHOWN]]
        if len(errors) > len(shown):
            shown.append(f"另有 {len(errors) - len(shown)} 处")
        raise UserError("\n".join([f"{len(errors)} 处不能执行，文件整体未导入", *shown]), place=place)
    return effective


def _rename(table: Divisions, change: Change, _: Sequence[Change]) -> bool:
    if not change.to or change.to == change.code:
        return _rename_in_place(table, change)
    if _has_gone(table, change):
        return False
    _same_level(change.code, change.to)
    old = table.latest(change.code)
    if old is None:
        new = _must_be(table, change.to, change.on)
        _former(table, change, successor_code=change.to)
        _learn_beginning(table, change.to, change.on)
        _also_called(table, new, change.name)
        return True
    old = _still_there(table, change)
    if change.to in table:
        raise UserError(f"新代码 {change.to} 已经有了", next_step="并入已有的区划请写成“合并”。")
    name = change.to_name or old.name
    _give_code(
        table, old, change.to, change.on, change.source, name=name, parent_code=_parent_of_new(table, old, change.to)
    )
    return True


def _rename_in_place(table: Divisions, change: Change) -> bool:
    if not change.to_name:
        raise UserError("更名没有写新名称")
    if any(line.valid_from == change.on and line.name == change.to_name for line in table.history(change.code)):
        return False
    line = _still_there(table, change)
    if line.name == change.to_name:  # the list already shows the new name
        if not change.name:
            raise UserError(f"现在就叫{line.name}", next_step="只为补记历史时，请写明原名称。")
        table.begin(line, change.on)
        _former(table, change)
        _also_called(table, line, change.name)
        return True
    renamed = table.reopen(
        line,
        change.on,
        name=change.to_name,
        short_name=short_name(change.to_name, line.level),
        initials="",
        source=change.source,
    )
    _also_called(table, renamed, line.name)
    return True


def _merge(table: Divisions, change: Change, _: Sequence[Change]) -> bool:
    if _has_gone(table, change):
        return False
    if change.to == change.code:
        raise UserError("不能并入自己")
    _same_level(change.code, change.to)
    old = table.latest(change.code)
    if old is not None:
        old = _still_there(table, change)
    _part(table, change, like=old)
    if old is None:
        _former(table, change, successor_code=change.to)
        return True
    table.close(old, change.on, change.to)
    for child in table.children(old.code):
        _move(table, child, change.to, change)
    return True


def _split(table: Divisions, change: Change, changes: Sequence[Change]) -> bool:
    """The lines of one split belong together; the first of them works all of them out."""
    parts = [other for other in changes if (other.kind, other.on, other.code) == (Kind.SPLIT, change.on, change.code)]
    if change is not min(parts, key=lambda part: part.line):
        return True
    stays = any(part.to == change.code for part in parts)
    history = table.history(change.code)
    if history and not stays and any(line.valid_to == change.on and not line.successor_code for line in history):
        return False
    old = _still_there(table, change) if history else None
    if old is None and stays:
        raise UserError(f"代码 {change.code} 不存在")
    has_changed = False
    for part in parts:
        _same_level(change.code, part.to)
        if part.to != change.code:
            has_changed |= _part(table, part, like=old)
        for code in part.takes if part.to != change.code else ():
            child = table.in_force(code)
            if child is None or child.parent_code not in (change.code, part.to):
                raise UserError(f"{code} 不是 {change.code} 现在的下级", place=f"第 {part.line} 行")
            if child.parent_code == change.code:
                _move(table, child, part.to, part)
                has_changed = True
    if old is None:
        _former(table, change)
        return True
    if not stays:
        if left := table.children(change.code):
            names = "、".join(child.name for child in left[:5])
            raise UserError(f"{old.name}还有 {len(left)} 个下级没有去向（{names}…）", next_step="请在“划入”中写全。")
        table.close(old, change.on)
        return True
    return has_changed


def _transfer(table: Divisions, change: Change, _: Sequence[Change]) -> bool:
    if any(line.valid_from == change.on and line.parent_code == change.to for line in table.history(change.code)):
        return False
    line = _still_there(table, change)
    above = _must_be(table, change.to, change.on)
    if above.level >= line.level:
        raise UserError(f"{above.name}不是{line.name}的上级层级")
    if line.parent_code == change.to:
        raise UserError(f"{line.name}已经由{above.name}管辖")
    _move(table, line, change.to, change)
    return True


def _create(table: Divisions, change: Change, _: Sequence[Change]) -> bool:
    history = table.history(change.code)
    if history and history[0].valid_from == change.on and history[0].name == change.name:
        return False
    if history:
        raise UserError(f"代码 {change.code} 已经是{history[-1].name}")
    if not change.name:
        raise UserError("新设没有写名称")
    parent_code = change.to or _nearest_above(table, change.code)
    if _must_be(table, parent_code, change.on).level >= level_of(change.code):
        raise UserError(f"{parent_code} 不是 {change.code} 的上级层级")
    line = table.add(_division(change.code, change.name, parent_code, change.source, valid_from=change.on))
    line.other_names = "、".join(change.other_names)
    line.is_functional_zone = change.is_functional_zone
    return True


_WORKED_OUT: dict[Kind, Callable[[Divisions, Change, Sequence[Change]], bool]] = {
    Kind.RENAME: _rename,
    Kind.MERGE: _merge,
    Kind.SPLIT: _split,
    Kind.TRANSFER: _transfer,
    Kind.CREATE: _create,
}


def _has_gone(table: Divisions, change: Change) -> bool:
    return any(line.valid_to == change.on and line.successor_code == change.to for line in table.history(change.code))


def _must_be(table: Divisions, code: str, on: dt.date) -> Division:
    line = table.in_force(code)
    if line is None:
        raise UserError(f"代码 {code} 不存在或已停用", next_step="可用 shouwang regions search 查找。")
    if line.valid_from > on:
        raise UserError(f"{line.name} {code} 自 {line.valid_from} 起才有，晚于 {on}")
    return line


def _still_there(table: Divisions, change: Change) -> Division:
    """The division that the change is about, in force before the day of the change."""
    line = table.latest(change.code)
    if line is None:
        raise UserError(f"代码 {change.code} 不存在", next_step="可用 shouwang regions search 查找。")
    if line.valid_to is not None:
        raise UserError(f"{line.name} {change.code} 已于 {line.valid_to} 停用")
    if line.valid_from >= change.on:
        raise UserError(_too_early(line, change), next_step=_IN_ORDER)
    if change.name and change.kind is not Kind.RENAME and change.name != line.name:
        raise UserError(f"{change.code} 现在叫{line.name}，不叫{change.name}", next_step="请核对代码。")
    return line


def _too_early(line: Division, change: Change) -> str:
    return f"{line.name} {line.code} 自 {line.valid_from} 起才是现在的样子，变更日期 {change.on} 不晚于它"


_IN_ORDER = "同一天的几项变更请按先后写：先划转下级，再合并、更名。"


def _same_level(code: str, other: str) -> None:
    if level_of(code) != level_of(other):
        raise UserError(f"{code} 与 {other} 不是同一层级")


def _former(table: Divisions, change: Change, successor_code: str = "") -> None:
    """Adds the history that the list of divisions does not show any more."""
    if not change.name:
        raise UserError(f"代码 {change.code} 不存在", next_step="如为已撤销的区划，请写明原名称以补记历史。")
    line = _division(change.code, change.name, _nearest_above(table, change.code), change.source)
    line.valid_to, line.successor_code = change.on, successor_code
    table.add(line)


def _part(table: Divisions, change: Change, like: Division | None) -> bool:
    """The division that takes over, created when it is not there yet; whether it had to be.

    When the list already shows the change, ``to_name`` says that the change founded it: since then it has been there.
    """
    if change.to in table:
        if like is None and change.to_name:
            _learn_beginning(table, change.to, change.on)
        line = _must_be(table, change.to, change.on)
        if change.to_name and change.to_name != line.name:
            raise UserError(f"{change.to} 已经是{line.name}，不是{change.to_name}", next_step="请核对去向代码。")
        return False
    if not change.to_name:
        raise UserError(f"去向代码 {change.to} 不存在", next_step="如为新设，请写明去向名称。")
    parent_code = _parent_of_new(table, like, change.to) if like else _nearest_above(table, change.to)
    table.add(_division(change.to, change.to_name, parent_code, change.source, valid_from=change.on))
    return True


def _parent_of_new(table: Divisions, old: Division, new_code: str) -> str:
    return old.parent_code if old.has_own_parent else _nearest_above(table, new_code)


def _nearest_above(table: Divisions, code: str) -> str:
    above = parent_by_code(code)
    while above != NATION and table.in_force(above) is None:
        above = parent_by_code(above)
    return above


def _move(table: Divisions, line: Division, parent_code: str, change: Change) -> None:
    if line.valid_from >= change.on:
        raise UserError(_too_early(line, change), next_step=_IN_ORDER)
    table.reopen(line, change.on, parent_code=parent_code, source=change.source)


def _give_code(
    table: Divisions, old: Division, code: str, on: dt.date, source: str, *, name: str, parent_code: str
) -> None:
    """The division goes on under another code, and everything that carries its digits with it."""
    if code in table:
        raise UserError(f"新代码 {code} 已经有了")
    children = table.children(old.code)
    table.close(old, on, code)
    new = table.add(_division(code, name, parent_code, source, valid_from=on))
    new.is_functional_zone, new.other_names = old.is_functional_zone, old.other_names
    _also_called(table, new, old.name)
    for child in children:
        if child.has_own_parent:
            table.reopen(child, on, parent_code=code, source=source)
        else:
            _give_code(table, child, recoded(child.code, old.code, code), on, source, name=child.name, parent_code=code)


def _learn_beginning(table: Divisions, code: str, on: dt.date) -> None:
    first = table.history(code)[0]
    if first.valid_from == ALWAYS and first.is_in_force(on):
        table.begin(first, on)


def _also_called(table: Divisions, line: Division, name: str) -> None:
    names = [other for other in line.other_names.split("、") if other]
    if name and name != line.name and name not in names:
        table.also_called(line, "、".join([*names, name]))


def _division(code: str, name: str, parent_code: str, source: str, *, valid_from: dt.date = ALWAYS) -> Division:
    level = level_of(code)
    return Division(code, name, parent_code, valid_from, short_name=short_name(name, level), source=source)
