"""A scope covers exactly what belongs to a division today, whatever was merged, renamed, split or moved before."""

import copy
import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings

from shouwang.foundation.errors import UserError
from shouwang.regions import catalogue, changes
from shouwang.regions.changes import Change
from shouwang.regions.codes import NATION, first_after, level_of
from shouwang.regions.tree import Tree

from .random_divisions import ALL_CODES, NEW_CODES, change_lists, changed_table, small_table

BAODING, DINGZHOU, XIONGAN = "130600000000", "130682000000", "133100000000"
SHIJIAZHUANG, XINJI = "130100000000", "130181000000"


def covers(tree: Tree, code: str, other: str) -> bool:
    return any(low <= other < high for low, high in tree.ranges(code))


def test_dingzhou_and_xiongan_are_not_in_baoding_and_xinji_not_in_shijiazhuang() -> None:
    tree = catalogue.tree()
    assert tree.ranges(BAODING) == (
        ("130600000000", "130629000000"),
        ("130630000000", "130632000000"),
        ("130633000000", "130638000000"),
        ("130639000000", "130682000000"),
        ("130683000000", "130700000000"),
    )
    assert tree.ranges(SHIJIAZHUANG) == (("130100000000", "130181000000"), ("130182000000", "130200000000"))
    assert tree.ancestors(DINGZHOU) == (DINGZHOU, "130000000000", NATION)
    assert tree.ancestors(XINJI) == (XINJI, "130000000000", NATION)
    assert tree.ancestors("130629100201") == (
        "130629100201",
        "130629100000",
        "130629000000",
        XIONGAN,
        "130000000000",
        NATION,
    )


def test_xiongan_covers_its_three_counties_and_nothing_else_of_baoding() -> None:
    tree = catalogue.tree()
    assert {
        code for code in ("130629", "130632", "130638", "130630", "130682") if covers(tree, XIONGAN, code + "0" * 6)
    } == {
        "130629",
        "130632",
        "130638",
    }


def test_before_2013_dingzhou_was_in_baoding() -> None:
    assert catalogue.tree().ancestors(DINGZHOU, dt.date(2013, 5, 31)) == (DINGZHOU, BAODING, "130000000000", NATION)
    assert catalogue.tree().ancestors(DINGZHOU, dt.date(2013, 6, 1)) == (DINGZHOU, "130000000000", NATION)


def test_a_county_without_a_city_stands_directly_under_its_province() -> None:
    tree = catalogue.tree()
    assert tree.ancestors("419001000000") == ("419001000000", "410000000000", NATION)
    assert tree.ancestors("110101000000") == ("110101000000", "110000000000", NATION)
    assert "419000000000" not in tree


def test_the_zones_of_hengshui_are_county_level_and_carry_the_names_of_the_documents() -> None:
    zones = {line.code: line for line in catalogue.children("131100000000") if line.is_functional_zone}
    assert set(zones) == {"131171000000", "131172000000"}
    assert "衡水高新区" in zones["131171000000"].other_names
    assert "滨湖新区" in zones["131172000000"].other_names
    assert catalogue.tree().county_of("131171401001") == "131171000000"


def test_the_nation_covers_every_code_in_one_range_and_a_village_only_itself() -> None:
    tree = catalogue.tree()
    assert tree.ranges(NATION) == ((NATION, "999999999999"),)
    assert tree.ranges("130630100203") == (("130630100203", "130630100204"),)


def test_every_division_of_the_list_stands_below_one_that_is_in_force() -> None:
    table = catalogue.divisions()
    orphans = [
        line.code
        for line in table
        if line.is_in_force() and line.code != NATION and table.in_force(line.parent_code) is None
    ]
    assert orphans == []


# ── any tree, after any changes ──────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=80, deadline=None)
@given(change_lists())
def test_a_code_is_covered_by_a_division_if_and_only_if_the_division_is_among_its_ancestors(
    declared: list[Change],
) -> None:
    tree = Tree(changed_table(declared))
    codes = [*ALL_CODES, *NEW_CODES]
    ancestors = {code: tree.ancestors(code) for code in codes}
    for division in codes:
        ranges = tree.ranges(division)
        covered = {code for code in codes if any(low <= code < high for low, high in ranges)}
        assert covered == {code for code in codes if tree.replacement(division) in ancestors[code]}


@settings(max_examples=40, deadline=None)
@given(change_lists())
def test_ranges_are_half_open_in_order_and_as_few_as_can_be(declared: list[Change]) -> None:
    tree = Tree(changed_table(declared))
    for division in ALL_CODES:
        ranges = tree.ranges(division)
        assert ranges
        assert all(len(low) == len(high) == 12 and low < high for low, high in ranges)
        assert all(before[1] < after[0] for before, after in pairwise(ranges))


@settings(max_examples=40, deadline=None)
@given(change_lists())
def test_whatever_happened_every_division_in_force_stands_below_one_in_force(declared: list[Change]) -> None:
    table = changed_table(declared)
    for line in table:
        if line.is_in_force() and line.code != NATION:
            assert table.in_force(line.parent_code) is not None
            assert line.level > level_of(line.parent_code)
        if line.valid_to is not None:
            assert line.valid_from < line.valid_to


@settings(max_examples=40, deadline=None)
@given(change_lists())
def test_the_lines_that_differ_from_their_code_are_all_that_a_tree_needs(declared: list[Change]) -> None:
    table = changed_table(declared)
    closed = {code for line in table if line.valid_to for code in (line.code, line.successor_code)}
    needed = [line for line in table if line.level <= 3 or line.has_own_parent or line.code in closed]
    whole, small = Tree(table), Tree(needed)
    for code in (line.code for line in table):
        assert small.ancestors(code) == whole.ancestors(code)
        assert small.ranges(code) == whole.ranges(code)
        assert small.county_of(code) == whole.county_of(code)


@settings(max_examples=40, deadline=None)
@given(change_lists())
def test_what_happened_once_does_not_happen_twice(declared: list[Change]) -> None:
    table = small_table()
    happened = []
    for change in declared:
        attempt = copy.deepcopy(table)
        try:
            happened += changes.apply(attempt, [change], place="试")
        except UserError:
            continue
        table = attempt
    before = [(line.code, line.valid_from, line.valid_to, line.parent_code, line.name) for line in table]
    assert changes.apply(table, happened, place="试") == []
    assert [(line.code, line.valid_from, line.valid_to, line.parent_code, line.name) for line in table] == before


@pytest.mark.parametrize(
    "code", [NATION, "130000000000", "130600000000", "130630000000", "130630100000", "130630100203"]
)
def test_a_range_ends_where_the_next_division_of_its_level_begins(code: str) -> None:
    assert code < first_after(code)
    assert (
        level_of(code) == 0
        or int(first_after(code)) - int(code) == 10 ** {1: 10, 2: 8, 3: 6, 4: 3, 5: 0}[level_of(code)]
    )
