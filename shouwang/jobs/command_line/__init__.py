"""The commands of `shouwang`, one file per noun; shared habits of all commands are in ``habits``."""

import click

from . import habits


@click.group(cls=habits.Group, help="守望：防返贫动态监测和帮扶平台。")
def group() -> None: ...
