"""The commands of `shouwang`, one file per noun; shared habits of all commands are in ``habits``.

Each command names where it lives, so that a call loads only what it needs.
"""

import click

from . import habits

# command → (module of this folder, attribute)
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("workspace", "init"),
    "demo": ("workspace", "demo"),
    "serve": ("workspace", "serve"),
    "work": ("workspace", "work"),
    "registry": ("registry", "group"),
    "keys": ("registry", "keys"),
    "feed": ("feed", "group"),
    "screen": ("screen", "screen"),
    "findings": ("screen", "findings"),
    "leads": ("screen", "leads"),
    "sums": ("sums", "group"),
    "policy": ("policy", "group"),
    "regions": ("regions", "group"),
    "accounts": ("accounts", "group"),
    "audit": ("audit", "group"),
}


class Commands(habits.Group):
    """Finds a command's module when it is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return habits.load(__name__, *COMMANDS[name]) if name in COMMANDS else None


@click.group(cls=Commands, help="守望：防返贫动态监测和帮扶平台。")
def group() -> None: ...
