"""Fills a fresh workspace with the small world of the page tests: python -m tests.journeys.prepare"""

from __future__ import annotations

from typing import Any

import django

PASSWORD = "a long test password"
# A household with a case of its own, so that no test has to wait for another one to make one.
IN_SUPPORT = "丁玉兰"


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from shouwang.foundation import secrets, workspace
    from tests.web import world as worlds

    workspace.private_folder(workspace.home())
    secrets.create_if_missing()
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        world = worlds.build(workspace.home().parent)
        for login, account in world.accounts.items():
            account.login = login
            account.save()
        _open_case(world)


def _open_case(world: Any) -> None:
    """What a visitor told about the household was found true in its village."""
    from shouwang import policy
    from shouwang.casework import runner, signals
    from shouwang.casework.models import Lead
    from shouwang.organisation.roles import GridWorker
    from tests import factories
    from tests.web.world import FAR_VILLAGE, NOW, TODAY

    household, policies = world.households[IN_SUPPORT], policy.load()
    worker = factories.make_account(name="网格员周", role=GridWorker.code, region_code=FAR_VILLAGE)
    told = signals.receive(
        channel="visit",
        household=household,
        region_code=FAR_VILLAGE,
        risk="disability",
        told_on=TODAY,
        reference="journeys",
        by=None,
        now=NOW,
        policies=policies,
    )
    lead = Lead.objects.get(reasons__signal=told)
    for step, by, data in (("dispatch", world.accounts["sun"], {}), ("confirm", worker, {"risks": ["disability"]})):
        runner.act(proceeding=lead, step=step, by=by, today=TODAY, now=NOW, policies=policies, data=data)


if __name__ == "__main__":
    main()
