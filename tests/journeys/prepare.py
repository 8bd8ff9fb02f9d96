"""Fills a fresh workspace with the small world of the page tests: python -m tests.journeys.prepare"""

from __future__ import annotations

import django

PASSWORD = "a long test password"


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from shouwang.foundation import secrets, workspace
    from tests.web import world as worlds

    workspace.private_folder(workspace.home())
    secrets.create_if_missing()
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        world = worlds.build(workspace.home().parent)
        for login, account in world.accounts.items():
            account.login = login
            account.save()


if __name__ == "__main__":
    main()
