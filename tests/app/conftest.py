"""A phone in somebody's hand, in front of a server that can be switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .stand_in import StandIn

CHROMIUM = "/usr/bin/chromium"
PIN = "246813"
expect.set_options(timeout=12_000)
SMALL = {"width": 360, "height": 740}
CONTEXT = {
    "viewport": SMALL,
    "locale": "zh-CN",
    "has_touch": True,
    "reduced_motion": "reduce",
}
# All values of the phone's store as one text, bytes read as text: what somebody finds who copies it.
RAW = """async () => {
  const base = await new Promise((done) => { const asked = indexedDB.open("shouwang-app"); asked.onsuccess = () => done(asked.result); });
  const found = {};
  for (const name of base.objectStoreNames) {
    const rows = await new Promise((done) => { const asked = base.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result); });
    const text = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder().decode(value)
      : value && typeof value === "object" && !(value instanceof CryptoKey) ? Object.entries(value).map(([key, one]) => key + "=" + text(one)).join(";") : String(value);
    found[name] = rows.map(text);
  }
  base.close();
  return found;
}"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    switches = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    return {"executable_path": CHROMIUM, "args": switches.split()}


@pytest.fixture
def server() -> Iterator[StandIn]:
    stand_in = StandIn()
    stand_in.start()
    yield stand_in
    stand_in.stop()


class Phone:
    """One browser profile: its pages share store and service worker."""

    def __init__(self, context: BrowserContext, server: StandIn) -> None:
        self.context, self.server = context, server
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.set_default_timeout(8000)
        context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.new_page()

    def new_page(self) -> Page:
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        return self.page

    def _listen(self, message: Any) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def open(self) -> None:
        self.page.goto(f"{self.server.address}/app/")

    def set_up(self) -> Phone:
        """The first time: sign in, a PIN twice, the packet."""
        self.open()
        self.page.get_by_label("开锁密码").fill(PIN)
        self.page.get_by_label("再输一次").fill(PIN)
        self.page.get_by_role("button", name="好，下载资料").click()
        self.sees("要办的事")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return self

    def unlock(self, pin: str = PIN) -> None:
        self.page.get_by_label("开锁密码").fill(pin)

    def sees(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()

    def go(self, place: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=place).click()

    def press(self, name: str, *, exact: bool = False) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def says(self, text: str) -> None:
        """The bar above."""
        expect(self.page.locator(".bar")).to_contain_text(text)

    def send(self) -> None:
        """Does not wait until the undo button is gone."""
        self.go("上传")
        self.press("现在就上传")

    def out_of_signal(self) -> None:
        """The network is off and the server gone."""
        self.context.set_offline(True)
        self.server.stop()

    def back_in_signal(self) -> None:
        self.server.start()
        self.context.set_offline(False)

    def open_household(self, name: str) -> None:
        self.go("农户")
        self.page.get_by_label("找一户").fill(name)
        self.follow(name)
        self.sees(name)

    def raw(self) -> dict[str, list[str]]:
        return self.page.evaluate(RAW)


@pytest.fixture
def new_phone(browser: Browser, server: StandIn) -> Iterator[Callable[[], Phone]]:
    phones: list[Phone] = []

    def made(**options: Any) -> Phone:
        context = browser.new_context(**CONTEXT, **options)
        phones.append(Phone(context, server))
        return phones[-1]

    yield made
    for phone in phones:
        # Whatever a test is about: the app talks to its own server only, and nothing breaks unseen.
        assert [url for url in phone.requests if not url.startswith((server.address, "data:"))] == []
        assert phone.complaints == []
        phone.context.close()


@pytest.fixture
def phone(new_phone: Callable[[], Phone]) -> Phone:
    return new_phone().set_up()
