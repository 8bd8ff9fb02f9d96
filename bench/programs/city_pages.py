"""Asks every list and count of every role for itself: the server's time of a warm second request, and what the database did."""

from __future__ import annotations

import logging
import os
import sys
import time

import django

from ..measuring import measured

_ROUNDS = 3


def main(limit: str, *chosen: str) -> None:
    """``chosen``: only these accounts."""
    django.setup()
    logging.disable()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.city.pages import addresses, roles_by_region
    from shouwang.organisation.models import Account

    figures: list[dict[str, object]] = []
    with measured() as notes:
        for login in chosen or roles_by_region():
            client = Client(SERVER_NAME="localhost", raise_request_exception=False)
            account = Account.objects.get(login=login)
            client.force_login(account)
            session = client.session
            session["second_factor_is_set"] = True
            session.save()
            for address in addresses(account):
                answer = client.get(address)
                if answer.status_code in (403, 404, 405):
                    continue
                times = []
                for _ in range(_ROUNDS):
                    began, processor = time.perf_counter(), time.process_time()
                    client.get(address)
                    times.append((time.perf_counter() - began, time.process_time() - processor))
                best, cpu = min(ms for ms, _ in times), min(cpu for _, cpu in times)
                line: dict[str, object] = {"login": login, "page": address, "ms": 1000 * best, "cpu": 1000 * cpu}
                line |= {"status": answer.status_code, "bytes": len(getattr(answer, "content", b""))}
                if 1000 * best > float(limit):
                    with CaptureQueriesContext(
                        connection,
                    ) as captured:
                        client.get(address)
                    slow = sorted(captured.captured_queries, key=lambda one: -float(one["time"]))[:3]
                    line["slow"] = [(one["time"], one["sql"][:3000]) for one in slow]
                    line["queries"] = len(captured)
                figures.append(line)
                if os.environ.get("SHOUWANG_BENCH_VERBOSE"):
                    print(
                        f"{line['cpu']:8.0f} {line['ms']:8.0f} ms  {line['status']} {login:22} {address}",
                        file=sys.stderr,
                        flush=True,
                    )
        notes["figures"] = figures


if __name__ == "__main__":
    main(*sys.argv[1:])
