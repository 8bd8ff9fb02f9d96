"""The whole browser is killed while somebody types, and what lies on its disk afterwards tells nobody anything."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from .conftest import CHROMIUM, Phone
from .stand_in import StandIn

pytestmark = pytest.mark.browser
_PATIENCE_SECONDS = 20


class RealBrowser:
    """A browser of our own with a profile on disk, so that it can be killed as a phone kills it."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self._playwright, self.profile = playwright, profile
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, server: StandIn) -> Phone:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        switches = (
            "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
        )
        command = [
            CHROMIUM,
            *switches.split(),
            f"--user-data-dir={self.profile}",
            f"--remote-debugging-port={port}",
            "about:blank",
        ]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
        context = self._connected(port).contexts[0]
        return Phone(context, server)

    def _connected(self, port: int) -> Browser:
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def kill(self) -> None:
        """At once, without a chance to tidy up: every process of this browser and of no other."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=_PATIENCE_SECONDS)
            self._process = None


@pytest.fixture
def real_browser(playwright: Playwright, tmp_path: Path) -> Iterator[RealBrowser]:
    made = RealBrowser(playwright, tmp_path / "profile")
    yield made
    made.kill()


def test_a_phone_that_dies_in_the_middle_of_a_word_loses_nothing(real_browser: RealBrowser, server: StandIn) -> None:
    phone = real_browser.start(server).set_up()
    phone.open_household("赵建国")
    phone.press("无变化", exact=True)
    phone.says("1 条")
    phone.follow("有变化")
    phone.press("填 有什么困难")
    phone.page.get_by_role("textbox", name="有什么困难").press_sequentially("孩子上学要交住宿费，秋")
    phone.page.wait_for_timeout(300)
    real_browser.kill()
    server.stop()
    assert "赵建国" not in everything_on_disk(real_browser.profile)
    assert "shouwang-app" in everything_on_disk(real_browser.profile)  # so the search looks where the store is
    again = real_browser.start(server)
    again.open()
    expect(again.page.get_by_text("有 1 条存在手机里")).to_be_visible()
    again.unlock()
    again.says("1 条")
    again.follow("没写完：赵建国 的走访")
    expect(again.page.get_by_role("textbox", name="有什么困难")).to_have_value("孩子上学要交住宿费，秋")
    server.start()
    again.press("保存")
    again.send()
    again.says("填的都已上传")
    assert [record["kind"] for record in server.stored.values()] == ["confirmation", "visit"]


def everything_on_disk(folder: Path) -> str:
    """All files of a profile as text, in both ways in which browsers write text."""
    parts = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            parts += [content.decode("utf-8", "ignore"), content.decode("utf-16-le", "ignore")]
            parts.append(content[1:].decode("utf-16-le", "ignore"))
    return "".join(parts)
