"""Starts the program for a command and turns its errors into a sentence and an exit status."""

import sys


def run() -> None:
    import django

    django.setup()
    from shouwang.jobs.command_line import group

    sys.exit(group.main(standalone_mode=True))
