"""Runs the pages and the background worker side by side, and takes both down together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import FrameType

import click
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from shouwang.foundation import secrets
from shouwang.foundation.errors import UserError


def serve(*, host: str, port: int, workers: int, meanwhile: Sequence[str] = ()) -> None:
    """Serves until interrupted; ``meanwhile`` is a command of ours that runs beside it once, from the first page on.

    Raises UserError when the workspace is missing or older than the program.
    """
    _check_workspace()
    call_command("collectstatic", interactive=False, verbosity=0)
    worker = _start("-m", "shouwang", "work")
    server = _start(
        "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "shouwang.config.wsgi:application",
    )  # fmt: skip
    others = [_start("-m", "shouwang", *meanwhile)] if meanwhile else []
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        for process in (server, worker, *others):
            process.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    shown = host if host.startswith("127.") else socket.gethostname()
    click.echo(f"网页已启动：http://{shown}:{port}/  （按 Ctrl+C 结束）")
    while not stopping.is_set():
        if server.poll() is not None:
            worker.terminate()
            raise UserError(
                "网页服务未能启动或已退出", next_step=f"请确认端口 {port} 没有被占用，或用 --port 换一个端口。"
            )
        if worker.poll() is not None:
            worker = _start("-m", "shouwang", "work")
        stopping.wait(1)
    for process in (server, worker, *others):
        process.wait(timeout=20)


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *arguments], env=os.environ)  # noqa: S603  our own program


def _check_workspace() -> None:
    secrets.load()
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise UserError("工作区尚未建立，或早于当前程序版本", next_step="请先运行 shouwang init（不会改动已有数据）。")
