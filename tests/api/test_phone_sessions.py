"""A phone's own signing in: it outlives the session by as long as the packet holds, opens nothing else, and ends with the account."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from shouwang.households.models import Device, Visit
from shouwang.households.visits import devices, phone_sessions
from shouwang.organisation import accounts
from shouwang.organisation.models import AuditEvent
from shouwang.organisation.roles import DepartmentLiaison, GridWorker
from tests import factories
from tests.households.visits.lane import NEXT_VILLAGE, TODAY, VILLAGE, Lane, confirmed

pytestmark = pytest.mark.django_db
COOKIE = settings.PHONE_COOKIE_NAME


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_TODAY", TODAY.isoformat())


@pytest.fixture
def lane() -> Lane:
    return Lane()


def holding(device: Device, *, days_ago: float = 0, checks_csrf: bool = False) -> Client:
    """A browser without a session, which holds the token that the phone was given so many days ago."""
    client = Client(enforce_csrf_checks=checks_csrf)
    client.cookies[COOKIE] = phone_sessions.begin(device=device, now=timezone.now() - dt.timedelta(days=days_ago))
    return client


def post(client: Client, address: str, content: Any, **more: Any) -> Any:
    return client.post(f"/api/app/{address}", json.dumps(content), content_type="application/json", **more)


def send(client: Client, device: Device, *records: Any) -> Any:
    return post(client, "outbox", {"device": str(device.code), "records": list(records)})


def packet(client: Client, device: Device) -> Any:
    return client.get(f"/api/app/packet?device={device.code}")


def test_signing_in_once_gives_the_phone_a_cookie_for_its_own_door_only(lane: Lane) -> None:
    client = Client()
    client.force_login(lane.accounts["赵"])
    code = str(lane.phones["赵"].code)
    assert client.get(f"/api/app/state?device={code}").json()["is_kept"] is False
    post(client, "device", {"device": code, "label": "x"})
    cookie = client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/api/app/", True, "Strict")
    assert cookie["max-age"] == (settings.APP_PACKET_DAYS + settings.APP_GRACE_DAYS) * 86400
    del client.cookies["sessionid"]
    state = client.get(f"/api/app/state?device={code}").json()
    assert (state["signed_in"], state["by_password"], state["is_kept"]) == (True, False, True)
    assert packet(client, lane.phones["赵"]).status_code == 200


def test_what_a_week_without_signal_brought_is_handed_in_without_signing_in(lane: Lane) -> None:
    home, phone = lane.home(), lane.phones["赵"]
    client = holding(phone, days_ago=7)
    assert send(client, phone, confirmed(home)).json()["results"][0]["result"] == "accepted"
    assert Visit.objects.get().by == lane.accounts["赵"]
    assert packet(client, phone).status_code == 200


def test_a_session_that_timed_out_does_not_stand_in_the_way_of_the_token(lane: Lane) -> None:
    phone = lane.phones["赵"]
    client = holding(phone)
    client.force_login(lane.accounts["赵"])
    session = client.session
    session["began"] = session["seen"] = timezone.now().timestamp() - 30 * 3600
    session.save()
    assert send(client, phone, confirmed(lane.home())).status_code == 200


def test_once_the_packet_has_expired_the_phone_may_hand_in_and_no_longer_fetch(lane: Lane) -> None:
    home, phone = lane.home(), lane.phones["赵"]
    client = holding(phone, days_ago=settings.APP_PACKET_DAYS + 1)
    assert send(client, phone, confirmed(home)).json()["results"][0]["result"] == "accepted"
    assert packet(client, phone).status_code == 401
    state = client.get(f"/api/app/state?device={phone.code}").json()
    assert (state["signed_in"], state["is_kept"]) == (True, False), "it may send, and is asked to sign in for the rest"
    assert packet(client, phone).status_code == 401, "having been heard of in between does not give it back"


def test_after_the_grace_nothing_opens(lane: Lane) -> None:
    phone = lane.phones["赵"]
    client = holding(phone, days_ago=settings.APP_PACKET_DAYS + settings.APP_GRACE_DAYS + 1)
    assert send(client, phone, confirmed(lane.home())).status_code == 401
    assert not Visit.objects.exists()


def test_being_heard_of_prolongs_it_as_it_prolongs_the_packet(lane: Lane) -> None:
    phone = lane.phones["赵"]
    client = holding(phone, days_ago=settings.APP_PACKET_DAYS - 1)
    before = client.cookies[COOKIE].value
    client.get(f"/api/app/state?device={phone.code}")
    after = client.cookies[COOKIE].value
    assert after != before
    later = timezone.now() + dt.timedelta(days=settings.APP_PACKET_DAYS - 1)
    old, new = (phone_sessions.found(token=token, now=later) for token in (before, after))
    assert old is not None and not old.may_fetch
    assert new is not None and new.may_fetch


@pytest.mark.parametrize("address", ["/", "/households", "/leads", "/visits", "/account", "/visits/phones"])
def test_a_stolen_token_opens_no_page(lane: Lane, address: str) -> None:
    answer = holding(lane.phones["赵"]).get(address)
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in")


def test_a_stolen_token_speaks_for_its_own_phone_alone(lane: Lane) -> None:
    mine, other = lane.phones["赵"], lane.phones["吴"]
    second = devices.register(code=uuid.uuid4(), label="第二部", by=lane.accounts["赵"], now=lane.now)
    client = holding(mine)
    assert packet(client, other).status_code == 403
    assert packet(client, second).status_code == 403
    assert send(client, second, confirmed(lane.home())).status_code == 403
    assert client.get(f"/api/app/state?device={second.code}").json()["signed_in"] is False
    assert post(client, "device", {"device": str(uuid.uuid4()), "label": "x"}).status_code == 401, "no new phone"


def test_a_post_by_token_needs_the_mark_of_our_own_page_too(lane: Lane) -> None:
    phone = lane.phones["赵"]
    client = holding(phone, checks_csrf=True)
    content = {"device": str(phone.code), "records": [confirmed(lane.home())]}
    assert post(client, "outbox", content).status_code == 403
    client.get(f"/api/app/state?device={phone.code}")
    mark = client.cookies["csrftoken"].value
    assert post(client, "outbox", content, headers={"X-CSRFToken": mark}).status_code == 200


@pytest.mark.parametrize("how", ["wiped", "reset", "password", "closed", "village", "role", "second_factor", "must"])
def test_the_token_ends_with_what_it_rests_on(lane: Lane, how: str) -> None:
    account, phone, sun = lane.accounts["赵"], lane.phones["赵"], factories.county_officer_sun()
    boss = factories.make_account(name="管理员", role="administrator", region_code="130630000000")
    client = holding(phone)
    token = client.cookies[COOKIE].value
    changed = {"account": account, "name": account.name, "unit": None, "staff": None, "by": boss}
    match how:
        case "wiped":
            devices.revoke(device=phone, reason="手机丢失", by=sun, now=lane.now)
        case "reset":
            accounts.reset_password(account=account, by=boss, reason="忘了", now=lane.now)
        case "password":
            account.set_password("another long password")
            account.save()
        case "closed":
            accounts.close_account(account=account, by=boss, reason="离任", now=lane.now)
        case "village":
            accounts.change_account(role=account.role, region_code=NEXT_VILLAGE, **changed)
            accounts.change_account(role=account.role, region_code=VILLAGE, **changed)
        case "role":
            accounts.change_account(role="resident_cadre", region_code=VILLAGE, **changed)
        case "second_factor":
            accounts._end_sessions(account)
        case "must":
            accounts.require_new_password(accounts=[account], by=boss, reason="泄露")
    home = lane.home()
    sent = send(client, phone, confirmed(home))
    assert sent.status_code == 401 and not Visit.objects.exists()
    assert packet(client, phone).status_code == 401
    assert phone_sessions.found(token=token, now=timezone.now()) is None


def test_a_phone_whose_account_moved_is_told_to_empty_itself(lane: Lane) -> None:
    boss = factories.make_account(name="管理员", role="administrator", region_code="130630000000")
    account, client = lane.accounts["赵"], holding(lane.phones["赵"])
    accounts.change_account(
        account=account, name=account.name, role=account.role, region_code=NEXT_VILLAGE, unit=None, staff=None, by=boss
    )
    assert client.get(f"/api/app/state?device={lane.phones['赵'].code}").json() == {"wipe": True}


def test_somebody_who_no_longer_visits_has_nothing_on_the_phone_either(lane: Lane) -> None:
    type(lane.accounts["赵"]).objects.filter(pk=lane.accounts["赵"].pk).update(role=DepartmentLiaison.code)
    assert GridWorker.code != DepartmentLiaison.code
    assert Client().get(f"/api/app/state?device={lane.phones['赵'].code}").json() == {"wipe": True}


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c:sig", "." * 500])
def test_what_is_no_token_is_nobody(lane: Lane, token: str) -> None:
    client = Client()
    client.cookies[COOKIE] = token
    assert packet(client, lane.phones["赵"]).status_code == 401


def test_a_token_that_was_changed_or_copied_from_the_database_opens_nothing(lane: Lane) -> None:
    phone = lane.phones["赵"]
    token = phone_sessions.begin(device=phone, now=timezone.now())
    phone.refresh_from_db()
    code, secret, rest = token.split(".", 2)
    assert secret not in (phone.session_hash, phone.session_mark)
    for wrong in (f"{lane.phones['吴'].code}.{secret}.{rest}", f"{code}.{phone.session_hash}.{rest}", token[:-1] + "x"):
        assert phone_sessions.found(token=wrong, now=timezone.now()) is None


def test_leaving_ends_session_and_token_and_a_stranger_cannot_end_them(lane: Lane) -> None:
    phone = lane.phones["赵"]
    client = holding(phone)
    client.force_login(lane.accounts["赵"])
    token = client.cookies[COOKIE].value
    stranger = Client()
    stranger.force_login(lane.accounts["吴"])
    post(stranger, "leave", {"device": str(phone.code)})
    assert phone_sessions.found(token=token, now=timezone.now()) is not None
    post(client, "leave", {"device": str(phone.code)})
    assert phone_sessions.found(token=token, now=timezone.now()) is None
    assert client.cookies[COOKIE].value == "" and packet(client, phone).status_code == 401


def test_signing_out_of_the_pages_takes_the_cookie_away(lane: Lane) -> None:
    client = holding(lane.phones["赵"])
    client.force_login(lane.accounts["赵"])
    client.post("/sign-out")
    assert client.cookies[COOKIE].value == "" and client.cookies[COOKIE]["path"] == "/api/app/"


def test_every_token_that_is_given_stands_in_the_log(lane: Lane) -> None:
    holding(lane.phones["赵"])
    entry = AuditEvent.objects.get(action="手机登录")
    assert entry.region_code == VILLAGE and entry.by == lane.accounts["赵"]
