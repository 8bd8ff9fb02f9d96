"""``make`` the city in the workspace's SQLite, ``load`` it into PostgreSQL, or ``migrate`` whichever the environment names.

After a migration the sums are kept that an idle worker keeps up by itself.
"""

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
        from shouwang import policy
        from shouwang.jobs import clock
        from shouwang.regions import kept_sums

        while kept_sums.keep_up(today=clock.today(), policies=policy.load()):
            pass


if __name__ == "__main__":
    main(sys.argv[1])
