"""Lists as pages show them: filtered, sorted, one screenful at a time by key, never by offset, so that page 900 is as fast as page 1.

The address names the row after which a page starts by its primary key; what that row sorts by is read from the row, so that no
name ever stands in an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Count, F, Model, Q, QuerySet, Window
from django.http import HttpRequest, QueryDict

from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.regions.codes import NATION

from .access import account_of

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50
# Counting stops here: no page waits for the exact size of a list that nobody reads to its end.
MOST_COUNTED = 100_000


@dataclass(frozen=True)
class Order:
    """One way to sort. ``fields`` are unique as a whole; those in ``may_be_empty`` come last whichever way it runs.

    ``is_descending``: how the list starts when this is its first order and the address does not say.
    """

    code: str
    fields: tuple[str, ...]
    may_be_empty: frozenset[str] = frozenset()
    is_descending: bool = False


@dataclass
class Page(Generic[Row]):
    """One screenful."""

    rows: list[Row]
    count: int
    is_count_capped: bool
    order: str
    is_descending: bool
    unit: str
    previous: int | None = None
    next: int | None = None
    names: dict[str, str] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)


def page(
    rows: QuerySet[Row],
    *,
    orders: Sequence[Order],
    asked: QueryDict,
    unit: str,
    size: int = PAGE_SIZE,
    counted: QuerySet[Any] | int | None = None,
    parts: Mapping[str, Q] | None = None,
    is_searched: bool = False,
) -> Page[Row]:
    """The screenful that an address asks for (``order``, ``after``, ``before``); anything it does not understand is the first.

    ``counted``: what to count where that is simpler than the rows themselves, or how many there are. ``parts``: what else to count among the rows.
    ``is_searched``: rows are found one by one, so they are sought and counted in one pass. Where an index finds them, that would only
    hinder it.
    """
    code, is_descending = _order(asked.get("order", ""), orders)
    order = next(one for one in orders if one.code == code)
    forward, wanted = "before" not in asked, parts or {}
    cursor = rows.filter(pk=number).first() if (number := key_in(asked.get("after") or asked.get("before"))) else None
    is_reversed = is_descending if forward else not is_descending
    window = rows if cursor is None else rows.filter(_beyond(order, cursor, is_reversed, nulls_first=not forward))
    # keys first: an index sorts them alone, and whole rows with what hangs on them are read for one screenful only
    ordered = window.order_by(*_ordering(order, is_reversed, nulls_first=not forward))
    if is_searched and cursor is None and counted is None:
        keys, totals = _found_and_counted(ordered, wanted, size + 1)
    else:
        keys = list(ordered.values_list("pk", flat=True)[: size + 1])
        totals = _counted(rows if counted is None else counted, wanted)
    chosen = rows.order_by()
    if is_searched:
        chosen.query.clear_where()  # the keys are those of rows that were found: they need not be sought again
    whole = {row.pk: row for row in chosen.filter(pk__in=keys)}
    found = [whole[key] for key in keys if key in whole]
    has_more = len(found) > size
    found = found[:size] if forward else found[:size][::-1]
    is_start = cursor is None or (not forward and not has_more)
    is_end = not has_more if forward else cursor is None
    total = totals.pop(_ALL)
    return Page(
        rows=found,
        parts=totals,
        count=min(total, MOST_COUNTED),
        is_count_capped=total > MOST_COUNTED,
        order=code,
        is_descending=is_descending,
        unit=unit,
        previous=None if is_start or not found else found[0].pk,
        next=None if is_end or not found else found[-1].pk,
    )


def _order(text: str, orders: Sequence[Order]) -> tuple[str, bool]:
    wanted = text.removeprefix("-")
    known = next((order.code for order in orders if order.code == wanted), "")
    return (known, text.startswith("-")) if known else (orders[0].code, orders[0].is_descending)


def key_in(text: str | None) -> int:
    """The key that an address names, or one that no row has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _ordering(order: Order, is_reversed: bool, *, nulls_first: bool) -> list[Any]:
    keys: list[Any] = []
    for name in order.fields:
        if name not in order.may_be_empty:
            keys.append(f"-{name}" if is_reversed else name)
        else:
            nulls: dict[str, bool] = {"nulls_first": True} if nulls_first else {"nulls_last": True}
            keys.append(F(name).desc(**nulls) if is_reversed else F(name).asc(**nulls))
    return keys


def _beyond(order: Order, cursor: Model, is_reversed: bool, *, nulls_first: bool) -> Q:
    """Rows that come after the cursor: (a beyond) or (a equal and b beyond) or …; the first key bounds an index scan."""
    condition, equal = Q(pk__in=[]), Q()
    for name in order.fields:
        value = _value(cursor, name)
        condition |= equal & _further(name, value, is_reversed, name in order.may_be_empty, nulls_first)
        equal &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    first = order.fields[0]
    if first not in order.may_be_empty:
        condition &= Q(**{f"{first}__{'lte' if is_reversed else 'gte'}": _value(cursor, first)})
    return condition


