"""Steps that phones send: what may not be written is said and nothing is lost; a photo finds the step that it was taken with."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shouwang.casework.models import Lead
from shouwang.households.models import Photo, SentRecord, StepPhoto, Visit
from shouwang.households.visits import photos
from shouwang.organisation.models import AuditEvent
from tests import factories
from tests.api.test_app import browser, jpeg, packet_of
from tests.households.casebook import Book
from tests.households.visits.lane import TODAY, Lane, confirmed, record, visited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_TODAY", TODAY.isoformat())


@pytest.fixture
def lane() -> Lane:
    return Lane()


@pytest.fixture
def lead(lane: Lane) -> Lead:
    book = Book()
    found = book.lead(dt.date(2022, 7, 1))
    book.take(found, "dispatch", dt.date(2022, 7, 2))
    return found


def cleared(lead: Lead, reason: str) -> dict[str, Any]:
    return record("step", task=f"lead-{lead.pk}", step="clear", version=lead.version, data={"reason": reason})


def picture(lane: Lane, name: str, of: str, number: str = "", content: bytes = b"") -> Any:
    form = {
        "device": str(lane.phones[name].code),
        "id": number or str(uuid.uuid4()),
        "record": of,
        "photo": SimpleUploadedFile("p.jpg", content or jpeg(), content_type="image/jpeg"),
    }
    return browser(lane.accounts[name]).post("/api/app/photo", form)


# ── words ────────────────────────────────────────────────────────────────────
def test_a_disease_that_a_phone_names_is_refused_with_what_to_write_instead(lane: Lane, lead: Lead) -> None:
    content = {"device": str(lane.phones["赵"].code), "records": [cleared(lead, "胃癌已治愈，子女赡养")]}
    answer = browser(lane.accounts["赵"]).post("/api/app/outbox", json.dumps(content), content_type="application/json")
    (result,) = answer.json()["results"]
    assert result["result"] == "refused" and "不要写病名，写“因病”" in result["message"] and "理由" in result["message"]
    assert result["next_step"] and "胃癌" not in answer.content.decode()
    assert not SentRecord.objects.exists(), "nothing of it is kept here: it is still on the phone"
    lead.refresh_from_db()
    assert lead.state == "at_village"
    assert lane.one(cleared(lead, "病已治愈，子女赡养")).result == "accepted"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"problems": ["illness"], "problem_note": "得了尿毒症"}, "病名"),
        ({"work_kind": "went_out", "work_place": "肿瘤医院"}, "病名"),
    ],
)
def test_so_is_one_that_a_visit_names(lane: Lane, data: dict[str, Any], word: str) -> None:
    home = lane.home()
    if "work_kind" in data:
        data = data | {"work_member": str(home.persons.get().pk)}
    result = lane.one(visited(home, data))
    assert result.result == "refused" and word in result.message and not Visit.objects.exists()


def test_what_is_wrong_with_a_list_is_said_without_the_whole_number(lane: Lane) -> None:
    number = factories.identity_number()
    refused = lane.one(visited(lane.home(), result="wrong_data", note=f"身份证应为{number}"))
    assert refused.result == "refused" and "证件号码" in refused.message and number not in refused.message
    assert lane.one(visited(lane.homes["甲建国"], result="wrong_data", note="身份证末位错了")).result == "accepted"


# ── photos ───────────────────────────────────────────────────────────────────
def test_the_packet_says_where_a_photo_has_a_place(lane: Lane, lead: Lead) -> None:
    (task,) = packet_of(lane)["tasks"]
    assert task["takes_photo"] is True


def test_a_photo_of_a_step_stands_with_it_bare_and_only_for_who_took_the_step(lane: Lane, lead: Lead) -> None:
    sent, number = cleared(lead, "有固定收入"), str(uuid.uuid4())
    assert picture(lane, "赵", sent["id"], number).status_code == 400, "before its record"
    assert lane.one(sent).result == "accepted"
    assert picture(lane, "赵", sent["id"], number).json()["result"] == "accepted"
    assert picture(lane, "赵", sent["id"], number).json()["result"] == "repeated"
    assert picture(lane, "赵", sent["id"]).json()["result"] == "repeated", "the same picture under another id"
    assert picture(lane, "赵", sent["id"], number, jpeg(body=b"\x44")).status_code == 409
    assert picture(lane, "吴", sent["id"]).status_code == 400
    kept = StepPhoto.objects.get()
    assert (kept.event.step, kept.get_kind_display(), kept.by) == ("clear", "现场照片", lane.accounts["赵"])
    sealed = photos.path_of(kept.pk, kept.digest).read_bytes()
    assert b"GPS" not in sealed and not sealed.startswith(b"\xff\xd8")
    for body in (b"\x45", b"\x46"):
        assert picture(lane, "赵", sent["id"], content=jpeg(body=body)).json()["result"] == "accepted"
    assert picture(lane, "赵", sent["id"], content=jpeg(body=b"\x47")).status_code == 400, "three are enough"


def test_a_photo_of_a_visit_is_opened_from_the_household_page_into_the_log(lane: Lane) -> None:
    sent = confirmed(lane.home())
    lane.one(sent)
    picture(lane, "赵", sent["id"])
    kept = Photo.objects.get()
    sun = browser(factories.county_officer_sun())
    address = reverse("visit_photo", args=[kept.pk])
    assert address in sun.get(reverse("visit", args=[lane.homes["甲建国"].household_no])).content.decode()
    answer = sun.get(address)
    assert answer.content == photos.stripped(jpeg()) and answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
    entry = AuditEvent.objects.get(action="查看走访照片")
    assert entry.target == lane.homes["甲建国"].household_no
    assert browser(factories.neighbour_li()).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert sun.get(reverse("visit_photo", args=["x"])).status_code == 404
    lane.one(record("undo", of=sent["id"]))
    assert sun.get(address).status_code == 404, "a visit that was taken back shows nothing"
    assert AuditEvent.objects.filter(action="查看走访照片").count() == 1
