"""Signing in: wrong passwords, the lock and its end, signing out, a new password."""

from __future__ import annotations

import datetime as dt

import time_machine
from django.test import Client
from django.urls import reverse

from shouwang.organisation.models import AuditEvent

from .world import World

PASSWORD = "a long test password"


def sign_in(client: Client, login: str, password: str = PASSWORD, address: str = "10.0.0.1"):
    return client.post(reverse("sign_in"), {"username": login, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_leads_to_the_page_that_was_asked_for(world: World) -> None:
    client = Client()
    asked = client.get(reverse("leads"))
    answer = client.post(asked["Location"], {"username": world.accounts["sun"].login, "password": PASSWORD})
    assert answer["Location"] == reverse("leads")
    assert AuditEvent.objects.filter(action="登录", by=world.accounts["sun"]).exists()


def test_a_wrong_password_is_said_plainly(world: World) -> None:
    assert "登录名或密码不对" in sign_in(Client(), world.accounts["sun"].login, "wrong").content.decode()


def test_an_address_of_elsewhere_is_not_followed_after_signing_in(world: World) -> None:
    address = f"{reverse('sign_in')}?next=https://elsewhere.example/"
    answer = Client().post(address, {"username": world.accounts["sun"].login, "password": PASSWORD})
    assert answer["Location"] == reverse("home")


def test_five_wrong_passwords_lock_the_account_and_the_page_says_until_when(world: World) -> None:
    login = world.accounts["sun"].login
    with time_machine.travel(dt.datetime(2022, 7, 7, 1, 0, tzinfo=dt.UTC), tick=False) as clock:
        for _ in range(5):
            answer = sign_in(Client(), login, "wrong")
        assert answer.status_code == 429
        assert "09:16" in answer.content.decode()
        assert sign_in(Client(), login).status_code == 429, "the right password does not open a locked account"
        clock.shift(dt.timedelta(minutes=5))
        assert "09:16" in sign_in(Client(), login, "wrong").content.decode(), "further tries do not move the end"
        clock.shift(dt.timedelta(minutes=11))
        assert sign_in(Client(), login).status_code == 302


def test_a_lock_holds_one_account_on_one_computer(world: World) -> None:
    for _ in range(5):
        sign_in(Client(), world.accounts["sun"].login, "wrong")
    assert sign_in(Client(), world.accounts["qian"].login).status_code == 302
    assert sign_in(Client(), world.accounts["sun"].login, address="10.0.0.2").status_code == 302


def test_a_closed_account_cannot_sign_in(world: World) -> None:
    account = world.accounts["sun"]
    account.is_active = False
    account.save()
    try:
        assert sign_in(Client(), account.login).status_code == 200
    finally:
        account.is_active = True


def test_signing_out_needs_the_button(world: World) -> None:
    client = Client()
    client.force_login(world.accounts["sun"])
    assert client.get(reverse("sign_out")).status_code == 405
    client.post(reverse("sign_out"))
    assert client.get(reverse("home")).status_code == 302


def test_a_new_password_asks_for_the_old_one_and_keeps_me_signed_in(world: World) -> None:
    client = Client()
    client.force_login(world.accounts["sun"])
    new = {"new_password1": "another long phrase", "new_password2": "another long phrase"}
    refused = client.post(reverse("account"), {"old_password": "wrong", **new})
    assert "原密码不对" in refused.content.decode()
    assert client.post(reverse("account"), {"old_password": PASSWORD, **new}).status_code == 302
    assert client.get(reverse("account")).status_code == 200
    assert sign_in(Client(), world.accounts["sun"].login, "another long phrase").status_code == 302


def test_the_account_page_says_in_words_what_one_may_do(world: World) -> None:
    client = Client()
    client.force_login(world.accounts["zhao"])
    permissions = client.get(reverse("account")).context["permissions"]
    assert "查看线索" in permissions and "导出名单" not in permissions
