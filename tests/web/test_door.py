"""The farmer's door and the office behind it: floods, replays and prying get nowhere, a stranger sees nothing, nobody's data leaks."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouwang.casework import runner
from shouwang.casework.models import Lead, LeadReason, Signal
from shouwang.door import doors, figures, queries
from shouwang.door.models import KnockCount, SelfReport, VillageDoor
from shouwang.organisation.models import AuditEvent
from shouwang.organisation.scope import Scope
from shouwang.policy import load
from shouwang.regions import queries as regions
from shouwang.web.views import report_codes

from .world import FAR_VILLAGE, NEIGHBOUR_VILLAGE, TODAY, VILLAGE, World

Browse = Callable[[str], Client]
ANSWERS = {
    "householder_name": "丙海生",
    "is_for_other": "1",
    "reporter_name": "好心人",
    "phone": "13911112222",
    "difficulty": "illness",
    "description": "住院花了好几万，家里没人能干活",
}
PRIVATE = ("13911112222", "2222", "好心人", "住院花了好几万", "丙海生")


@pytest.fixture(autouse=True)
def patient(settings) -> None:
    settings.DOOR_FORM_SECONDS = 0


@pytest.fixture
def wall(world: World) -> SimpleNamespace:
    """The codes on the walls."""
    doors.open_missing(villages=[VILLAGE, FAR_VILLAGE, NEIGHBOUR_VILLAGE], by=None, now=timezone.now())
    return SimpleNamespace(
        **{
            name: VillageDoor.objects.get(region_code=code)
            for name, code in (("near", VILLAGE), ("far", FAR_VILLAGE), ("neighbour", NEIGHBOUR_VILLAGE))
        }
    )


def opened(door: VillageDoor, client: Client | None = None) -> str:
    """The slip of a fresh form."""
    page = (client or Client()).get(reverse("door", args=[door.token])).content.decode()
    return re.findall(r'name="slip" value="([^"]+)"', page)[0]


def send(door: VillageDoor, client: Client | None = None, *, slip: str = "", **answers: str) -> HttpResponse:
    client = client or Client()
    return post(client, reverse("door", args=[door.token]), ANSWERS | {"slip": slip or opened(door, client)} | answers)


def post(client: Client, address: str, content: dict[str, str], **more: Any) -> HttpResponse:
    from urllib.parse import urlencode

    return client.post(address, urlencode(content), content_type="application/x-www-form-urlencoded", **more)


def receipt_of(answer: HttpResponse) -> str:
    return re.findall(r"<strong>([^<]+)</strong>", answer.content.decode())[0].replace(" ", "")


def ask(receipt: str, tail: str = "2222", client: Client | None = None) -> HttpResponse:
    return post(client or Client(), reverse("door_progress"), {"receipt": receipt, "tail": tail})


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_five_questions_on_a_small_page_without_scripts_cookies_or_sign_in(wall: SimpleNamespace) -> None:
    answer = Client().get(reverse("door", args=[wall.far.token]))
    page = text(answer)
    assert answer.status_code == 200 and not answer.cookies
    assert len(re.findall(r'class="number"', page)) == 5
    assert "<script" not in page and "<style" not in page and "http" not in page
    assert len(answer.content) < 15_000
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]


def test_a_report_is_answered_with_a_receipt_and_nothing_that_was_said(wall: SimpleNamespace) -> None:
    answer = send(wall.far)
    assert answer.status_code == 200 and "记住它" in text(answer) and not answer.cookies
    report = SelfReport.objects.get(receipt_no=receipt_of(answer))
    assert (report.region_code, report.channel, report.is_for_other) == (FAR_VILLAGE, "scan", True)
    assert queries.content(report)["reporter_name"] == "好心人"
    assert not [one for one in PRIVATE if one in text(answer)]
    assert "7月22日" in text(answer)


def test_progress_opens_with_receipt_and_tail_and_names_nobody(wall: SimpleNamespace) -> None:
    answer = ask(receipt_of(send(wall.far)))
    assert answer.status_code == 200 and "已收到" in text(answer) and "7月22日" in text(answer)
    assert not [one for one in PRIVATE if one in text(answer)]


def test_prying_gets_the_same_answer_whatever_is_wrong(wall: SimpleNamespace, settings) -> None:
    settings.DOOR_LIMITS = settings.DOOR_LIMITS | {"questions_per_address": (1000, 3600)}
    receipt = receipt_of(send(wall.far))
    wrong = [
        ask(receipt, "1234"),
        ask("22222222"),
        ask("nothing"),
        ask("", ""),
        ask(receipt, "22222"),
        ask(receipt[:-1]),
    ]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.content for answer in wrong}) == 1
    assert receipt not in text(wrong[0])


def test_guessing_the_tail_of_one_receipt_is_stopped_wherever_it_comes_from(wall: SimpleNamespace) -> None:
    receipt = receipt_of(send(wall.far))
    answers = [
        post(Client(REMOTE_ADDR=f"10.0.0.{n}"), reverse("door_progress"), {"receipt": receipt, "tail": f"{n:04d}"})
        for n in range(12)
    ]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429] * 2
    assert ask(receipt).status_code == 429
    assert "请过一会儿再试" in text(answers[-1])


def test_a_flood_is_stopped_politely_and_loses_nobodys_words(wall: SimpleNamespace, settings) -> None:
    settings.DOOR_LIMITS = settings.DOOR_LIMITS | {"reports_per_address": (3, 3600)}
    answers = [send(wall.far, phone=f"139111100{n:02d}", householder_name="户" + "甲乙丙丁戊"[n]) for n in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
    assert SelfReport.objects.count() == 3
    assert "请过一会儿再试" in text(answers[-1]) and "户戊" in text(answers[-1])


def test_one_village_or_one_telephone_cannot_flood_from_many_addresses(wall: SimpleNamespace, settings) -> None:
    settings.DOOR_LIMITS = settings.DOOR_LIMITS | {"reports_per_village": (4, 3600), "reports_per_phone": (2, 86400)}

    def from_address(n: int, **answers: str) -> int:
        return send(wall.far, Client(REMOTE_ADDR=f"10.0.1.{n}"), **answers).status_code

    assert [from_address(n) for n in range(3)] == [200, 200, 429]
    assert [from_address(n, phone="13700000000") for n in range(3, 5)] == [200, 429]
    assert send(wall.near, Client(REMOTE_ADDR="10.0.1.9"), phone="13600000000").status_code == 200


def test_an_address_is_believed_only_from_our_own_servers(wall: SimpleNamespace, settings) -> None:
    settings.DOOR_LIMITS = settings.DOOR_LIMITS | {"reports_per_address": (1, 3600)}
    forged = [
        post(Client(), reverse("door", args=[wall.far.token]), ANSWERS | {"slip": opened(wall.far)}, headers={"X-Forwarded-For": f"1.2.3.{n}"})
        for n in range(2)
    ]  # fmt: skip
    assert [answer.status_code for answer in forged] == [200, 429]
    settings.PROXIES = 1
    assert (
        post(
            Client(), reverse("door", args=[wall.far.token]), ANSWERS | {"slip": opened(wall.far), "phone": "13700000001"},
            headers={"X-Forwarded-For": "6.6.6.6, 1.2.3.9"},
        ).status_code
        == 200
    )  # fmt: skip


def test_the_same_form_sent_twice_gives_the_same_receipt(wall: SimpleNamespace) -> None:
    slip = opened(wall.far)
    first, again = send(wall.far, slip=slip), send(wall.far, slip=slip)
    assert receipt_of(first) == receipt_of(again) and SelfReport.objects.count() == 1


def test_a_form_of_one_village_does_not_open_another(wall: SimpleNamespace) -> None:
    for slip in (opened(wall.near), "made-up", ""):
        answer = post(Client(), reverse("door", args=[wall.far.token]), ANSWERS | {"slip": slip})
        assert answer.status_code == 400 and "再按一次提交" in text(answer)
    assert not SelfReport.objects.exists()


def test_an_old_or_hasty_form_asks_for_one_more_press(wall: SimpleNamespace, settings) -> None:
    settings.DOOR_FORM_SECONDS = 60
    assert send(wall.far).status_code == 400
    settings.DOOR_FORM_SECONDS, settings.DOOR_FORM_HOURS = 0, 0
    answer = send(wall.far)
    assert answer.status_code == 400 and "打开得太久" in text(answer) and "丙海生" in text(answer)


def test_programs_that_fill_in_everything_are_not_taken(wall: SimpleNamespace) -> None:
    answer = send(wall.far, website="http://spam")
    assert answer.status_code == 400 and not SelfReport.objects.exists()


def test_what_is_faulty_is_said_and_everything_but_the_number_stays(wall: SimpleNamespace) -> None:
    answer = send(wall.far, phone="123", identity_number="130630196502031236")
    page = text(answer)
    assert answer.status_code == 400 and "请写 11 位手机号" in page and "住院花了好几万" in page
    assert "130630196502031236" not in page and "没有保留" in page


def test_scripts_in_the_answers_are_only_text(wall: SimpleNamespace, browse: Browse) -> None:
    attack = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
    assert "<script" not in text(send(wall.far, householder_name=attack, reporter_name=attack))
    receipt = receipt_of(send(wall.far, description=attack))
    page = text(browse("sun").get(reverse("report", args=[receipt])))
    assert "<img src=x" not in page and "&lt;img src=x" in page


def test_what_is_too_big_of_another_kind_or_from_elsewhere_is_not_even_read(wall: SimpleNamespace) -> None:
    address = reverse("door", args=[wall.far.token])
    assert post(Client(), address, ANSWERS | {"description": "长" * 20_000}).status_code == 413
    assert Client().post(address, ANSWERS).status_code == 415
    assert post(Client(), address, ANSWERS, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert post(Client(), address, ANSWERS, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not SelfReport.objects.exists()


def test_an_old_code_says_so_kindly_and_a_made_up_one_finds_nothing(wall: SimpleNamespace, world: World) -> None:
    old = wall.far.token
    new = doors.renew(region_code=FAR_VILLAGE, by=world.accounts["sun"], now=timezone.now())
    answer = Client().get(reverse("door", args=[old]))
    assert answer.status_code == 410 and "换新" in text(answer)
    assert Client().get(reverse("door", args=[new.token])).status_code == 200
    for token in ("", FAR_VILLAGE, new.token[:-1], new.token.lower(), "x" * 14):
        assert Client().get(f"/door/{token}").status_code == 404


def test_nothing_of_anybody_stands_in_the_log(wall: SimpleNamespace, caplog: pytest.LogCaptureFixture) -> None:
    number = "130630196502031236"
    with caplog.at_level(logging.DEBUG):
        receipt = receipt_of(send(wall.far))
        send(wall.far, identity_number=number, phone="1")
        ask(receipt)
        ask(receipt, "0000")
        Client(raise_request_exception=False).post(reverse("door", args=[wall.far.token]), ANSWERS)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert not [one for one in (*PRIVATE, number, receipt) if one in logged]
    assert "127.0.0.1" not in str(list(KnockCount.objects.values()))


def test_an_error_of_the_program_shows_nothing(wall: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouwang.door.actions.receive", lambda **_: 1 / 0)
    slip = opened(wall.far)
    answer = send(wall.far, Client(raise_request_exception=False), slip=slip)
    assert answer.status_code == 500
    assert not [one for one in (*PRIVATE, "ZeroDivision") if one in text(answer)]


# ── the office ──────────────────────────────────────────────────────────────


@pytest.fixture
def receipt(wall: SimpleNamespace) -> str:
    """丙海生's report, as the neighbour scanned it in."""
    return receipt_of(send(wall.far))


