"""Sums kept by township, and good only as long as nothing changed there: a place that changed is counted as if nothing were kept.

A ``Sum`` names the sources it reads (``watching``: triggers count their changes by place) and a function that answers a whole set of
places. ``read`` puts together what is kept and still holds with what has to be counted now; it never writes. ``renew`` writes: the worker
calls it. What is kept carries the versions of its sources, read before the counting began, so that a change during or after it shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.db.models import Sum as Total
from django.db.models.functions import Substr

from . import watching
from .codes import END_OF_NATION
from .models import ChangeCount, KeptSum
from .watching import PLACE_DIGITS, Source

Ranges = tuple[tuple[str, str], ...]
Figures = Any  # what a sum says of one place: plain data
# More places than this in pieces are counted with the whole: an index goes to each piece anew.
_MOST_PIECES = 24


@dataclass(frozen=True)
class Sum:
    """``compute(ranges=…, **key) -> {place: figures}``: the places of some ranges of codes, each with plain data (JSON); places without
    anything may be left out. It depends on nothing but its sources, its key and the program: a policy's value is part of the key.

    ``digits``: 9 keeps by township, 6 by county. ``wanted(today=, policies=)``: the keys that the worker keeps up, and for which ranges.
    """

    name: str
    sources: tuple[Source, ...]
    compute: Callable[..., Mapping[str, Figures]]
    wanted: Callable[..., Iterable[tuple[Mapping[str, Any], Ranges]]]
    digits: int = PLACE_DIGITS

    @property
    def codes(self) -> list[str]:
        return sorted(one.code for one in self.sources)


_register: Callable[[], Sequence[Sum]] = tuple


def register(sums: Callable[[], Sequence[Sum]]) -> None:
    """Told once at start-up which sums there are."""
    global _register
    _register = sums


def all_sums() -> Sequence[Sum]:
    return _register()


def sources() -> list[Source]:
    """What all sums read, each once."""
    return sorted({source for one in all_sums() for source in one.sources}, key=lambda source: source.code)


def read(one: Sum, *, ranges: Ranges, key: Mapping[str, Any]) -> dict[str, Figures]:
    """Place → figures within some ranges of codes, as of now. Where a range ends inside a place, its part is counted now.

    Two questions where everything still holds. Places that changed are counted alone, or all with the whole where they are many.
    """
    return _read(one, ranges, key, most=None) or {}


def read_unless_many(
    one: Sum, *, ranges: Ranges, key: Mapping[str, Any], most: int = _MOST_PIECES
) -> dict[str, Figures] | None:
    """The same, or None where more than ``most`` places would have to be counted: for who has a shorter way to the sum of all."""
    return _read(one, ranges, key, most=most)


def _read(one: Sum, ranges: Ranges, key: Mapping[str, Any], most: int | None) -> dict[str, Figures] | None:
    whole, rest = split(ranges, one.digits)
    found: dict[str, Figures] = {}
    if whole:
        kept = _kept(one, whole, key)  # before the versions: what is renewed in between is then not taken for old
        versions = _versions(one, whole)
        found = {place: kept[place][1] for place, version in versions.items() if _holds(kept.get(place), version)}
        stale = versions.keys() - found.keys()
        if most is not None and len(stale) > most:
            return None
        found |= _counted(one, whole, versions, stale, key)
    answer = {place: figures for place, figures in found.items() if figures}
    return answer | dict(one.compute(ranges=rest, **key)) if rest else answer


def renew(one: Sum, *, ranges: Ranges, key: Mapping[str, Any], most: int = 40) -> int:
    """Counts and keeps up to ``most`` places that changed; returns how many. Any number of processes may do so at once."""
    whole, _ = split(ranges, one.digits)
    kept, versions = _kept(one, whole, key), _versions(one, whole)
    stale = sorted(place for place, version in versions.items() if not _holds(kept.get(place), version))[:most]
    if not stale:
        return 0
    found = _counted(one, whole, versions, set(stale), key)
    rows = [
        KeptSum(name=one.name, key=_digest(one, key), place=place, versions=versions[place], figures=found.get(place))
        for place in stale
    ]
    KeptSum.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["name", "key", "place"],
        update_fields=["versions", "figures"],
    )
    return len(stale)


def keep_up(*, most: int = 40, **told: Any) -> int:
    """One step of the worker: renews some places of the first sum that needs it; 0 when everything that is wanted holds.

    ``told`` (``today``, ``policies``) is handed to the sums, which say what is wanted. Only looks while there is nothing to do, and
    keeps nothing where triggers are missing (a migration stopped half-way).
    """
    if not watching.is_installed(sources()):
        return 0
    for one in all_sums():
        keys = set()
        for key, ranges in one.wanted(**told):
            keys.add(_digest(one, key))
            if done := renew(one, ranges=ranges, key=key, most=most):
                return done
        past = KeptSum.objects.filter(name=one.name).exclude(key__in=keys)
        if past.exists():
            past.delete()
    forgotten = KeptSum.objects.exclude(name__in=[one.name for one in all_sums()])
    if forgotten.exists():
        forgotten.delete()
    watching.compact()
    return 0


def differing(one: Sum, *, ranges: Ranges, key: Mapping[str, Any]) -> list[str]:
    """The places whose kept figures hold by their versions and are not what counting gives: there must be none."""
    whole, _ = split(ranges, one.digits)
    kept, versions = _kept(one, whole, key), _versions(one, whole)
    held = {place: kept[place][1] for place, version in versions.items() if _holds(kept.get(place), version)}
    counted = {place: _plain(figures) for place, figures in one.compute(ranges=whole, **key).items()} if held else {}
    return sorted(place for place, figures in held.items() if (figures or None) != (counted.get(place) or None))


def forget(one: Sum, *, places: Iterable[str]) -> int:
    """Throws away what is kept of some places."""
    return KeptSum.objects.filter(name=one.name, place__in=list(places)).delete()[0]


def split(ranges: Ranges, digits: int = PLACE_DIGITS) -> tuple[Ranges, Ranges]:
    """(the part of some ranges that consists of whole places, the rest): only whole places are kept."""
    whole, rest = [], []
    for low, high in ranges:
        start, end = _up(low, digits), _down(high, digits)
        if start >= end:
            rest.append((low, high))
            continue
        whole.append((start, end))
        rest += [piece for piece in ((low, start), (end, high)) if piece[0] < piece[1]]
    return tuple(whole), tuple(rest)


def one_place(place: str) -> tuple[str, str]:
    """The range of codes of one place (6 or 9 digits)."""
    return place.ljust(12, "0"), str(int(place) + 1).zfill(len(place)).ljust(12, "0")


def by_county(ranges: Ranges) -> dict[str, Ranges]:
    """The first six digits of a county → its part of some ranges: for what has to be looked up in a whole county beside its places."""
    found: dict[str, list[tuple[str, str]]] = {}
    for low, high in ranges:
        while low < high and low < END_OF_NATION:
            end = min(high, one_place(low[:6])[1])
            found.setdefault(low[:6], []).append((low, end))
            low = end
    return {county: tuple(parts) for county, parts in found.items()}


# ── what holds ───────────────────────────────────────────────────────────────
def _kept(one: Sum, whole: Ranges, key: Mapping[str, Any]) -> dict[str, tuple[str, Figures]]:
    rows = KeptSum.objects.filter(_within(whole, one.digits), name=one.name, key=_digest(one, key))
    return {place: (versions, figures) for place, versions, figures in rows.values_list("place", "versions", "figures")}


def _versions(one: Sum, whole: Ranges) -> dict[str, str]:
    """Place → how often each source changed there. A place that is missing never had a row."""
    if not whole:
        return {}
    codes = one.codes
    found: dict[str, list[int]] = {}
    rows = ChangeCount.objects.filter(_within(whole, PLACE_DIGITS), source__in=codes).order_by()
    counted = rows.annotate(at=Substr("place", 1, one.digits)).values_list("source", "at").annotate(steps=Total("step"))
    for source, place, steps in counted:
        found.setdefault(place, [0] * len(codes))[codes.index(source)] = steps
    return {place: ".".join(map(str, steps)) for place, steps in found.items()}


def _holds(kept: tuple[str, Figures] | None, version: str) -> bool:
    return kept is not None and kept[0] == version


def _counted(
    one: Sum, whole: Ranges, versions: Mapping[str, str], stale: set[str], key: Mapping[str, Any]
) -> dict[str, Figures]:
    """The figures of the places that no longer hold: of them alone, or picked out of the whole."""
    if not stale:
        return {}
    pieces = _joined(one_place(place) for place in stale)
    asked = whole if len(pieces) > _MOST_PIECES or len(stale) == len(versions) else pieces
    return {place: figures for place, figures in one.compute(ranges=asked, **key).items() if place in stale}


def _joined(pieces: Iterable[tuple[str, str]]) -> Ranges:
    joined: list[tuple[str, str]] = []
    for low, high in sorted(pieces):
        if joined and joined[-1][1] == low:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return tuple(joined)


def _within(whole: Ranges, digits: int) -> Q:
    """Whole places as a condition on their digits. Ranges that nearly touch are one range less its gaps: an index reads it in one go."""
    cut = [(low[:digits], high[:digits]) for low, high in whole]
    if not cut:
        return Q(pk__in=[])
    found = Q(place__gte=cut[0][0], place__lt=cut[-1][1])
    for before, after in pairwise(cut):
        found &= ~Q(place__gte=before[1], place__lt=after[0])
    return found


def _digest(one: Sum, key: Mapping[str, Any]) -> str:
    text = json.dumps([_program(), one.codes, one.digits, key], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def _program() -> str:
    """A fingerprint of the program: what another version counted is not taken for this one's."""
    digest = hashlib.sha256()
    folder = Path(__file__).resolve().parents[1]
    for path in sorted(folder.rglob("*.py")):
        if path.relative_to(folder).parts[0] not in ("web", "api", "jobs", "demonstration"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _plain(figures: Figures) -> Figures:
    return json.loads(json.dumps(figures))


def _up(code: str, digits: int) -> str:
    """The first whole place that begins at a code or after it."""
    if code[digits:].strip("0") == "":
        return code
    return str(int(code[:digits]) + 1).zfill(digits).ljust(12, "0")


def _down(code: str, digits: int) -> str:
    """Where the last whole place before a code ends; no division has the digits at the end of the nation."""
    return code if code >= END_OF_NATION else code[:digits].ljust(12, "0")
