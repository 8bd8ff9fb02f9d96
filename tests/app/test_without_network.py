"""A day in the village without a signal: everything works, nothing is lost, and in the evening it arrives, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from . import packets
from .conftest import Phone
from .stand_in import FOLDER, StandIn

pytestmark = pytest.mark.browser


def test_a_lane_is_walked_without_signal_and_arrives_in_the_evening(phone: Phone, server: StandIn) -> None:
    phone.out_of_signal()
    phone.page.close()
    phone.new_page()
    phone.open()  # a cold start: no network, no server, no page left in memory
    phone.unlock()
    phone.sees("要办的事")
    phone.says("没有网络")
    phone.follow("走访 一组")
    phone.press("这 19 户都无变化")
    phone.says("19 条已存在手机里")
    change_work_place(phone, "孙志强", "山东潍坊")
    settle_lead(phone)
    phone.page.reload()
    phone.unlock()
    phone.says("21 条已存在手机里")
    phone.back_in_signal()
    phone.says("填的都已上传")
    assert sorted(record["kind"] for record in server.stored.values()) == ["confirmation"] * 19 + ["step", "visit"]
    phone.follow("走访 一组")
    expect(phone.page.get_by_text("还有 3 户没有走访")).to_be_visible()


def test_no_change_is_one_tap_and_sends_nothing_else(phone: Phone, server: StandIn) -> None:
    """H-23."""
    phone.open_household("赵建国")
    expect(phone.page.get_by_text("9,800.00 元")).to_be_visible()  # shown, with its source, and not asked
    assert phone.page.locator("main input, main select, main textarea").count() == 0
    phone.press("无变化", exact=True)
    phone.send()
    phone.says("填的都已上传")
    (record,) = server.stored.values()
    assert set(record) == {"id", "kind", "household_no", "made_at", "on"}
    assert record["kind"] == "confirmation" and record["on"] == "2022-07-18"


def test_a_visit_sends_what_changed_and_what_the_person_had_seen(phone: Phone, server: StandIn) -> None:
    change_work_place(phone, "赵建国", "山东潍坊")
    phone.send()
    phone.says("填的都已上传")
    (record,) = server.stored.values()
    assert record["data"] == {"work_place": "山东潍坊"} and record["base"] == {"work_place": "保定市"}
    assert record["method"] == "onsite" and record["result"] == ""


def test_what_belongs_together_is_asked_and_sent_together(phone: Phone, server: StandIn) -> None:
    phone.open_household("赵建国")
    phone.follow("有变化")
    phone.press("填 务工变化")
    page = phone.page
    page.get_by_role("radio", name="外出务工").check()
    page.get_by_role("radio", name="赵秀兰").check()
    phone.press("保存")
    expect(page.get_by_role("alert").filter(has_text="还差：到哪里")).to_be_visible()
    page.get_by_label("到哪里").fill("天津")
    page.get_by_role("radio", name="返乡在家").check()  # after all: where to is not asked any more, and not sent
    phone.press("保存")
    phone.send()
    phone.says("填的都已上传")
    (record,) = server.stored.values()
    assert record["data"] == {"work_kind": "came_back", "work_member": "1"}
    assert record["base"] == {"work_change:1": None}


def test_a_phone_call_is_kept_but_leaves_the_household_to_be_visited(phone: Phone) -> None:
    phone.open_household("赵建国")
    phone.follow("有变化")
    phone.page.get_by_role("radio", name="电话").check()
    phone.press("改 务工地点")
    phone.page.get_by_label("务工地点：现在是").or_(phone.page.get_by_label("务工地点")).first.fill("北京")
    phone.press("保存")
    expect(phone.page.get_by_role("button", name="无变化", exact=True)).to_be_visible()


def test_quick_answers_are_one_tap_and_those_that_need_a_word_ask_for_it(phone: Phone, server: StandIn) -> None:
    phone.open_household("赵建国")
    phone.page.get_by_text("人不在了、搬走了").click()
    phone.press("已迁出")
    phone.open_household("孙志强")
    phone.page.get_by_text("人不在了、搬走了").click()
    phone.follow("数据有误")
    phone.press("保存")
    expect(phone.page.get_by_role("alert").filter(has_text="还差：哪里不对")).to_be_visible()
    phone.page.get_by_label("哪里不对").fill("户主应为孙桂英")
    phone.press("保存")
    phone.send()
    phone.says("填的都已上传")
    assert [(one["result"], one["note"]) for one in server.stored.values()] == [
        ("moved", ""),
        ("wrong_data", "户主应为孙桂英"),
    ]


def test_what_is_taken_back_at_once_never_leaves_the_phone(phone: Phone, server: StandIn) -> None:
    phone.follow("走访 一组")
    phone.press("这 19 户都无变化")
    phone.page.locator(".toast").get_by_role("button", name="撤销").click()
    expect(phone.page.get_by_text("还有 22 户没有走访")).to_be_visible()
    phone.send()
    phone.says("填的都已上传")
    assert server.posts == []


def test_what_has_arrived_is_taken_back_by_a_record_of_its_own(phone: Phone, server: StandIn) -> None:
    phone.open_household("赵建国")
    phone.press("无变化", exact=True)
    phone.send()
    phone.says("填的都已上传")
    phone.open_household("赵建国")
    phone.press("撤销刚才记的")
    phone.send()
    phone.says("填的都已上传")
    first, second = server.stored.values()
    assert second["kind"] == "undo" and second["of"] == first["id"]
    assert set(second) == {"id", "kind", "household_no", "made_at", "on", "of"}
    phone.open_household("赵建国")
    expect(phone.page.get_by_role("button", name="无变化", exact=True)).to_be_visible()


def test_a_new_packet_replaces_the_old_one_and_leaves_what_is_being_typed(phone: Phone, server: StandIn) -> None:
    phone.open_household("赵建国")
    phone.follow("有变化")
    phone.press("改 务工地点")
    phone.page.locator("li.fact input[type=text]").fill("写到一半")
    server.count = 79
    phone.go("上传")
    phone.press("现在就上传")
    phone.go("我的")
    expect(phone.page.get_by_text("79 户")).to_be_visible()
    phone.go("要办的")
    phone.follow("没写完：赵建国 的走访")
    expect(phone.page.locator("li.fact input[type=text]")).to_have_value("写到一半")


def change_work_place(phone: Phone, name: str, text: str) -> None:
    phone.open_household(name)
    phone.follow("有变化")
    phone.press("改 务工地点")
    phone.page.locator("li.fact input[type=text]").fill(text)
    phone.press("保存")
    phone.sees(name)


def settle_lead(phone: Phone) -> None:
    phone.go("要办的")
    phone.follow("入户核实线索")
    phone.page.get_by_role("radio", name="没有风险").check()
    phone.press("保存")
    phone.sees("要办的事")


def test_where_the_register_has_no_streets_one_picks_where_one_has_been(
    new_phone: Callable[[], Phone], server: StandIn
) -> None:
    server.has_groups = server.has_doors = False
    phone = new_phone().set_up()
    phone.out_of_signal()
    phone.follow("走访 本村")
    page = phone.page
    expect(page.get_by_role("button", name="先勾选走过的户")).to_be_disabled()
    expect(page.get_by_label("从几号")).to_have_count(0)
    blocks = page.locator("details.group")
    assert blocks.count() == 7, "64 are still to be seen"
    first = blocks.first
    first.get_by_role("button", name="户全选").click()
    picked = first.get_by_role("checkbox")
    for box in picked.all():
        expect(box).to_be_checked()
    count = picked.count()
    picked.first.uncheck()
    blocks.nth(1).locator("summary").click()
    blocks.nth(1).get_by_role("checkbox").first.check()
    phone.press(f"选的 {count} 户都无变化")
    phone.says(f"{count} 条已存在手机里")
    phone.press("撤销", exact=True)
    expect(page.get_by_text("已撤销")).to_be_visible()
    phone.says("都会存在手机里")


def test_doors_are_picked_by_their_numbers(new_phone: Callable[[], Phone], server: StandIn) -> None:
    server.has_groups = False
    phone = new_phone().set_up()
    phone.out_of_signal()
    phone.follow("走访 本村")
    phone.page.get_by_label("从几号").fill("90")
    phone.page.get_by_label("到几号").fill("99")
    phone.press("选上", exact=True)
    expect(phone.page.get_by_text("没有这些门牌号的户")).to_be_visible()
    phone.page.get_by_label("从几号").fill("20")
    phone.page.get_by_label("到几号").fill("10")
    phone.press("选上", exact=True)
    phone.press("选的 9 户都无变化")  # 14 and 19 were seen before
    phone.back_in_signal()
    phone.send()
    phone.says("填的都已上传")
    doors = sorted(int(record["household_no"][-3:]) for record in server.stored.values())
    assert doors == [10, 11, 12, 13, 15, 16, 17, 18, 20]


def test_a_photo_goes_with_a_step_and_after_it(phone: Phone, server: StandIn) -> None:
    phone.out_of_signal()
    phone.follow("入户核实线索")
    phone.page.get_by_role("radio", name="没有风险").check()
    phone.page.locator("#photo").set_input_files(FOLDER / "icons" / "mark-192.png")
    expect(phone.page.get_by_text("不带拍摄地点")).to_be_visible()
    phone.press("保存")
    phone.sees("要办的事")
    assert len(phone.raw()["photos"]) == 1 and server.photos == []
    phone.back_in_signal()
    phone.send()
    phone.says("填的都已上传")
    (record,) = server.stored.values()
    (sent,) = server.photos
    assert record["kind"] == "step" and record["id"].encode() in sent and b"\xff\xd8" in sent and b"PNG" not in sent
    assert phone.raw()["photos"] == []


def test_what_was_not_taken_is_written_again_where_it_was_written(phone: Phone, server: StandIn) -> None:
    server.answers[packets.household(1)["no"]] = {
        "result": "refused",
        "message": "情况说明：不要写病名，写“因病”或“患病”就可以",
        "next_step": "请改正后再提交。",
    }
    phone.follow("入户核实线索")
    phone.page.get_by_role("radio", name="没有风险").check()
    phone.page.get_by_label("情况说明").fill("胃癌已治愈")
    phone.page.locator("#photo").set_input_files(FOLDER / "icons" / "mark-192.png")
    expect(phone.page.get_by_text("不带拍摄地点")).to_be_visible()
    phone.press("保存")
    phone.sees("要办的事")
    phone.send()
    phone.says("有 1 条要您看一下")
    expect(phone.page.get_by_text("不要写病名")).to_be_visible()
    assert server.photos == [] and len(phone.raw()["photos"]) == 1, "the photo waits with its record"
    server.answers.clear()
    phone.press("改一改")
    expect(phone.page.get_by_label("情况说明")).to_have_value("胃癌已治愈")
    expect(phone.page.get_by_role("radio", name="没有风险")).to_be_checked()
    expect(phone.page.get_by_alt_text("第 1 张照片")).to_be_visible()
    phone.page.get_by_label("情况说明").fill("因病，已治愈")
    phone.press("保存")
    phone.sees("要办的事")
    phone.send()
    phone.says("填的都已上传")
    (record,) = server.stored.values()
    assert record["data"]["note"] == "因病，已治愈" and len(server.photos) == 1
