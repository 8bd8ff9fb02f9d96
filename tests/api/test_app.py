"""The offline app's side of the server: what a phone may carry, what it may send, and what becomes of one that was lost."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.households.models import Device, Photo, Visit
from shouwang.households.visits import devices, photos
from tests import factories
from tests.households.casebook import Book
from tests.households.visits.lane import NEXT_VILLAGE, NOW, TODAY, VILLAGE, Lane, confirmed, visited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_TODAY", TODAY.isoformat())


@pytest.fixture
def lane() -> Lane:
    return Lane()


def browser(account: Any, *, checks_csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(account)
    return client


def post(client: Client, address: str, content: Any, **more: Any) -> Any:
    return client.post(f"/api/app/{address}", json.dumps(content), content_type="application/json", **more)


def packet_of(lane: Lane, name: str = "赵") -> dict[str, Any]:
    answer = browser(lane.accounts[name]).get(f"/api/app/packet?device={lane.phones[name].code}")
    assert answer.status_code == 200, answer.content
    return answer.json()


# ── what a phone carries ─────────────────────────────────────────────────────
def test_a_packet_holds_only_this_village_and_no_whole_number(lane: Lane) -> None:
    home = lane.home(人均纯收入="9800.00")
    lane.home("外德成", region_code=NEXT_VILLAGE)
    numbers = secrets.load().decrypt_values(bytes(home.persons.get().secrets))
    packet = packet_of(lane)
    text = json.dumps(packet, ensure_ascii=False)
    assert [one["head"] for one in packet["households"]] == ["甲建国"]
    assert "外德成" not in text
    assert numbers["证件号码"] not in text and "13800001234" not in text
    member = packet["households"][0]["members"][0]
    assert member["identity"].count("*") == 8 and member["phone"] == "138****1234"
    assert packet["village"]["code"] == VILLAGE and packet["day"] == "2022-07-18"
    assert dt.datetime.fromisoformat(packet["expires_at"]) > dt.datetime.fromisoformat(packet["made_at"])


def test_what_the_register_knows_is_shown_and_never_asked(lane: Lane) -> None:
    """H-23: name, number, relation, education and last year's income stand there; the form has none of them."""
    home = lane.home(人均纯收入="9800.00")
    head = home.persons.get()
    head.columns = {"文化程度": "初中"}
    head.save()
    packet = packet_of(lane)
    shown = packet["households"][0]
    assert shown["members"][0] | {"id": 0, "no": ""} == {
        "id": 0,
        "no": "",
        "name": "甲建国",
        "relation": "户主",
        "age": 57,
        "labour": "",
        "education": "初中",
        "identity": shown["members"][0]["identity"],
        "phone": "138****1234",
    }
    assert {one["label"]: one["text"] for one in shown["known"]}["人均纯收入"] == "9,800.00 元"
    labels = {field["label"] for field in packet["forms"]["visit"]["fields"]}
    assert labels and not labels & {"姓名", "证件号码", "与户主关系", "文化程度", "人均纯收入", "工资性收入"}


def test_the_form_is_that_of_the_place_and_every_choice_has_words(lane: Lane) -> None:
    fields = {field["name"]: field for field in packet_of(lane)["forms"]["visit"]["fields"]}
    assert fields["change_member"]["kind"] == "member"
    assert fields["change_member"]["required_if"] == ["change_kind", ["死亡", "迁出", "婚出", "参军", "服刑", "失踪"]]
    assert ["illness", "看病负担重"] in fields["problems"]["choices"]
    assert not any(field["required"] for field in fields.values())


def test_a_lead_in_the_packet_carries_its_reasons_steps_and_version(lane: Lane) -> None:
    book = Book()
    lead = book.lead(dt.date(2022, 7, 1))
    assert packet_of(lane)["tasks"] == [], "not yet sent down"
    book.take(lead, "dispatch", dt.date(2022, 7, 2))
    (task,) = packet_of(lane)["tasks"]
    assert (task["id"], task["kind"], task["version"], task["late"]) == (f"lead-{lead.pk}", "lead", 1, True)
    assert [step["code"] for step in task["steps"]] == ["confirm", "clear", "give_back"]
    kind = next(field for field in task["steps"][2]["fields"] if field["name"] == "kind")
    assert ["died", "已去世"] in kind["choices"]