def pages(receipt: str) -> Iterator[str]:
    yield from (reverse(name, args=[receipt]) for name in ("report", "report_match", "report_answer", "report_reveal"))
    yield reverse("report_code_renew", args=[FAR_VILLAGE])


def test_an_officer_of_the_next_county_finds_nothing_of_it(receipt: str, browse: Browse) -> None:
    client = browse("li")
    for address in pages(receipt):
        assert client.get(address).status_code in (404, 405)
        assert client.post(address, {"household": "1", "reason": "看一看吧"}).status_code == 404
    assert "丙海生" not in text(client.get(reverse("reports")))
    assert client.get(reverse("report_figures")).context["figures"].total.received == 0
    exported = client.get(reverse("export", args=["reports"]), {"format": "csv"})
    assert "丙海生" not in b"".join(exported.streaming_content).decode()
    assert client.get(reverse("report_codes"), {"region": "130630101000"}).status_code in (200, 404)
    assert VillageDoor.objects.get(region_code=FAR_VILLAGE, closed_at=None).token not in text(
        client.get(reverse("report_codes"), {"region": "130630101000"})
    )


def test_only_who_takes_reports_opens_them(receipt: str, browse: Browse) -> None:
    assert browse("zhou").get(reverse("reports")).status_code == 403
    assert browse("zhou").get(reverse("report", args=[receipt])).status_code == 403
    assert browse("zhou").get(reverse("export", args=["reports"])).status_code == 403
    assert browse("zhao").get(reverse("reports")).status_code == 200
    assert browse("zhao").post(reverse("report_code_renew", args=[VILLAGE])).status_code == 403
    assert browse("zhao").get(reverse("export", args=["reports"])).status_code == 403


