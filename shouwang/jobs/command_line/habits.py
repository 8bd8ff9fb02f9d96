"""What every command does the same way: sentences for errors, exit statuses, progress, JSON on request.

Exit status: 0 done · 1 done, some rows refused · 2 refused as a whole, nothing changed.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from django.db import OperationalError

from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress, silent

DONE, SOME_REFUSED, REFUSED = 0, 1, 2

format_option = click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", help="输出格式；程序读取用 json。"
)


class Group(click.Group):
    """Turns what a person can mend into one sentence on standard error and exit status 2."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except UserError as error:
            refuse(str(error))
        except OperationalError as error:
            if "no such table" in str(error) or "does not exist" in str(error):
                refuse("工作区尚未建立。请先运行 shouwang init。")
            if "locked" in str(error):
                refuse("数据库正被另一项工作占用，本次没有改动任何数据。请稍后重试。")
            raise


def refuse(sentence: str) -> None:
    click.echo(f"✗ {sentence}", err=True)
    sys.exit(REFUSED)


def say(sentence: str) -> None:
    click.echo(sentence)


def say_json(content: Any) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        line = bar.add_task("准备", total=None)

        def show(step: str, done: int = 0, total: int = 0) -> None:
            bar.update(line, description=step, completed=done, total=total or None)

        yield show


def load(package: str, module: str, attribute: str) -> click.Command:
    """A command from its module."""
    return getattr(importlib.import_module(f"{package}.{module}"), attribute)
