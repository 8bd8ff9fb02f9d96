"""``make`` the city in the workspace's SQLite, ``load`` it into PostgreSQL, or ``migrate`` whichever the environment names."""

from __future__ import annotations

import os
import sys

import django


def main(what: str) -> None:
    django.setup()
    from django.core.management import call_command

    from bench.city import stores

    if what == "make":
        stores.make(float(os.environ.get("SHOUWANG_BENCH_CITY", "1")))
    elif what == "load":
        stores.load()
    else:
        call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1])
