"""Maps as plain data for a template: SVG paths of divisions, fitted into a view box, with a place for each label.

Longitude is shortened by the cosine of the middle latitude; that is exact enough from a county to a province.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise

from django.db.models import Q

from . import queries, storage
from .codes import level_of
from .models import Boundary, Level

_MARGIN = 4.0
_MARGIN_WITH_CONTEXT = 60.0

# Degrees as they stand in the file: neighbours share the very same corners.
Corner = tuple[float, float]
# Polygons, each an outer ring and its holes.
Outline = list[list[list[Corner]]]
# Tenths of a unit of the view box.
Point = tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """One division: ``path`` for the d attribute (even-odd), the place of its label in the same units."""

    code: str
    name: str
    path: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Drawing:
    """``shapes`` to colour, ``context`` (neighbours) to hint at, ``missing`` divisions that have no outline."""

    width: float
    height: float
    shapes: tuple[Shape, ...] = ()
    context: tuple[Shape, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = field(default=())

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width:g} {self.height:g}"


def drawing(code: str, *, level: int | None = None, width: int = 800, height: int = 640) -> Drawing:
    """A map of what lies directly below a division, or (``level``) of its divisions of that level.

    A county, or anything below it, is drawn itself, with its neighbours as context. No outline at all gives a drawing
    without shapes. Fits into ``width`` × ``height``; the larger side of the drawing fills its side of the box. UserError
    when the code is unknown.
    """
    edition = storage.edition()
    draw = _drawing if edition else _drawing.__wrapped__  # without an edition nobody would say that outlines changed
    return draw(edition, queries.full_code(code), level, width, height)


@lru_cache(maxsize=256)
def _drawing(_edition: str, code: str, level: int | None, width: int, height: int) -> Drawing:
    around: dict[str, Outline] = {}
    if level_of(code) >= Level.COUNTY:
        code = queries.county_of(code)
        outlines = _read(Q(region_code=code))
        around = _neighbours(code, outlines[code]) if code in outlines else {}
        wanted = [code]
    else:
        inside = Q(pk__in=[])
        for low, high in queries.ranges(code):
            inside |= Q(region_code__gte=low, region_code__lt=high)
        counties = {county: outline for county, outline in _read(inside).items() if level_of(county) == Level.COUNTY}
        outlines = _grouped(code, counties, level)
        wanted = _expected(code, level)
    names = queries.names_of([*outlines, *around, *wanted])
    missing = tuple((other, names[other]) for other in wanted if other not in outlines)
    if not outlines:
        return Drawing(width, height, missing=missing)
    place = _Placement(outlines.values(), width, height, _MARGIN_WITH_CONTEXT if around else _MARGIN)
    sources = Boundary.objects.filter(region_code__startswith=next(iter(outlines))[:2]).values_list(
        "source", "approval_number"
    )
    return Drawing(
        place.width,
        place.height,
        shapes=tuple(_shape(other, names[other], outlines[other], place) for other in sorted(outlines)),
        context=tuple(_shape(other, names[other], around[other], place) for other in sorted(around)),
        missing=missing,
        sources=tuple(sorted({" ".join(part for part in pair if part) for pair in sources.distinct()})),
    )


def _read(condition: Q) -> dict[str, Outline]:
    rows = Boundary.objects.filter(condition).values_list("region_code", "geometry")
    return {code: _outline(geometry["coordinates"]) for code, geometry in rows}


def _outline(polygons: list[list[list[list[float]]]]) -> Outline:
    return [[[(x, y) for x, y in ring] for ring in polygon] for polygon in polygons]


def _doubled_area(ring: Sequence[tuple[float, float]]) -> float:
    """Positive when the ring runs anticlockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def _expected(code: str, level: int | None) -> list[str]:
    """The divisions that the map should show."""
    below = [child.code for child in queries.children(code)]
    if level is None:
        return below
    found = []
    for child in below:
        found += [child] if level_of(child) >= level else _expected(child, level)
    return found


def _grouped(code: str, counties: dict[str, Outline], level: int | None) -> dict[str, Outline]:
    """Counties merged into the divisions that are drawn."""
    tree = storage.tree()
    members: dict[str, list[Outline]] = defaultdict(list)
    for county, outline in counties.items():
        chain = tree.ancestors(county)
        below = chain[: chain.index(code)]
        drawn = below[-1] if level is None else next((step for step in below if level_of(step) <= level), below[-1])
        members[drawn].append(outline)
    return {drawn: outlines[0] if len(outlines) == 1 else _merged(outlines) for drawn, outlines in members.items()}


