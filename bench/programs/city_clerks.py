"""Clerks, each a thread with a browser's manners, on a real server; then every proceeding is held against what they were told."""

from __future__ import annotations

import itertools
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import django
from django.db.models import Model, ProtectedError, QuerySet, RestrictedError

from ..measuring import measured
from ..serving import Server

_LEADS = 150
_FIVE_VILLAGES = 5


def main(clerks: str, seconds: str) -> None:
    django.setup()
    from bench.city import browsing

    logins = _logins(int(clerks))
    numbers = _prepare()
    cookies = {login: browsing.signed_in(login) for login in logins}
    with Server() as server, measured() as notes:
        until = time.monotonic() + float(seconds)
        people = [
            browsing.Clerk(server.port, cookies[login], _seen(login, numbers), random.Random(login)) for login in logins
        ]
        threads = [threading.Thread(target=person.work, args=(until,)) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        notes["times"] = {name: [one for person in people for one in person.times[name]] for name in ("page", "step")}
        for name in ("taken", "conflicts", "refused", "failed"):
            notes[name] = sum(person.counts[name] for person in people)
        told = Counter(step for person in people for step in person.taken)
        notes["wrong"] = [*{one for person in people for one in person.errors}, *_wrong(told)]


def _logins(count: int) -> list[str]:
    """Of ten people six are grid workers of five villages, three township clerks, one county officer."""
    kinds = ("grid", "grid", "clerk", "grid", "grid", "clerk", "county", "grid", "clerk", "grid")
    return [f"{kinds[number % len(kinds)]}-{number}" for number in range(count)]


def _villages() -> list[str]:
    from shouwang.organisation.models import Account

    rows = Account.objects.filter(login__startswith="grid-").values_list("region_code", flat=True)
    return sorted(set(rows))[:_FIVE_VILLAGES]


def _seen(login: str, numbers: list[tuple[str, str]]) -> list[str]:
    """A grid worker looks at the own village, the others at all five."""
    from shouwang.organisation.models import Account
    from shouwang.organisation.scope import Scope

    scope = Scope.of(Account.objects.get(login=login))
    return [number for number, village in numbers if scope.covers(village)]


def _prepare() -> list[tuple[str, str]]:
    """The villages' earlier proceedings are taken away, and new leads opened; their numbers and villages."""
    from django.db import transaction

    from bench.city.register import TODAY
    from shouwang import policy
    from shouwang.casework import actions
    from shouwang.casework.models import Case, Event, Lead, Task
    from shouwang.households.models import PushedRow
    from shouwang.regions import queries as regions
    from shouwang.registry.models import Household

    villages = _villages()
    with transaction.atomic():
        for rows in (
            Task.objects.filter(region_code__in=villages),
            PushedRow.objects.filter(region_code__in=villages),
            Event.objects.filter(case__region_code__in=villages),
            Event.objects.filter(lead__region_code__in=villages),
            Case.objects.filter(region_code__in=villages),
            Lead.objects.filter(region_code__in=villages),
        ):
            _take_away(rows)
        homes: dict[int, str] = {}
        for village in villages:
            found = Household.objects.filter(region_code=village).order_by("household_no")
            homes |= dict(found.values_list("pk", "region_code")[: _LEADS // len(villages)])
        opened = actions.write_leads(
            homes,
            opened_on=TODAY,
            policies=policy.load(),
            county_of=regions.county_of,
            channel="screening",
        )
    return list(Lead.objects.filter(pk__in=opened.values()).order_by("pk").values_list("lead_no", "region_code"))


def _take_away(rows: QuerySet[Any]) -> None:
    """Rows, and before them whatever refers to them and forbids it."""
    while True:
        try:
            rows.delete()
        except ProtectedError as error:
            _take_away_each(error.protected_objects)
        except RestrictedError as error:
            _take_away_each(error.restricted_objects)
        else:
            return


def _take_away_each(found: Iterable[Model]) -> None:
    by_model: dict[type[Model], list[Any]] = {}
    for one in found:
        by_model.setdefault(type(one), []).append(one.pk)
    for model, keys in by_model.items():
        _take_away(model._default_manager.filter(pk__in=keys))


def _wrong(told: Counter[str]) -> Iterator[str]:
    """Sentences about whatever is not as it has to be; ``told``: how often clerks were told that a step was taken."""
    from shouwang import policy
    from shouwang.casework import procedure, tasks
    from shouwang.casework.models import Case, Event, Lead, Task

    villages, policies = _villages(), policy.load()
    found: Counter[str] = Counter()
    for model, name in ((Lead, "lead"), (Case, "case")):
        for one in model.objects.filter(region_code__in=villages):
            events = list(Event.objects.filter(**{name: one}).order_by("sequence"))
            found.update(event.step for event in events)
            if [event.sequence for event in events] != list(range(1, one.version + 1)):
                yield f"{one}: events {[event.sequence for event in events]}, version {one.version}"
            state = procedure.get(one.procedure)
            reached = [event.to_state for event in events]
            if (reached and reached[-1] != one.state) or any(
                a.to_state != b.from_state for a, b in itertools.pairwise(events)
            ):
                yield f"{one}: in {one.state}, its events say {reached}"
            standing = sorted(Task.objects.filter(**{name: one}, is_open=True).values_list("step", flat=True))
            wanted = sorted(task.step for task in tasks.wanted(state, one, events, one.opened_on, policies, {}))
            if standing != wanted:
                yield f"{one}: waits for {standing}, has to wait for {wanted}"
    confirmed = Lead.objects.filter(region_code__in=villages, state="confirmed")
    if confirmed.count() != Case.objects.filter(region_code__in=villages).count():
        yield "a confirmed lead without a case, or a case without one"
    for step in sorted(set(told) | set(found)):
        if step != "dispatch" and told[step] != found[step]:
            yield f"{step}: clerks were told {told[step]} times that it was taken, {found[step]} events"
    if found["dispatch"] != told["dispatch"]:
        yield f"dispatch: {told['dispatch']} told, {found['dispatch']} events"


if __name__ == "__main__":
    main(*sys.argv[1:])
