"""Which region lies in which, and what it is called: from the register of divisions, or without one from the program's own data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shouwang.foundation.errors import UserError
from shouwang.regions import catalogue
from shouwang.regions.codes import level_of, padded

_COUNTY = 3


@dataclass(frozen=True)
class Places:
    """What the policy room asks about divisions; each takes 2 to 12 digits and raises UserError for an unknown code.

    ``full_code`` → 12 digits; ``ancestors`` → 12-digit codes, nearest first, the code itself included, the nation last;
    ``edition`` → a word that changes with the divisions.
    """

    full_code: Callable[[str], str]
    ancestors: Callable[[str], tuple[str, ...]]
    name: Callable[[str], str]
    edition: Callable[[], str] = str


def _full_code(code: str) -> str:
    """Townships and villages that the program's data do not hold are taken on trust when their county exists."""
    full = padded(code)
    if full is None or not (catalogue.exists(full) or (level_of(full) > _COUNTY and catalogue.exists(full[:6]))):
        raise UserError(
            f"没有区划代码“{code}”", next_step="请写 2、4、6、9 或 12 位数字的区划代码，例如 130630；全国写 00。"
        )
    return full


def _ancestors(code: str) -> tuple[str, ...]:
    return catalogue.tree().ancestors(_full_code(code))


def _name(code: str) -> str:
    full = _full_code(code)
    line = catalogue.line(full)
    if line is None:
        county = catalogue.line(full[:6].ljust(12, "0"))
        return f"{county.name if county else ''}（{full}）"
    return line.name


BY_CATALOGUE = Places(_full_code, _ancestors, _name)


def current() -> Places:
    """The register of divisions where the program runs as a whole; it falls back to the program's data by itself."""
    from django.apps import apps
    from django.conf import settings

    if not (settings.configured and apps.ready):
        return BY_CATALOGUE
    from shouwang.regions import queries

    return Places(queries.full_code, queries.ancestors, queries.name, queries.edition)


def known_code(code: str) -> str:
    """12 digits of a division that the program's data or else the workspace's register knows. Raises UserError."""
    try:
        return _full_code(code)
    except UserError:
        if padded(code) is None:
            raise
    return current().full_code(code)
