"""One parameter of a county with another value. Arguments: parameter, value, [again]: the second such question of the process.

The workspace is $SHOUWANG_HOME.
"""

from __future__ import annotations

import os
import sys


def main(parameter: str, value: str, is_again: str = "") -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.config.settings"
    import django

    django.setup()

    from bench import values
    from bench.measuring import measured
    from shouwang import policy
    from shouwang.demonstration import calibration
    from shouwang.organisation.scope import Scope
    from shouwang.screening import engines
    from shouwang.screening.what_if import what_if

    policies = policy.load()
    with engines.start("duckdb"):
        pass
    asked = {
        "county_code": calibration.COUNTY,
        "as_of": values.AS_OF,
        "parameter": parameter,
        "value": value,
        "policies": policies,
        "scope": Scope.everything(),
    }
    if is_again:
        what_if(**asked)
    with measured() as notes:
        differences = what_if(**asked)
        notes["before"] = len(frozenset().union(*(one.before for one in differences)))
        notes["after"] = len(frozenset().union(*(one.after for one in differences)))
        notes["rules"] = len(differences)


if __name__ == "__main__":
    main(*sys.argv[1:])
