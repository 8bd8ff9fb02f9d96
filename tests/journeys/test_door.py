"""A family on a phone without scripts, and the clerk who answers: from the code on the wall to the receipt and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from shouwang.door import receipts

from .conftest import DESK, PHONE

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]
# The door does not take a form that was filled in faster than a person could.
_A_PERSON_MILLISECONDS = 3_200


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """A villager's phone: no account, no scripts."""
    context = browser.new_context(
        viewport=PHONE, locale="zh-CN", base_url=address, java_script_enabled=False, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def write(page: Page, label: str, text: str) -> None:
    """As an input method does it: the sounds first, then the characters in one piece."""
    page.get_by_label(label).click()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "pin yin", "selectionStart": 7, "selectionEnd": 7})
    keyboard.send("Input.insertText", {"text": text})


def door_of(page: Page, village: str) -> str:
    """The clerk makes codes for the township and opens one village's sheet."""
    page.goto("/reports")
    page.get_by_role("link", name="村申报码", exact=True).click()
    if page.get_by_role("button", name="个村生成").count():
        page.get_by_role("button", name="个村生成").click()
        expect(page.get_by_role("button", name="个村生成")).to_have_count(0)
    opens = page.get_by_role("link", name="打开")
    row = page.get_by_role("row").filter(has_text=village).filter(has=opens).first
    address = row.get_by_role("link", name="打开").get_attribute("href")
    row.get_by_role("link", name="打印").click()
    expect(page.locator("svg")).to_have_count(1)
    expect(page.get_by_text("手机扫一扫")).to_be_visible()
    return str(address)


def test_a_family_reports_is_found_and_hears_back(
    open_browser: OpenBrowser, phone: Page, complaints: list[str]
) -> None:
    clerk = open_browser("qian")
    clerk.goto("/households")
    village = clerk.get_by_role("row").filter(has_text="甲建国").locator("td").nth(1).inner_text().split()[-1]
    door = door_of(clerk, village)

    phone.goto(door)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    write(phone, "户主叫什么名字", "甲建国")
    phone.get_by_label("替别人家").check()
    write(phone, "您的姓名", "好心邻居")
    phone.get_by_label("留一个能打通的电话").fill("139")
    phone.get_by_label("家里有人生病").check()
    write(phone, "还想说点什么", "住院花了好几万，<b>没钱</b>买药")
    phone.wait_for_timeout(_A_PERSON_MILLISECONDS)
    phone.get_by_role("button", name="提交申报").click()
    expect(phone.get_by_text("请写 11 位手机号")).to_be_visible()
    expect(phone.get_by_label("户主叫什么名字")).to_have_value("甲建国")
    phone.get_by_label("留一个能打通的电话").fill("139 1111 2222")
    phone.get_by_role("button", name="提交申报").click()
    receipt = phone.locator("strong").inner_text().replace(" ", "")
    assert receipts.clean(receipt) == receipt
    phone.reload()
    assert phone.locator("strong").inner_text().replace(" ", "") == receipt

    phone.get_by_role("link", name="查结果").click()
    ask(phone, receipt, "1111")
    expect(phone.get_by_text("没有查到")).to_be_visible()
    ask(phone, receipt.lower(), "2222")
    expect(phone.get_by_text("最晚 7月22日前给您结果")).to_be_visible()
    assert not re.search("甲建国|好心邻居|2222|没钱", phone.content())

    clerk.goto("/reports?stage=waiting")
    clerk.get_by_role("link", name="甲建国").first.click()
    expect(clerk.get_by_text("住院花了好几万，<b>没钱</b>买药")).to_be_visible()
    expect(clerk.get_by_text("139****2222")).to_be_visible()
    clerk.get_by_role("button", name="就是这一户").click()
    expect(clerk.get_by_text("已认定为 甲建国 户")).to_be_visible()
    expect(clerk.get_by_text("甲建国户").last).to_be_visible()
    assert complaints == []


def ask(page: Page, receipt: str, tail: str) -> None:
    page.get_by_label("受理编号").fill(receipt)
    page.get_by_label("后四位").fill(tail)
    page.get_by_role("button", name="查询").click()


def test_an_officer_of_the_next_county_sees_no_report_of_ours(open_browser: OpenBrowser) -> None:
    page = open_browser("li")
    page.goto("/reports")
    expect(page.get_by_text("甲建国")).to_have_count(0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_doors_pages_keep_nobody_out(open_browser: OpenBrowser, size: dict[str, int]) -> None:
    page, axe = open_browser("qian", size=size), Axe()
    door, found = door_of(page, "村"), []
    for path in (
        door,
        "/door/progress",
        "/reports",
        "/reports/take",
        "/reports/codes",
        "/reports/figures",
        "/reports/codes/sheets",
    ):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"{path} is wider than the screen")
        for violation in axe.run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append(f"{path} {violation['id']} {violation['nodes'][0]['target']}")
    assert found == []