def test_what_a_visit_said_comes_back_to_be_the_base_of_the_next(lane: Lane) -> None:
    home = lane.home()
    lane.one(visited(home, {"income_wage": "1200"}))
    shown = packet_of(lane, "吴")["households"][0]
    base = {one["field"]: one["value"] for one in shown["known"] if one["source"] == "走访登记"}
    assert base == {"income_wage": "1200.00"} and shown["version"] > 0
    assert lane.one(visited(home, {"income_wage": "900"}, base=base), by="吴").result == "accepted"


def test_a_packet_takes_the_same_number_of_questions_for_two_households_and_for_twenty(
    lane: Lane,
) -> None:
    counts = []
    for more in (2, 18):
        for number in range(more):
            lane.one(confirmed(lane.home(f"户{more}-{number}")))
        packet_of(lane)
        with CaptureQueriesContext(connection) as captured:
            packet_of(lane)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# ── whose phone ──────────────────────────────────────────────────────────────
def test_a_phone_is_bound_to_its_account(lane: Lane) -> None:
    other = browser(lane.accounts["吴"])
    code = str(lane.phones["赵"].code)
    assert other.get(f"/api/app/packet?device={code}").status_code == 403
    sent = post(other, "outbox", {"device": code, "records": [confirmed(lane.home())]})
    assert sent.status_code == 403 and not Visit.objects.exists()
    assert post(other, "device", {"device": code, "label": "x"}).status_code == 403


def test_registering_again_gives_the_same_phone(lane: Lane) -> None:
    client, code = browser(lane.accounts["赵"]), str(uuid.uuid4())
    for _ in range(2):
        assert post(client, "device", {"device": code, "label": "老手机"}).json()["is_registered"]
    assert Device.objects.filter(code=code).count() == 1


def test_only_people_of_a_village_carry_a_packet(lane: Lane) -> None:
    for account in (factories.township_clerk_qian("130630100000"), factories.county_officer_sun()):
        answer = post(browser(account), "device", {"device": str(uuid.uuid4()), "label": "x"})
        assert answer.status_code == 403 and answer.json()["error"]["message"]


def test_a_lost_phone_is_told_to_empty_itself_and_nothing_else(lane: Lane) -> None:
    home, phone, client = lane.home(), lane.phones["赵"], browser(lane.accounts["赵"])
    devices.revoke(device=phone, reason="手机丢失", by=factories.county_officer_sun(), now=NOW)
    code = str(phone.code)
    assert Client().get(f"/api/app/state?device={code}").json() == {"wipe": True}, "also without a session"
    assert client.get(f"/api/app/packet?device={code}").json() == {"wipe": True}
    assert post(client, "outbox", {"device": code, "records": [confirmed(home)]}).json() == {"wipe": True}
    assert post(client, "device", {"device": code, "label": "x"}).json() == {"wipe": True}
    assert not Visit.objects.exists()
    post(Client(), "wiped", {"device": code})
    phone.refresh_from_db()
    assert phone.emptied_at is not None


def test_a_phone_of_a_closed_or_moved_account_empties_itself(lane: Lane) -> None:
    for name, change in (("赵", {"is_active": False}), ("吴", {"region_code": NEXT_VILLAGE})):
        type(lane.accounts[name]).objects.filter(pk=lane.accounts[name].pk).update(**change)
        assert Client().get(f"/api/app/state?device={lane.phones[name].code}").json() == {"wipe": True}


def test_a_phone_that_is_in_use_cannot_claim_to_be_empty(lane: Lane) -> None:
    post(Client(), "wiped", {"device": str(lane.phones["赵"].code)})
    assert Device.objects.get(pk=lane.phones["赵"].pk).emptied_at is None


def test_the_neighbouring_county_cannot_revoke_our_phones(lane: Lane) -> None:
    for by in (factories.neighbour_li(), lane.accounts["吴"]):
        with pytest.raises(NotPermittedError):
            devices.revoke(device=lane.phones["赵"], reason="无故", by=by, now=NOW)


# ── how it answers ───────────────────────────────────────────────────────────
def test_signed_out_is_said_in_json_and_keeps_what_was_not_sent(lane: Lane) -> None:
    answer = Client().get(f"/api/app/packet?device={lane.phones['赵'].code}")
    assert answer.status_code == 401 and "没传的记录都还在" in answer.json()["error"]["next_step"]
    state = Client().get(f"/api/app/state?device={lane.phones['赵'].code}").json()
    assert (state["wipe"], state["signed_in"]) == (False, False)


