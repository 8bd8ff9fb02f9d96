"""The manual page of the command line, printed from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from . import group


def page() -> str:
    """Markdown: every command with its options, in the order of the program's own help."""
    lines = [
        "# 命令",
        "",
        "本页由程序的帮助文字生成。退出状态：0 完成；1 完成但有退回行；2 整体拒绝，没有改动任何数据。",
        "",
    ]
    for path, command in _commands(group, "shouwang"):
        lines += [f"## `{path}`", "", (command.help or "").strip(), ""]
        lines += [f"- `{' '.join(option.opts)}`：{_about(option)}" for option in _options(command)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(command, info_name=path)
    if not isinstance(command, click.Group):
        arguments = [
            parameter.human_readable_name for parameter in command.params if isinstance(parameter, click.Argument)
        ]
        yield " ".join([path, *arguments]), command
        return
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is not None and not below.hidden:
            yield from _commands(below, f"{path} {name}")


def _options(command: click.Command) -> list[click.Option]:
    return [parameter for parameter in command.params if isinstance(parameter, click.Option) and not parameter.hidden]


def _about(option: click.Option) -> str:
    text = option.help or ""
    if isinstance(option.type, click.Choice):
        text = f"{text}（{'、'.join(map(str, option.type.choices))}）"
    return f"{text}（必填）" if option.required else text
