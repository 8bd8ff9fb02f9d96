"""``python -m bench.app``: the offline app on a phone that is four times slower than this machine, against the stand-in server.

Prints seconds, median of some rounds: the lock (PBKDF2 alone), from the last digit of the PIN to the list, a new packet of 80
households put in place, 40 records said, and the same 40 sent and answered. Encryption runs beside the page and is not slowed.
"""

from __future__ import annotations

import os
import statistics

import django
from playwright.sync_api import Page, sync_playwright

from tests.app.conftest import CHROMIUM, PIN, SMALL, Phone
from tests.app.stand_in import StandIn

_ROUNDS = 5
_SLOWER = 4
_TIMED = "async ([work]) => { const began = performance.now(); await (%s)(work); return (performance.now() - began) / 1000; }"
_LOCK = """async () => { const vault = await import("/static/app/keeping/vault.js"); await vault.open("%s"); }"""
_OPEN = """async () => { const box = document.querySelector("input.pin"); box.value = "%s"; box.dispatchEvent(new Event("input"));
  while (!document.querySelector("a.card")) await new Promise((done) => requestAnimationFrame(done)); }"""
_PACKET = """async () => { const sync = await import("/static/app/talking/sync.js"); await sync.refresh(); }"""
_SAID = """async () => { const { model, confirm } = await import("/static/app/model.js"); await confirm(model.packet.households.slice(0, 40)); }"""
_SENT = """async () => { const { send } = await import("/static/app/talking/sender.js");
  const { device } = await import("/static/app/identity.js"); await send(await device()); }"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    server = StandIn()
    server.start()
    found: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        phone = Phone(browser.new_context(viewport=SMALL, locale="zh-CN"), server)
        phone.set_up()
        phone.context.new_cdp_session(phone.page).send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        for _ in range(_ROUNDS):
            phone.page.reload()
            phone.page.get_by_label("开锁密码").wait_for()
            for label, work in (
                ("PIN alone", _LOCK % PIN),
                ("PIN typed → list drawn", _OPEN % PIN),
                ("packet of 80 fetched, sealed, drawn", _PACKET),
                ("40 records said, sealed, on disk, drawn", _SAID),
                ("40 records sent, answered, settled", _SENT),
            ):
                found.setdefault(label, []).append(seconds(phone.page, work))
        browser.close()
    server.stop()
    assert len(server.stored) == 40 * _ROUNDS
    print(f"processor slowed {_SLOWER} times, load {os.getloadavg()[0]:.1f}")
    for label, times in found.items():
        print(f"{label:42} {statistics.median(times):6.2f} s   ({min(times):.2f} to {max(times):.2f})")


def seconds(page: Page, work: str) -> float:
    return float(page.evaluate(_TIMED % work, [None]))


if __name__ == "__main__":
    main()
