"""A workspace per test and the people of the tests: 网格员赵, 乡镇钱, 县中心孙, and 邻县李 who must see nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shouwang.foundation import secrets

LAIYUAN = "130630000000"
YIXIAN = "130633000000"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace with keys of its own, for this test only."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    monkeypatch.setenv("SHOUWANG_HOME", str(folder))
    monkeypatch.delenv("SHOUWANG_KEYS", raising=False)
    secrets.create_if_missing()
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits long for other programs begins first, so that no process of the run is left alone with it at the end."""
    order = {"long": 0, "spark": 0, "browser": 1}
    items.sort(key=lambda item: min((order.get(mark.name, 2) for mark in item.iter_markers()), default=2))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half as many again as there are cores: browsers, servers and Spark leave a core waiting a third of the time."""
    cores = os.cpu_count() or 1
    return cores + cores // 2
