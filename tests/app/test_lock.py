"""The lock: what is on the phone says nothing without the PIN, and goes when it has to go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import PIN, Phone
from .stand_in import StandIn

pytestmark = pytest.mark.browser
HOUR = 3_600_000


def test_the_store_says_nothing_about_anybody(phone: Phone) -> None:
    phone.open_household("赵建国")
    phone.press("无变化", exact=True)
    phone.open_household("孙志强")
    phone.follow("有变化")
    phone.press("改 务工地点")
    phone.page.locator("li.fact input[type=text]").fill("山东潍坊")
    phone.go("要办的")
    raw = phone.raw()
    assert [len(raw[name]) for name in ("sealed", "outbox", "drafts")] == [1, 1, 1]
    text = "".join("".join(rows) for rows in raw.values())
    for secret in ("赵建国", "孙志强", "南关村", "山东", "130630", "138****", "网格员赵", PIN, "confirmation"):
        assert secret not in text
    assert "赵" not in phone.page.url and "130630" not in phone.page.evaluate("location.href + document.title")
    assert phone.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_wrong_pins_are_counted_slowed_and_at_last_empty_the_phone(
    new_phone: Callable[[], Phone], server: StandIn
) -> None:
    phone = new_phone()
    phone.page.clock.install()
    phone.set_up()
    phone.page.reload()
    for left in (9, 8):
        phone.unlock("111111")
        expect(phone.page.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    phone.unlock("111111")
    expect(phone.page.get_by_text("请等 30 秒再试")).to_be_visible()
    phone.page.reload()  # starting again does not give a free try
    expect(phone.page.get_by_text("还可以试 7 次")).to_be_visible()
    expect(phone.page.get_by_label("开锁密码")).to_be_disabled()
    for left in (6, 5, 4, 3, 2, 1):
        phone.page.clock.fast_forward("31:00")
        expect(phone.page.get_by_label("开锁密码")).to_be_enabled()
        phone.unlock("111111")
        expect(phone.page.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    phone.page.clock.fast_forward("31:00")
    expect(phone.page.get_by_label("开锁密码")).to_be_enabled()
    phone.unlock("111111")
    expect(phone.page.get_by_role("link", name="登录")).to_be_visible()
    assert phone.raw()["sealed"] == [] and phone.raw()["outbox"] == []
    assert not server.is_signed_in, "whoever tried them does not come in with the old signing in"


def test_the_right_pin_forgives_wrong_ones(phone: Phone) -> None:
    phone.page.reload()
    phone.unlock("111111")
    expect(phone.page.get_by_text("还可以试 9 次")).to_be_visible()
    phone.unlock()
    phone.sees("要办的事")
    phone.page.reload()
    phone.unlock("111111")
    expect(phone.page.get_by_text("还可以试 9 次")).to_be_visible()


def test_a_changed_pin_opens_the_same_store(phone: Phone) -> None:
    phone.go("我的")
    phone.page.get_by_text("换开锁密码").click()
    phone.page.get_by_label("现在的密码").fill(PIN)
    phone.page.get_by_label("新密码（6 位数字）").fill("975310")
    phone.page.get_by_label("新密码再输一次").fill("975310")
    phone.press("换", exact=True)
    expect(phone.page.get_by_text("开锁密码已换")).to_be_visible()
    phone.press("锁上")
    phone.unlock(PIN)
    expect(phone.page.get_by_text("还可以试 9 次")).to_be_visible()
    phone.unlock("975310")
    phone.sees("要办的事")


def test_easy_pins_are_not_taken(new_phone: Callable[[], Phone]) -> None:
    phone = new_phone()
    phone.open()
    for pin, word in (("123456", "太好猜"), ("888888", "太好猜"), ("12345", "要 6 位数字")):
        phone.page.get_by_label("开锁密码").fill(pin)
        phone.page.get_by_label("再输一次").fill(pin)
        phone.press("好，下载资料")
        expect(phone.page.get_by_text(word)).to_be_visible()


def test_what_has_expired_goes_and_what_was_not_sent_stays_until_it_is(
    new_phone: Callable[[], Phone], server: StandIn
) -> None:
    phone = new_phone()
    phone.page.clock.install()
    phone.set_up()
    phone.out_of_signal()
    phone.follow("走访 一组")
    phone.press("这 19 户都无变化")
    phone.says("19 条")
    phone.page.clock.fast_forward(169 * HOUR)
    phone.sees("资料已到期")
    raw = phone.raw()
    assert raw["sealed"] == [] and raw["drafts"] == [] and len(raw["outbox"]) == 19
    phone.press("连网更新")
    expect(phone.page.get_by_text("现在连不上平台")).to_be_visible()
    assert len(phone.raw()["outbox"]) == 19
    server.day_offset = dt.timedelta(hours=170)
    phone.back_in_signal()  # from here on nobody presses anything: it arrives by itself
    phone.sees("一组")
    phone.go("要办的")
    phone.sees("要办的事")
    phone.says("填的都已上传")
    assert len(server.stored) == 19


def test_a_clock_turned_back_keeps_nothing_longer(new_phone: Callable[[], Phone]) -> None:
    phone = new_phone()
    phone.page.clock.install()
    phone.set_up()
    phone.out_of_signal()
    phone.page.clock.fast_forward(160 * HOUR)
    phone.go("我的")
    phone.page.clock.set_system_time(dt.datetime.now(dt.UTC) - dt.timedelta(days=300))
    phone.go("要办的")
    phone.sees("要办的事")
    phone.page.clock.fast_forward(10 * HOUR)
    phone.sees("资料已到期")


def test_a_phone_with_a_wrong_clock_counts_by_the_servers(new_phone: Callable[[], Phone], server: StandIn) -> None:
    phone = new_phone()
    phone.page.clock.install(time=dt.datetime(2015, 1, 1, 12, 0, tzinfo=dt.UTC))
    phone.set_up()
    phone.open_household("赵建国")
    phone.press("无变化", exact=True)
    phone.send()
    phone.says("填的都已上传")
    (record,) = server.stored.values()
    assert record["on"] == "2022-07-18"
    assert abs(dt.datetime.fromisoformat(record["made_at"]) - server.now()) < dt.timedelta(minutes=5)


def test_a_phone_given_up_by_the_office_empties_itself_even_while_locked(phone: Phone, server: StandIn) -> None:
    phone.follow("走访 一组")
    phone.press("这 19 户都无变化")
    phone.says("19 条已存在手机里")
    phone.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.get_by_text("有 19 条存在手机里")).to_be_visible()
    device = phone.page.evaluate("import('/static/app/identity.js').then((identity) => identity.device())")
    server.wiped.add(device)
    phone.context.set_offline(False)
    expect(phone.page.get_by_text("由管理员清空")).to_be_visible()
    raw = phone.raw()
    assert raw["sealed"] == raw["outbox"] == raw["drafts"] == raw["photos"] == []
    assert server.said_wiped == [device] and not server.is_signed_in and server.stored == {}


def test_leaving_empties_the_phone_and_asks_first_about_what_was_not_sent(phone: Phone, server: StandIn) -> None:
    phone.out_of_signal()
    phone.open_household("赵建国")
    phone.press("无变化", exact=True)
    phone.go("我的")
    phone.page.get_by_text("退出并清空这部手机").click()
    expect(phone.page.get_by_text("还有 1 条没有上传")).to_be_visible()
    phone.press("退出并清空")
    expect(phone.page.get_by_text("请先上传，或者勾选")).to_be_visible()
    phone.back_in_signal()
    phone.send()
    phone.says("填的都已上传")
    phone.go("我的")
    phone.page.get_by_text("退出并清空这部手机").click()
    phone.press("退出并清空")
    expect(phone.page.get_by_role("link", name="登录")).to_be_visible()
    assert phone.raw()["sealed"] == [] and not server.is_signed_in


def test_two_open_pages_send_everything_once_and_are_emptied_together(phone: Phone, server: StandIn) -> None:
    first = phone.page
    phone.open_household("赵建国")
    phone.press("无变化", exact=True)
    phone.says("1 条")
    phone.new_page()
    phone.open()
    phone.unlock()
    phone.open_household("孙志强")
    phone.press("无变化", exact=True)
    phone.send()
    phone.says("填的都已上传")
    assert len(server.stored) == 2
    phone.go("我的")
    phone.page.get_by_text("退出并清空这部手机").click()
    phone.press("退出并清空")
    expect(phone.page.get_by_role("link", name="登录")).to_be_visible()
    expect(first.get_by_role("link", name="登录")).to_be_visible()
    assert "赵建国" not in first.content()
    assert sorted(record["kind"] for record in server.stored.values()) == ["confirmation"] * 2
