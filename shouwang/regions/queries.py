"""What others ask about divisions: does a code exist, what is it called, what lies above it and below it, who covers what.

Divisions are handed out to be read: the same object is given to everybody while an edition holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from django.db.models import Case, IntegerField, Q, Value, When

from shouwang.foundation.errors import UserError

from . import catalogue, storage
from .codes import NATION, level_of, padded
from .models import Level, Region

if TYPE_CHECKING:
    import pyarrow as pa

    from .tree import Tree

__all__ = [
    "NATION",
    "ancestors",
    "children",
    "county_of",
    "current",
    "full_code",
    "full_name",
    "history",
    "lookup_table",
    "name",
    "names_of",
    "ranges",
    "region",
    "search",
]


class Seen(Protocol):
    """What ``search`` needs of a ``organisation.scope.Scope``."""

    def where(self, field: str = ...) -> Q: ...


def edition() -> str:
    """A word that changes whenever divisions are loaded or changed; empty while nothing was loaded."""
    return storage.edition()


def one_moment() -> AbstractContextManager[None]:
    """Within it the divisions are those of one moment, and nobody asks twice whether they changed; for requests that only read."""
    return storage.asked_once()


def full_code(text: str) -> str:
    """12 digits for 2, 4, 6, 9 or 12 of a division that is or was; ``00`` is the nation. UserError when unknown."""
    return _known(text, storage.tree())


def ranges(code: str) -> tuple[tuple[str, str], ...]:
    """Half-open ranges of 12-digit codes of everything that belongs to a division today, the fewest there can be.

    The old codes of what was merged into it are inside; what only its code places there (定州 in 保定) is not.
    UserError when the code is unknown.
    """
    tree = storage.tree()
    return tree.ranges(_known(code, tree))


def region(code: str, on: dt.date | None = None) -> Region:
    """The division as it is (or was last), or as it was on a day. UserError when unknown or not there on that day."""
    found = history(code)
    if on is None:
        return found[-1]
    for line in found:
        if line.valid_from <= on and (line.valid_to is None or on < line.valid_to):
            return line
    raise UserError(f"{found[-1].name}（{code}）在 {on} 不存在", next_step="可用 shouwang regions show 查看沿革。")


def history(code: str) -> list[Region]:
    """Every line of a code, oldest first. UserError when unknown."""
    text = padded(str(code))
    known = storage.memory()
    if known.edition:
        found = list(known.lines(text or ""))
    else:
        found = [storage.as_region(line) for line in catalogue.history(text or "")]
    if not found:
        raise _unknown(code)
    return found


def current(code: str) -> str:
    """The code of today: a renamed or merged division leads to where it went. UserError when unknown."""
    tree = storage.tree()
    return tree.current(_known(code, tree))


def name(code: str, on: dt.date | None = None) -> str:
    """涞源县. UserError when unknown."""
    return region(code, on).name


def full_name(code: str, on: dt.date | None = None) -> str:
    """河北省保定市涞源县: the names from the province down; a zone's without the places that stand before it anyway.

    UserError when unknown.
    """
    tree = storage.tree()
    code = _known(code, tree)
    chain = [code] if code == NATION else _above(code, tree, on)
    found = _names(chain, on)
    for step in chain:
        if (line := tree.latest(step)) and line.is_functional_zone and found.get(step) == line.name:
            found[step] = line.short_name
    return "".join(found.get(step, "") for step in reversed(chain))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Code → name of today (or the last one), for many codes at once; unknown codes are left out."""
    return _names(set(codes), None)


def ancestors(code: str, on: dt.date | None = None) -> tuple[str, ...]:
    """12-digit codes, nearest first, the code itself included, the nation last; as of today or of a day.

    A merged division is followed by what it was merged into. UserError when unknown.
    """
    tree = storage.tree()
    return tree.ancestors(_known(code, tree), on)


def county_of(code: str) -> str:
    """The county-level division above a code, or itself. UserError above county level and when unknown."""
    tree = storage.tree()
    county = tree.county_of(_known(code, tree))
    if county is None:
        raise UserError(f"{name(code)}不属于任何一个县", next_step="请选择一个县（市、区）或其下级。")
    return county


def children(code: str, on: dt.date | None = None) -> list[Region]:
    """The divisions directly below, by code, as of today or of a day. UserError when unknown."""
    parent, known = full_code(code), storage.memory()
    if not known.edition:
        return [storage.as_region(line) for line in catalogue.children(parent, on)]
    if on is None:
        return list(known.below(parent))
    return list(Region.objects.filter(_in_force(on), parent_code=parent).order_by("code"))


