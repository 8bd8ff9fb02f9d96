"""What the truth says of a file is what stands in the file."""

from __future__ import annotations

from collections import Counter

from .conftest import Written
from .reading import table_of


def test_every_row_that_is_not_plain_stands_where_the_truth_says(written: Written) -> None:
    for line in written.truth.of("file"):
        frame = table_of(written.folder / line["file"])
        for row in written.truth.of("row", file=line["file"]):
            assert row["line"] in frame.index, row


def test_the_sums_of_a_file_are_those_of_its_rows(written: Written) -> None:
    for line in written.truth.of("file"):
        counts = Counter(row["expected"] for row in written.truth.of("row", file=line["file"]))
        assert all(line.get(expected) == count for expected, count in counts.items()), line["file"]


def test_lost_digits_show_as_such_and_repeated_rows_are_equal(written: Written) -> None:
    for row in written.truth.of("row", what="lost_digits"):
        assert "E+17" in table_of(written.folder / row["file"]).loc[row["line"], _column(written, row)]
    repeated = list(written.truth.of("row", what="repeated_row"))
    assert repeated
    for row in repeated:
        frame = table_of(written.folder / row["file"])
        assert frame.loc[row["line"]].tolist() == frame.loc[row["line"] - 1].tolist()


def _column(written: Written, row: dict) -> str:
    frame = table_of(written.folder / row["file"])
    return next(heading for heading in frame.columns if "E+17" in str(frame.loc[row["line"], heading]))


def test_the_provinces_list_adds_up_over_its_counties(written: Written) -> None:
    line = next(written.truth.of("file", dataset="asset_hint"))
    frame = table_of(written.folder / line["file"])
    assert sum(line["shares"].values()) == line["rows"] == len(frame)
    unknown = [row for row in written.truth.of("row", file=line["file"]) if row["what"] == "stranger"]
    assert len(unknown) == line["shares"]["unknown"] >= 2
    assert set(frame.iloc[:, 0]) == {"涞源县", "易县", "徐水区", ""}


def test_defects_of_every_kind_occur(written: Written) -> None:
    kinds = {row["what"] for row in written.truth.of("row")}
    assert {
        "wrong_check_digit",
        "lost_digits",
        "fifteen_digits",
        "small_x",
        "wrapped_number",
        "spaced_name",
        "repeated_row",
        "stranger",
        "newborn",
        "person_unknown_to_register",
        "number_shared",
        "two_heads",
        "no_head",
        "health_empty",
        "illness_without_cost",
        "wage_without_worker",
    } <= kinds
