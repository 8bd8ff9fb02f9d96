"""`shouwang init`, `demo`, `serve` and `work`."""

from __future__ import annotations

import click

from shouwang.foundation import secrets, workspace

from . import habits


@click.command("init", help="建立工作区：数据库、密钥、区划、文件与参数。重复运行不改动已有数据。")
def init() -> None:
    initialise()
    habits.say(f"工作区已就绪：{workspace.home()}")


def initialise() -> None:
    """Creates what is missing of a workspace; what is there stays as it is."""
    from django.core.management import call_command

    from shouwang import policy
    from shouwang.regions import actions as regions

    workspace.private_folder(workspace.home())
    secrets.create_if_missing()
    with habits.progress() as progress:
        progress("建立数据库")
        call_command("migrate", verbosity=0, interactive=False)
        progress("载入行政区划")
        regions.load(progress=progress)
        progress("检查文件与参数")
        policy.load()


@click.command("serve", help="启动网页服务和后台工作进程。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址；供其他电脑访问时写 0.0.0.0。")
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="网页进程数。")
def serve(host: str, port: int, workers: int) -> None:
    from ..server import serve as run_server

    run_server(host=host, port=port, workers=workers)


@click.command("work", help="处理排队的后台工作（serve 会自动启动它）。")
@click.option("--once", is_flag=True, help="做完已有的工作就结束。")
def work(once: bool) -> None:
    from ..worker import work as run_worker

    run_worker(once=once)


@click.command("demo", help="建立演示县：生成人员和各部门文件，导入、筛查，然后打开网页。")
@click.option("--scale", default=1.0, show_default=True, help="演示县规模，1 约 6 万户 18 万人。")
@click.option("--port", default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="只准备数据，不启动网页。")
def demo(scale: float, port: int, no_serve: bool) -> None:
    from ..demo import prepare

    prepare(scale=scale, until_screened=not no_serve)
    if not no_serve:
        from ..server import serve as run_server

        # what July brought to the cases comes in while the leads can be looked at already
        rest = ("demo", "--scale", str(scale), "--no-serve")
        run_server(host="127.0.0.1", port=port, workers=2, meanwhile=rest)
