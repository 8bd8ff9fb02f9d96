"""One small world for all tests of pages: built once, each test's changes rolled back."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from shouwang.foundation import secrets

from . import world as worlds


@pytest.fixture(scope="package")
def world_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world") / "workspace"


@pytest.fixture(autouse=True)
def home(world_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace of the world: its keys read what the database holds, its lake has the rows behind the findings."""
    monkeypatch.setenv("SHOUWANG_HOME", str(world_home))
    monkeypatch.setenv("SHOUWANG_TODAY", worlds.TODAY.isoformat())
    monkeypatch.delenv("SHOUWANG_KEYS", raising=False)
    return world_home


@pytest.fixture(scope="package")
def built_world(django_db_setup: None, django_db_blocker, world_home: Path) -> Iterator[worlds.World]:
    """Inside one transaction that is taken back when the last test of pages is done."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("SHOUWANG_HOME", str(world_home))
        patch.delenv("SHOUWANG_KEYS", raising=False)
        world_home.mkdir(parents=True)
        secrets.create_if_missing()
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield worlds.build(world_home.parent)
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture
def world(built_world: worlds.World, db: None) -> worlds.World:
    """A copy for each test: what a test does to a record in its hands is rolled back like what it does to the database."""
    return copy.deepcopy(built_world)


@pytest.fixture
def browse(world: worlds.World) -> Callable[[str], Client]:
    """A signed-in browser: browse("sun") is the county officer's."""

    def signed_in(login: str) -> Client:
        client = Client()
        client.force_login(world.accounts[login])
        return client

    return signed_in
