"""The people who look around, and the demonstration's own policy files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from shouwang import policy
from shouwang.demonstration import calibration, overlay, people
from shouwang.organisation.models import Account, AuditEvent

LINE = "household.medical_warning_line.monitored"


@pytest.mark.django_db
def test_accounts_are_created_once_and_their_passwords_are_left_alone() -> None:
    first = people.create_accounts(by=None)
    first[0].set_password("something else")
    first[0].save()
    again = people.create_accounts(by=None)
    assert [account.pk for account in first] == [account.pk for account in again]
    assert Account.objects.count() == len(people.ACCOUNTS)
    assert AuditEvent.objects.filter(action="建立演示账号").count() == len(people.ACCOUNTS)
    assert Account.objects.get(login="sun").check_password("something else")
    assert Account.objects.get(login="zhao").check_password(people.PASSWORD)


def test_the_grid_worker_is_in_the_clerks_township_and_the_neighbour_elsewhere() -> None:
    regions = {one.name: one.region_code for one in people.ACCOUNTS}
    assert regions["网格员赵"][:9] == regions["乡镇钱"][:9]
    assert regions["乡镇钱"][:6] == regions["县中心孙"][:6]
    assert regions["邻县李"] == calibration.NEIGHBOUR != regions["县中心孙"]
    assert regions["市局周"] == calibration.CITY


@pytest.mark.django_db
def test_the_overlay_gives_the_county_its_warning_lines_and_nobody_else(home: Path) -> None:
    assert policy.load().resolve(LINE, region_code=calibration.COUNTY, on=calibration.AS_OF).value is None
    overlay.write()
    policies = policy.load()
    found = policies.resolve(LINE, region_code=calibration.COUNTY, on=calibration.AS_OF)
    assert found.value == Decimal("9089.50")
    assert policies.resolve(LINE, region_code=calibration.NEIGHBOUR, on=calibration.AS_OF).value is None
    document = policies.documents["demo-laiyuan-yibao-2022"]
    assert "非真实文件" in document.title


@pytest.mark.django_db
def test_an_overlay_that_was_edited_is_not_overwritten(home: Path) -> None:
    written = overlay.write()
    edited = next(path for path in written if path.name == "general.yaml")
    edited.write_text(edited.read_text(encoding="utf-8").replace("18179", "20000"), encoding="utf-8")
    assert overlay.write() == []
    assert "20000" in edited.read_text(encoding="utf-8")
