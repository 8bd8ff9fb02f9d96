"""Bad lines, wrong answers, two people: every record is stored once, and nobody's word is lost or overwritten unseen."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import expect

from . import packets
from .conftest import Phone
from .stand_in import StandIn

pytestmark = pytest.mark.browser


def confirm_group(phone: Phone) -> None:
    phone.follow("走访 一组")
    phone.press("这 19 户都无变化")


def test_answers_that_get_lost_do_not_store_anything_twice(phone: Phone, server: StandIn) -> None:
    """X-3."""
    server.swallowed = 3
    confirm_group(phone)
    for _ in range(4):
        phone.send()
        expect(phone.page.get_by_role("button", name="现在就上传")).to_be_enabled()
    phone.says("填的都已上传")
    assert len(server.stored) == 19
    sent = Counter(number for post in server.posts for number in post)
    assert set(sent) == set(server.stored) and max(sent.values()) > 1


def test_it_tries_again_by_itself_when_the_server_is_busy(phone: Phone, server: StandIn) -> None:
    server.failing = 1
    confirm_group(phone)
    phone.send()
    expect(phone.page.get_by_text("过一会儿自动再试")).to_be_visible()
    phone.says("填的都已上传")
    assert len(server.stored) == 19 and len(server.posts) > 1


def test_parts_become_smaller_where_the_line_takes_no_large_ones(phone: Phone, server: StandIn) -> None:
    server.too_large = 5
    confirm_group(phone)
    phone.send()
    phone.says("填的都已上传")
    assert len(server.stored) == 19


def test_one_bad_record_holds_nobody_back(phone: Phone, server: StandIn) -> None:
    server.poison = packets.household(2)["no"]  # a post with it is refused as a whole
    server.answers[packets.household(3)["no"]] = {
        "result": "refused",
        "message": "名单里没有这一户。",
        "next_step": "户已迁走的不必再报。",
    }
    confirm_group(phone)
    phone.send()
    phone.says("有 2 条要您看一下")
    assert len(server.stored) == 17
    phone.go("上传")
    expect(phone.page.get_by_text("名单里没有这一户。户已迁走的不必再报。")).to_be_visible()
    expect(phone.page.get_by_text("这条记录看不懂。请重新填写。")).to_be_visible()
    phone.press("知道了")
    phone.says("有 1 条要您看一下")


def test_two_people_at_one_household_are_told_what_became_of_it(phone: Phone, server: StandIn) -> None:
    number = packets.household(0)["no"]
    server.answers[number] = {
        "result": "conflict",
        "settling": True,
        "message": "务工地点：驻村干部已登记“天津”，您登记的是“山东”，乡镇会核对。",
        "next_step": "",
    }
    phone.open_household("赵建国")
    phone.follow("有变化")
    phone.press("改 务工地点")
    phone.page.locator("li.fact input[type=text]").fill("山东")
    phone.press("保存")
    phone.send()
    phone.says("填的都已上传")  # it has arrived and counts: there is nothing left to do for the village
    expect(phone.page.get_by_role("heading", name="已收到，乡镇正在核对")).to_be_visible()
    expect(phone.page.get_by_text("乡镇会核对")).to_be_visible()


def test_a_step_that_somebody_else_took_first_is_told_in_words(phone: Phone, server: StandIn) -> None:
    server.answers[packets.household(1)["no"]] = {
        "result": "conflict",
        "message": "这条线索已由驻村干部核实。",
        "next_step": "请看一下结果。",
    }
    phone.follow("入户核实线索")
    phone.page.get_by_role("radio", name="没有风险").check()
    phone.press("保存")
    phone.send()
    phone.says("有 1 条要您看一下")
    expect(phone.page.get_by_text("这条线索已由驻村干部核实。请看一下结果。")).to_be_visible()


def test_a_session_that_is_over_keeps_everything_and_says_what_to_do(phone: Phone, server: StandIn) -> None:
    server.is_signed_in = False
    confirm_group(phone)
    phone.send()
    phone.says("请重新登录后上传")
    expect(phone.page.get_by_role("link", name="重新登录，再上传")).to_have_attribute("href", "/sign-in?next=/app/")
    server.is_signed_in = True
    phone.page.reload()
    phone.unlock()
    phone.says("填的都已上传")
    assert len(server.stored) == 19


def test_what_one_person_kept_is_never_sent_by_another(phone: Phone, server: StandIn) -> None:
    confirm_group(phone)
    server.login = "wang"
    phone.send()
    expect(phone.page.get_by_text("这台手机登记在别的账号名下")).to_be_visible()
    phone.says("19 条已存在手机里")
    assert server.stored == {}


def test_a_photo_is_shrunk_and_loses_where_it_was_taken(phone: Phone, server: StandIn) -> None:
    picture = bytes(
        phone.page.evaluate(
            """async () => { const canvas = document.createElement("canvas"); canvas.width = 2400; canvas.height = 1800;
            canvas.getContext("2d").fillRect(0, 0, 900, 900);
            const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
            return [...new Uint8Array(await blob.arrayBuffer())]; }"""
        )
    )
    place = b"Exif\0\0GPSLatitude 39.35N GPSLongitude 114.69E"
    picture = picture[:2] + b"\xff\xe1" + (len(place) + 2).to_bytes(2, "big") + place + picture[2:]
    phone.open_household("赵建国")
    phone.follow("有变化")
    phone.page.locator("#photo").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture})
    expect(phone.page.get_by_text("不带拍摄地点")).to_be_visible()
    assert not any("JFIF" in row for row in phone.raw()["photos"])
    phone.press("保存")
    phone.send()
    phone.says("填的都已上传")
    (body,) = server.photos
    sent = body[body.index(b"\xff\xd8\xff") :]
    assert b"GPS" not in sent and b"Exif" not in sent
    assert size_of(sent) == (1280, 960)
    assert next(iter(server.stored)).encode() in body
    expect(phone.page.get_by_text("填的都已上传")).to_be_visible()
    assert phone.raw()["photos"] == []


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height as the frame header of a JPEG says."""
    place = 2
    while picture[place + 1] not in (0xC0, 0xC2):
        place += 2 + int.from_bytes(picture[place + 2 : place + 4], "big")
    height, width = picture[place + 5 : place + 7], picture[place + 7 : place + 9]
    return int.from_bytes(width, "big"), int.from_bytes(height, "big")
