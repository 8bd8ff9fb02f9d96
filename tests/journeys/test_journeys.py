"""Whole ways of working in a real browser: the officer's month, the clerk, the grid worker's phone, the stranger, the keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, send_everything_down

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]


def test_the_county_officer_imports_a_file_screens_and_opens_a_lead_down_to_the_row(
    open_browser: OpenBrowser, complaints: list[str], tmp_path: Path
) -> None:
    page = open_browser("sun")
    number = householders_number(page, "乙秀英")
    path = tmp_path / "住建6月.csv"
    path.write_text(
        f"户主证件号码,户主姓名,鉴定等级,鉴定日期\n{number},乙秀英,D,2022-04-01\n1,无此人,D,2022-04-01\n", "utf-8"
    )

    page.goto("/files")
    page.get_by_role("link", name="导入文件").click()
    page.get_by_label("文件", exact=False).first.set_input_files(path)
    page.get_by_label("报送单位").fill("县住建局")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", name="住建6月.csv：2 行会怎样")).to_be_visible()
    expect(page.get_by_role("row", name="已入库 1 行")).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("link", name="查看结果").click()
    expect(page.get_by_role("heading", name="2 行的去处")).to_be_visible()

    page.goto("/screening")
    page.get_by_label("线索发现日").fill("2022-07-01")
    page.get_by_role("button", name="开始筛查").click()
    page.get_by_role("link", name="查看结果").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="住房不安全"))
    row.get_by_role("link", name="1", exact=True).first.click()
    expect(page.get_by_role("cell", name="乙秀英")).to_be_visible()

    page.goto("/leads")
    with page.expect_response("**/leads?*"):
        page.get_by_label("原因").select_option(label="住房不安全")
    page.wait_for_url("**rule=household.housing_unsafe**")
    expect(page.get_by_text("共 1 条")).to_be_visible()
    page.get_by_role("link", name="乙秀英").click()
    expect(page.get_by_text("最近一次住房鉴定为 D 级")).to_be_visible()
    expect(page.get_by_text("2022年7月16日")).to_be_visible()
    page.get_by_role("link", name="住建6月.csv 第 2 行").click()
    expect(page.get_by_role("heading", name="住房安全 第 2 行")).to_be_visible()
    expect(page.get_by_text("2022-04-01")).to_be_visible()
    assert complaints == []


def householders_number(page: Page, name: str) -> str:
    """An officer looks up a number with a reason; after that it is masked again."""
    page.goto("/households")
    page.get_by_label("姓名（户主或成员）、户编号、证件号码").fill(name)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("共 1 户")).to_be_visible()
    page.get_by_role("link", name=name).click()
    page.get_by_text("查看完整证件号码").click()
    page.get_by_label("查看事由").fill("核对住建部门名单")
    page.get_by_role("button", name="查看一次").click()
    shown = page.locator(".card", has_text="的完整号码").locator("dd").first.inner_text()
    page.goto(page.url.removesuffix("#content").removesuffix("/unmask"))
    assert shown not in page.content()
    return shown


def test_the_clerk_sees_the_township_and_nothing_beyond(open_browser: OpenBrowser, complaints: list[str]) -> None:
    page = open_browser("qian")
    expect(page.get_by_role("heading", name="各村线索")).to_be_visible()
    page.goto("/households")
    expect(page.get_by_role("link", name="甲建国")).to_be_visible()
    expect(page.get_by_role("link", name="丙海生")).to_have_count(0)
    expect(page.get_by_text("共 2 户")).to_be_visible()
    expect(page.get_by_role("link", name="文件与批次")).to_have_count(0)
    assert page.goto("/files").status == 403  # type: ignore[union-attr]
    assert complaints == []


def test_the_grid_worker_does_the_day_on_a_phone(open_browser: OpenBrowser, complaints: list[str]) -> None:
    send_everything_down(open_browser("sun"))
    page = open_browser("zhao", size=PHONE)
    expect(page.get_by_role("heading", name="7月7日要办的事")).to_be_visible()
    first = page.locator("a.figure-card", has_text="甲建国")
    box = first.bounding_box()
    assert box and box["height"] >= 44 and box["width"] > 300 and box["y"] < PHONE["height"]
    first.click()
    expect(page.get_by_text("持有效的重度残疾证")).to_be_visible()
    page.get_by_role("link", name="更多").click()
    page.get_by_text("政策", exact=True).click()
    page.get_by_role("link", name="规则").click()
    expect(page.get_by_role("heading", name="规则", exact=True)).to_be_visible()
    for path in ("/", "/leads", "/households", "/policy/documents"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], (
            f"{path} is wider than the phone"
        )
    assert complaints == []


def test_the_officer_of_the_next_county_sees_nothing_by_address_search_or_export(
    open_browser: OpenBrowser, address: str
) -> None:
    sun = open_browser("sun")
    sun.goto("/leads")
    sun.get_by_role("link", name="甲建国").click()
    sun.wait_for_url(re.compile(r"/leads/\d"))
    lead = sun.url.removeprefix(address)
    household = sun.get_by_role("link", name="农户档案").last.get_attribute("href")
    sun.goto("/files")
    batch = sun.get_by_role("link", name="残联6月.csv").get_attribute("href")
    li = open_browser("li")
    for path in (lead, household, batch, f"{batch}/refused"):
        answer = li.goto(str(path))
        assert answer and answer.status == 404 and "甲建国" not in li.content()
    li.goto("/households")
    li.get_by_label("姓名（户主或成员）、户编号、证件号码").fill("甲建国")
    li.get_by_role("button", name="查找").click()
    expect(li.get_by_text("没有符合条件的农户")).to_be_visible()
    li.goto("/leads")
    li.get_by_text("导出").click()
    with li.expect_download() as download:
        li.get_by_role("link", name="JSON 行（供程序读取）").click()
    rows = [json.loads(line) for line in Path(download.value.path()).read_text("utf-8").splitlines()]
    assert [row["户主"] for row in rows] == ["外德成"]


def test_a_row_in_doubt_is_decided_with_the_keyboard_alone(open_browser: OpenBrowser, complaints: list[str]) -> None:
    page = open_browser("sun")
    page.goto("/decisions")
    start = page.get_by_role("link", name="从第一行开始认定")
    for _ in range(60):
        page.keyboard.press("Tab")
        if start.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="这一行说的是谁？")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_text("认定为 乙秀英")).to_be_visible()
    expect(page.get_by_text("没有等待认定的行")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("涞源镇")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("cell", name="河北省保定市涞源县涞源镇", exact=True).or_(
            page.get_by_role("heading", name="线索")
        )
    ).to_be_visible()
    assert complaints == []


def test_a_list_that_answers_at_once_shows_what_a_fresh_load_shows(
    open_browser: OpenBrowser, complaints: list[str]
) -> None:
    page = open_browser("sun")
    page.goto("/leads")
    with page.expect_response("**/leads?*"):
        page.get_by_label("区域").select_option(label="　银坊镇")
    page.wait_for_url("**region=130630101000**")
    expect(page.get_by_text("共 1 条")).to_be_visible()
    swapped = page.locator("#list").inner_html()
    page.reload()
    assert plain(page.locator("#list").inner_html()) == plain(swapped)
    assert complaints == []


def plain(markup: str) -> str:
    return " ".join(markup.replace(' class=""', "").split())


def test_every_step_works_without_scripts(open_browser: OpenBrowser) -> None:
    page = open_browser("sun", scripts=False)
    page.goto("/leads")
    page.get_by_label("户主、户编号或线索编号").fill("丙海生")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("共 1 条")).to_be_visible()
    page.get_by_role("link", name="丙海生").click()
    expect(page.get_by_text("持有效的重度残疾证")).to_be_visible()
