"""One file's whole way through ``feeds.actions.import_file``, into a copy of a workspace. Arguments: workspace, file, copy."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def main(workspace: Path, path: Path, copy: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(workspace, copy, copy_function=_link_or_copy, ignore=shutil.ignore_patterns("demonstration"))
    os.environ |= {"SHOUWANG_HOME": str(copy), "DJANGO_SETTINGS_MODULE": "shouwang.config.settings"}
    import django

    django.setup()

    import splink  # noqa: F401 — half a second, which a process that has imported before has behind it
    from django.utils import timezone

    from bench.measuring import measured
    from shouwang.demonstration import calibration
    from shouwang.feeds import actions
    from shouwang.intake.models import LakeFile

    LakeFile.objects.exists()  # the connection to the database is open in a worker that waits for files
    with measured() as notes:
        outcome = actions.import_file(
            path=path,
            dataset="medical_settlement",
            region_code=calibration.COUNTY,
            period=calibration.SCREENED_MONTH,
            by=None,
            now=timezone.now(),
        )
        notes["counts"] = outcome.counts
    shutil.rmtree(copy)


def _link_or_copy(source: str, target: str) -> None:
    """Lake files and received files are never written again; the database is."""
    if source.endswith((".parquet", ".bin")):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
