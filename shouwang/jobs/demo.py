"""Builds the demonstration: a synthetic county's files are written, imported as offices would, and screened for June 2022."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import django
from django.utils import timezone

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.demonstration import (
    calibration,
    caseload,
    county,
    ledgers,
    livelihoods,
    overlay,
    people,
    pictures,
    reports,
    supervising,
    surroundings,
    visits,
)
from shouwang.demonstration.county import REGISTRY, DemoFile
from shouwang.feeds import actions as feeds
from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress
from shouwang.intake.models import Batch
from shouwang.organisation.models import Account
from shouwang.registry import actions as registry
from shouwang.screening import actions as screening

from . import clock, ledger, queue, worker
from .command_line import habits
from .models import Job, JobState

# The day on which the demonstration plays: leads of the first screening are late by then, those of the second nearly so.
DAY = dt.date(2022, 7, 18)
_FIRST, _SECOND = dt.date(2022, 7, 1), dt.date(2022, 7, 4)
# What departments send later than the first days of the month; with it the month is screened a second time.
_LATECOMERS = ("medical_settlement", "monthly_income", "medical_insurance", "employment", "disaster_loss", "disability")
_FOLDER = "demonstration"
_SCREENED, _READY = "screened", "ready"


def prepare(*, scale: float = 1.0, until_screened: bool = False) -> None:
    """Does what is missing of the demonstration; what was done before is found and left as it is.

    ``until_screened`` leaves the work of July (ledger, cases, visits) to a second call: pages can be looked at by then.

    Raises UserError in a workspace that holds data of its own: invented people never come among registered ones.
    """
    from .command_line.workspace import initialise

    started = time.monotonic()
    folder = workspace.home() / _FOLDER
    is_screened, is_ready = (_is_done(folder / mark, scale) for mark in (_SCREENED, _READY))
    habits.say("1/5 建立工作区，同时生成演示县的文件")
    workspace.private_folder(workspace.home())
    # the files need no database, and the workspace needs no files: one core for each
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup) as aside:
        writing = None if is_screened or _has_own_data() else aside.submit(county.write_files, folder, scale=scale)
        initialise()
        files = writing.result() if writing else []
    if clock.demonstration_day() is None and Batch.objects.exists():
        raise UserError(
            f"工作区 {workspace.home()} 里已有正式数据，不能混入演示数据",
            next_step="请用环境变量 SHOUWANG_HOME 另指一个文件夹。",
        )
    clock.set_demonstration_day(DAY)
    overlay.write()
    people.create_accounts()
    if is_ready:
        habits.say("演示数据已在，没有改动。")
        _say_accounts()
        return
    with habits.progress() as progress:
        if not is_screened:
            _take_in(files, progress)
            (folder / _SCREENED).write_text(str(scale))
        if not until_screened:
            _work(progress)
            (folder / _READY).write_text(str(scale))
    habits.say(f"演示数据已就绪，用时 {time.monotonic() - started:.0f} 秒。")
    _say_accounts()


def _is_done(mark: Path, scale: float) -> bool:
    return mark.exists() and mark.read_text() == str(scale)


def _take_in(files: list[DemoFile], progress: Progress) -> None:
    """The files of the year as they came, and the screening of June, first without the latecomers and then with them."""
    first, second = _in_two(files)
    for number, (day, group) in enumerate(((_FIRST, first), (_SECOND, second)), 2):
        habits.say(f"{number}/5 导入 {len(group)} 份文件，{day.month} 月 {day.day} 日筛查 2022 年 6 月")
        for done, file in enumerate(group):
            progress(f"导入 {file.path.name}", done, len(group))
            _import(file, day)
        for code in (calibration.COUNTY, calibration.NEIGHBOUR):
            _screen(code, day, progress)


def _work(progress: Progress) -> None:
    """What people did since: ledger, cases, reports of families, visits, and what surrounds them."""
    habits.say("4/5 记增收台账")
    for code in (calibration.COUNTY, calibration.NEIGHBOUR):
        ledger.keep_up(region_code=code, now=_morning(_SECOND), progress=progress)
    habits.say("5/5 办理线索和个案，走访")
    policies = policy.load()
    steps = (
        caseload.fill,
        reports.take,
        visits.make,
        surroundings.arrange,
        supervising.arrange,
        livelihoods.arrange,
        ledgers.arrange,
        pictures.arrange,
    )
    for done, arrange in enumerate(steps):
        progress("办理线索和个案，走访", done, len(steps))
        arrange(policies=policies)
    if not Job.objects.filter(recipe="check").exists():
        officer = Account.objects.get(login="sun")
        queue.ask(recipe="check", arguments={}, region_code=calibration.COUNTY, by=officer)
        worker.work(once=True)
        Job.objects.filter(recipe="check", state=JobState.DONE).update(
            asked_at=_morning(DAY), finished_at=_morning(DAY)
        )


def _has_own_data() -> bool:
    """A workspace that is in use and is no demonstration; its database is not asked before the files are begun."""
    return workspace.database_file().exists() and clock.demonstration_day() is None


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