def test_the_page_masks_the_telephone_and_shows_it_once_with_a_reason(receipt: str, browse: Browse) -> None:
    client = browse("sun")
    page = text(client.get(reverse("report", args=[receipt])))
    assert "139****2222" in page and "13911112222" not in page and "住院花了好几万" in page
    refused = client.post(reverse("report_reveal", args=[receipt]), {"reason": ""})
    assert refused.status_code == 400 and "13911112222" not in text(refused)
    assert "13911112222" in text(client.post(reverse("report_reveal", args=[receipt]), {"reason": "打电话约上门时间"}))
    event = AuditEvent.objects.get(action="查看申报人电话")
    assert (event.target, event.reason, event.by_name) == (receipt, "打电话约上门时间", "县中心孙")


def test_a_list_that_leaves_holds_no_telephone_and_no_words(receipt: str, browse: Browse) -> None:
    exported = browse("sun").get(reverse("export", args=["reports"]), {"format": "csv"})
    content = b"".join(exported.streaming_content).decode("utf-8-sig")
    assert receipt in content and "丙海生" in content
    assert not [one for one in ("13911112222", "2222", "好心人", "住院") if one in content]


def test_the_village_is_verified_answered_and_heard_from_door_to_door(
    world: World, receipt: str, browse: Browse
) -> None:
    sun = browse("sun")
    page = text(sun.get(reverse("report", args=[receipt])))
    assert "本村同名户主" in page and "就是这一户" in page
    household = world.households["丙海生"]
    sun.post(reverse("report_match", args=[receipt]), {"household": household.household_no})
    signal = Signal.objects.get()
    assert (signal.household, signal.told_on) == (household, TODAY)
    lead = Lead.objects.get(household=household, is_open=True)
    assert lead.lead_no in text(sun.get(reverse("report", args=[receipt])))
    early = sun.post(reverse("report_answer", args=[receipt]), _answer())
    assert early.status_code == 400 and "还没有结果" in text(early)
    _clear(world, lead)
    assert "上门核实" in text(ask(receipt))
    page = text(sun.get(reverse("report", args=[receipt])))
    assert "有结果，待答复" in page and "两个儿子都上班" in page
    assert sun.post(reverse("report_answer", args=[receipt]), _answer()).status_code == 302
    shown = ask(receipt)
    assert "未纳入监测" in text(shown) and "入户核实没有发现致贫返贫风险。收入够用" in text(shown)
    assert "我有不同意见" in text(shown) and "丙海生" not in text(shown)
    slip = re.findall(r'name="slip" value="([^"]+)"', text(shown))[0]
    again = [post(Client(), reverse("door_objection"), {"slip": slip, "description": "存折没钱"}) for _ in range(2)]
    assert receipt_of(again[0]) == receipt_of(again[1]) != receipt
    assert SelfReport.objects.get(receipt_no=receipt_of(again[0])).objects_to.receipt_no == receipt
    assert "已收到，正在重新办理" in text(ask(receipt))
    assert post(Client(), reverse("door_objection"), {"slip": "made-up"}).status_code == 400