def test_a_post_needs_the_mark_of_our_own_page(lane: Lane) -> None:
    client = browser(lane.accounts["赵"], checks_csrf=True)
    content = {"device": str(lane.phones["赵"].code), "records": [confirmed(lane.home())]}
    refused = post(client, "outbox", content)
    assert refused.status_code == 403 and refused.json()["error"]["message"]
    client.get(f"/api/app/state?device={lane.phones['赵'].code}")
    mark = client.cookies["csrftoken"].value
    assert post(client, "outbox", content, headers={"X-CSRFToken": mark}).status_code == 200


@pytest.mark.parametrize(
    "content", ["not an object", {"device": "x"}, {"records": []}, {"device": None, "records": {}}]
)
def test_what_is_not_understood_is_a_sentence_and_never_a_crash(lane: Lane, content: Any) -> None:
    answer = post(browser(lane.accounts["赵"]), "outbox", content)
    assert answer.status_code == 400 and answer.json()["error"]["message"]


def test_more_than_a_post_may_hold_is_refused_as_a_whole(lane: Lane) -> None:
    home = lane.home()
    content = {"device": str(lane.phones["赵"].code), "records": [confirmed(home) for _ in range(201)]}
    assert post(browser(lane.accounts["赵"]), "outbox", content).status_code == 400
    assert not Visit.objects.exists()


def test_answers_come_in_the_order_of_the_records(lane: Lane) -> None:
    home = lane.home()
    records = [confirmed(home), {"id": "x"}, visited(home, {"income_wage": "3"})]
    content = {"device": str(lane.phones["赵"].code), "records": records}
    answer = post(browser(lane.accounts["赵"]), "outbox", content).json()
    assert [one["id"] for one in answer["results"]] == [record["id"] for record in records]
    assert [one["result"] for one in answer["results"]] == ["accepted", "refused", "accepted"]


# ── pictures ─────────────────────────────────────────────────────────────────
def jpeg(place: bytes = b"GPS 39.3,114.7", body: bytes = b"\x11\x22\xff\x00\x33") -> bytes:
    def part(marker: int, content: bytes) -> bytes:
        return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content

    return (
        b"\xff\xd8"
        + part(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + part(0xE1, b"Exif\0\0" + place)
        + part(0xFE, b"taken by phone 7")
        + part(0xDB, b"\0" + bytes(64))
        + part(0xC0, b"\x08\0\x10\0\x10\1\1\x11\0")
        + part(0xDA, b"\1\1\0\0\x3f\0")
        + body
        + b"\xff\xd9"
        + b"trailing GPS 39.3"
    )


def test_a_picture_loses_where_and_with_what_it_was_taken() -> None:
    bare = photos.stripped(jpeg())
    assert b"GPS" not in bare and b"phone" not in bare and b"Exif" not in bare
    assert bare.startswith(b"\xff\xd8\xff\xdb") and bare.endswith(b"\x11\x22\xff\x00\x33\xff\xd9")
    assert photos.stripped(bare) == bare


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", jpeg()[:-30], b"\xff\xd8abc"]
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UserError):
        photos.stripped(content)


def test_a_picture_is_kept_once_encrypted_and_only_for_the_own_visit(lane: Lane) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = confirmed(lane.home())
    lane.one(sent)

    def take(name: str, record: str, number: str, content: bytes = jpeg()) -> Any:
        form = {
            "device": str(lane.phones[name].code),
            "id": number,
            "record": record,
            "photo": SimpleUploadedFile("p.jpg", content, content_type="image/jpeg"),
        }
        return browser(lane.accounts[name]).post("/api/app/photo", form)

    number = str(uuid.uuid4())
    assert take("赵", sent["id"], number).json()["result"] == "accepted"
    assert take("赵", sent["id"], number).json()["result"] == "repeated"
    assert take("赵", sent["id"], number, jpeg(body=b"\x44")).status_code == 409
    assert take("吴", sent["id"], str(uuid.uuid4())).status_code == 400
    photo = Photo.objects.get()
    kept = photos.path_of(photo.pk, photo.digest).read_bytes()
    assert photos.opened(photo) == photos.stripped(jpeg()) and b"\x11\x22\xff" not in kept[:40]
