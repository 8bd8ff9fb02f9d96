"""What a process does before it can screen: Python, settings, engines, policy files; then nothing. No arguments."""

from __future__ import annotations

import os


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.config.settings"
    import django

    django.setup()

    from bench import values
    from bench.measuring import measured
    from shouwang.households.manifest import SUBJECT
    from shouwang.screening import engines

    values.settings()
    with engines.start("duckdb"), measured() as notes:
        notes["rules"] = len(SUBJECT.rules)


if __name__ == "__main__":
    main()