def _answer() -> dict[str, str]:
    return {
        "outcome": "not_included",
        "refusal": "no_risk",
        "text": "村里已经上门看过。",
        "reason": "收入够用",
        "how_to_object": "打 12317",
    }


def _clear(world: World, lead: Lead) -> None:
    from tests import factories

    zhao = factories.grid_worker_zhao(FAR_VILLAGE)
    steps = (("dispatch", world.accounts["sun"], {}), ("clear", zhao, {"reason": "两个儿子都上班"}))
    for step, by, data in steps:
        lead.refresh_from_db()
        runner.act(proceeding=lead, step=step, by=by, data=data, today=TODAY, now=timezone.now(), policies=load())


def test_staff_write_the_same_record_for_a_caller(world: World, browse: Browse) -> None:
    client = browse("qian")
    page = client.get(reverse("report_take"))
    slip = re.findall(r'name="slip" value="([^"]+)"', text(page))[0]
    said = ANSWERS | {"householder_name": "甲建国", "channel": "hotline", "village": VILLAGE, "slip": slip}
    said["identity_number"] = world.numbers["甲建国"]
    taken = [client.post(reverse("report_take"), said) for _ in range(2)]
    report = SelfReport.objects.get()
    assert {answer.context["report"] for answer in taken} == {report}
    assert (report.channel, report.taken_by, report.household) == (
        "hotline", world.accounts["qian"], world.households["甲建国"],
    )  # fmt: skip
    assert ask(report.receipt_no).status_code == 200
    lead = text(browse("zhao").get(reverse("lead", args=[world.lead("甲建国").lead_no])))
    assert f'href="{reverse("report", args=[report.receipt_no])}">看申报内容</a>' in lead
    assert client.post(reverse("report_take"), said | {"village": FAR_VILLAGE}).status_code == 200
    assert SelfReport.objects.count() == 1


