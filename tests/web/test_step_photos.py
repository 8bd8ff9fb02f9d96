"""Pictures of a step: optional, bare of place and device, kept encrypted, seen by whoever sees the case, each opening logged."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouwang.casework.models import Event
from shouwang.households.models import StepPhoto
from shouwang.households.visits import photos
from shouwang.organisation.models import AuditEvent
from tests.api.test_app import jpeg

from .test_cases import TODAY, opened, send
from .world import World


@pytest.fixture
def case(world: World, browse):
    """Verified in the village and on the notice board."""
    case = opened(world, browse)
    send(browse("zhao"), case, "review")
    send(browse("zhao"), case, "publish", shown_until=TODAY.isoformat())
    case.refresh_from_db()
    return case


def event(case, step):
    return (
        Event.objects.get(step=step, case=case) if step != "confirm" else Event.objects.get(step=step, lead=case.lead)
    )


def add(client, taken, content=b"", name="p.jpg"):
    upload = SimpleUploadedFile(name, content or jpeg(), content_type="image/jpeg")
    return client.post(reverse("step_photo_add", args=[taken.pk]), {"photo": upload}, follow=True)


def test_the_notice_and_the_signature_are_shown_in_the_history_and_opened_into_the_log(browse, case):
    page = browse("zhao").get(reverse("case", args=[case.case_no])).content.decode()
    assert len(re.findall("添加公示照片", page)) == 1 and "添加签字照片" in page
    for step, label in (("publish", "公示照片"), ("confirm", "签字照片")):
        answer = add(browse("zhao"), event(case, step))
        assert "照片已加密保存" in answer.content.decode()
        kept = StepPhoto.objects.get(event=event(case, step))
        assert kept.get_kind_display() == label and kept.region_code == case.region_code
    page = browse("sun").get(reverse("case", args=[case.case_no])).content.decode()
    address = reverse("step_photo", args=[kept.pk])
    assert address in page and "添加签字照片" not in page, "the county looks, the village adds"
    before = AuditEvent.objects.filter(action="查看签字照片").count()
    answer = browse("sun").get(address)
    assert answer["Content-Type"] == "image/jpeg" and answer.content == photos.stripped(jpeg())
    assert b"GPS" not in answer.content and answer["Cache-Control"] == "no-store"
    assert AuditEvent.objects.filter(action="查看签字照片").count() == before + 1
    assert b"\xff\xd8" not in photos.path_of(kept.pk, kept.digest).read_bytes()[:2], "not in the clear on the disk"


def test_the_same_picture_sent_twice_is_kept_once_and_no_more_than_three_are(browse, case):
    zhao, taken = browse("zhao"), event(case, "publish")
    for _ in range(2):
        add(zhao, taken)
    assert StepPhoto.objects.count() == 1
    for place in range(3):
        answer = add(zhao, taken, jpeg(body=bytes([place + 1, 7])))
    assert StepPhoto.objects.count() == 3 and "已有 3 张照片" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"%PDF-1.7", "不是 JPEG 照片"), (b"\xff\xd8" + b"0" * 1024 * 1024, "照片太大")]
)
def test_what_is_no_picture_or_too_large_is_refused(browse, case, content, sentence):
    assert sentence in add(browse("zhao"), event(case, "publish"), content).content.decode()
    assert not StepPhoto.objects.exists()


def test_only_whoever_may_take_the_step_adds_and_only_to_the_steps_that_have_pictures(browse, case):
    assert "不能给这一步加照片" in add(browse("sun"), event(case, "publish")).content.decode()
    assert "不能给这一步加照片" in add(browse("zhao"), event(case, "review")).content.decode()
    assert not StepPhoto.objects.exists()


def test_elsewhere_there_is_no_such_picture(browse, case):
    add(browse("zhao"), event(case, "publish"))
    kept = StepPhoto.objects.get()
    for login in ("li", "nowhere"):
        assert browse(login).get(reverse("step_photo", args=[kept.pk])).status_code == 404
        assert add(browse(login), event(case, "publish")).status_code == 404
    assert browse("sun").get(reverse("step_photo", args=["x"])).status_code == 404
