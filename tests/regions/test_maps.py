"""Maps are drawn from outlines with a named source; what cannot be an outline is refused with a sentence."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from shouwang.foundation.errors import UserError
from shouwang.jobs.command_line.regions import group
from shouwang.regions import actions, boundaries, queries, shapes
from shouwang.regions.models import Boundary

from .conftest import LAIYUAN

HENGSHUI = "131100000000"


def points(path: str) -> list[list[tuple[float, float]]]:
    """The rings of an SVG path of the form M x y l dx dy … z."""
    rings = []
    for start, steps in re.findall(r"M([\d. -]+)l([\d. -]+)z", path):
        x, y = (float(number) for number in start.split())
        ring, numbers = [(x, y)], [float(number) for number in steps.split()]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = round(x + dx, 1), round(y + dy, 1)
            ring.append((x, y))
        rings.append(ring)
    return rings


def area(ring: list[tuple[float, float]]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def square(west: float, south: float, size: float = 0.1) -> list[list[float]]:
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def feature(code: str, *rings: list[list[float]], **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code} | properties,
        "geometry": {"type": "Polygon", "coordinates": list(rings)},
    }


def file(tmp_path: Path, *features: dict[str, Any], **more: Any) -> Path:
    path = tmp_path / "边界.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)} | more), encoding="utf-8")
    return path


@pytest.mark.usefixtures("divisions")
def test_a_city_is_drawn_by_its_counties_and_says_which_have_no_outline() -> None:
    drawing = shapes.drawing("1311")
    assert len(drawing.shapes) == 11 and drawing.context == ()
    assert dict(drawing.missing) == {"131171000000": "河北衡水高新技术产业开发区", "131172000000": "衡水滨湖新区"}
    assert "桃城区" in {shape.name for shape in drawing.shapes}
    assert drawing.sources == (boundaries.SHIPPED_SOURCE,)


@pytest.mark.usefixtures("divisions")
def test_everything_drawn_lies_inside_the_view_box_and_every_label_inside_its_county() -> None:
    drawing = shapes.drawing("1306", width=600, height=600)
    assert max(drawing.width, drawing.height) == 600
    for shape in drawing.shapes:
        rings = points(shape.path)
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for ring in rings for x, y in ring)
        crossings = sum(
            (y1 > shape.label_y) != (y2 > shape.label_y)
            and shape.label_x < x1 + (shape.label_y - y1) * (x2 - x1) / (y2 - y1)
            for ring in rings
            for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        )
        assert crossings % 2 == 1, shape.name


@pytest.mark.usefixtures("divisions")
def test_baoding_is_drawn_without_dingzhou_and_xiongan_with_its_three_counties() -> None:
    assert not {shape.name for shape in shapes.drawing("1306").shapes} & {"定州市", "容城县", "雄县", "安新县"}
    assert {shape.name for shape in shapes.drawing("1331").shapes} == {"定州市", "容城县", "雄县", "安新县"} - {
        "定州市"
    }


@pytest.mark.usefixtures("divisions")
def test_a_province_is_drawn_by_what_it_governs_with_the_borders_inside_gone() -> None:
    cities = shapes.drawing("13")
    names = {shape.name for shape in cities.shapes}
    assert {"衡水市", "保定市", "定州市", "辛集市", "雄安新区"} <= names and len(names) == 14
    counties = shapes.drawing("13", level=3)
    assert len(counties.shapes) == 167
    of_hengshui = [shape for shape in counties.shapes if shape.code.startswith("1311")]
    city = next(shape for shape in cities.shapes if shape.code == HENGSHUI)
    rings = points(city.path)
    parts = sum(area(ring) for shape in of_hengshui for ring in points(shape.path))
    assert sum(len(ring) for ring in rings) < sum(len(ring) for shape in of_hengshui for ring in points(shape.path)) / 2
    assert area(max(rings, key=area)) == pytest.approx(parts, rel=0.01)


@pytest.mark.usefixtures("divisions")
def test_a_county_is_drawn_with_its_neighbours_around_it() -> None:
    drawing = shapes.drawing(LAIYUAN)
    assert [shape.name for shape in drawing.shapes] == ["涞源县"]
    around = {shape.name for shape in drawing.context}
    assert {"易县", "涞水县", "阜平县", "唐县"} <= around and "徐水区" not in around
    assert shapes.drawing("130630100203") == drawing


@pytest.mark.usefixtures("divisions")
def test_where_nobody_has_an_outline_there_is_no_shape_but_a_list() -> None:
    drawing = shapes.drawing("11")
    assert drawing.shapes == () and len(drawing.missing) == 16
    with pytest.raises(UserError):
        shapes.drawing("999999")


@pytest.mark.usefixtures("divisions")
def test_a_drawing_is_remembered_until_somebody_loads_other_outlines(
    tmp_path: Path, django_assert_max_num_queries
) -> None:
    first = shapes.drawing("1311")
    with django_assert_max_num_queries(4):
        assert shapes.drawing("1311") is first
    count = actions.load_boundaries(
        file(tmp_path, feature("131172", square(115.5, 37.6))),
        source="衡水市自然资源和规划局",
        approval_number="冀S（2024）001号",
    )
    assert count == 1
    second = shapes.drawing("1311")
    assert "衡水滨湖新区" in {shape.name for shape in second.shapes}
    assert "衡水市自然资源和规划局 冀S（2024）001号" in second.sources


@pytest.mark.usefixtures("divisions")
def test_an_official_file_takes_the_place_of_the_shipped_outline(tmp_path: Path) -> None:
    before = Boundary.objects.count()
    path = file(
        tmp_path,
        feature("", square(114.6, 39.3), gb="156130630"),
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
    )
    actions.load_boundaries(path, source="河北省自然资源厅")
    assert Boundary.objects.count() == before
    assert Boundary.objects.get(region_code=LAIYUAN).source == "河北省自然资源厅"
    ring = points(shapes.drawing(LAIYUAN).shapes[0].path)[0]
    width, height = max(x for x, _ in ring) - min(x for x, _ in ring), max(y for _, y in ring) - min(y for _, y in ring)
    assert width / height == pytest.approx(0.773, abs=0.005)  # the cosine of 39.35°


@pytest.mark.parametrize(
    ("features", "more", "sentence"),
    [
        ([], {}, "不是含有图形的 GeoJSON"),
        ([feature("999999", square(114.6, 39.3))], {}, "1 个图形的区划代码不存在：999999000000"),
        ([feature("涞源", square(114.6, 39.3))], {}, "第 1 个图形：区划代码“涞源”应为"),
        ([feature("", square(114.6, 39.3))], {}, "属性中没有区划代码"),
        ([feature("130630", square(114.6, 39.3)), feature("130630", square(114.6, 39.3))], {}, "第 2 个图形：.*两次"),
        ([feature("130630", square(39.3, 114.6))], {}, "不在中国的经纬度范围内"),
        ([feature("130630", square(38_500_000, 4_350_000, 1000))], {}, "投影坐标"),
        ([feature("130630", square(114.6, 39.3)[:-1])], {}, "没有闭合"),
        ([feature("130630", [[114.6, "北"]])], {}, "坐标不是一对数字"),
        ([feature("130630", [[114.6, float("nan")]])], {}, "坐标不是一对数字"),
        ([feature("130630")], {}, "没有坐标"),
        ([{"type": "Feature", "properties": {"code": "130630"}, "geometry": None}], {}, "应为面"),
        (
            [
                {
                    "type": "Feature",
                    "properties": {"code": "130630"},
                    "geometry": {"type": "Point", "coordinates": [1, 2]},
                }
            ],
            {},
            "应为面（Polygon、MultiPolygon），现为 Point",
        ),
        (
            [feature("130630", square(114.6, 39.3))],
            {"crs": {"properties": {"name": "EPSG:4548"}}},
            "坐标系 EPSG:4548 不能用",
        ),
    ],
)
@pytest.mark.usefixtures("divisions")
def test_what_cannot_be_an_outline_is_refused_and_nothing_changes(
    tmp_path: Path, features: list[dict[str, Any]], more: dict[str, Any], sentence: str
) -> None:
    before = list(Boundary.objects.order_by("id").values_list())
    with pytest.raises(UserError, match=sentence):
        actions.load_boundaries(file(tmp_path, *features, **more), source="某局")
    assert list(Boundary.objects.order_by("id").values_list()) == before


@pytest.mark.usefixtures("divisions")
def test_outlines_need_a_source_and_a_file_that_is_json(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="来源"):
        actions.load_boundaries(file(tmp_path, feature("130630", square(114.6, 39.3))), source=" ")
    path = tmp_path / "边界.geojson"
    path.write_text("PK\n{", encoding="utf-8")
    with pytest.raises(UserError, match="不是 GeoJSON"):
        actions.load_boundaries(path, source="某局")
    result = CliRunner().invoke(group, ["load-boundaries", str(path), "--source", "某局"])
    assert result.exit_code == 2 and "不是 GeoJSON" in result.output


def test_the_shipped_outlines_cover_every_county_that_is_no_zone() -> None:
    outlines = boundaries.shipped()
    counties = {
        child.code
        for province in ("13", "41")
        for above in queries.catalogue.children(f"{province}0000000000")
        for child in ([above] if above.level == 3 else queries.catalogue.children(above.code))
        if not child.is_functional_zone
    }
    assert set(outlines) == counties and len(outlines) == 324
    assert boundaries.SHIPPED_FILE.stat().st_size < 250_000
