"""Start-up: hands the subjects' manifests to the rooms below. Explicit lists, nothing is discovered."""

from django.apps import AppConfig


class Start(AppConfig):
    name = "shouwang.config"
    label = "config"

    def ready(self) -> None:
        from shouwang.policy import coverage
        from shouwang.screening import catalogue

        from .coverage import CLAIMS

        catalogue.register(_subjects)
        coverage.register(CLAIMS)


def _subjects():
    from shouwang.households.manifest import SUBJECT

    return (SUBJECT,)
