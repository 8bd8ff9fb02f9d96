"""Cells as people and spreadsheets write them, and two engines that must judge alike."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shouwang.foundation import identity
from shouwang.intake import cells, identity_cells
from shouwang.intake.contract import Column, Kind
from shouwang.lake import store

from .samples import PAYMENTS, QIAN, ZHAO, Read, as_csv, number, row, write_text

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOUWANG_HOME", str(tmp_path_factory.mktemp("engine")))
        connection = store.connect()
    cells.install(connection)
    return connection


def nested(items: list[list[str]], source: str) -> str:
    for layer in items:
        if layer:
            source = f"SELECT *, {', '.join(layer)} FROM ({source})"
    return source


def forgiving(engine, column: Column, texts: list[str]) -> list[object]:
    layers = cells.forgiving_layers(column, 0, 1)
    query = nested(
        layers, "SELECT i, [x] AS cells FROM (SELECT unnest($texts) AS x, generate_subscripts($texts, 1) AS i)"
    )
    return [value for (value,) in engine.execute(f"SELECT v0 FROM ({query}) ORDER BY i", {"texts": texts}).fetchall()]


def strict(engine, column: Column, texts: list[str]) -> list[object]:
    source = "SELECT unnest($texts) AS c0, generate_subscripts($texts, 1) AS i"
    if column.kind is Kind.IDENTITY:
        query = f"SELECT i, x_number AS v FROM ({nested(identity_cells.strict_layers('c0', 'x'), source)})"
    else:
        query = f"SELECT i, {cells.strict(column, 'c0', None, 1)} AS v FROM ({source})"
    return [value for (value,) in engine.execute(f"SELECT v FROM ({query}) ORDER BY i", {"texts": texts}).fetchall()]


def column(kind: Kind) -> Column:
    return Column("列", "value", kind, "")


def by_the_reference(text: str) -> str | None:
    try:
        return identity.parse(text).text
    except identity.IdentityNumberError:
        return None


AREAS = st.sampled_from(["130630", "110101", "500101", "810000", "000000", "990630"])
BODIES = st.tuples(AREAS, st.integers(1880, 2110), st.integers(0, 13), st.integers(0, 32), st.integers(0, 999)).map(
    lambda parts: f"{parts[0]}{parts[1]:04d}{parts[2]:02d}{parts[3]:02d}{parts[4]:03d}"
)
NUMBERS = st.tuples(BODIES, st.sampled_from("0123456789Xx")).map("".join) | BODIES.map(number)
WRAPPED = st.tuples(NUMBERS, st.sampled_from(["{}", "'{}", "’{}", '="{}"', " {} ", "　{}", "{}\t", "{:.6} {}"])).map(
    lambda parts: parts[1].format(parts[0], parts[0][6:]) if "{}" in parts[1] else parts[0]
)
WIDE = NUMBERS.map(lambda text: "".join(chr(ord(letter) + 0xFEE0) for letter in text))
OLD = BODIES.map(lambda text: text[:6] + text[8:])
JUNK = st.text(alphabet="0123456789XxEe.+-_ 赵'\"", max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NUMBERS | WRAPPED | WIDE | OLD | JUNK, min_size=20, max_size=80))
@example(["1_0630196502031234", "13063019650229123X", "1306301965020312 4", "5001011965020312e4", "130630196502031²34"])
def test_sql_and_python_agree_on_every_identity_number(engine, texts: list[str]) -> None:
    expected = [by_the_reference(text) for text in texts]
    assert forgiving(engine, column(Kind.IDENTITY), texts) == expected
    for text, value, quick in zip(texts, expected, strict(engine, column(Kind.IDENTITY), texts), strict=True):
        assert quick in (None, value), "the strict reading takes nothing that is wrong"
        if value == text and "1" <= value[:1] <= "7":
            assert quick == value, "and leaves no clean number to the slow one"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NUMBERS | WIDE | OLD | JUNK, min_size=10, max_size=40))
def test_the_reason_is_the_one_that_python_gives(engine, texts: list[str]) -> None:
    layers = identity_cells.forgiving_layers("c0", 0, is_certificate=False)
    query = nested(layers, "SELECT unnest($texts) AS c0, generate_subscripts($texts, 1) AS i")
    found = engine.execute(f"SELECT f0 FROM ({query}) ORDER BY i", {"texts": texts}).fetchall()
    for text, (reason,) in zip(texts, found, strict=True):
        try:
            identity.parse(text)
        except identity.IdentityNumberError as error:
            assert reason == str(error)
        else:
            assert reason is None


@pytest.mark.parametrize("kind", [Kind.DAY, Kind.MONTH, Kind.YEAR, Kind.MONEY, Kind.WHOLE, Kind.NAME, Kind.TEXT, Kind.KEY, Kind.YES_NO, Kind.DECIMAL])  # fmt: skip
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.text(alphabet="0123456789-./,年月日 ￥元万是否张三Ee+'=\"　_", max_size=12), min_size=20, max_size=60)
)
def test_the_strict_reading_never_differs_from_the_forgiving_one(engine, kind: Kind, texts: list[str]) -> None:
    for text, quick, slow in zip(
        texts, strict(engine, column(kind), texts), forgiving(engine, column(kind), texts), strict=True
    ):
        assert quick is None or quick == slow, text


@pytest.mark.parametrize(
    "text",
    ["2022-06-03", "2022/6/3", "2022.6.3", "20220603", "2022年6月3日", "44715", "２０２２－０６－０３", "'2022-06-03", '="2022-06-03"',
     " 2022-6-3 ", "2022-06-03 00:00:00", "2022/6/3 0:00", "2022-06-03T08:30:00", "20220603083000", "44715.5"],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(engine, text: str) -> None:
    assert forgiving(engine, column(Kind.DAY), [text]) == [dt.date(2022, 6, 3)]


@pytest.mark.parametrize(
    "text", ["2022-02-30", "2022", "22-6-3", "6/3/2022", "2022-06", "三月", "0", "1234567", "2022-13-01", "99999"]
)
def test_what_is_no_day_is_not_guessed(engine, text: str) -> None:
    assert forgiving(engine, column(Kind.DAY), [text]) == [None]


@pytest.mark.parametrize(
    ("text", "fen"),
    [("1,234.50", 123450), ("￥1,234.5", 123450), ("1234.50元", 123450), ("1.2万元", 1200000), ("1.23456万", 1234560), ("-12", -1200),
     ("(12.00)", -1200), ("１２．５０", 1250), ("0.30000000000000004", 30), ("12345678901.23", 1234567890123), (".5", 50), ("+3", 300),
     ("12.3400", 1234), ("￥-5元", -500), ("0", 0), ("-", None), ("无", None), ("1,5", None), ("12.345", None), ("1.5E+05", None),
     ("12..5", None), ("约100", None), ("12345678901234567.00", None)],
)  # fmt: skip
def test_money_is_exact_or_not_taken(engine, text: str, fen: int | None) -> None:
    assert forgiving(engine, column(Kind.MONEY), [text]) == [fen]


@pytest.mark.parametrize(
    ("text", "month"),
    [("202206", "2022-06"), ("2022-06", "2022-06"), ("2022年6月", "2022-06"), ("2022/6", "2022-06"), ("2022.6", "2022-06"),
     ("2022-06-01", "2022-06"), ("44713", "2022-06"), ("2022.1", None), ("2022-13", None), ("2022", None), ("6月", None)],
)  # fmt: skip
def test_a_month_is_read_and_an_ambiguous_one_is_not(engine, text: str, month: str | None) -> None:
    assert forgiving(engine, column(Kind.MONTH), [text]) == [month]


def test_blanks_inside_a_name_go_and_the_dot_of_a_long_name_stays(engine) -> None:
    names = ["张 三", "张　三", " 李四\u200b", "阿卜杜拉•买买提", "阿卜杜拉.买买提", "’王五"]
    assert forgiving(engine, column(Kind.NAME), names) == [
        "张三",
        "张三",
        "李四",
        "阿卜杜拉·买买提",
        "阿卜杜拉·买买提",
        "王五",
    ]


def test_a_wrong_cell_says_what_is_wrong_with_it_and_the_others_stay(tmp_path: Path) -> None:
    wrong = [
        row(证件号码="131102190001010016"),
        row(证件号码="1.30630E+17"),
        row(姓名=""),
        row(结算日期="2022-07-01"),
        row(结算日期="昨天"),
        row(个人自付="12.345"),
        row(就诊类型="住院部"),
        row(起始月份="2022.1"),
        row(已改造="也许"),
        row(结算编号="6.22E+18"),
        row(个人自付="#N/A"),
        row(病种名称="脑\ufffd中"),
    ]
    file = write_text(tmp_path / "a.csv", as_csv([[c.heading for c in PAYMENTS.columns], *wrong, row(证件号码=QIAN)]))
    read = Read(file)
    assert [entry["identity_number"] for entry in read.rows] == [QIAN]
    assert read.staged.row_count == 13 and read.staged.refused_count == 12
    reasons = read.reasons
    assert reasons[2] == "第 2 行 证件号码 校验位应为 5，现为 6；该行未导入，已列入退回文件"
    assert "科学计数法" in reasons[3] and "末尾数字已经丢失" in reasons[3]
    assert reasons[4].startswith("第 4 行 姓名 不能为空")
    assert "晚于文件所属月份" in reasons[5]
    assert "“昨天”不是可识别的日期" in reasons[6]
    assert "不足一分" in reasons[7]
    assert "“住院部”不在可填的值里" in reasons[8] and read.staged.refusals[6].suggestion.startswith("最接近的是“住院”")
    assert "分不清是 1 月还是 10 月" in reasons[9]
    assert "应为“是”或“否”" in reasons[10]
    assert "科学计数法" in reasons[11]
    assert "公式错误" in reasons[12]
    assert "乱码" in reasons[13]


def test_a_clean_row_and_a_wrapped_row_give_the_same_values(tmp_path: Path) -> None:
    wrapped = [
        "'" + ZHAO,
        "赵 建国",
        "2022年6月3日",
        "￥1,234.50元",
        "普通住院",
        " 脑卒中 ",
        "202206",
        "2022年",
        "3人",
        "√",
        '="JS1"',
    ]
    file = write_text(tmp_path / "a.csv", as_csv([[c.heading for c in PAYMENTS.columns], row(), wrapped]))
    first, second = Read(file).rows
    assert {**first, "row": 0} == {**second, "row": 0}
    assert (first["row"], second["row"]) == (2, 3)


def test_ten_thousand_yuan_in_the_heading_scales_the_amount(tmp_path: Path) -> None:
    headings = [c.heading for c in PAYMENTS.columns]
    headings[3] = "个人自付（万元）"
    rows = [row(个人自付="1.2"), row(个人自付="3000元"), row(个人自付="12")]
    read = Read(write_text(tmp_path / "a.csv", as_csv([headings, *rows])))
    assert [entry["own_payment_fen"] for entry in read.rows] == [1_200_000, 300_000, 12_000_000]
