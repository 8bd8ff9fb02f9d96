"""``make`` the city's month of visits; ``close`` it county by county, open it again, and count it once more."""

from __future__ import annotations

import datetime as dt
import sys
import time

import django

from ..measuring import measured


def main(what: str, scale: str) -> None:
    django.setup()
    from django.core.management import call_command

    from bench.cadre import month
    from shouwang.foundation import secrets, workspace

    if what == "make":
        workspace.private_folder(workspace.home())
        secrets.create_if_missing()
        call_command("migrate", verbosity=0, interactive=False)
        month.fill(float(scale))
    else:
        call_command("migrate", verbosity=0, interactive=False)
        _close()


def _close() -> None:
    from bench.cadre import month, recount
    from shouwang import policy
    from shouwang.foundation.periods import Month
    from shouwang.households.models import MissedVisit, VisitMonth
    from shouwang.households.visits import closing
    from shouwang.organisation.models import Account
    from shouwang.organisation.scope import Scope

    MissedVisit.objects.all().delete()
    VisitMonth.objects.all().delete()
    policies, june = policy.load(), Month.parse(month.MONTH)
    today, now = dt.date(2022, 7, 1), dt.datetime(2022, 7, 1, 2, tzinfo=dt.UTC)
    counties: list[dict[str, object]] = []
    with measured() as notes:
        for county in month.counties():
            by = Account.objects.get(region_code=county)
            began, processor = time.perf_counter(), time.process_time()
            closed = closing.close(county=county, month=june, by=by, today=today, now=now, policies=policies)
            line: dict[str, object] = {"county": county, "seconds": time.perf_counter() - began}
            line["processor"] = time.process_time() - processor
            line["households"] = sum(figures[2] for figures in closed.figures["villages"])
            began = time.perf_counter()
            closing.month_of(county=county, scope=Scope.of(by), month=june, policies=policies)
            counties.append(line | {"opened": time.perf_counter() - began})
    notes["counties"] = counties
    began = time.perf_counter()
    with measured() as notes:
        notes["wrong"], notes["counties"] = list(recount.wrong()), counties
        notes["recount"] = time.perf_counter() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
