"""Getting in: links that work once and not for long, a second factor that opens once per code, rights that end at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation import accounts, invitations, queries, roles, second_factor
from shouwang.organisation.models import Account, AuditEvent, Invitation, RecoveryCode, SecondFactor, StaffMember
from tests import factories
from tests.factories import LAIYUAN, NOW, YIXIAN

VILLAGE, TOWNSHIP = "130630100201", "130630100000"
PASSWORD = "long enough to keep"

pytestmark = pytest.mark.django_db


def administrator(region_code: str = LAIYUAN) -> Account:
    return factories.make_account(name="管理员吴", role="administrator", region_code=region_code)


def invited(role: str = "grid_worker", region_code: str = VILLAGE, by: Account | None = None) -> tuple[Account, str]:
    return accounts.open_account(login=f"new-{role}", name="赵新来", role=role, region_code=region_code, by=by, now=NOW)


def test_an_invited_person_sets_a_password_and_signs_in_with_it() -> None:
    account, token = invited(by=administrator())
    assert not account.has_usable_password()
    invitations.accept(token=token, password=PASSWORD, now=NOW)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_the_link_is_kept_nowhere() -> None:
    _, token = invited()
    kept = Invitation.objects.get()
    assert token not in (kept.token_hash, str(AuditEvent.objects.values_list("detail", "target", "reason")))


def test_a_link_opens_once() -> None:
    _, token = invited()
    invitations.accept(token=token, password=PASSWORD, now=NOW)
    with pytest.raises(UserError, match="已经用过"):
        invitations.accept(token=token, password="another long phrase", now=NOW)


def test_a_link_ends_with_its_last_moment() -> None:
    _, token = invited()
    last = NOW + invitations.LIFETIME
    assert invitations.opened(token=token, now=last - dt.timedelta(seconds=1))
    with pytest.raises(UserError, match="已过期"):
        invitations.accept(token=token, password=PASSWORD, now=last)


def test_a_new_link_makes_the_old_one_void() -> None:
    account, old = invited()
    new = accounts.reset_password(account=account, by=None, reason="链接丢了", now=NOW)
    with pytest.raises(UserError, match="已作废"):
        invitations.opened(token=old, now=NOW)
    assert invitations.opened(token=new, now=NOW).account == account


def test_a_weak_password_leaves_the_link_unused() -> None:
    _, token = invited()
    for weak in ("short", "new-grid_worker", "password1234"):
        with pytest.raises(ValidationError):
            invitations.accept(token=token, password=weak, now=NOW)
    assert invitations.accept(token=token, password=PASSWORD, now=NOW)


def test_the_link_of_a_closed_account_opens_nothing() -> None:
    account, token = invited()
    accounts.close_account(account=account, by=None, reason="调走", now=NOW)
    with pytest.raises(UserError, match="已作废"):
        invitations.opened(token=token, now=NOW)


def test_a_guessed_link_opens_nothing() -> None:
    with pytest.raises(UserError, match="不存在"):
        invitations.opened(token="x" * 43, now=NOW)


def enrolled(account: Account) -> list[str]:
    second_factor.begin(account=account, now=NOW)
    return second_factor.confirm(account=account, code=second_factor.code_that_opens(account, NOW), now=NOW)


def test_a_second_factor_is_in_force_only_after_its_first_right_code() -> None:
    wu = administrator()
    assert second_factor.is_missing(wu)
    secret = second_factor.begin(account=wu, now=NOW)
    assert second_factor.begin(account=wu, now=NOW) == secret and not second_factor.is_on(wu)
    with pytest.raises(UserError, match="验证码不对"):
        second_factor.confirm(account=wu, code="000000", now=NOW)
    second_factor.confirm(account=wu, code=second_factor.code_that_opens(wu, NOW), now=NOW)
    assert second_factor.is_on(wu) and not second_factor.is_missing(wu)


def test_the_secret_is_not_readable_in_the_database() -> None:
    wu = administrator()
    secret = second_factor.begin(account=wu, now=NOW)
    assert secret.encode() not in bytes(SecondFactor.objects.get().secret)


def test_a_code_opens_once_and_not_again_in_its_half_minute() -> None:
    wu = administrator()
    enrolled(wu)
    later = NOW + dt.timedelta(minutes=5)
    code = second_factor.code_that_opens(wu, later)
    second_factor.check(account=wu, code=code, now=later)
    with pytest.raises(UserError, match="已经用过"):
        second_factor.check(account=wu, code=code, now=later)


def test_a_code_of_five_minutes_ago_does_not_open() -> None:
    wu = administrator()
    enrolled(wu)
    code = second_factor.code_that_opens(wu, NOW + dt.timedelta(minutes=5))
    with pytest.raises(UserError):
        second_factor.check(account=wu, code=code, now=NOW + dt.timedelta(minutes=10))


def test_five_wrong_codes_lock_the_second_step_even_for_the_right_one() -> None:
    wu = administrator()
    enrolled(wu)
    later = NOW + dt.timedelta(minutes=5)
    for _ in range(5):
        with pytest.raises(UserError):
            second_factor.check(account=wu, code="123456", now=later)
    with pytest.raises(UserError, match="暂时锁定"):
        second_factor.check(account=wu, code=second_factor.code_that_opens(wu, later), now=later)
    after = later + dt.timedelta(minutes=16)
    second_factor.check(account=wu, code=second_factor.code_that_opens(wu, after), now=after)


def test_a_recovery_code_opens_once() -> None:
    wu = administrator()
    codes = enrolled(wu)
    assert len(set(codes)) == 8 and not RecoveryCode.objects.filter(code_hash__in=codes).exists()
    second_factor.check(account=wu, code=codes[0].upper(), now=NOW)
    with pytest.raises(UserError):
        second_factor.check(account=wu, code=codes[0], now=NOW)
    assert second_factor.unused_recovery_codes(wu) == 7


def test_somebody_elses_recovery_code_opens_nothing() -> None:
    wu, other = administrator(), administrator()
    codes = enrolled(wu)
    enrolled(other)
    with pytest.raises(UserError):
        second_factor.check(account=other, code=codes[0], now=NOW)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_another_role_or_region_ends_sessions_and_rights_at_once() -> None:
    qian = factories.township_clerk_qian(TOWNSHIP)
    client = signed_in(qian)
    assert client.get("/account").status_code == 200
    accounts.change_account(
        account=qian, name=qian.name, role="grid_worker", region_code=VILLAGE, unit=None, staff=None, by=administrator()
    )
    assert client.get("/account").status_code == 302
    assert not Account.objects.get(pk=qian.pk).may(roles.REVIEW)


def test_closing_ends_sessions_and_opening_again_does_not_bring_them_back() -> None:
    zhao, wu = factories.grid_worker_zhao(VILLAGE), administrator()
    client = signed_in(zhao)
    accounts.close_account(account=zhao, by=wu, reason="调离", now=NOW)
    assert client.get("/account").status_code == 302
    accounts.reopen_account(account=zhao, by=wu, reason="调回", now=NOW)
    assert client.get("/account").status_code == 302
    assert not Account.objects.get(pk=zhao.pk).has_usable_password()


def test_a_renamed_account_keeps_its_sessions() -> None:
    zhao = factories.grid_worker_zhao(VILLAGE)
    client = signed_in(zhao)
    accounts.change_account(
        account=zhao, name="赵改名", role=zhao.role, region_code=VILLAGE, unit=None, staff=None, by=administrator()
    )
    assert client.get("/account").status_code == 200


def test_a_lost_telephone_ends_sessions_and_the_second_factor() -> None:
    wu, other = administrator(), administrator()
    enrolled(wu)
    client = signed_in(wu)
    accounts.remove_second_factor(account=wu, by=other, reason="手机丢失")
    assert client.get("/account").status_code == 302 and second_factor.is_missing(wu)


def test_nobody_manages_the_own_account() -> None:
    wu = administrator()
    with pytest.raises(NotPermittedError, match="自己"):
        accounts.change_account(
            account=wu, name="吴", role="county_officer", region_code=LAIYUAN, unit=None, staff=None, by=wu
        )
    with pytest.raises(NotPermittedError, match="自己"):
        accounts.remove_second_factor(account=wu, by=wu, reason="方便")


def test_an_administrator_manages_only_the_own_places() -> None:
    li_of_the_next, ours = administrator(YIXIAN), factories.grid_worker_zhao(VILLAGE)
    with pytest.raises(NotPermittedError):
        invited(by=li_of_the_next)
    with pytest.raises(NotPermittedError):
        accounts.close_account(account=ours, by=li_of_the_next, reason="试试", now=NOW)
    with pytest.raises(NotPermittedError):
        invited("city_officer", "130600000000", by=administrator())


def test_who_is_no_administrator_manages_nobody() -> None:
    sun, zhao = factories.county_officer_sun(), factories.grid_worker_zhao(VILLAGE)
    with pytest.raises(NotPermittedError):
        accounts.close_account(account=zhao, by=sun, reason="试试", now=NOW)
    with pytest.raises(NotPermittedError):
        invited(by=sun)


@pytest.mark.parametrize(
    ("role", "region_code"), [("grid_worker", LAIYUAN), ("county_officer", VILLAGE), ("city_officer", LAIYUAN)]
)
def test_a_role_belongs_to_its_level(role: str, region_code: str) -> None:
    with pytest.raises(UserError, match="级区域"):
        invited(role, region_code)


def test_a_liaison_belongs_to_a_department() -> None:
    with pytest.raises(UserError, match="须选择所在部门"):
        invited("department_liaison", LAIYUAN)


def test_one_person_has_one_open_account() -> None:
    person = StaffMember.objects.create(name="赵德福")
    first, _ = accounts.open_account(
        login="zhao-1", name="赵", role="grid_worker", region_code=VILLAGE, staff=person, by=None, now=NOW
    )
    with pytest.raises(UserError, match="一人只能有一个"):
        accounts.open_account(
            login="zhao-2", name="赵", role="grid_worker", region_code=VILLAGE, staff=person, by=None, now=NOW
        )
    accounts.close_account(account=first, by=None, reason="换岗", now=NOW)
    accounts.open_account(
        login="zhao-2", name="赵", role="grid_worker", region_code=VILLAGE, staff=person, by=None, now=NOW
    )
    with pytest.raises(UserError, match="一人只能有一个"):
        accounts.reopen_account(account=first, by=None, reason="换回", now=NOW)


def test_who_may_see_a_village_is_named_with_the_reason_and_nobody_else() -> None:
    sun, qian, zhao = (
        factories.county_officer_sun(),
        factories.township_clerk_qian(TOWNSHIP),
        factories.grid_worker_zhao(VILLAGE),
    )
    administrator(), factories.neighbour_li(), factories.grid_worker_zhao("130630100202")
    closed = factories.county_officer_sun()
    accounts.close_account(account=closed, by=None, reason="调离", now=NOW)
    seeing = queries.who_may_see(region_code=VILLAGE)
    assert [one.account for one in seeing] == [zhao, qian, sun]
    assert "涞源县包含" in seeing[-1].text


def test_every_step_of_an_account_is_a_line_in_the_log_with_its_reason() -> None:
    wu = administrator()
    account, _ = invited(by=wu)
    accounts.reset_password(account=account, by=wu, reason="忘记密码", now=NOW)
    accounts.close_account(account=account, by=wu, reason="调离", now=NOW)
    lines = AuditEvent.objects.filter(target=account.login).order_by("id").values_list("action", "reason", "by_name")
    assert list(lines) == [
        ("建立账号", "", "管理员吴"),
        ("重设密码", "忘记密码", "管理员吴"),
        ("停用账号", "调离", "管理员吴"),
    ]