def _merged(outlines: Iterable[Outline]) -> Outline:
    """The common outline: a border that two members share runs once in each direction and falls away."""
    edges: set[tuple[Corner, Corner]] = set()
    for ring in (turned for outline in outlines for polygon in outline for turned in _turned(polygon)):
        for start, end in pairwise(ring):
            if (end, start) in edges:
                edges.remove((end, start))
            else:
                edges.add((start, end))
    following: dict[Corner, list[Corner]] = defaultdict(list)
    for start, end in sorted(edges):
        following[start].append(end)
    rings = []
    for first in sorted(following):
        while following[first]:
            ring, at = [first], following[first].pop()
            while at != first and following[at]:
                ring.append(at)
                at = following[at].pop()
            ring.append(first)
            rings.append(ring)
    return [rings]


def _turned(polygon: list[list[Corner]]) -> Iterator[list[Corner]]:
    """Outer ring anticlockwise, holes clockwise, whatever the file does."""
    for index, ring in enumerate(polygon):
        yield ring if (_doubled_area(ring) > 0) == (index == 0) else ring[::-1]


def _neighbours(code: str, outline: Outline) -> dict[str, Outline]:
    """The counties with an outline that touches this one."""
    corners = {corner for polygon in outline for ring in polygon for corner in ring}
    others = {other: shape for other, shape in _read(~Q(region_code=code)).items() if level_of(other) == Level.COUNTY}
    return {
        other: shape
        for other, shape in others.items()
        if any(not corners.isdisjoint(ring) for polygon in shape for ring in polygon)
    }


class _Placement:
    """From degrees to tenths of a unit of the view box."""

    def __init__(self, outlines: Iterable[Outline], width: int, height: int, margin: float) -> None:
        outer = [polygon[0] for outline in outlines for polygon in outline]
        xs, ys = [x for ring in outer for x, _ in ring], [y for ring in outer for _, y in ring]
        self.west, self.north = min(xs), max(ys)
        shortened = math.cos(math.radians((self.north + min(ys)) / 2))
        across, down = (max(xs) - self.west) * shortened, self.north - min(ys)
        scale = min((width - 2 * margin) / across, (height - 2 * margin) / down)
        self.width = round(across * scale + 2 * margin, 1)
        self.height = round(down * scale + 2 * margin, 1)
        self.margin = margin * 10
        self.across, self.down = shortened * scale * 10, scale * 10

    def points(self, ring: list[Corner]) -> list[Point]:
        """Points that fall on one another are kept once."""
        across, down, west, north, margin = self.across, self.down, self.west, self.north, self.margin
        points = [(round((x - west) * across + margin), round((north - y) * down + margin)) for x, y in ring]
        return [point for point, _ in groupby(points)]


def _shape(code: str, name: str, outline: Outline, place: _Placement) -> Shape:
    rings = [place.points(ring) for polygon in outline for ring in polygon]
    label_x, label_y = _label(max(rings, key=len))
    return Shape(code, name, "".join(map(_path, rings)), label_x, label_y)


def _path(ring: list[Point]) -> str:
    """A start and steps from point to point; nothing for a ring too small to be seen."""
    if len(ring) < 4:
        return ""
    steps = [f"{_tenths(x2 - x1)} {_tenths(y2 - y1)}" for (x1, y1), (x2, y2) in pairwise(ring[:-1])]
    return f"M{_tenths(ring[0][0])} {_tenths(ring[0][1])}l{' '.join(steps)}z"


@lru_cache(maxsize=20_000)
def _tenths(number: int) -> str:
    return f"{number / 10:g}"


def _label(ring: list[Point]) -> tuple[float, float]:
    """The centre of gravity, moved sideways into the widest part at its height when it lies outside."""
    area = _doubled_area(ring)
    if not area:
        return ring[0][0] / 10, ring[0][1] / 10
    pairs = list(pairwise(ring))
    x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (3 * area)
    y = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (3 * area)
    crossings = sorted(x1 + (y - y1) * (x2 - x1) / (y2 - y1) for (x1, y1), (x2, y2) in pairs if (y1 > y) != (y2 > y))
    stretches = list(zip(crossings[::2], crossings[1::2], strict=False))
    if stretches and not any(low <= x <= high for low, high in stretches):
        low, high = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
        x = (low + high) / 2
    return round(x / 10, 1), round(y / 10, 1)
