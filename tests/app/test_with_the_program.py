"""The app against the program itself: signing in, two visitors of one village, the server killed, a phone given up."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .conftest import CONTEXT, PIN, Phone
from .prepare import PASSWORD

pytestmark = pytest.mark.browser
_PATIENCE_SECONDS = 60
_GIVE_UP = """
import django; django.setup()
from django.utils import timezone
from shouwang.households.models import Device
from shouwang.households.visits import devices
from shouwang.organisation.models import Account
sun, wu = Account.objects.get(login="sun"), Account.objects.get(login="wu")
devices.revoke(device=Device.objects.get(account=wu), reason="手机丢失", by=sun, now=timezone.now())
"""


class Program:
    """`shouwang serve` on a workspace of its own; stop kills it where it stands."""

    def __init__(self, folder: Path) -> None:
        self._environment = os.environ | {
            "SHOUWANG_HOME": str(folder / "workspace"),
            "SHOUWANG_TODAY": "2022-07-18",
            "DJANGO_SETTINGS_MODULE": "shouwang.config.settings",
        }
        self._environment.pop("SHOUWANG_KEYS", None)
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.run("-m", "tests.app.prepare")

    @property
    def address(self) -> str:
        return f"http://localhost:{self._port}"

    def run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], env=self._environment, check=True)

    def start(self) -> None:
        command = [sys.executable, "-m", "shouwang", "serve", "--port", str(self._port), "--workers", "1"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/health")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(self._log.read_text())

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=_PATIENCE_SECONDS)
            self._process = None


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    made = Program(tmp_path_factory.mktemp("program"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def phone_of(browser: Browser, program: Program) -> Iterator[Callable[[str], Phone]]:
    phones: list[Phone] = []

    def made(login: str) -> Phone:
        phone = Phone(browser.new_context(**CONTEXT), program)  # type: ignore[arg-type]
        phones.append(phone)
        phone.open()
        phone.page.get_by_role("link", name="登录").click()
        phone.page.get_by_label("登录名").fill(login)
        phone.page.get_by_label("密码").fill(PASSWORD)
        phone.page.get_by_role("button", name="登录").click()
        phone.page.wait_for_url("**/app/")
        return phone.set_up()

    yield made
    for phone in phones:
        assert [url for url in phone.requests if not url.startswith((program.address, "data:"))] == []
        assert phone.complaints == []
        phone.context.close()


def set_wage(phone: Phone, amount: str) -> None:
    phone.open_household("甲建国")
    phone.follow("有变化")
    phone.press("填 本月工资、务工收入")
    phone.page.get_by_role("textbox", name="本月工资").fill(amount)


def test_two_visitors_of_one_household_and_a_server_that_dies(
    program: Program, phone_of: Callable[[str], Phone]
) -> None:
    zhao, wu = phone_of("zhao"), phone_of("wu")
    for phone in (zhao, wu):
        phone.context.set_offline(True)
    program.stop()
    # 赵: one wage, all others without change, and the lead that came by the hotline
    set_wage(zhao, "1200")
    zhao.press("保存")
    zhao.go("要办的")
    zhao.follow("走访 ")
    zhao.press("户都无变化")
    verify(zhao)
    # 吴, on the same day: another wage, and somebody who went to work, with a photo
    set_wage(wu, "1500")
    wu.press("填 务工变化")
    wu.page.get_by_role("radio", name="外出务工").check()
    wu.page.get_by_role("radio", name="甲小军").check()
    wu.page.get_by_role("textbox", name="到哪里").fill("天津")
    wu.page.locator("#photo").set_input_files(Path(__file__).parents[2] / "cadre_app" / "icons" / "mark-192.png")
    expect(wu.page.get_by_text("不带拍摄地点")).to_be_visible()
    wu.press("保存")
    program.start()
    # 赵 comes home a week later: nobody is signed in any more, but the phone is
    zhao.context.clear_cookies(name="sessionid")
    zhao.context.set_offline(False)
    zhao.send()
    zhao.says("填的都已上传")
    wu.context.set_offline(False)
    wu.send()
    wu.says("填的都已上传")
    expect(wu.page.get_by_role("heading", name="已收到，乡镇正在核对")).to_be_visible()
    expect(wu.page.get_by_text("与网格员赵登记的不同")).to_be_visible()
    assert wu.raw()["photos"] == []
    # 赵's word stands until the township has settled it, and what only 吴 said has joined it
    zhao.send()
    zhao.open_household("甲建国")
    expect(zhao.page.get_by_text("1,200.00 元").first).to_be_visible()
    expect(zhao.page.get_by_text("天津")).to_be_visible()
    zhao.go("要办的")
    expect(zhao.page.get_by_text("走访 ")).to_have_count(0)
    # a lost phone: locked in somebody's hand, it empties itself
    program.run("-c", _GIVE_UP)
    wu.page.reload()
    expect(wu.page.get_by_text("由管理员清空")).to_be_visible()
    assert wu.raw()["sealed"] == wu.raw()["outbox"] == []
    assert PIN not in wu.page.content()


def verify(phone: Phone) -> None:
    """The lead goes back to where it came from."""
    phone.go("要办的")
    phone.page.locator("a.card").filter(has_text="乙秀英").first.click()
    phone.sees("乙秀英")
    phone.page.get_by_role("radio", name="退回来源").check()
    phone.page.get_by_role("radio", name="查无此人").check()
    phone.press("保存")
    phone.sees("要办的事")
