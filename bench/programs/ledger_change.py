"""``make`` the county's ledger; ``change`` one line, one file, one parameter, and measure what has to be computed anew each time."""

from __future__ import annotations

import datetime as dt
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from ..measuring import measured

_ROUNDS = 30
_NOW = dt.datetime(2022, 7, 10, tzinfo=dt.UTC)


def main(what: str, scale: str) -> None:
    django.setup()
    from django.core.management import call_command

    from bench.cadre import county_ledger
    from shouwang.foundation import secrets, workspace

    if what == "make":
        workspace.private_folder(workspace.home())
        secrets.create_if_missing()
        call_command("migrate", verbosity=0, interactive=False)
        county_ledger.fill(float(scale))
    else:
        county_ledger.forget_projection()
        _change()


class _Watch:
    """Name → (seconds, seconds of the processor) of every time."""

    def __init__(self) -> None:
        self.times: dict[str, list[tuple[float, float]]] = {}

    def take(self, name: str, work: Callable[[], Any]) -> Any:
        began, processor = time.perf_counter(), time.process_time()
        found = work()
        self.times.setdefault(name, []).append((time.perf_counter() - began, time.process_time() - processor))
        return found


def _change() -> None:
    from bench.cadre import county_ledger as world
    from shouwang import policy
    from shouwang.foundation.periods import Month
    from shouwang.households.income import collecting, in_force, ledger, places, recording
    from shouwang.households.income.span import span_of
    from shouwang.organisation.models import Account
    from shouwang.organisation.scope import Scope

    county, as_of, scope = world.COUNTY, world.AS_OF, Scope.of_region(world.COUNTY)
    officer, policies = Account.objects.get(), policy.load()
    homes = list(ledger.watched_in(scope))
    keys = [home.pk for home in homes]
    chance, watch, wrong = random.Random(2022), _Watch(), []

    def figures(chosen: list[int], known: Any) -> Any:
        span = span_of(region_code=county, as_of=as_of, policies=known)
        return ledger.figures_of(keys=chosen, county_code=county, as_of=as_of, span=span, known_at=None)

    def rolled_up(known: Any) -> Any:
        return places.sums(scope=scope, digits=9, as_of=as_of, policies=known, county_code=county)

    figures(keys[:1], policies), rolled_up(policies)
    with measured() as notes:
        for number in range(_ROUNDS):
            home = chance.choice(homes)
            before = figures([home.pk], policies)[home.pk].figures["rolling_net"].fen
            was = before and next(iter(in_force.months([home.pk], first="2022-06", last="2022-06")))["wage_fen"]
            amount = 100_000 + number
            watch.take(
                "one line corrected: written, its month made anew",
                lambda home=home, amount=amount: recording.correct(
                    household=home, month=Month(2022, 6), item="wage", amount_fen=amount, reason="核对流水", on=as_of,
                    by=officer, now=_NOW,
                ),
            )  # fmt: skip
            found = watch.take("… the household's figures", lambda home=home: figures([home.pk], policies))
            if found[home.pk].figures["rolling_net"].fen != before - was + amount:
                wrong.append(
                    f"{home.pk}: {before} − {was} + {amount} is not {found[home.pk].figures['rolling_net'].fen}"
                )
        for _ in range(5):
            village = chance.choice(homes).region_code
            watch.take(
                "… its village's list",
                lambda village=village: ledger.page(village_code=village, scope=scope, as_of=as_of, policies=policies),
            )
            sums = watch.take("… the county's roll-up by township", lambda: rolled_up(policies))
        wrong += _compared(sums, figures(keys, policies))
        for number in range(3):
            world.send("monthly_income", "2022-06", _one_row(keys[number]))
            watch.take("a file of one row collected", lambda: collecting.collect(county_code=county, now=_NOW))
        for first_month in (1, 4, 7):
            world.set_projection(first_month, dt.date(2022, 5, 1))
            known = watch.take("one parameter changed: the documents read and checked again", policy.load)
            home = chance.choice(homes)
            watch.take("… the household's figures under it", lambda home=home, known=known: figures([home.pk], known))
            sums = watch.take("… the county's roll-up under it", lambda known=known: rolled_up(known))
            every = watch.take("… every household's figures under it", lambda known=known: figures(keys, known))
            wrong += _compared(sums, every)
        watch.take("every month of the county made anew from its lines", lambda: in_force.remake(keys))
        wrong += _months()
        notes |= {"times": watch.times, "wrong": wrong, "kept": len(keys), "lines": _count()}
    world.forget_projection()


def _one_row(household: int) -> str:
    return f"""SELECT {{batch}}::BIGINT AS batch, 1::INTEGER AS row, '2022-06' AS period, NULL::BIGINT AS person_key,
        {household}::BIGINT AS household_key, NULL::VARCHAR AS household_no, '2022-06' AS month, 77700 AS wage_fen,
        30000 AS business_fen, 2000 AS property_fen, 35000 AS transfer_fen, 8000 AS business_cost_fen"""


def _compared(sums: Any, every: Any) -> Iterator[str]:
    """The roll-up is what its households add up to."""
    complete = sum(one.change is not None for one in every.values())
    fallen = sum(one.change is not None and one.change[0] < 0 for one in every.values())
    if (complete, fallen) != (sum(one.complete for one in sums), sum(one.fallen for one in sums)):
        yield f"complete {complete}, fallen {fallen}; rolled up otherwise"


def _months() -> Iterator[str]:
    from django.db import connection

    from shouwang.households.income import in_force
    from shouwang.households.models import IncomeMonth

    names = [field.attname for field in IncomeMonth._meta.concrete_fields if field.attname not in ("id", "region_code")]
    query, values = in_force.months_query("1 = 1")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM ({query}) AS made", values)
        made = {tuple(one if one is None or isinstance(one, str) else int(one) for one in row) for row in cursor}
    if made != set(IncomeMonth.objects.values_list(*names)):
        yield "the months are not what the lines make"


def _count() -> int:
    from shouwang.households.models import IncomeLine

    return IncomeLine.objects.count()


if __name__ == "__main__":
    main(*sys.argv[1:])
