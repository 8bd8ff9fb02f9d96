"""Builds the demonstration: a synthetic county's files are written, imported as offices would, and screened for June 2022."""

from __future__ import annotations

import datetime as dt
import time

from django.utils import timezone

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.demonstration import (
    calibration,
    caseload,
    county,
    livelihoods,
    overlay,
    people,
    reports,
    surroundings,
    visits,
)
from shouwang.demonstration.county import REGISTRY, DemoFile
from shouwang.feeds import actions as feeds
from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress
from shouwang.intake.models import Batch
from shouwang.registry import actions as registry
from shouwang.screening import actions as screening

from . import clock, ledger
from .command_line import habits

# The day on which the demonstration plays: leads of the first screening are late by then, those of the second nearly so.
DAY = dt.date(2022, 7, 18)
_FIRST, _SECOND = dt.date(2022, 7, 1), dt.date(2022, 7, 4)
# What departments send later than the first days of the month; with it the month is screened a second time.
_LATECOMERS = ("medical_settlement", "monthly_income", "medical_insurance", "employment", "disaster_loss", "disability")
_FOLDER = "demonstration"


def prepare(*, scale: float = 1.0) -> None:
    """Does what is missing of the demonstration; what was done before is found and left as it is.

    Raises UserError in a workspace that holds data of its own: invented people never come among registered ones.
    """
    from .command_line.workspace import initialise

    started = time.monotonic()
    habits.say("1/4 建立工作区")
    initialise()
    if clock.demonstration_day() is None and Batch.objects.exists():
        raise UserError(
            f"工作区 {workspace.home()} 里已有正式数据，不能混入演示数据",
            next_step="请用环境变量 SHOUWANG_HOME 另指一个文件夹。",
        )
    clock.set_demonstration_day(DAY)
    overlay.write()
    people.create_accounts()
    ready = workspace.home() / _FOLDER / "ready"
    if ready.exists() and ready.read_text() == str(scale):
        habits.say("演示数据已在，没有改动。")
        _say_accounts()
        return
    with habits.progress() as progress:
        habits.say("2/4 生成演示县的文件")
        files = county.write_files(workspace.home() / _FOLDER, scale=scale, progress=progress)
        first, second = _in_two(files)
        for number, (day, group) in enumerate(((_FIRST, first), (_SECOND, second)), 3):
            habits.say(f"{number}/4 导入 {len(group)} 份文件，{day.month} 月 {day.day} 日筛查 2022 年 6 月")
            for done, file in enumerate(group):
                progress(f"导入 {file.path.name}", done, len(group))
                _import(file, day)
            for code in (calibration.COUNTY, calibration.NEIGHBOUR):
                ledger.keep_up(region_code=code, now=_morning(day), progress=progress)
                _screen(code, day, progress)
    caseload.fill(policies=policy.load())
    reports.take(policies=policy.load())
    visits.make(policies=policy.load())
    surroundings.arrange(policies=policy.load())
    livelihoods.arrange(policies=policy.load())
    ready.write_text(str(scale))
    habits.say(f"演示数据已就绪，用时 {time.monotonic() - started:.0f} 秒。")
    _say_accounts()


def _say_accounts() -> None:
    habits.say(f"登录密码都是 {people.PASSWORD}：")
    for account in people.ACCOUNTS:
        habits.say(f"  {account.login}  {account.name}（{account.role.label}）")


def _in_two(files: list[DemoFile]) -> tuple[list[DemoFile], list[DemoFile]]:
    """What is there on the first days of July, and what comes after."""
    late = [one for one in files if one.period == calibration.SCREENED_MONTH and one.dataset in _LATECOMERS]
    return [one for one in files if one not in late], late


def _import(file: DemoFile, today: dt.date) -> None:
    """One file, as it would have come: at the end of its month, or with the latecomers in the first days of the next."""
    day = today if today == _SECOND else min(file.period.last_day, today)
    received = timezone.make_aware(dt.datetime.combine(day, dt.time(16, 30) if day < today else dt.time(9, 30)))
    if file.command == REGISTRY:
        outcome = registry.import_file(
            path=file.path, kind=file.dataset, period=file.period, sender=file.sender, by=None, now=received
        )
        if outcome.is_new and outcome.batch:
            feeds.rematch(region_code=outcome.batch.region_code, by=None, now=received)
        return
    feeds.import_file(
        path=file.path,
        dataset=file.dataset,
        region_code=file.region_code,
        period=file.period,
        by=None,
        now=received,
        sender=file.sender,
    )


def _screen(code: str, day: dt.date, progress: Progress) -> None:
    policies = policy.load()
    now = _morning(day)
    run = screening.run(
        region_code=code, as_of=calibration.AS_OF, policies=policies, by=None, now=now, progress=progress
    )
    casework.fold(run=run, opened_on=day, policies=policies, progress=progress)


def _morning(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))
