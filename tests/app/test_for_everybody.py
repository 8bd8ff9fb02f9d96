"""Read in the sun, held in one hand, by somebody of 58: sizes, words, no traps; and a new version that waits to be let in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import SMALL, Phone
from .stand_in import FOLDER, StandIn

pytestmark = pytest.mark.browser
SMALL_TYPE = """() => [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() && one.childNodes.length
  && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) && parseFloat(getComputedStyle(one).fontSize) < 18)
  .map((one) => one.tagName + " " + one.textContent.slice(0, 20))"""
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, summary, .option, input, select, textarea")].filter((one) => {
  const box = one.getBoundingClientRect(); const inside = one.closest(".option");
  return box.width > 2 && one.checkVisibility() && !(inside && inside !== one) && (box.height < 48 || box.width < 48); })
  .map((one) => one.tagName + " " + one.textContent.slice(0, 20) + Math.round(one.getBoundingClientRect().height))"""


def faults(phone: Phone, name: str) -> list[str]:
    page = phone.page
    found = [f"{name}: small type {one}" for one in page.evaluate(SMALL_TYPE)]
    found += [f"{name}: small target {one}" for one in page.evaluate(SMALL_TARGETS)]
    if page.evaluate("document.documentElement.scrollWidth") > SMALL["width"]:
        found.append(f"{name}: wider than the screen")
    found += [f"{name}: {one['id']} {one['nodes'][0]['target']}" for one in Axe().run(page).response["violations"]]
    return found


def test_every_screen_can_be_read_and_pressed(new_phone: Callable[[], Phone], server: StandIn) -> None:
    phone = new_phone()
    phone.open()
    phone.sees("定一个开锁密码")
    found = faults(phone, "first")
    phone.set_up()
    found += faults(phone, "list")
    phone.follow("走访 一组")
    found += faults(phone, "group")
    phone.press("这 19 户都无变化")
    found += faults(phone, "undo")
    phone.go("农户")
    phone.page.get_by_text("一组").click()
    found += faults(phone, "households")
    phone.open_household("钱秀兰")
    phone.page.get_by_text("人不在了、搬走了").click()
    found += faults(phone, "household")
    phone.follow("有变化")
    phone.press("填 务工变化")
    phone.press("改 饮水")
    phone.page.get_by_role("radio", name="外出务工").check()
    phone.press("保存")
    found += faults(phone, "visit")
    phone.go("要办的")
    found += faults(phone, "drafts")
    phone.follow("入户核实线索")
    phone.page.get_by_role("radio", name="情况属实").check()
    phone.press("保存")
    found += faults(phone, "task")
    phone.send()
    phone.says("填的都已上传")
    found += faults(phone, "sent")
    phone.go("我的")
    phone.page.get_by_text("退出并清空这部手机").click()
    phone.page.get_by_text("换开锁密码").click()
    found += faults(phone, "phone")
    phone.page.reload()
    phone.unlock("111111")
    expect(phone.page.get_by_text("还可以试 9 次")).to_be_visible()
    found += faults(phone, "locked")
    assert not found, "\n".join(found)


def test_a_new_version_waits_until_it_is_let_in_and_nothing_typed_is_lost(phone: Phone, server: StandIn) -> None:
    phone.open_household("赵建国")
    phone.follow("有变化")
    phone.press("改 务工地点")
    phone.page.locator("li.fact input[type=text]").fill("天津")
    server.extra_script = "\n/* the next version */\n"
    phone.page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    expect(phone.page.get_by_text("有新版本")).to_be_visible()
    with phone.page.expect_navigation():
        phone.press("现在换")
    phone.unlock()
    phone.follow("没写完：赵建国 的走访")
    expect(phone.page.locator("li.fact input[type=text]")).to_have_value("天津")
    assert phone.page.evaluate("caches.keys().then((names) => names.length)") == 1


def test_a_village_opens_on_a_slow_phone(new_phone: Callable[[], Phone]) -> None:
    phone = new_phone()
    phone.context.new_cdp_session(phone.page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    phone.set_up()
    phone.page.reload()
    phone.unlock()
    phone.sees("要办的事")
    phone.go("我的")
    expect(phone.page.get_by_text("80 户")).to_be_visible()


def test_the_app_knows_no_place_no_other_host_and_writes_no_html() -> None:
    for path in FOLDER.rglob("*"):
        if path.suffix not in (".js", ".html", ".css", ".webmanifest"):
            continue
        text = path.read_text()
        assert not re.search(r"geolocation|watchPosition|sendBeacon|WebSocket|XMLHttpRequest", text), path
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            path
        )
        assert not re.search(r"https?://", text), path
        assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=", text) or path.suffix == ".js", path


def test_every_module_that_is_asked_for_is_there() -> None:
    for path in FOLDER.rglob("*.js"):
        for named in re.findall(r'from "(\.[^"]+)"', path.read_text()):
            assert (path.parent / named).resolve().is_file(), f"{path} asks for {named}"
