"""The shell of the offline app as the program serves it: for everybody, without data, and whole."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

Browse = Callable[[str], Client]


def test_the_shell_opens_without_signing_in_because_nothing_of_anybody_is_in_it(browse: Browse) -> None:
    nobody, zhao = Client().get("/app/"), browse("zhao").get("/app/")
    assert nobody.status_code == 200 and nobody.content == zhao.content
    assert nobody["Permissions-Policy"].startswith("geolocation=()")
    assert "unsafe-inline" not in nobody["Content-Security-Policy"].split("script-src")[1].split(";")[0]


def test_the_worker_may_govern_the_app_and_keeps_all_of_it(browse: Browse) -> None:
    answer = Client().get("/app/sw.js")
    assert answer["Service-Worker-Allowed"] == "/app/" and answer["Content-Type"].startswith("text/javascript")
    shell = json.loads(answer.content.decode().removeprefix("const SHELL = ").split(";\n", 1)[0])
    assert shell["files"][0] == "/app/"
    kept = {path.removeprefix("/static/") for path in shell["files"][1:]}
    assert all(finders.find(path) for path in kept)
    modules = {f"app/{path.relative_to(settings.APP_FOLDER).as_posix()}" for path in settings.APP_FOLDER.rglob("*.js")}
    assert modules - {"app/sw.js"} <= kept


def test_a_grid_worker_finds_it_on_the_first_page_and_an_officer_does_not(browse: Browse) -> None:
    assert "打开离线版" in browse("zhao").get("/").content.decode()
    assert "打开离线版" not in browse("sun").get("/").content.decode()
