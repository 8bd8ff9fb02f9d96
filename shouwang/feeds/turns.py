"""One import at a time per dataset and county: the next one must see what the last one put into the lake.

Locks are files of the workspace; the operating system gives them back when a process dies, however it dies.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.foundation.progress import Progress, silent

_PATIENCE_SECONDS = 600
_PAUSE_SECONDS = 0.1


@contextmanager
def turn(datasets: Iterable[str], counties: Iterable[str], progress: Progress = silent) -> Iterator[None]:
    """Waits until nobody else changes these datasets of these counties. Raises UserError when that takes too long."""
    folder = workspace.private_folder(workspace.home() / "locks")
    with ExitStack() as stack:
        # always in the same order, so that no two ever wait for each other
        for name in sorted({f"{dataset}-{county}.lock" for dataset in datasets for county in counties}):
            stream = stack.enter_context((folder / name).open("w"))
            _take(stream.fileno(), progress)
        yield


def _take(descriptor: int, progress: Progress) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                raise UserError("同一数据集的另一项导入还没有结束", next_step="请稍后重试。") from None
            progress("等待同一数据集的另一项导入")
            time.sleep(_PAUSE_SECONDS)
