"""Start-up: hands the subjects' manifests to the rooms below. Explicit lists, nothing is discovered."""

from django.apps import AppConfig


class Start(AppConfig):
    name = "shouwang.config"
    label = "config"

    def ready(self) -> None:
        from shouwang.screening import catalogue

        catalogue.register(_subjects)


def _subjects():
    from shouwang.households.manifest import SUBJECT

    return (SUBJECT,)
