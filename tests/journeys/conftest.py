"""The program as it runs in an office: `shouwang serve` on a workspace of its own, and a real browser in front of it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from .prepare import PASSWORD

CHROMIUM = "/usr/bin/chromium"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
_PATIENCE_SECONDS = 60
# What is seen is waited for as long as a page is, however busy the machine that runs the tests.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    switches = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    return {"executable_path": CHROMIUM, "args": switches.split()}


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the program answers; it is started once and taken down at the end."""
    home = tmp_path_factory.mktemp("journeys") / "workspace"
    environment = os.environ | {
        "SHOUWANG_HOME": str(home),
        "SHOUWANG_TODAY": "2022-07-07",
        "DJANGO_SETTINGS_MODULE": "shouwang.config.settings",
    }
    environment.pop("SHOUWANG_KEYS", None)
    subprocess.run([sys.executable, "-m", "tests.journeys.prepare"], env=environment, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "shouwang", "serve", "--port", str(port), "--workers", "1"]
    with (home.parent / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield _waited_for(f"http://127.0.0.1:{port}", server, home.parent / "server.log")
        finally:
            server.terminate()
            server.wait(timeout=30)


def _waited_for(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/health")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return address
    raise RuntimeError(log.read_text())


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained about: errors of scripts, refused sources."""
    return []


@pytest.fixture
def open_browser(browser: Browser, address: str, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """open_browser("sun") is the county officer at a desk; open_browser("zhao", size=PHONE) the grid worker on a phone."""
    contexts: list[BrowserContext] = []

    def open_as(login: str, *, size: dict[str, int] = DESK, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport=size, locale="zh-CN", base_url=address, java_script_enabled=scripts, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: _listen(message, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/sign-in")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/")
        return page

    yield open_as
    for context in contexts:
        context.close()


def send_everything_down(page: Page) -> None:
    """The county officer sends every lead to its village, unless a test before did."""
    page.goto("/leads")
    button = page.get_by_role("button", name=re.compile("下派全部"))
    if button.count():
        button.click()
        expect(page.get_by_text("已下派到村")).to_be_visible()


def _listen(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and "404" not in message.text and "403" not in message.text:
        complaints.append(message.text)
