"""The program's own screening: all rules with findings and evidence, written to one file. Arguments: lake, target, [engine]."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(lake: Path, target: Path, engine_name: str = "duckdb") -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.config.settings"
    import django

    django.setup()

    import pyarrow.parquet as parquet

    from bench import data, values
    from bench.measuring import measured
    from shouwang.households.manifest import SUBJECT
    from shouwang.screening import engines
    from shouwang.screening.compute import Inputs, compute
    from shouwang.screening.rule import Parameters

    inputs = Inputs(data.files_of(lake), values.AS_OF, Parameters(values.settings()), data.of_one_file(lake))
    with engines.start(engine_name) as engine, measured() as notes:
        outcome = compute(engine, SUBJECT, SUBJECT.rules, inputs)
        parquet.write_table(outcome.findings, target, compression="zstd")
        notes["findings"] = outcome.findings.num_rows


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
