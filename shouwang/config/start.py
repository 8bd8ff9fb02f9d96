"""Start-up: hands the subjects' manifests to the rooms below. Explicit lists, nothing is discovered."""

from django.apps import AppConfig


class Start(AppConfig):
    name = "shouwang.config"
    label = "config"

    def ready(self) -> None:
        from shouwang.casework import procedure
        from shouwang.policy import coverage
        from shouwang.screening import catalogue

        from .coverage import CLAIMS

        catalogue.register(_subjects)
        procedure.register(_procedures())
        coverage.register(CLAIMS)


def _procedures():
    from shouwang.casework import verification
    from shouwang.households import procedure

    return verification.PROCEDURE, procedure.PROCEDURE


def _subjects():
    from shouwang.households.manifest import SUBJECT

    return (SUBJECT,)