def search(text: str, scope: Seen, level: int | None = None, limit: int = 20) -> list[Region]:
    """Divisions in force that a person may see, by name, former or other name, code or initials; the closest first.

    Words before the last narrow the place: ``涞源 南关``, ``ly ng``.
    """
    words = text.split()
    if not words:
        return []
    rows = Region.objects.filter(scope.where("code"), valid_to__isnull=True)
    for word in words[:-1]:
        places = Region.objects.filter(_matches(word), valid_to__isnull=True, level__lt=Level.VILLAGE)
        inside = Q(pk__in=[])
        for place in places.order_by("level", "code").values_list("code", flat=True)[:limit]:
            inside |= _inside(ranges(place))
        rows = rows.filter(inside)
    if level is not None:
        rows = rows.filter(level=level)
    low = words[-1].lower()
    closeness = Case(
        When(Q(name=words[-1]) | Q(short_name=words[-1]) | Q(code=padded(words[-1]) or ""), then=Value(0)),
        When(Q(name__startswith=words[-1]) | Q(initials=low) | Q(initials__startswith=f"{low} "), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return list(rows.filter(_matches(words[-1])).order_by(closeness, "level", "code")[:limit])


def lookup_table(within: str) -> pa.Table:
    """Every division in force within one, to match names in sets: one row per code and way to write the names above it.

    Text columns ``code, name, short_name, province, city, county, township`` and the last four once more as
    ``…_short``; ``level`` int8; ``is_other_name`` where a former or other name stands in for the division's own. The
    name of the division itself stands in the column of its level too; columns below stay empty. Shorten the other side
    with ``names.short_name_in_sql``. The same name may occur twice; what that means the caller decides.
    """
    from . import lookup  # pyarrow loads slowly, and commands that only ask for a name need none of it

    tree = storage.tree()
    code = _known(within, tree)
    above = [(step, step + " ") for step in tree.ancestors(code)[1:]]
    return lookup.table(tree, _named(tree.ranges(code)), _named(above))


def _matches(word: str) -> Q:
    if word.isascii() and word.isdigit():
        return Q(code__startswith=word)
    if word.isascii():
        low = word.lower()
        return Q(initials__startswith=low) | Q(initials__contains=f" {low}")
    return Q(name__contains=word) | Q(short_name=word) | Q(other_names__contains=word)


def _inside(covered: Iterable[tuple[str, str]]) -> Q:
    condition = Q(pk__in=[])
    for low, high in covered:
        condition |= Q(code__gte=low, code__lt=high)
    return condition


def _in_force(on: dt.date | None) -> Q:
    if on is None:
        return Q(valid_to__isnull=True)
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def _known(text: str, tree: Tree) -> str:
    code = padded(str(text))
    if code is not None and (code in tree or storage.exists(code)):
        return code
    raise _unknown(text)


def _unknown(text: str) -> UserError:
    if not str(text).strip():
        return UserError("没有写区划代码", next_step="请写 2、4、6、9 或 12 位代码。")
    return UserError(f"区划代码“{text}”不存在", next_step="可用 shouwang regions search 按名称或拼音首字母查找。")


def _above(code: str, tree: Tree, on: dt.date | None) -> list[str]:
    """The chain to name a division by: without the nation and, when it was merged, without where it went."""
    chain = tree.ancestors(code, on)[:-1]
    return [chain[0], *(step for step in chain[1:] if level_of(step) < level_of(chain[0]))]


def _named(covered: Sequence[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """Code, name, short name and other names of the divisions in force within ranges of codes."""
    if storage.edition():
        rows = Region.objects.filter(_inside(covered), valid_to__isnull=True).order_by("code")
        return list(rows.values_list("code", "name", "short_name", "other_names"))
    return [(line.code, line.name, line.short_name, line.other_names) for line in catalogue.within(covered)]


def _names(codes: Iterable[str], on: dt.date | None) -> dict[str, str]:
    codes, known = list(codes), storage.memory()
    if not known.edition:
        by_catalogue = ((code, catalogue.history(code)) for code in codes)
        return {
            code: next((line for line in reversed(lines) if line.is_in_force(on)), lines[-1]).name
            for code, lines in by_catalogue
            if lines
        }
    found: dict[str, str] = {}
    for code, named in known.names(codes).items():
        begun = [name for since, name in named if on is None or since <= on]
        found[code] = begun[-1] if begun else named[0][1]
    return found
