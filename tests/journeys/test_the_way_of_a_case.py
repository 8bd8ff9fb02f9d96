"""A lead becomes a case in real browsers: verified on a phone, reviewed by the township, decided by the county, helped."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, send_everything_down
from .prepare import IN_SUPPORT

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]


def looks_sound(page: Page, size: dict[str, int]) -> None:
    """Nothing wider than the screen, nothing serious for people who use a screen reader."""
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
    found = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert found == [], (page.url, found)


def test_a_lead_goes_from_the_village_to_support(open_browser: OpenBrowser, complaints: list[str]) -> None:
    sun = open_browser("sun")
    send_everything_down(sun)

    # the village verifies on a phone
    zhao = open_browser("zhao", size=PHONE)
    zhao.locator("a.figure-card", has_text="甲建国").click()
    expect(zhao.get_by_role("heading", name="上门核实的结果")).to_be_visible()
    zhao.locator("summary", has_text="风险属实").click()
    choice = zhao.locator("label", has_text="因病")
    box = choice.bounding_box()
    assert box and box["height"] >= 44
    choice.click()
    looks_sound(zhao, PHONE)
    zhao.get_by_role("button", name="风险属实").click()
    expect(zhao.get_by_text("个案已建立")).to_be_visible()
    case = zhao.url

    # the meeting: what is missing stands at its field, and nothing is lost
    zhao.get_by_label("地点（必填）").first.fill("村委会")
    zhao.get_by_role("button", name="民主评议通过（纳入）").click()
    expect(zhao.get_by_text("请填写").first).to_be_visible()
    assert zhao.get_by_label("地点（必填）").first.input_value() == "村委会"
    for label, value in (("主持人", "主持人"), ("记录人", "记录人"), ("应到人数", "30"), ("实到人数", "25"),
                         ("同意纳入（票）", "24"), ("评议意见", "情况属实，同意")):  # fmt: skip
        zhao.get_by_label(f"{label}（必填）").first.fill(value)
    zhao.get_by_role("button", name="民主评议通过（纳入）").click()
    expect(zhao.get_by_role("status").filter(has_text="现在是“公示”")).to_be_visible()
    zhao.get_by_label("公示到（必填）").first.fill("2022-07-07")
    zhao.get_by_label("张贴地点（必填）").first.fill("村务公开栏")
    zhao.get_by_label("受理电话（必填）").first.fill("0312-7300000")
    zhao.get_by_role("button", name="张贴公示").click()
    expect(zhao.get_by_text("张贴中")).to_be_visible()
    looks_sound(zhao, PHONE)
    zhao.locator("#step-close_publicity button[type=submit]").click()
    expect(zhao.get_by_role("status").filter(has_text="现在是“待乡级审核”")).to_be_visible()

    # the township reviews, and plans a measure with one press
    qian = open_browser("qian")
    qian.goto("/todo")
    qian.get_by_role("link", name="甲建国").click()
    qian.get_by_label("审核意见（必填）").fill("程序齐全，同意上报")
    qian.get_by_role("button", name="乡级审核").click()
    expect(qian.get_by_role("status").filter(has_text="现在是“待县级确定”")).to_be_visible()
    qian.get_by_role("button", name=re.compile("先诊疗后付费")).first.click()
    expect(qian.get_by_role("status").filter(has_text="已列入计划：先诊疗后付费")).to_be_visible()
    looks_sound(qian, DESK)

    # the county decides with everything in front of it
    sun.goto(case)
    expect(sun.get_by_text("程序齐全，同意上报").first).to_be_visible()
    sun.locator("label", has_text="脱贫不稳定户").click()
    sun.get_by_role("button", name="县级确定纳入").click()
    expect(sun.get_by_text("已办：县级确定纳入。现在是“监测帮扶”。")).to_be_visible()
    looks_sound(sun, DESK)

    # support is carried out
    qian.goto(case)
    qian.locator("#measures summary", has_text="登记").first.click()
    qian.get_by_label("结果（必填）").first.fill("已享受")
    qian.get_by_role("button", name="完成", exact=True).first.click()
    expect(qian.get_by_role("status").filter(has_text="已登记完成：先诊疗后付费")).to_be_visible()
    for path in ("/cases", "/todo", "/leads/not-included", "/policy/procedures/case", "/policy/procedures"):
        qian.goto(path)
        looks_sound(qian, DESK)
    assert [one for one in complaints if "400" not in one] == [], "a refused form answers 400, which browsers mention"


def test_the_officer_of_the_next_county_finds_no_case(open_browser: OpenBrowser) -> None:
    sun, li = open_browser("sun"), open_browser("li")
    sun.goto("/cases")
    address = str(sun.locator("#list").get_by_role("link", name=IN_SUPPORT).get_attribute("href"))
    answer = li.goto(address)
    assert answer and answer.status == 404 and IN_SUPPORT not in li.content()
