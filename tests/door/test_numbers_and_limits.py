"""Receipt numbers that forgive no slip, questions that forgive every manner of writing, and a door that is not beaten in."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from shouwang.door import limits, receipts, said, tokens
from shouwang.door.models import KnockCount
from tests.factories import NOW


def test_every_receipt_is_eight_characters_that_sound_and_look_apart() -> None:
    made = {receipts.new() for _ in range(300)}
    assert len(made) == 300
    assert all(len(one) == 8 and receipts.clean(one) == one and not set(one) & set("01OILBDGQSUVZ") for one in made)


def test_one_wrong_character_or_two_changed_places_are_no_receipt() -> None:
    one = receipts.new()
    for place, right in enumerate(one):
        for other in receipts.ALPHABET:
            changed = one[:place] + other + one[place + 1 :]
            assert (receipts.clean(changed) == "") == (other != right)
    for place in range(7):
        turned = one[:place] + one[place + 1] + one[place] + one[place + 2 :]
        assert receipts.clean(turned) == "" or turned == one


@pytest.mark.parametrize(
    ("written", "kept"),
    [("138 1234 5678", "13812345678"), ("１３８１２３４５６７８", "13812345678"), ("+86 138-1234-5678", "13812345678"), ("0312-7321234", "03127321234")],
)  # fmt: skip
def test_a_telephone_number_is_read_as_people_write_it(written: str, kept: str) -> None:
    assert said.read(householder_name="张 三", phone=written, difficulty="illness").phone == kept


def test_what_cannot_be_seen_is_taken_out_of_names_and_texts() -> None:
    heard = said.read(
        householder_name="张\u200b三\x00 \u202e丰", phone="13812345678", difficulty="other", description="\x07  没 活\r\n\r\n\r\n\r\n干\x00"
    )  # fmt: skip
    assert heard.householder_name == "张三丰"
    assert heard.description == "没 活\n\n干"


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({"householder_name": ""}, "householder_name"),
        ({"householder_name": "<b>张三</b>"}, "householder_name"),
        ({"householder_name": "张三13812345678"}, "householder_name"),
        ({"householder_name": "张" * 31}, "householder_name"),
        ({"phone": "12345"}, "phone"),
        ({"difficulty": "nothing"}, "difficulty"),
        ({"difficulty": "other"}, "description"),
        ({"description": "长" * 501}, "description"),
        ({"identity_number": "130630196502031236"}, "identity_number"),
    ],
)
def test_a_faulty_answer_is_named_without_repeating_it(answers: dict[str, str], question: str) -> None:
    sound = {"householder_name": "张三", "phone": "13812345678", "difficulty": "illness"}
    with pytest.raises(said.SaidError) as caught:
        said.read(**(sound | answers))
    assert set(caught.value.faults) == {question}
    assert not [text for text in answers.values() if len(text) > 3 and text in str(caught.value)]


@pytest.fixture
def twice(settings) -> None:
    settings.DOOR_LIMITS = {"a": (2, 60), "b": (100, 60)}


def test_a_knock_too_many_is_refused_until_the_time_is_over(db: None, twice: None) -> None:
    knocks = [limits.knock(keys={"a": "10.0.0.1", "b": ""}, now=NOW) for _ in range(3)]
    assert knocks == [True, True, False]
    assert limits.knock(keys={"a": "10.0.0.2", "b": ""}, now=NOW)
    assert limits.knock(keys={"a": "10.0.0.1", "b": ""}, now=NOW + dt.timedelta(seconds=60))


def test_a_refused_knock_writes_nothing_and_no_address_is_kept(db: None, twice: None) -> None:
    for _ in range(5):
        limits.knock(keys={"a": "10.0.0.1", "b": ""}, now=NOW)
    assert sorted(KnockCount.objects.values_list("count", flat=True)) == [2, 2]
    assert "10.0.0.1" not in str(list(KnockCount.objects.values()))


def test_old_counts_are_forgotten(db: None, twice: None) -> None:
    limits.knock(keys={"a": "10.0.0.1"}, now=NOW)
    limits.knock(keys={"a": "10.0.0.1"}, now=NOW + dt.timedelta(days=3))
    assert KnockCount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_who_knock_at_once_are_counted_together(settings) -> None:
    settings.DOOR_LIMITS = {"a": (5, 60)}
    answers: list[bool] = []

    def knock() -> None:
        answers.append(limits.knock(keys={"a": "x"}, now=NOW))
        connection.close()

    threads = [threading.Thread(target=knock) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 7 + [True] * 5


def test_a_slip_that_was_tampered_with_or_is_of_another_kind_is_none() -> None:
    slip = tokens.form_slip(door=7, now=NOW)
    read = tokens.read_form_slip(slip)
    assert read and read.door == 7 and len(read.nonce) == 32
    assert tokens.read_form_slip(slip[:-1] + ("A" if slip[-1] != "A" else "B")) is None
    assert tokens.read_form_slip(tokens.objection_slip(report=7)) is None
    assert tokens.read_objection_slip(slip, seconds=60) is None
    assert tokens.read_form_slip("") is None
