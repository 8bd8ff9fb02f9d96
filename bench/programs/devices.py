"""``make`` the county of the phones; ``send``: all phones to a real server that is killed on the way, then everything is held against it."""

from __future__ import annotations

import sys
import time

import django

from ..measuring import measured
from ..serving import Server

_KILLED_AT = 0.4  # of the records answered


def main(what: str, phones: str, lines: str = "16", cuts: str = "0") -> None:
    django.setup()
    if what == "make":
        _make(int(phones))
    else:
        _send(int(phones), int(lines), float(cuts))


def _make(count: int) -> None:
    from django.core.management import call_command

    from bench.cadre import lane
    from shouwang.foundation import secrets, workspace

    workspace.private_folder(workspace.home())
    secrets.create_if_missing()
    call_command("migrate", verbosity=0, interactive=False)
    lane.fill(count)


def _send(count: int, lines: int, cuts: float) -> None:
    """Without cuts nobody is killed either."""
    from bench.cadre import holding, lane, phones
    from bench.city.browsing import signed_in

    visitors = lane.visitors(count)
    sessions = {visitor.login: signed_in(visitor.login) for visitor in visitors}
    total = sum(len(visitor.records) for visitor in visitors)
    with measured() as notes:
        with Server() as server:
            away, spent, processor, began = 0.0, -server.processor(), time.process_time(), time.monotonic()
            told, threads = phones.send_all(server.port, visitors, sessions, lines=lines, cuts=cuts)
            while cuts and len(told.answers) < _KILLED_AT * total and any(thread.is_alive() for thread in threads):
                time.sleep(0.005)
            if any(thread.is_alive() for thread in threads) and cuts:
                killed = time.monotonic()
                spent += server.processor()
                server.kill()
                server.start()
                spent -= server.processor()
                away = time.monotonic() - killed
            for thread in threads:
                thread.join()
            seconds = time.monotonic() - began
            notes["server"] = spent + server.processor()
            notes |= {"records": total, "seconds": seconds, "away": away, "sender": time.process_time() - processor}
        notes["times"] = told.seconds
        notes |= {"results": dict(told.firsts), "cuts": dict(told.cuts), "errors": dict(told.errors)}
        began = time.monotonic()
        notes["wrong"] = [f"{login} gave up" for login in told.given_up]
        notes["wrong"] += list(holding.wrong(visitors, told.answers))
        notes["holding"] = time.monotonic() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