def test_what_staff_forget_is_said(browse: Browse) -> None:
    answer = browse("qian").post(reverse("report_take"), {"channel": "desk", "village": VILLAGE, "slip": "1"})
    assert "请写上户主姓名" in text(answer) and "请选一项困难" in text(answer)


def test_the_list_filters_sorts_and_finds(receipt: str, wall: SimpleNamespace, browse: Browse) -> None:
    other = receipt_of(send(wall.near, householder_name="甲建国", difficulty="disaster"))
    client = browse("sun")

    def found(**asked: str) -> set[str]:
        return {row.receipt_no for row in client.get(reverse("reports"), asked).context["page"].rows}

    assert found() == {receipt, other}
    assert found(difficulty="disaster") == {other}
    assert found(q="丙海") == {receipt} and found(q=f"{receipt[:4]} {receipt[4:]}".lower()) == {receipt}
    assert found(stage="waiting", month="2022-07") == {receipt, other} and found(month="2022-06") == set()
    assert found(region=VILLAGE) == {other} and found(channel="hotline") == set()
    assert {row.receipt_no for row in browse("zhao").get(reverse("reports")).context["page"].rows} == {other}
    assert client.get(reverse("reports"), {"order": "village"}).status_code == 200


def test_every_figure_opens_as_many_rows_as_it_says(receipt: str, wall: SimpleNamespace, browse: Browse) -> None:
    send(wall.far), send(wall.near)
    client = browse("sun")
    page = text(client.get(reverse("report_figures")))
    links = re.findall(r'href="(/reports\?[^"]+)">([\d,]+)</a>', page)
    assert len(links) >= 4
    for address, shown in links:
        assert client.get(address.replace("&amp;", "&")).context["page"].count == int(shown)
    ways = dict(client.get(reverse("report_figures")).context["ways"])
    assert ways["部门信息比对"] == 2 and ways["农户自主申报"] == 0


def test_a_city_counts_the_ways_in_as_its_counties_do(wall: SimpleNamespace, browse: Browse) -> None:
    def ways(*codes: str) -> list[int]:
        found = [
            figures.three_ways(scope=Scope.of_region(code), since=TODAY.replace(month=1), until=TODAY) for code in codes
        ]
        return [sum(one[way] for one in found) for way in figures.THREE_WAYS]

    lead = Lead.objects.filter(region_code__startswith="130630").first()
    assert lead is not None
    for channel in ("hotline", "desk", "visit", "department_push"):  # twice by the family, and by all other ways
        said = Signal.objects.create(
            household=lead.household,
            region_code=lead.region_code,
            channel=channel,
            told_on=TODAY,
            reference=channel,
            received_at=timezone.now(),
        )
        LeadReason.objects.create(lead=lead, signal=said, joined_on=TODAY)
    city, counties = ways("130600000000"), ways("130630000000", "130633000000")
    assert city == counties and city[0] == city[2] == 1 < city[1]


