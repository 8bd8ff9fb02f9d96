"""A database with the divisions of the whole country to counties and the villages of three counties."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from shouwang.regions import actions
from shouwang.regions.models import Boundary, Edition, Region

XUSHUI = "130609000000"
LAIYUAN = "130630000000"
HENGSHUI_ZONE = "131171000000"


def clear() -> None:
    for model in (Region, Boundary, Edition):
        model.objects.all().delete()


@pytest.fixture(scope="package")
def loaded_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded for all tests of this folder; what a test changes is rolled back."""
    with django_db_blocker.unblock():
        actions.load(counties_in_detail=[XUSHUI, LAIYUAN, HENGSHUI_ZONE])
    yield
    with django_db_blocker.unblock():
        clear()


@pytest.fixture
def divisions(loaded_once: None, db: None) -> None:
    """The divisions are there."""


@pytest.fixture
def nothing_loaded(db: None) -> None:
    """A database without divisions."""
    clear()
