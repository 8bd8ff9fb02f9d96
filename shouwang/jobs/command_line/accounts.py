"""`shouwang accounts`: the first administrator of a workspace, and what helps when nobody can sign in any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from django.utils import timezone

from . import habits

if TYPE_CHECKING:
    from shouwang.organisation.models import Account


@click.group("accounts", cls=habits.Group, help="账号：列出、邀请、停用、重设。")
def group() -> None: ...


@group.command("list", help="列出账号。")
@habits.format_option
def list_(output_format: str) -> None:
    from shouwang.organisation.models import Account

    rows = [
        {
            "login": one.login,
            "name": one.name,
            "role": one.duties.label,
            "region_code": one.region_code,
            "is_active": one.is_active,
            "last_login": one.last_login,
        }
        for one in Account.objects.order_by("region_code", "login")
    ]
    if output_format == "json":
        habits.say_json(rows)
        return
    for row in rows:
        state = "" if row["is_active"] else "（已停用）"
        habits.say(f"{row['login']}  {row['name']}  {row['role']}  {row['region_code']}{state}")


@group.command("invite", help="建立账号并给出设置密码的链接；新工作区的第一个管理员由此产生。")
@click.argument("login")
@click.option("--name", required=True, help="姓名。")
@click.option("--role", required=True, help="角色代码，如 administrator、county_officer、township_clerk、grid_worker。")
@click.option("--region", required=True, help="管辖区域代码。")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="网页地址，写在链接前面。")
def invite(login: str, name: str, role: str, region: str, address: str) -> None:
    from shouwang.organisation import actions

    _, token = actions.open_account(login=login, name=name, role=role, region_code=region, by=None, now=timezone.now())
    habits.say(f"已建立账号 {login}。请把下面的链接当面交给本人，72 小时内有效，只能用一次：")
    _say_link(address, token)


@group.command("link", help="重设密码：原密码作废，给出新链接。")
@click.argument("login")
@click.option("--reason", required=True, help="事由，记入操作日志。")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="网页地址，写在链接前面。")
def link(login: str, reason: str, address: str) -> None:
    from shouwang.organisation import actions

    token = actions.reset_password(account=_account(login), by=None, reason=reason, now=timezone.now())
    _say_link(address, token)


@group.command("close", help="停用账号，正在使用的会话立即结束。")
@click.argument("login")
@click.option("--reason", required=True, help="事由，记入操作日志。")
def close(login: str, reason: str) -> None:
    from shouwang.organisation import actions

    actions.close_account(account=_account(login), by=None, reason=reason, now=timezone.now())
    habits.say(f"已停用账号 {login}。")


@group.command("second-factor", help="重设二次验证（手机丢失时）。")
@click.argument("login")
@click.option("--reason", required=True, help="事由，记入操作日志。")
def second_factor(login: str, reason: str) -> None:
    from shouwang.organisation import actions

    actions.remove_second_factor(account=_account(login), by=None, reason=reason)
    habits.say(f"账号 {login} 的二次验证已重设。")


def _account(login: str) -> Account:
    from shouwang.foundation.errors import UserError
    from shouwang.organisation import models

    found = models.Account.objects.filter(login=login).first()
    if found is None:
        raise UserError(f"没有登录名是“{login}”的账号", next_step="可用 shouwang accounts list 查看。")
    return found


def _say_link(address: str, token: str) -> None:
    habits.say(f"{address.rstrip('/')}/invitation/{token}")
