"""The pages of accounts: links, the second step, what must be done first, the administrator who sees no household."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shouwang.organisation import accounts, actions, second_factor
from shouwang.organisation.models import Account, AuditEvent
from tests import factories
from tests.factories import LAIYUAN, YIXIAN

from .world import NEIGHBOURS, OURS, TODAY, TOWNSHIP, VILLAGE, World

Browse = Callable[[str], Client]
PASSWORD = "a long test password"
NEW = {"password": "long enough to keep", "repeated": "long enough to keep"}


def administrator(region_code: str = LAIYUAN, *, is_enrolled: bool = True) -> Account:
    account = factories.make_account(name="管理员吴", role="administrator", region_code=region_code)
    if is_enrolled:
        enrol(account)
    return account


def enrol(account: Account) -> list[str]:
    now = timezone.now() - dt.timedelta(hours=1)
    second_factor.begin(account=account, now=now)
    return second_factor.confirm(account=account, code=second_factor.code_that_opens(account, now), now=now)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def text(answer) -> str:
    return answer.content.decode()


def sign_in(client: Client, account: Account):
    return client.post(reverse("sign_in"), {"username": account.login, "password": PASSWORD})


# ── links ─────────────────────────────────────────────────────────────────────
def invite(client: Client, **given: str) -> str:
    """The path of the link that the administrator is shown."""
    form = {"name": "赵新来", "login": "zhao.new", "role": "grid_worker", "region": "西水沟村", "unit": ""} | given
    answer = client.post(reverse("account_new"), form)
    found = re.search(r"/invitation/[\w-]+", text(answer))
    assert found, re.findall(r'invalid-feedback[^>]*>([^<]*)|role="alert">([^<]*)', text(answer))
    return found.group()


def test_a_new_colleague_is_invited_sets_a_password_and_signs_in(world: World) -> None:
    path = invite(signed_in(administrator()), region=VILLAGE)
    stranger = Client()
    assert "赵新来" in text(stranger.get(path))
    assert stranger.post(path, NEW)["Location"] == reverse("sign_in")
    answer = stranger.post(reverse("sign_in"), {"username": "zhao.new", "password": NEW["password"]})
    assert answer["Location"] == reverse("home")
    assert stranger.get(reverse("leads")).status_code == 200


def test_a_used_link_and_a_late_one_say_so_and_change_nothing(world: World) -> None:
    path = invite(signed_in(administrator()), region=VILLAGE)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=73), tick=False):
        late = Client().post(path, NEW)
        assert late.status_code == 410 and "已过期" in text(late)
    assert Client().post(path, NEW).status_code == 302
    again = Client().post(path, {"password": "quite another phrase", "repeated": "quite another phrase"})
    assert again.status_code == 410 and "已经用过" in text(again)
    assert Account.objects.get(login="zhao.new").check_password(NEW["password"])


def test_two_passwords_that_differ_are_refused(world: World) -> None:
    path = invite(signed_in(administrator()), region=VILLAGE)
    assert "不一样" in text(Client().post(path, NEW | {"repeated": "something else here"}))


def test_the_link_does_not_travel_on_and_is_not_shown_again(world: World) -> None:
    wu = signed_in(administrator())
    path = invite(wu, region=VILLAGE)
    assert Client().get(path)["Referrer-Policy"] == "no-referrer"
    account = Account.objects.get(login="zhao.new")
    assert path.rsplit("/", 1)[1] not in text(wu.get(reverse("account_detail", args=[account.pk])))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"region": YIXIAN}, "看不到这个区域"),
        ({"region": "没有这个村"}, "辖区里没有"),
        ({"region": LAIYUAN}, "村级区域"),
        ({"role": "department_liaison", "region": LAIYUAN}, "须选择所在部门"),
        ({"login": "赵"}, "登录名只用字母"),
    ],
)
def test_an_account_that_does_not_fit_is_refused_with_the_reason(
    world: World, given: dict[str, str], sentence: str
) -> None:
    form = {"name": "赵新来", "login": "zhao.new", "role": "grid_worker", "region": VILLAGE, "unit": ""} | given
    assert sentence in text(signed_in(administrator()).post(reverse("account_new"), form))
    assert not Account.objects.filter(name="赵新来").exists()


# ── the second step ───────────────────────────────────────────────────────────
def test_the_password_alone_does_not_let_an_administrator_in(world: World) -> None:
    wu, client = administrator(), Client()
    assert sign_in(client, wu)["Location"] == reverse("second_factor")
    assert client.get(reverse("accounts"))["Location"].startswith(reverse("sign_in"))
    code = second_factor.code_that_opens(wu, timezone.now())
    assert client.post(reverse("second_factor"), {"code": code})["Location"] == reverse("home")
    assert client.get(reverse("accounts")).status_code == 200


def test_a_code_that_was_used_does_not_open_a_second_browser(world: World) -> None:
    wu, first, second = administrator(), Client(), Client()
    sign_in(first, wu), sign_in(second, wu)
    code = second_factor.code_that_opens(wu, timezone.now())
    first.post(reverse("second_factor"), {"code": code})
    assert "已经用过" in text(second.post(reverse("second_factor"), {"code": code}))
    assert second.get(reverse("accounts")).status_code == 302


def test_a_recovery_code_opens_in_place_of_the_telephone(world: World) -> None:
    wu, client = administrator(is_enrolled=False), Client()
    codes = enrol(wu)
    sign_in(client, wu)
    assert client.post(reverse("second_factor"), {"code": codes[3]}).status_code == 302
    assert AuditEvent.objects.filter(action="使用恢复码登录", by=wu).exists()


def test_the_second_step_without_the_first_leads_back_to_it(world: World) -> None:
    assert Client().get(reverse("second_factor"))["Location"] == reverse("sign_in")


def test_a_right_password_goes_stale_while_the_code_is_looked_for(world: World) -> None:
    wu, client = administrator(), Client()
    sign_in(client, wu)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11), tick=False):
        code = second_factor.code_that_opens(wu, timezone.now())
        assert client.post(reverse("second_factor"), {"code": code})["Location"] == reverse("sign_in")


def test_closing_the_account_between_the_steps_keeps_it_out(world: World) -> None:
    wu, client = administrator(), Client()
    sign_in(client, wu)
    accounts.close_account(account=wu, by=None, reason="调离", now=timezone.now())
    code = second_factor.code_that_opens(wu, timezone.now())
    assert client.post(reverse("second_factor"), {"code": code})["Location"] == reverse("sign_in")


def test_an_administrator_without_a_second_factor_gets_nowhere_but_its_setup(world: World) -> None:
    wu = administrator(is_enrolled=False)
    client = signed_in(wu)
    for name in ("home", "accounts", "audit", "institutions", "documents"):
        assert client.get(reverse(name))["Location"] == reverse("second_factor_setup")
    setup = reverse("second_factor_setup")
    assert "data:image/svg+xml" in text(client.post(setup))
    assert "验证码不对" in text(client.post(setup, {"code": "000000"}))
    shown = text(client.post(setup, {"code": second_factor.code_that_opens(wu, timezone.now())}))
    assert len(re.findall(r">[a-z0-9]{5}-[a-z0-9]{5}<", shown)) == 8
    assert client.get(reverse("accounts")).status_code == 200


# ── sessions ──────────────────────────────────────────────────────────────────
def test_an_idle_session_ends_and_says_so(world: World) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = signed_in(world.accounts["sun"])
        assert client.get(reverse("leads")).status_code == 200
        clock.shift(dt.timedelta(minutes=119))
        assert client.get(reverse("leads")).status_code == 200
        clock.shift(dt.timedelta(minutes=121))
        answer = client.get(reverse("leads"))
        assert answer["Location"].startswith(reverse("sign_in")) and "next=%2Fleads" in answer["Location"]
        assert "登录已超时" in text(client.get(answer["Location"]))


def test_a_session_ends_after_the_roles_hours_however_busy(world: World) -> None:
    wu = administrator()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(wu)
        for _ in range(12):
            assert client.get(reverse("accounts")).status_code == 200
            clock.shift(dt.timedelta(minutes=20))
        clock.shift(dt.timedelta(minutes=1))
        assert client.get(reverse("accounts")).status_code == 302


def test_a_fragment_of_an_ended_session_sends_the_whole_page_to_the_door(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(world.accounts["sun"])
        client.get(reverse("leads"))
        clock.shift(dt.timedelta(hours=3))
        answer = client.get(reverse("leads"), headers={"HX-Request": "true"})
        assert answer["HX-Redirect"].startswith(reverse("sign_in"))


def test_who_must_change_the_password_does_that_first(world: World) -> None:
    zhao = factories.grid_worker_zhao(VILLAGE)
    accounts.require_new_password(accounts=[zhao], by=None, reason="密码可能泄露")
    client = signed_in(zhao)
    assert client.get(reverse("leads"))["Location"] == reverse("account")
    assert "先修改密码" in text(client.get(reverse("account")))
    new = {"old_password": PASSWORD, "new_password1": "another long phrase", "new_password2": "another long phrase"}
    client.post(reverse("account"), new)
    assert client.get(reverse("leads")).status_code == 200


# ── what an administrator sees ────────────────────────────────────────────────
def test_an_administrator_sees_no_household_anywhere(world: World) -> None:
    client = signed_in(administrator())
    assert [client.get(reverse(name)).status_code for name in ("leads", "households", "checks", "files")] == [403] * 4
    household = world.households["甲建国"]
    pages = [
        client.get(reverse("home")),
        client.get(reverse("account_detail", args=[world.accounts["sun"].pk])),
        client.get(reverse("who_sees"), {"q": household.household_no}),
        client.get(reverse("audit")),
    ]
    for page in pages:
        assert page.status_code == 200
        assert not [name for name in (*OURS, NEIGHBOURS) if name in text(page)]


def test_the_page_of_an_account_counts_what_it_sees(world: World) -> None:
    client = signed_in(administrator())
    counts = {
        login: client.get(reverse("account_detail", args=[world.accounts[login].pk])).context["household_count"]
        for login in ("sun", "qian", "zhao")
    }
    assert counts == {"sun": 4, "qian": 2, "zhao": 1}


def test_who_sees_a_household_is_answered_with_reasons(world: World) -> None:
    page = signed_in(administrator()).get(reverse("who_sees"), {"q": world.households["甲建国"].household_no})
    seeing = [one.account.name for one, _ in page.context["seeing"]]
    assert seeing == ["网格员赵", "乡镇钱", "县中心孙", "市局周"]
    assert "管辖区域涞源县包含" in text(page)
    by_lead = signed_in(administrator()).get(reverse("who_sees"), {"q": world.lead("甲建国").lead_no})
    assert len(by_lead.context["seeing"]) == 4


def test_whoever_looked_at_a_number_is_named_with_the_reason(world: World, browse: Browse) -> None:
    household = world.households["甲建国"]
    person = household.persons.get()
    asked = {"person": person.pk, "reason": "核对医保缴费"}
    browse("sun").post(reverse("unmask", args=[household.household_no]), asked)
    page = text(signed_in(administrator()).get(reverse("who_sees"), {"q": household.household_no}))
    assert "核对医保缴费" in page and world.numbers["甲建国"] not in page


def test_a_household_of_the_next_county_is_not_there(world: World) -> None:
    page = signed_in(administrator()).get(reverse("who_sees"), {"q": world.households[NEIGHBOURS].household_no})
    assert "没有编号" in text(page) and "seeing" not in page.context


def test_the_administrator_of_the_next_county_finds_none_of_our_accounts(world: World) -> None:
    client, zhao = signed_in(administrator(YIXIAN)), world.accounts["zhao"]
    assert zhao.login not in text(client.get(reverse("accounts")))
    assert client.get(reverse("account_detail", args=[zhao.pk])).status_code == 404
    for verb in ("close", "link", "second-factor", "new-password"):
        assert client.post(reverse("account_act", args=[zhao.pk, verb]), {"reason": "试试看"}).status_code == 404
    assert Account.objects.get(pk=zhao.pk).is_active


def test_closing_from_the_page_needs_a_reason_and_ends_the_session(world: World) -> None:
    zhao, wu = factories.grid_worker_zhao(VILLAGE), signed_in(administrator())
    his = signed_in(zhao)
    address = reverse("account_act", args=[zhao.pk, "close"])
    wu.post(address, {"reason": ""})
    assert his.get(reverse("leads")).status_code == 200
    wu.post(address, {"reason": "调离本村"})
    assert his.get(reverse("leads")).status_code == 302
    assert AuditEvent.objects.filter(action="停用账号", target=zhao.login, reason="调离本村").exists()


def test_a_changed_region_holds_from_the_next_request(world: World) -> None:
    qian, wu = factories.township_clerk_qian(TOWNSHIP), signed_in(administrator())
    hers = signed_in(qian)
    form = {"name": qian.name, "role": "grid_worker", "region": VILLAGE, "unit": "", "staff": ""}
    assert wu.post(reverse("account_detail", args=[qian.pk]), form).status_code == 302
    assert hers.get(reverse("leads")).status_code == 302


def test_an_account_whose_person_has_left_is_pointed_at_until_it_is_closed(world: World) -> None:
    unit = actions.create_unit(kind="village", region_code=VILLAGE, name="西水沟村", by=None)
    post = actions.create_post(unit=unit, kind="grid_worker", title="网格员", by=None)
    term = actions.appoint(post=post, from_on=dt.date(2021, 3, 1), name="赵德福", by=None)
    zhao, client = world.accounts["zhao"], signed_in(administrator())
    Account.objects.filter(pk=zhao.pk).update(staff=term.staff)

    def left() -> list[str]:
        rows = client.get(reverse("accounts"), {"state": "left"}).context["page"].rows
        assert client.get(reverse("home")).context["left_count"] == len(rows)
        return [one.name for one in rows]

    assert left() == []
    actions.end_appointment(appointment=term, until_on=TODAY, by=None)
    assert left() == [zhao.name]
    again = actions.appoint(post=post, from_on=TODAY + dt.timedelta(days=7), staff=term.staff, by=None)
    assert left() == [], "the next term is agreed already"
    again.delete()
    accounts.close_account(account=zhao, by=None, reason="离任", now=timezone.now())
    assert left() == []


# ── the log ───────────────────────────────────────────────────────────────────
def test_the_log_is_filtered_by_person_action_target_and_day(world: World) -> None:
    from shouwang.organisation import audit

    sun, li = world.accounts["sun"], world.accounts["li"]
    audit.record(by=sun, action="查看证件号码", region_code=VILLAGE, target="H-1", reason="核对医保")
    audit.record(by=li, action="查看证件号码", region_code="130633100001", target="H-2", reason="邻县")
    client = signed_in(administrator())

    def found(**asked: str) -> list[str]:
        return [event.target for event in client.get(reverse("audit"), asked).context["page"].rows]

    assert found(by=sun.login, action="查看证件") == found(by=sun.name, target="H-1") == ["H-1"]
    assert found(target="H-2") == [] and found(by=li.login) == []
    assert found(target="H-1", region=TOWNSHIP) == ["H-1"] and found(target="H-1", region="130630101000") == []
    today = timezone.localdate()
    assert found(target="H-1", from_on=today.isoformat(), to_on=today.isoformat()) == ["H-1"]
    assert found(target="H-1", to_on=(today - dt.timedelta(days=1)).isoformat()) == []


def test_the_log_is_handed_out_only_to_those_who_may_read_it_and_that_is_a_line_too(world: World) -> None:
    address = reverse("export", args=["audit"])
    assert signed_in(world.accounts["sun"]).get(address, {"format": "csv"}).status_code == 403
    wu = administrator()
    assert signed_in(wu).get(address, {"format": "csv"}).status_code == 200
    assert AuditEvent.objects.filter(by=wu, action="导出操作日志").exists()


def test_the_log_speaks_words_and_not_the_names_of_fields(world: World) -> None:
    from shouwang.organisation import audit

    detail = {
        "counts": {"rows": 6000, "repeated": 0},
        "channel": "visit",
        "columns": ["姓名", "村"],
        "second_factor": True,
    }
    audit.record(by=world.accounts["sun"], action="试", region_code=VILLAGE, detail=detail)
    page = signed_in(administrator()).get(reverse("audit"), {"action": "试"}).content.decode()
    assert "行 6,000，渠道 干部走访，列 姓名、村，二次验证 是" in page


def test_every_fact_that_is_written_into_the_log_has_a_word() -> None:
    """Read out of the program's own text, so that a new fact cannot come without one."""
    import re
    from pathlib import Path

    import shouwang
    from shouwang.web.audit_words import LABELS

    found = set[str]()
    for path in Path(shouwang.__file__).parent.rglob("*.py"):
        for written in re.findall(r"detail(?:: [^=]+)?=\s*\{([^{}]*)\}", path.read_text()):
            found |= set(re.findall(r'"([a-z_]+)":', written))
    assert len(found) > 30
    assert found <= set(LABELS)
