"""Accounts to look around with: whoever takes part in the county, the neighbouring county's officer, the city's."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp
from django.db import transaction
from django.utils import timezone

from shouwang.foundation import secrets
from shouwang.organisation import audit
from shouwang.organisation.models import Account, Appointment, SecondFactor
from shouwang.organisation.roles import (
    Administrator,
    CityOfficer,
    CountyLeader,
    CountyOfficer,
    DepartmentLiaison,
    GridWorker,
    ResidentCadre,
    Role,
    TownshipClerk,
)

from . import calibration, staffing

# One word for all of them, printed by the command: these accounts guard nothing but synthetic data.
PASSWORD = "shouwang-demo-2022"  # noqa: S105


@dataclass(frozen=True)
class DemoAccount:
    """Login, name, role and region of one account. The name is also that of the member of staff, where there is one."""

    login: str
    name: str
    role: type[Role]
    region_code: str


ACCOUNTS = (
    DemoAccount("sun", "县中心孙", CountyOfficer, calibration.COUNTY),
    DemoAccount("qian", "乡镇钱", TownshipClerk, calibration.DEMONSTRATION_TOWNSHIP),
    DemoAccount("zhao", "网格员赵", GridWorker, calibration.DEMONSTRATION_VILLAGE),
    DemoAccount("he", "乡镇何", TownshipClerk, calibration.DEMONSTRATION_TOWNSHIP),
    DemoAccount("gao", "驻村高", ResidentCadre, calibration.DEMONSTRATION_VILLAGE),
    DemoAccount("yibao", "医保郑", DepartmentLiaison, calibration.COUNTY),
    DemoAccount("canlian", "残联王", DepartmentLiaison, calibration.COUNTY),
    DemoAccount("feng", "县领导冯", CountyLeader, calibration.COUNTY),
    DemoAccount("admin", "管理员吴", Administrator, calibration.COUNTY),
    DemoAccount("li", "邻县李", CountyOfficer, calibration.NEIGHBOUR),
    DemoAccount("zhou", "市局周", CityOfficer, calibration.CITY),
)


def create_accounts(*, by: Account | None = None) -> list[Account]:
    """Creates units and staff, and the accounts that are not there yet with the demonstration's password; returns all of them.

    An account that exists is left as it is, its password too. The administrator's second factor is in force from the
    start: its page shows the code of the moment, because nobody carries a telephone for invented people.
    """
    accounts = []
    with transaction.atomic():
        staffing.create(by=by)
        terms = _terms()
        for one in ACCOUNTS:
            account = Account.objects.filter(login=one.login).first()
            if account is None:
                term = terms.get((one.name, one.region_code))
                account = Account.objects.create_account(
                    login=one.login,
                    password=PASSWORD,
                    name=one.name,
                    role=one.role.code,
                    region_code=one.region_code,
                    unit=term.post.unit if term else None,
                    staff=term.staff if term else None,
                )
                if one.role.needs_second_factor:
                    _enrol(account)
                audit.record(by=by, action="建立演示账号", region_code=one.region_code, target=one.login)
            accounts.append(account)
    return accounts


def _terms() -> dict[tuple[str, str], Appointment]:
    """Name and place → the post that somebody with an account holds."""
    named = Appointment.objects.filter(staff__name__in=[one.name for one in ACCOUNTS])
    rows = named.select_related("staff", "post__unit")
    return {(term.staff.name, term.post.unit.region_code): term for term in rows}


def _enrol(account: Account) -> None:
    secret = secrets.load().encrypt_values({"secret": pyotp.random_base32()})
    now = timezone.now()
    SecondFactor.objects.create(account=account, secret=secret, created_at=now, confirmed_at=now)
