"""Divisions are there after loading, once, and answer the same with and without a database."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope
from shouwang.regions import actions, catalogue, names, queries, storage
from shouwang.regions.models import Boundary, Edition, Region

from .conftest import HENGSHUI_ZONE, LAIYUAN, XUSHUI

NANGUAN = "130630100203"


def rows() -> list[tuple]:
    return list(Region.objects.order_by("id").values_list())


@pytest.mark.usefixtures("nothing_loaded")
def test_loading_twice_changes_nothing() -> None:
    assert actions.load(counties_in_detail=[LAIYUAN]) > 3000
    before = rows(), Boundary.objects.count(), Edition.objects.count()
    assert actions.load(counties_in_detail=[LAIYUAN]) == 0
    assert (rows(), Boundary.objects.count(), Edition.objects.count()) == before


@pytest.mark.usefixtures("nothing_loaded")
def test_a_longer_list_adds_what_is_missing_and_leaves_what_the_county_changed(tmp_path: Path) -> None:
    actions.load(counties_in_detail=[LAIYUAN])
    path = tmp_path / "变更.csv"
    path.write_text(
        f"类型,日期,代码,去向名称,来源\n更名,2024-03-01,{NANGUAN},新南关村,涞政〔2024〕1号\n", encoding="utf-8"
    )
    actions.apply_changes(path, today=dt.date(2024, 6, 1))
    kept = set(rows())
    added = actions.load(counties_in_detail=[LAIYUAN, HENGSHUI_ZONE])
    assert added == Region.objects.filter(code__startswith="131171", level__gte=4).count() > 0
    assert kept < set(rows())
    assert queries.name(NANGUAN) == "新南关村"


@pytest.mark.usefixtures("nothing_loaded")
def test_an_interrupted_load_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_write_outlines", breaks)
        with pytest.raises(KeyboardInterrupt):
            actions.load(counties_in_detail=[LAIYUAN])
    assert not Region.objects.exists() and not Edition.objects.exists()
    assert actions.load(counties_in_detail=[LAIYUAN]) > 3000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("130630", LAIYUAN),
        ("130630000000", LAIYUAN),
        (" 130630 ", LAIYUAN),
        ("13", "130000000000"),
        ("1306", "130600000000"),
        ("00", queries.NATION),
        ("130630100", "130630100000"),
        (NANGUAN, NANGUAN),
        ("411023", "411023000000"),
    ],
)
@pytest.mark.usefixtures("divisions")
def test_a_code_may_be_written_short(text: str, code: str) -> None:
    assert queries.full_code(text) == code


@pytest.mark.parametrize(
    "text", ["", " ", "1", "130", "999999", "130699", "涞源", "１３０６３０", "130630100999", "13063010", "-13063"]
)
@pytest.mark.usefixtures("divisions")
def test_an_unknown_code_is_refused_by_every_door(text: str) -> None:
    doors = (queries.full_code, queries.ranges, queries.ancestors, queries.county_of, queries.children, queries.region)
    for door in (*doors, queries.name, queries.full_name, queries.lookup_table, queries.current):
        with pytest.raises(UserError):
            door(text)


@pytest.mark.usefixtures("divisions")
def test_names_read_from_the_province_down() -> None:
    assert queries.full_name(LAIYUAN) == "河北省保定市涞源县"
    assert queries.full_name(NANGUAN) == "河北省保定市涞源县涞源镇南关村"
    assert queries.full_name("130682") == "河北省定州市"
    assert queries.full_name("130629") == "河北省雄安新区容城县"
    assert queries.full_name("130682", dt.date(2010, 1, 1)) == "河北省保定市定州市"
    assert queries.full_name("131172") == "河北省衡水市滨湖新区"
    assert queries.full_name("00") == "全国"
    assert queries.names_of([LAIYUAN, NANGUAN, "999999000000"]) == {LAIYUAN: "涞源县", NANGUAN: "南关村"}


@pytest.mark.usefixtures("divisions")
def test_a_county_is_found_above_a_village_and_not_above_a_city() -> None:
    assert queries.county_of(NANGUAN) == LAIYUAN
    assert queries.county_of("130630") == LAIYUAN
    assert queries.county_of("130625") == XUSHUI
    for above in ("1306", "13", "00", "1331"):
        with pytest.raises(UserError, match="不属于任何一个县"):
            queries.county_of(above)


@pytest.mark.usefixtures("divisions")
def test_the_county_of_old_days_can_still_be_named() -> None:
    assert queries.region("130625", dt.date(2015, 4, 27)).name == "徐水县"
    assert queries.name("130602", dt.date(2015, 4, 27)) == "新市区"
    assert queries.name("130602") == "竞秀区"
    assert queries.current("130625") == XUSHUI
    assert Scope.of_region("130609").covers("130625100201")
    assert queries.current("130604") == "130606000000"


@pytest.mark.usefixtures("divisions")
def test_the_children_of_baoding_are_those_it_governs() -> None:
    children = {region.code[:6] for region in queries.children("1306")}
    assert {"130609", "130630", "130671"} <= children
    assert not children & {"130682", "130629", "130632", "130638", "130625"}
    assert {region.name for region in queries.children("1331")} == {"容城县", "安新县", "雄县"}
    assert "定州市" in {region.name for region in queries.children("13")}
    assert "130682" in {region.code[:6] for region in queries.children("1306", dt.date(2012, 1, 1))}


@pytest.mark.usefixtures("divisions")
def test_search_finds_by_name_other_name_code_and_initials_inside_the_scope() -> None:
    everything, laiyuan = Scope.everything(), Scope.of_region(LAIYUAN)

    def found(text: str, scope: Scope = everything, **options: int) -> list[str]:
        return [region.code for region in queries.search(text, scope, **options)]

    assert found("涞源")[0] == LAIYUAN
    assert found("涞源县") == [LAIYUAN]
    assert LAIYUAN in found("lyx")
    assert found("130630")[0] == LAIYUAN
    assert found("徐水县")[0] == XUSHUI
    assert found("衡水高新区") == [HENGSHUI_ZONE]
    assert HENGSHUI_ZONE in found("hsgxq")
    assert found("涞源 南关") == [NANGUAN]
    assert found("ly ngc", laiyuan)[0] == NANGUAN
    assert found("南关", laiyuan, level=4) == []
    assert len(found("村", laiyuan, limit=7)) == 7
    assert found("徐水", laiyuan) == []
    assert found("", everything) == found("   ") == []
    assert found("涞源", Scope(())) == []
    assert found("%") == [] and found("_") == []


@pytest.mark.usefixtures("divisions")
def test_a_merged_code_is_not_offered_by_search() -> None:
    assert "130625000000" not in {region.code for region in queries.search("徐水", Scope.everything())}


@pytest.mark.usefixtures("divisions")
def test_names_as_files_write_them_are_matched_in_one_query() -> None:
    table = queries.lookup_table("13")
    written = [
        ("河北", "保定", "涞源县", "涞源镇", "南关村", NANGUAN),
        ("河北省", "保定市", "涞源", "涞源", "南关村民委员会", NANGUAN),
        ("河北省", "衡水市", "高新区", "大麻森乡", "张官堡", "131171201208"),
        ("河北省", "衡水市", "河北衡水高新技术产业开发区", "大麻森", "张官堡村委会", "131171201208"),
        ("河北省", "保定市", "徐水县", "安肃镇", "", ""),
        ("河北省", "保定市", "定州市", "", "", ""),
    ]
    sides = {"province": 1, "city": 2, "county": 3, "township": 4}
    on = " AND ".join(
        f"l.{column}_short = {names.short_name_in_sql('w.' + column, level)}" for column, level in sides.items()
    )
    connection = duckdb.connect()
    connection.register("lookup", table)
    connection.execute(
        "CREATE TABLE written (province text, city text, county text, township text, village text, expected text)"
    )
    connection.executemany("INSERT INTO written VALUES (?, ?, ?, ?, ?, ?)", written)
    village = names.short_name_in_sql("w.village", 5)
    matched = connection.execute(
        f"SELECT w.expected, l.code FROM written w JOIN lookup l ON {on} AND l.short_name = {village} AND l.level = 5"
    ).fetchall()
    assert sorted(matched) == sorted((expected, expected) for *_, expected in written[:4])


@pytest.mark.usefixtures("divisions")
def test_the_lookup_table_knows_dingzhou_under_the_province_and_the_former_county_of_xushui() -> None:
    dingzhou = [row for row in queries.lookup_table("13").to_pylist() if row["code"] == "130682000000"]
    assert [(row["province"], row["city"], row["county"], row["name"]) for row in dingzhou] == [
        ("河北省", "", "定州市", "定州市")
    ]
    xushui = queries.lookup_table(XUSHUI).to_pylist()
    assert {row["county"] for row in xushui if row["level"] == 5} == {"徐水区", "徐水县"}
    assert all(row["is_other_name"] == (row["county"] == "徐水县") for row in xushui)
    official = [row for row in xushui if not row["is_other_name"]]
    assert len({row["code"] for row in official}) == len(official)
    assert {row["code"] for row in official} == set(
        Region.objects.filter(code__startswith="130609", valid_to=None).values_list("code", flat=True)
    )


@pytest.mark.usefixtures("nothing_loaded")
def test_without_a_loaded_database_the_programs_own_data_answer_alike() -> None:
    asked = ["130682", "130629", "1306", "00", "419001", "110101", "131171", "130625", "1331", NANGUAN, "130630100"]

    def answers() -> list[object]:
        return [
            (
                queries.full_code(code),
                queries.ancestors(code),
                queries.ranges(code),
                queries.full_name(code),
                queries.current(code),
                [(child.code, child.name) for child in queries.children(code) if child.level <= 3],
            )
            for code in asked
        ]

    without = answers()
    lookup = queries.lookup_table(LAIYUAN).to_pylist()
    actions.load(counties_in_detail=[LAIYUAN, XUSHUI])
    assert answers() == without
    assert queries.lookup_table(LAIYUAN).to_pylist() == lookup


def test_without_a_workspace_codes_can_be_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nowhere:
        vendor, connection, settings_dict = "sqlite", None, {"NAME": str(tmp_path / "nowhere" / "shouwang.sqlite3")}

    monkeypatch.setattr(storage, "connection", Nowhere())
    assert queries.ancestors("130682") == ("130682000000", "130000000000", queries.NATION)
    assert queries.full_code(NANGUAN) == NANGUAN
    with pytest.raises(UserError):
        queries.full_code("999999")
    assert not (tmp_path / "nowhere").exists()
    assert catalogue.exists("130630") and not catalogue.exists("130699") and not catalogue.exists("涞源")
    assert catalogue.ancestors("999999") == ()


@pytest.mark.usefixtures("divisions")
def test_a_change_by_another_process_is_seen_at_the_next_question(tmp_path: Path) -> None:
    assert queries.county_of(NANGUAN) == LAIYUAN and Scope.of_region("1306").covers(LAIYUAN)
    # What another process writes: the lines and a new edition, nothing in this process's memory.
    table = storage.read_all()
    line = table.in_force(LAIYUAN)
    assert line is not None
    table.reopen(line, dt.date(2024, 1, 1), parent_code="131100000000")
    remembered = storage.memory()
    storage.write(table)
    assert storage.memory() is remembered
    storage.new_edition(kind="changes", content_hash="")
    assert not Scope.of_region("1306").covers(LAIYUAN)
    assert Scope.of_region("1311").covers(NANGUAN)


@pytest.mark.usefixtures("divisions")
def test_a_question_about_the_tree_costs_one_small_query(django_assert_num_queries) -> None:
    queries.ranges("1306")
    queries.full_code(NANGUAN)
    for ask in (queries.ranges, queries.ancestors, queries.county_of):
        with django_assert_num_queries(1):
            ask("130630")


@pytest.mark.usefixtures("divisions")
def test_names_and_lines_are_asked_once_an_edition_and_are_those_of_the_table(django_assert_num_queries) -> None:
    codes = list(Region.objects.filter(code__startswith="1306").values_list("code", flat=True).distinct())
    queries.names_of(codes), queries.history(NANGUAN), queries.children(LAIYUAN)
    with django_assert_num_queries(4):  # each asks for the edition, and one looks its code up first
        names, lines, below = queries.names_of(codes), queries.history(NANGUAN), queries.children(LAIYUAN)
    latest = Region.objects.filter(code__in=codes).order_by("valid_from").values_list("code", "name")
    assert names == dict(latest) and len(names) > 100
    assert lines == list(Region.objects.filter(code=NANGUAN).order_by("valid_from"))
    assert below == list(Region.objects.filter(parent_code=LAIYUAN, valid_to=None).order_by("code"))
    assert queries.names_of(["139999000000"]) == {}


@pytest.mark.usefixtures("divisions")
def test_a_new_name_is_seen_at_the_next_question_and_within_a_request_at_the_next_request() -> None:
    def rename(name: str) -> None:
        Region.objects.filter(code=NANGUAN).update(name=name)
        storage.new_edition(kind="changes", content_hash="")

    assert queries.name(NANGUAN) == queries.names_of([NANGUAN])[NANGUAN] != "新名村"
    with queries.one_moment():
        before = queries.name(NANGUAN)
        rename("新名村")
        assert queries.name(NANGUAN) == before == queries.full_name(NANGUAN)[-len(before) :]
    assert queries.name(NANGUAN) == "新名村" == queries.names_of([NANGUAN])[NANGUAN]
    assert queries.full_name(NANGUAN).endswith("新名村")


def test_every_county_of_the_country_is_there() -> None:
    lines = [line for line in catalogue.divisions(to_county=True) if line.is_in_force()]
    counts = {level: sum(line.level == level for line in lines) for level in range(4)}
    assert counts[0] == 1 and counts[1] == 34
    assert counts[2] == 334  # 333 cities of the statistics, and 雄安
    assert counts[3] == 2975  # 2,978 less 东莞, 中山 and 儋州, which have no counties
    assert {"710000000000", "810000000000", "820000000000"} <= {line.code for line in lines}


def test_all_townships_and_villages_of_hebei_and_henan_are_there() -> None:
    lines = [line for line in catalogue.divisions() if line.level >= 4]
    assert len(lines) == 111_474
    assert sum(line.level == 5 and line.code.startswith("1311") for line in lines) == 5118
    assert sum(line.level == 4 and line.code.startswith("130630") for line in lines) == 17
