"""Every page asks who is there; a role opens only what its work needs; reading a page changes nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter

from shouwang.casework.models import CollectionTask, Lead
from shouwang.organisation.models import AuditEvent
from shouwang.regions.models import Region
from shouwang.web.middleware import ReadingWritesNothing, WroteWhileReadingError
from shouwang.web.urls import urlpatterns
from tests import factories

from .test_scope import EXPORTS, LISTS, objects
from .world import FAR_VILLAGE, TODAY, VILLAGE, World

Browse = Callable[[str], Client]
OPEN_TO_ALL = {
    "app",
    "app_worker",
    "invitation",
    "door",
    "door_progress",
    "door_objection",
    "door_notices",
    "sign_in",
    "health",
}
# One line a route, one column a role: read it when a page is added, and mark who may open it.
WHO_OPENS_WHAT = Path(__file__).parent / "who_opens_what.csv"
POLICY_PAGES = ("documents", "parameters", "rules")


def every_address(world: World) -> Iterator[tuple[str, str]]:
    """Every route, filled in with something of our county."""
    known = objects(world)
    assert world.run
    arguments = {
        "table": [world.run.pk, "household.income_outlook"],
        "check": [1],
        "finish_decision": [1],
        "check_file": [1],
        "correction": [world.pending.pk if world.pending else 0],
        "unmask": [world.households["甲建国"].household_no],
        "plan": [1],
        "outgoing": [1],
        "template": ["disability"],
        "export": ["leads"],
        "export_columns": ["leads"],
        "forget_columns": ["leads", 1],
        "invitation": ["x" * 43],
        "account_detail": [world.accounts["zhao"].pk],
        "account_act": [world.accounts["zhao"].pk, "close"],
        "unit": [1],
        "unit_change": [1, "close"],
        "person": [1],
        "person_change": [1],
        "document": ["laiyuan-2022-9"],
        "parameter": ["household.identification_limit"],
        "rule": ["household.income_below_line"],
        "report_code_renew": [VILLAGE],
        **dict.fromkeys(("report_match", "report_answer", "report_reveal"), known["report"].rsplit("/", 1)[1:]),
        "door": ["2" * 14],
        "lead_step": [world.lead("甲建国").lead_no, "dispatch"],
        "case_step": ["130630-G202207-000001", "review"],
        "case_clock": ["130630-G202207-000001"],
        "measure_plan": ["130630-G202207-000001"],
        "measure_change": ["130630-G202207-000001", 1, "start"],
        "procedure": ["case"],
        **{f"register{name}": ["unsold_produce"] for name in ("", "_find", "_new", "_template", "_upload", "_take_in")},
        "register_missing": ["unsold_produce", "measures"],
        "register_revert": ["unsold_produce", 1],
        "register_refused": ["unsold_produce", 1],
        "register_row": ["unsold_produce", 1],
        "register_act": ["unsold_produce", 1, "end"],
    }
    for route in urlpatterns:
        name = route.name or ""
        yield name, known.get(name) or reverse(name, args=arguments.get(name) or _anything(route))


def _anything(route: URLPattern) -> list[object]:
    """Something for each part of an address that no row of ours fills."""
    return [1 if isinstance(one, IntConverter) else "x" for one in route.pattern.converters.values()]


def test_nothing_but_the_door_opens_without_signing_in(world: World) -> None:
    client = Client()
    for name, address in every_address(world):
        for ask in (client.get, client.post):
            answer = ask(address)
            is_sent_away = answer.status_code == 302 and answer["Location"].startswith(reverse("sign_in"))
            assert is_sent_away or name in OPEN_TO_ALL, name


def opened(world: World, browse: Browse, login: str) -> set[str]:
    """The routes that do not say 403 to an account."""
    client = browse(login)
    return {name for name, address in every_address(world) if client.get(address).status_code != 403}


@pytest.mark.parametrize("login", ["sun", "qian", "zhao", "zhou"])
def test_a_role_opens_what_its_work_needs_and_nothing_else(world: World, browse: Browse, login: str) -> None:
    with WHO_OPENS_WHAT.open(encoding="utf-8") as table:
        expected = {row["route"] for row in csv.DictReader(table) if row[login]}
    assert opened(world, browse, login) == expected


def test_who_may_not_unmask_is_refused(world: World, browse: Browse) -> None:
    address = reverse("unmask", args=[world.households["甲建国"].household_no])
    assert browse("zhao").post(address, {"person": 1, "reason": "看看"}).status_code == 403


def test_a_closed_page_says_so_in_plain_words(world: World, browse: Browse) -> None:
    assert "您的角色不能打开这一页" in browse("zhao").get(reverse("files")).content.decode()


def test_reading_pages_leaves_the_database_as_it_was(world: World, browse: Browse) -> None:
    client = browse("sun")
    addresses = [
        address
        for name, address in every_address(world)
        if name not in ("refused", "export", "sign_out") and not name.endswith("_file")  # a file that leaves is logged
    ]
    before = AuditEvent.objects.count()
    for address in addresses:
        client.get(address)
        client.head(address)
    assert AuditEvent.objects.count() == before


def test_a_page_that_writes_while_reading_stops_there(world: World) -> None:
    def page(request) -> HttpResponse:
        Region.objects.update(name="改名")
        return HttpResponse()

    with pytest.raises(WroteWhileReadingError), transaction.atomic():
        ReadingWritesNothing(page)(RequestFactory().get("/"))
    assert not Region.objects.filter(name="改名").exists()
    assert ReadingWritesNothing(page)(RequestFactory().post("/")).status_code == 200


def test_each_export_and_each_returned_file_is_one_line_in_the_log(world: World, browse: Browse) -> None:
    client = browse("sun")
    for name in EXPORTS:
        client.get(reverse("export", args=[name]), {"format": "csv"})
    assert world.refused_batch
    client.get(reverse("refused", args=[world.refused_batch.pk]))
    events = AuditEvent.objects.order_by("id")[AuditEvent.objects.count() - 10 :]
    assert [event.action for event in events] == [
        "导出线索",
        "导出自主申报",
        "导出收入推算名单",
        "导出农户",
        "导出待补采月份",
        "导出批次",
        "导出待认定行",
        "导出个案",
        "导出未纳入的线索",
        "下载退回文件",
    ]
    assert {event.by_name for event in events} == {"县中心孙"}


def test_a_page_that_is_not_there_says_where_to_go(world: World, browse: Browse) -> None:
    answer = browse("sun").get("/nowhere")
    assert answer.status_code == 404
    assert "不在您的管辖区域内" in answer.content.decode()


def test_an_expired_form_says_that_nothing_was_sent(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.accounts["sun"])
    answer = client.post(reverse("household_search"), {"text": "甲"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_an_error_of_the_program_gives_nothing_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.accounts["sun"])
    monkeypatch.setattr("shouwang.casework.queries.lateness", lambda **_: 1 / 0)
    answer = client.get(reverse("home"))
    assert answer.status_code == 500
    assert "程序出了错" in answer.content.decode() and "ZeroDivision" not in answer.content.decode()


@pytest.mark.parametrize("name", [*LISTS, *POLICY_PAGES, "account", "templates", "upload", "what_if"])
def test_no_page_needs_a_script_or_style_from_elsewhere_or_inline(world: World, browse: Browse, name: str) -> None:
    answer = browse("sun").get(reverse(name))
    page = answer.content.decode()
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "") and "https://" not in page
    assert "onclick" not in page and "<style" not in page and "<script>" not in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_the_menu_shows_only_what_opens(world: World, browse: Browse) -> None:
    for login in ("sun", "qian", "zhao", "zhou"):
        client = browse(login)
        menu = client.get(reverse("home")).content.decode().partition('id="menu"')[2].partition("</nav>")[0]
        addresses = re.findall(r'href="(/[^"]*)"', menu)
        assert len(addresses) > 4
        # a county's page of villages may lead on to the one that is meant
        assert {client.get(address, follow=True).status_code for address in addresses} == {200}


def queries(client: Client, name: str) -> int:
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(name))
    return len(captured)


def test_pages_ask_the_database_as_often_for_many_rows_as_for_few(world: World, browse: Browse) -> None:
    pages = ("leads", "households", "collection", "files", "home")
    few: dict[str, int] = {}
    for number in range(40):
        if number == 2:
            few = {name: queries(browse("sun"), name) for name in pages}
        village = VILLAGE if number % 2 else FAR_VILLAGE
        household = factories.make_household(region_code=village, head_name=f"新户{number}")
        Lead.objects.create(
            lead_no=f"N{number}",
            household=household,
            region_code=village,
            opened_on=TODAY,
            rules=["household.not_insured"],
        )
        CollectionTask.objects.create(
            household=household, region_code=village, dataset="monthly_income", month="2022-06", opened_on=TODAY
        )
        factories.make_batch(purpose="feed", dataset="disability")
    assert {name: queries(browse("sun"), name) for name in pages} == few
