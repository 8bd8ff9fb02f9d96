"""Every page, at the desk and on the phone: nothing serious for people who use a screen reader, nothing wider than the screen;
and a lead prints on one sheet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from .conftest import DESK, PHONE

pytestmark = pytest.mark.browser
OpenBrowser = Callable[..., Page]
PAGES = (
    "/",
    "/account",
    "/leads",
    "/leads?q=nobody",
    "/leads/collection",
    "/outlook",
    "/outlook?region=130630100000&group=incomplete",
    "/households",
    "/files",
    "/files/upload",
    "/files/calendar",
    "/files/templates",
    "/decisions",
    "/consultations",
    "/consultations/new",
    "/screening",
    "/screening/2",
    "/screening/2/household.severe_disability_low_income",
    "/screening/2/household.income_falling/gaps",
    "/screening/what-if?parameter=household.monitoring_income_line&value=4000",
    "/checks",
    "/pushes",
    "/metrics",
    "/responsibilities",
    "/responsibilities/hand-over",
    "/changes",
    "/events",
    "/events/new",
    "/lists",
    "/lists/new",
    "/samples",
    "/policy/documents",
    "/policy/documents/laiyuan-2022-9",
    "/policy/parameters",
    "/policy/parameters/household.identification_limit",
    "/policy/rules",
    "/policy/rules/household.income_below_line",
    "/regions?q=ly",
    "/nowhere",
)


def test_no_page_keeps_anybody_out_or_runs_off_the_screen(open_browser: OpenBrowser) -> None:
    """Each page is opened once and looked at in both sizes: at the desk, then narrowed to a phone."""
    page, axe = open_browser("sun", size=DESK), Axe()
    found: list[str] = []
    for path in (*PAGES, *first_of_each(page)):
        page.goto(path)
        for name, size in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(ViewportSize(width=size["width"], height=size["height"]))
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                found.append(f"{path} is wider than the screen of a {name}")
            for violation in axe.run(page).response["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    found.append(f"{path} {name} {violation['id']} {violation['nodes'][0]['target']}")
        page.set_viewport_size(ViewportSize(width=DESK["width"], height=DESK["height"]))
    assert found == []


def first_of_each(page: Page) -> list[str]:
    """One page of each kind that shows one thing."""
    addresses = []
    for path, place in (("/leads", "#list td a"), ("/households", "#list td a"), ("/files", "#list td a")):
        page.goto(path)
        addresses.append(str(page.locator(place).first.get_attribute("href")))
    page.goto(addresses[0])
    evidence = page.locator("a[href^='/evidence/']").first.get_attribute("href")
    return [*addresses, str(evidence)]


def test_signing_in_and_being_locked_out_keep_nobody_out(open_browser: OpenBrowser, address: str) -> None:
    page = open_browser("zhou")
    page.context.clear_cookies()
    for _ in range(5):
        page.goto("/sign-in")
        page.get_by_label("登录名").fill("wrong")
        page.get_by_label("密码").fill("wrong")
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("button", name="登录").click()
        page.wait_for_load_state()
    expect(page.get_by_text("登录已锁定").first).to_be_visible()
    assert [
        one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")
    ] == []


def test_a_lead_prints_on_one_sheet(open_browser: OpenBrowser) -> None:
    page = open_browser("sun")
    page.goto("/leads")
    page.get_by_role("link", name="甲建国").click()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible() and page.get_by_text("持有效的重度残疾证").is_visible()