def test_a_sheet_carries_the_code_as_a_drawing_and_no_script(wall: SimpleNamespace, browse: Browse, settings) -> None:
    settings.DOOR_ADDRESS = "https://door.example"
    page = text(browse("zhao").get(reverse("report_sheets")))
    assert "<svg" in page and "<script" not in page and "甲" not in page
    assert page.count('class="sheet"') == 1
    assert text(browse("sun").get(reverse("report_sheets"))).count('class="sheet"') == 2


def test_codes_are_made_for_the_own_villages_and_renewed(world: World, browse: Browse) -> None:
    client = browse("qian")
    client.post(reverse("report_codes_open"), {"region": ""})
    first = VillageDoor.objects.get(region_code=VILLAGE)
    assert not VillageDoor.objects.filter(region_code=FAR_VILLAGE).exists()
    client.post(reverse("report_codes_open"), {"region": ""})
    client.post(reverse("report_code_renew", args=[VILLAGE]))
    assert VillageDoor.objects.get(region_code=VILLAGE, closed_at=None).token != first.token
    assert client.post(reverse("report_code_renew", args=[FAR_VILLAGE])).status_code == 404
    assert AuditEvent.objects.filter(action="换新村码", region_code=VILLAGE).exists()


def test_a_countys_codes_come_a_screenful_at_a_time_and_none_is_left_out_of_the_print(
    world: World, browse: Browse, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DOOR_ADDRESS = "https://door.example"
    monkeypatch.setattr(report_codes, "_VILLAGES_AT_ONCE", 10)
    monkeypatch.setattr(report_codes, "_SHEETS_AT_ONCE", 10)
    client = browse("sun")
    villages = [one.code for town in regions.children("130630000000") for one in regions.children(town.code)]
    doors.open_missing(villages=villages[5:], by=None, now=timezone.now())
    waiting = len(villages) - VillageDoor.objects.filter(region_code__in=villages).count()

    listed, printed, page = 0, 0, 0
    while True:
        page += 1
        answer = client.get(reverse("report_codes"), {"page": page})
        listed += len(answer.context["villages"])
        if not answer.context["pages"].has_next():
            break
    for number in range(1, -(-(len(villages) - waiting) // 10) + 1):
        printed += text(client.get(reverse("report_sheets"), {"page": number})).count('class="sheet"')

    assert page > 1 and listed == len(villages)
    assert printed == len(villages) - waiting
    unopened = client.get(reverse("report_codes"), {"status": "missing"}).context["villages"]
    assert len(unopened) == waiting and all(door is None for _, door in unopened)


def test_a_code_that_only_the_own_computer_can_open_is_not_to_be_hung_up(
    wall: SimpleNamespace, browse: Browse, settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client = browse("qian")
    assert "不要打印张贴" in text(client.get(reverse("report_codes"), HTTP_HOST="127.0.0.1:8000"))
    settings.DOOR_ADDRESS = "https://door.example"
    page = text(client.get(reverse("report_codes")))
    assert "不要打印张贴" not in page and "https://door.example" in page


def test_the_end_of_a_telephone_number_is_not_found_by_trying_through_the_day(receipt: str, settings) -> None:
    settings.DOOR_LIMITS = settings.DOOR_LIMITS | {
        "questions_per_receipt": (10_000, 3600), "questions_per_receipt_a_day": (3, 86400),
    }  # fmt: skip
    asked = [
        post(
            Client(REMOTE_ADDR=f"10.0.0.{number}"),
            reverse("door_progress"),
            {"receipt": receipt, "tail": f"000{number}"},
        )
        for number in range(4)
    ]
    assert [answer.status_code for answer in asked] == [404, 404, 404, 429]
    own = post(Client(), reverse("door_progress"), {"receipt": receipt, "tail": "2222"})
    assert own.status_code == 429 and "12317" in text(own)
