"""The files that are measured with: made once, kept in a folder, used again when they are there."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

from shouwang.foundation import secrets

_DONE = ".complete"


class Folder:
    """Where everything lies that the bench makes. Without a name it is a folder of this user that stays until the machine forgets it."""

    def __init__(self, path: Path | None) -> None:
        self.path = path or Path(tempfile.gettempdir()) / f"shouwang-bench-{os.getuid()}"
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def made(self, name: str, make: Callable[[Path], object]) -> Path:
        """``path``/``name``, made by ``make`` when it is not there whole."""
        target = self.path / name
        if not (target / _DONE).exists():
            print(f"making {target} …", file=sys.stderr, flush=True)
            target.mkdir(parents=True, exist_ok=True)
            make(target)
            (target / _DONE).touch()
        return target

    def lake(self, millions: float) -> Path:
        """Lake files of about that many million people."""

        def make(target: Path) -> None:
            from shouwang.demonstration import lake

            lake.write(target, round(millions * 1_000_000))

        return self.made(f"lake-{millions:g}", make)

    def workspace(self, name: str) -> Path:
        """An empty workspace with keys, by that name."""
        home = self.path / name
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.environ["SHOUWANG_HOME"] = str(home)
        secrets.create_if_missing()
        return home


def files_of(lake: Path) -> Mapping[str, list[Path]]:
    """Dataset → its files, in a fixed order."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(lake.glob("*/*/*/*.parquet")):
        found[path.relative_to(lake).parts[0]].append(path)
    return found


def of_one_file(lake: Path) -> frozenset[str]:
    """Datasets of which no county has more than one file."""
    files: dict[str, list[str]] = defaultdict(list)
    for path in lake.glob("*/*/*/*.parquet"):
        dataset, county, *_ = path.relative_to(lake).parts
        files[dataset].append(county)
    return frozenset(dataset for dataset, counties in files.items() if len(counties) == len(set(counties)))
