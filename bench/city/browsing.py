"""A clerk with a browser: looks at a lead or case, takes a step that the page offers, and reads what came of it."""

from __future__ import annotations

import html
import http.client
import random
import re
import time
import urllib.parse
from collections import Counter

# What is filled in where a page offers the step.
ANSWERS: dict[str, dict[str, str]] = {
    "dispatch": {},
    "send_to_township": {},
    "confirm": {"risks": "illness"},
    "clear": {"reason": "收入稳定"},
    "authorise": {"signed_by": "户主", "signed": "on"},
    "match": {"result": "已比对，无异常"},
    "review": {
        "place": "村委会", "chair": "主持人", "recorder": "记录人", "eligible": "30", "present": "28", "votes_for": "27",
        "minutes": "情况属实，同意",
    },
    "publish": {"shown_until": "2022-07-25", "place": "村务公开栏", "phone": "0312-7300000"},
}  # fmt: skip
_FORM = re.compile(r'action="(/(?:leads|cases)/[^"/]+/steps/([a-z_]+))(?:#[^"]*)?"(.*?)</form>', re.S)
_VERSION = re.compile(r'name="version" value="(\d+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SAID = re.compile(r'class="alert alert-(\w+) py-2" role="status"')
# Of those who click impatiently.
_TWICE = 0.1


def signed_in(login: str) -> str:
    """A session of this account, as signing in would make it."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from shouwang.organisation.models import Account

    account = Account.objects.get(login=login)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class Clerk:
    """``counts``: taken, conflicts, refused, repeated, failed; ``taken``: the steps that the pages said were taken, each once."""

    def __init__(self, port: int, session: str, numbers: list[str], chance: random.Random) -> None:
        self.counts: Counter[str] = Counter()
        self.taken: list[str] = []
        self.times: dict[str, list[float]] = {"page": [], "step": []}
        self.errors: list[str] = []
        self._numbers, self._chance = numbers, chance
        self._cookies = {"sessionid": session}
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def work(self, until: float) -> None:
        while time.monotonic() < until:
            try:
                self._once()
            except Exception as error:
                self.counts["failed"] += 1
                self.errors.append(f"{type(error).__name__}: {error}"[:200])
                self._line.close()

    def _once(self) -> None:
        # all look at the same few first: that is where they meet
        number = self._numbers[int(len(self._numbers) * self._chance.random() ** 2)]
        page = self._page(f"/leads/{number}")
        if case := re.search(r'href="(/cases/[^"/]+)"', page):
            page = self._page(case[1])
        forms = [(address, code, rest) for address, code, rest in _FORM.findall(page) if code in ANSWERS]
        if not forms:
            return
        address, code, rest = self._chance.choice(forms)
        version, token = _VERSION.search(rest), _TOKEN.search(page)
        if not version or not token:
            raise RuntimeError(f"the form of {address} has no version or token")
        fields = ANSWERS[code] | {"version": version[1], "csrfmiddlewaretoken": token[1], "taken_on": "2022-07-18"}
        told = self._send(address, fields)
        self.counts[told] += 1
        if told == "taken":
            self.taken.append(code)
        if self._chance.random() < _TWICE:
            again = self._send(address, fields)
            if again != told:  # a button pressed twice gets the same answer twice, and one step
                raise RuntimeError(f"{address}: first {told}, then {again}")
            self.counts["repeated"] += 1

    def _send(self, address: str, fields: dict[str, str]) -> str:
        """Posts a step: taken, conflicts or refused, as the page after it says."""
        began = time.perf_counter()
        status, where, body = self._ask("POST", address, urllib.parse.urlencode(fields))
        self.times["step"].append(time.perf_counter() - began)
        if status == 400:
            return "refused"
        if status != 302:
            said = " ".join(html.unescape(re.sub("<[^>]+>", " ", body)).split())
            raise RuntimeError(f"{address} answered {status}: {said[:150]}")
        kinds = set(_SAID.findall(self._page(where)))
        if kinds & {"info", "warning"}:
            return "taken" if "info" in kinds else "conflicts"
        raise RuntimeError(f"after {address} nothing was said")

    def _page(self, address: str) -> str:
        began = time.perf_counter()
        status, where, body = self._ask("GET", address)
        if status != 200:
            raise RuntimeError(f"{address} answered {status} {where}")
        self.times["page"].append(time.perf_counter() - began)
        return body

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, address, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0]
            self._cookies.pop(name, None)
            if value and value != '""':
                self._cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text
