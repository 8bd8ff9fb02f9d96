"""Names are shortened the same way on both sides of a match, and read as people read them."""

import duckdb
import pytest

from shouwang.regions import catalogue, names
from shouwang.regions.codes import level_of


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("河北省", 1, "河北"),
        ("北京市", 1, "北京"),
        ("内蒙古自治区", 1, "内蒙古"),
        ("广西壮族自治区", 1, "广西"),
        ("新疆维吾尔自治区", 1, "新疆"),
        ("香港特别行政区", 1, "香港"),
        ("保定市", 2, "保定"),
        ("延边朝鲜族自治州", 2, "延边"),
        ("大兴安岭地区", 2, "大兴安岭"),
        ("博尔塔拉蒙古自治州", 2, "博尔塔拉"),
        ("涞源县", 3, "涞源"),
        ("易县", 3, "易县"),
        ("徐水区", 3, "徐水"),
        ("定州市", 3, "定州"),
        ("孟村回族自治县", 3, "孟村"),
        ("围场满族蒙古族自治县", 3, "围场"),
        ("东乡族自治县", 3, "东乡族"),
        ("衡水滨湖新区", 3, "衡水滨湖新区"),
        ("涞源镇", 4, "涞源"),
        ("西下营满族乡", 4, "西下营"),
        ("建北街道办事处", 4, "建北"),
        ("建北街道", 4, "建北"),
        ("南关村", 5, "南关"),
        ("南关村民委员会", 5, "南关"),
        ("南关村村民委员会", 5, "南关"),
        ("南关村委会", 5, "南关"),
        (" 南 关 村 ", 5, "南关"),
        ("新村村委会", 5, "新村"),
        ("新村", 5, "新村"),
        ("光华路社区居委会", 5, "光华路"),
        ("光华路社区居民委员会", 5, "光华路"),
        ("贾庄居委会", 5, "贾庄"),
        ("东沟社区村民委员会", 5, "东沟"),
    ],
)
def test_a_name_is_shortened_to_what_both_sides_write(name: str, level: int, short: str) -> None:
    assert names.short_name(name, level) == short


def test_duckdb_shortens_every_published_name_as_python_does() -> None:
    by_level: dict[int, list[str]] = {1: [], 2: [], 3: [], 4: [], 5: []}
    for line in catalogue.divisions():
        if line.level:
            by_level[line.level] += [line.name, f"{line.name}村民委员会"] if line.level == 5 else [line.name]
    for level, published in by_level.items():
        expression = names.short_name_in_sql("name", level)
        rows = duckdb.execute(f"SELECT name, {expression} FROM (SELECT unnest($1) AS name)", [published]).fetchall()
        assert len(rows) == len(published)
        assert [row for row in rows if row[1] != names.short_name(row[0], level)] == []


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("南关村村民委员会", "南关村"),
        ("贾市庄村民委员会", "贾市庄村"),
        ("北周庄村村民民委员会", "北周庄村"),
        ("沟口子村村民委会", "沟口子村"),
        ("光华路社区居民委员会", "光华路社区"),
        ("东沟社区村民委员会", "东沟社区"),
        ("贾庄居民委员会", "贾庄居民委员会"),
    ],
)
def test_a_village_is_shown_by_its_name_and_not_by_its_committee(published: str, shown: str) -> None:
    assert names.display_name(published, "130630100203") == shown


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("涞源县", "lyx"),
        ("长葛市", "cgs"),
        ("长垣市", "cys"),
        ("长子县", "zzx"),
        ("蔚县", "yx"),
        ("乐亭县", "ltx"),
        ("井陉县", "jxx"),
        ("行唐县", "xtx"),
        ("浚县", "xx"),
        ("泊头市", "bts"),
        ("单县", "sx"),
        ("六安市", "las"),
        ("重庆市", "cqs"),
        ("厦门市", "xms"),
        ("洪洞县", "htx"),
        ("曾家庄村", "zjzc"),
        ("翟家庄村", "zjzc"),
        ("解家庄村", "xjzc"),
        ("仇庄村", "qzc"),
        ("801社区", "801sq"),
        ("鸿基花苑、金世纪新城社区", "hjhyjsjxcsq"),
    ],
)
def test_initials_are_those_that_people_type(name: str, initials: str) -> None:
    assert names.initials(name) == initials


def test_every_division_has_initials_one_for_each_character_that_can_be_typed() -> None:
    table = catalogue.divisions(to_county=True)
    for line in table:
        assert line.initials == "" or (line.initials.isascii() and line.initials.isalnum()), line
    counties = [line for line in table if level_of(line.code) == 3 and line.initials]
    assert all(len(line.initials) == len(line.name) for line in counties)