def _further(name: str, value: Any, is_reversed: bool, may_be_empty: bool, nulls_first: bool) -> Q:
    empty = Q(**{f"{name}__isnull": True})
    if value is None:
        return ~empty if nulls_first else Q(pk__in=[])
    beyond = Q(**{f"{name}__{'lt' if is_reversed else 'gt'}": value})
    return beyond | empty if may_be_empty and not nulls_first else beyond


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


_ALL = "all"


def _counted(rows: QuerySet[Any] | int, parts: Mapping[str, Q]) -> dict[str, int]:
    if isinstance(rows, int):
        return {_ALL: rows}
    if not parts:
        return {_ALL: rows.order_by()[: MOST_COUNTED + 1].count()}
    return rows.order_by().aggregate(**_counts(parts))


def _found_and_counted(ordered: QuerySet[Any], parts: Mapping[str, Q], most: int) -> tuple[list[int], dict[str, int]]:
    names = (_ALL, *parts)
    counts = {f"{name}_count": Window(count) for name, count in _counts(parts).items()}
    found = list(ordered.annotate(**counts).values_list("pk", *counts)[:most])
    totals = found[0][1:] if found else (0,) * len(names)
    return [key for key, *_ in found], dict(zip(names, totals, strict=True))


def _counts(parts: Mapping[str, Q]) -> dict[str, Count]:
    return {_ALL: Count("pk")} | {name: Count("pk", filter=condition) for name, condition in parts.items()}


def offer(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """Fills a field of a form with what can be chosen."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def offer_places(form: forms.Form, name: str, request: HttpRequest) -> None:
    """Offers the account's region and what lies directly below it; the first choice is the whole."""
    home = account_of(request).region_code
    offer(form, name, _places(home, home) if home else [])


class ListForm(forms.Form):
    """The filter of a list: a place inside the account's region first, then what each list adds.

    ``region`` offers the way up, the divisions below the chosen one, and nothing outside the scope.
    """

    region = forms.ChoiceField(label="区域", required=False)

    def __init__(self, asked: QueryDict, *, scope: Scope, home: str, **names: Any) -> None:
        told = {name: asked.get(name, "") for name in self.base_fields}
        if told["region"] == home:
            told["region"] = ""  # links name the own region too; asked for or not, it is the whole
        super().__init__(told, auto_id="filter_%s", **names)
        self.scope, self.home = scope, home
        self.place = self._place(asked.get("region", ""))
        choices = _places(self.place or home, home) if home else []
        if len(choices) > 1:
            offer(self, "region", choices)
        else:
            del self.fields["region"]

    def _place(self, code: str) -> str:
        """The chosen division when it lies in the scope, else nothing."""
        try:
            code = regions.full_code(code) if code else ""
        except UserError:
            return ""
        return code if code and self.scope.contains(code) else ""

    @property
    def within(self) -> Scope:
        """The part of the scope that was asked for; a place outside it leaves nothing."""
        if self.data.get("region") and not self.place:
            return Scope(())
        return Scope.of_region(self.place) if self.place else self.scope

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.values())

    @property
    def filters(self) -> dict[str, str]:
        """What ``jobs.exports`` narrows the rows by."""
        return self.kept({})

    def kept(self, found: dict[str, str]) -> dict[str, str]:
        """A filter for ``jobs.exports``: what was chosen, with the region as it was asked for; empty choices left out."""
        return {name: value for name, value in (found | {"region": self.data.get("region", "")}).items() if value}

    def chosen(self, name: str) -> Any:
        """The checked value of a field, or nothing where what was sent is no valid choice."""
        if not self.is_bound or not hasattr(self, "cleaned_data"):
            self.is_valid()
        return self.cleaned_data.get(name) or ""


def _places(code: str, home: str) -> list[tuple[str, str]]:
    """The way from the account's region down to the chosen one, then what lies below it (or beside a village)."""
    above = [step for step in regions.ancestors(code) if step != NATION or home == NATION]
    way = above[: above.index(home) + 1][::-1] if home in above else [code]
    below = [(child.code, child.name) for child in regions.children(code)]
    if not below and len(way) > 1:
        below = [(child.code, child.name) for child in regions.children(way[-2]) if child.code != code]
    names = regions.names_of(way)
    choices = [("", f"{names.get(way[0], way[0])}（全部）")]
    choices += [(step, f"{'　' * depth}{names.get(step, step)}") for depth, step in enumerate(way[1:], 1)]
    return choices + [(below_code, f"{'　' * len(way)}{name}") for below_code, name in below]
