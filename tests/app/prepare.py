"""Fills a fresh workspace with one village, its two visitors and a lead: python -m tests.app.prepare"""

from __future__ import annotations

import datetime as dt

import django

PASSWORD = "a long test password"
VILLAGE = "130630100201"
NAMES = ("甲建国", "乙秀英", "丙海生", "丁玉兰", "戊志强", "己桂英")


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from shouwang.foundation import secrets, workspace

    workspace.private_folder(workspace.home())
    secrets.create_if_missing()
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        _village()


def _village() -> None:
    from django.utils import timezone

    from shouwang import policy
    from shouwang.casework import runner, signals
    from shouwang.casework.models import Lead
    from shouwang.households.kinds import ALLEVIATED
    from shouwang.organisation.roles import CountyOfficer, GridWorker, ResidentCadre, TownshipClerk
    from shouwang.regions import actions as regions
    from shouwang.registry.models import Household
    from tests import factories
    from tests.factories import LAIYUAN

    today = dt.date(2022, 7, 18)
    regions.load(counties_in_detail=[LAIYUAN], today=today)
    factories.make_account(login="zhao", name="网格员赵", role=GridWorker.code, region_code=VILLAGE)
    factories.make_account(login="wu", name="驻村干部吴", role=ResidentCadre.code, region_code=VILLAGE)
    factories.make_account(login="sun", name="县中心孙", role=CountyOfficer.code, region_code=LAIYUAN)
    qian = factories.make_account(login="qian", name="乡镇钱", role=TownshipClerk.code, region_code="130630100000")
    for name in NAMES:
        home = factories.make_household(region_code=VILLAGE, head_name=name)
        Household.objects.filter(pk=home.pk).update(household_type=ALLEVIATED, columns={"人均纯收入": "9800.00"})
        head = factories.make_person(household=home, name=name, number=factories.identity_number(), relation="户主")
        head.columns = {"自然村": "东街"}
        head.save()
        factories.make_person(
            household=home, name=f"{name[0]}小军", number=factories.identity_number(), relation="之子"
        )
    home = Household.objects.get(head_name="乙秀英")
    signals.receive(
        channel="hotline",
        household=home,
        region_code=VILLAGE,
        told_on=today,
        now=timezone.now(),
        policies=policy.load(),
        by=None,
        risk="illness",
    )
    lead = Lead.objects.get(household=home)
    named = {"proceeding": lead, "step": "dispatch", "by": qian, "on": today, "today": today, "data": {}}
    runner.act(**named, now=timezone.now(), policies=policy.load(), version=lead.version)


if __name__ == "__main__":
    main()
