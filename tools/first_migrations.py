"""``python -m tools.first_migrations``: before a release, one migration a room, with every index and constraint inside its model.

Django renders all related models anew for each operation; a migration of a hundred ``AddIndex`` takes a fresh workspace, and every
process of a test run, three times as long as one that creates models whole, and this three times as long as all of them together.
"""

from __future__ import annotations

import os
import sys
import tempfile
from graphlib import CycleError, TopologicalSorter
from pathlib import Path


def main() -> None:
    """Rewrites ``shouwang/*/migrations``. Raises SystemExit naming the room when models of it refer to each other in a ring."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    os.environ.setdefault("SHOUWANG_HOME", tempfile.mkdtemp(prefix="shouwang-migrations-"))
    import django

    django.setup()
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.graph import MigrationGraph
    from django.db.migrations.operations import AddField, CreateModel
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter
    from django.utils import translation

    from shouwang.foundation.migration_operations import CreateTogether

    translation.deactivate_all()  # what Django itself names stays untranslated in the files
    rooms = {app.label: app for app in apps.get_app_configs() if app.name.startswith("shouwang.")}
    wanted = ProjectState.from_apps(apps)
    before = ProjectState({key: state for key, state in wanted.models.items() if key[0] not in rooms})
    # the detector empties the states that it is given
    changes = MigrationAutodetector(before, wanted, MigrationQuestioner(specified_apps=set(rooms))).changes(
        graph=MigrationGraph()
    )
    wanted = ProjectState.from_apps(apps)
    for label, made in sorted(changes.items()):
        folder = Path(rooms[label].path) / "migrations"
        models = {name: state for (app, name), state in wanted.models.items() if app == label}
        try:
            order = list(
                TopologicalSorter({name: _needs(label, name, state) for name, state in models.items()}).static_order()
            )
        except CycleError as ring:
            sys.exit(f"{label}: {' → '.join(ring.args[1])}")
        first = made[0]
        together = [
            CreateModel(
                state.name,
                [(name, field) for name, field in state.fields.items() if not _goes_through(field)],
                state.options,
                state.bases,
                state.managers,
            )
            for state in (models[name] for name in order)
        ]
        first.operations = [CreateTogether(together)] + [
            AddField(state.name, name, field)
            for state in models.values()
            for name, field in state.fields.items()
            if _goes_through(field)
        ]
        first.dependencies = sorted(
            {one for migration in made for one in migration.dependencies if one[0] != label}, key=str
        )
        for old in folder.glob("0*.py"):
            old.unlink()
        first.name = "0001_initial"
        target = folder / "0001_initial.py"
        target.write_text(MigrationWriter(first, include_header=False).as_string())
        print(target)


def _needs(label: str, name: str, state: object) -> set[str]:
    """The other models of the same room that a model points to."""
    found = set()
    for field in state.fields.values():  # type: ignore[attr-defined]
        to = getattr(getattr(field, "remote_field", None), "model", None)
        if isinstance(to, str) and to.lower().startswith(f"{label}."):
            found.add(to.lower().split(".", 1)[1])
    return found - {name}


def _goes_through(field: object) -> bool:
    """Many to many by a model of its own, which has to be there before the field."""
    return bool(getattr(getattr(field, "remote_field", None), "through", None))


if __name__ == "__main__":
    main()
