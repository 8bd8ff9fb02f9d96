"""Start-up: hands the subjects' manifests to the rooms below. Explicit lists, nothing is discovered."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate


class Start(AppConfig):
    name = "shouwang.config"
    label = "config"

    def ready(self) -> None:
        from shouwang.casework import procedure
        from shouwang.policy import coverage
        from shouwang.regions import kept_sums
        from shouwang.screening import catalogue

        from .coverage import CLAIMS

        catalogue.register(_subjects)
        procedure.register(_procedures())
        coverage.register(CLAIMS)
        kept_sums.register(_sums)
        # sent once for each room, after the migrations of all
        pre_migrate.connect(_stop_watching, sender=apps.get_app_config("regions"))
        post_migrate.connect(_watch, sender=apps.get_app_config("regions"))


def _stop_watching(using: str, plan: list[Any], **_: Any) -> None:
    """Tables that are rebuilt stumble over triggers; nothing is kept until they are watched again."""
    from shouwang.regions import watching

    if plan:
        watching.uninstall(using)


def _watch(using: str, **_: Any) -> None:
    from shouwang.regions import kept_sums, watching

    watching.install(kept_sums.sources(), using)


def _procedures():
    from shouwang.casework import verification
    from shouwang.households import procedure

    return verification.PROCEDURE, procedure.PROCEDURE


def _sums():
    from shouwang.households.kept import SUMS

    return SUMS


def _subjects():
    from shouwang.households.manifest import SUBJECT

    return (SUBJECT,)
