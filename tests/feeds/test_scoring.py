"""What a score stands on: neighbouring numbers, names however they are written, signs and their weights."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shouwang.feeds import names, scoring
from shouwang.feeds.corrections import neighbours
from shouwang.feeds.likelihoods import COMPARISONS
from shouwang.foundation.identity import check_character

_FIRST_17 = some.text("0123456789", min_size=17, max_size=17)


def is_sound(number: str) -> bool:
    return len(number) == 18 and number[:17].isdigit() and check_character(number[:17]) == number[17]


def by_trying_everything(text: str) -> set[str]:
    changed = {text[:place] + one + text[place + 1 :] for place in range(18) for one in "0123456789X"}
    exchanged = {text[:place] + text[place + 1] + text[place] + text[place + 2 :] for place in range(17)}
    return {number for number in changed | exchanged if is_sound(number)} - {text}


@settings(max_examples=200, deadline=None)
@given(_FIRST_17, some.sampled_from("0123456789X"))
def test_all_sound_numbers_one_slip_away_are_found_and_no_others(first_17: str, last: str):
    text = first_17 + last
    assert neighbours(text) == by_trying_everything(text)


@settings(max_examples=50, deadline=None)
@given(_FIRST_17, some.integers(0, 17))
def test_a_digit_left_out_or_doubled_is_found_again(first_17: str, place: int):
    number = first_17 + check_character(first_17)
    assert number in neighbours(number[:place] + number[place + 1 :])
    assert number in neighbours(number[:place] + number[place] + number[place:]) | {number}


def test_texts_that_are_no_numbers_have_no_neighbours():
    for text in ("", "1", "无", "123456789012345", "身" * 18, "12345678901234567890"):
        assert neighbours(text) == set()


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        ("张建国", "张 建国", True),
        ("张建国", "張建國", True),
        ("闫丽娟", "阎丽娟", True),
        ("阿卜杜·热合曼", "阿卜杜热合曼", True),
        ("阿卜杜•热合曼", "阿卜杜·热合曼", True),
        ("张建国（户主）", "张建国", True),
        ("张建国", "张建军", False),
        ("李丽", "李莉", False),
        ("付强", "傅强", False),
        ("", "张建国", False),
    ],
)
def test_names_agree_however_they_are_written(left: str, right: str, is_same: bool):
    assert (names.cleaned(left) == names.cleaned(right)) is is_same
    with duckdb.connect() as connection:
        query = f"SELECT {names.agree_in_sql('l', 'r')}, {names.cleaned_in_sql('l')} FROM (SELECT ? AS l, ? AS r)"
        assert connection.execute(query, [left, right]).fetchone() == (is_same, names.cleaned(left))


def test_every_comparison_s_probabilities_are_shares():
    for comparison in COMPARISONS:
        assert sum(level.m for level in comparison.levels) == pytest.approx(1)
        assert sum(level.u for level in comparison.levels) <= 1.01
        ratios = [level.m / level.u for level in comparison.levels]
        assert ratios == sorted(ratios, reverse=True), f"{comparison.name}: a weaker sign must not weigh more"


def record(key: int, name: str, born_on: dt.date | None = None, **others: str) -> dict:
    blank = dict.fromkeys(scoring.COLUMNS.names, "") | {"identity_index": None, "corrected_index": None}
    own = {"unique_id": key, "clean_name": name, "born_on": born_on, "pinyin": name}
    return blank | own | {"first_character": name[:1], "last_character": name[-1:]} | others


def test_more_signs_score_higher_and_a_rare_name_says_more_than_a_common_one():
    birthday = dt.date(1965, 2, 3)
    incoming = [record(1, "张伟", birthday, place="涞源镇新街村"), record(2, "欧阳明月")]
    people = [
        record(101, "张伟", birthday, village="新街", township="涞源"),
        record(102, "张伟", dt.date(1965, 3, 2), village="南关", township="涞源"),
        record(103, "张伟", dt.date(1990, 9, 9), village="南关", township="银坊"),
        record(104, "欧阳明月"),
    ]
    frequencies = pa.table({"clean_name": ["张伟", "欧阳明月"], "tf_clean_name": [300 / 180_000, 1 / 180_000]})
    table = scoring.score(
        pa.Table.from_pylist(incoming, scoring.COLUMNS),
        pa.Table.from_pylist(people, scoring.COLUMNS),
        frequencies,
        180_000,
    )
    probability = {row["person"]: row["probability"] for row in table.to_pylist()}
    assert probability[101] > 0.9 > 0.1 > probability[102] > probability.get(103, 0)
    assert probability[104] > 0.3  # nothing but the name, but the only one


def test_nothing_to_compare_gives_nothing():
    empty = scoring.COLUMNS.empty_table()
    assert scoring.score(empty, empty, pa.table({"clean_name": [], "tf_clean_name": []}), 0).num_rows == 0
