"""Accounts to look around with: an officer of the county, a clerk, a grid worker, the neighbouring county's officer, the city's."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from shouwang.organisation import audit
from shouwang.organisation.models import Account
from shouwang.organisation.roles import CityOfficer, CountyOfficer, GridWorker, Role, TownshipClerk

from . import calibration

# One word for all of them, printed by the command: these accounts guard nothing but synthetic data.
PASSWORD = "shouwang-demo-2022"  # noqa: S105


@dataclass(frozen=True)
class DemoAccount:
    """Login, name, role and region of one account."""

    login: str
    name: str
    role: type[Role]
    region_code: str


ACCOUNTS = (
    DemoAccount("sun", "县中心孙", CountyOfficer, calibration.COUNTY),
    DemoAccount("qian", "乡镇钱", TownshipClerk, calibration.DEMONSTRATION_TOWNSHIP),
    DemoAccount("zhao", "网格员赵", GridWorker, calibration.DEMONSTRATION_VILLAGE),
    DemoAccount("li", "邻县李", CountyOfficer, calibration.NEIGHBOUR),
    DemoAccount("zhou", "市局周", CityOfficer, calibration.CITY),
)


def create_accounts(*, by: Account | None = None) -> list[Account]:
    """Creates the accounts that are not there yet, with the demonstration's password, and returns all of them.

    An account that exists is left as it is, its password too.
    """
    accounts = []
    with transaction.atomic():
        for one in ACCOUNTS:
            account = Account.objects.filter(login=one.login).first()
            if account is None:
                account = Account.objects.create_account(
                    login=one.login,
                    password=PASSWORD,
                    name=one.name,
                    role=one.role.code,
                    region_code=one.region_code,
                )
                audit.record(by=by, action="建立演示账号", region_code=one.region_code, target=one.login)
            accounts.append(account)
    return accounts
