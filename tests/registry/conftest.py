"""The divisions of two counties, and the people of the tests."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from shouwang.organisation.models import Account
from shouwang.regions import actions
from shouwang.regions.models import Boundary, Edition, Region
from tests.factories import LAIYUAN, YIXIAN, county_officer_sun, grid_worker_zhao, neighbour_li, township_clerk_qian


@pytest.fixture(scope="package")
def loaded_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded for all tests of this folder; what a test changes is rolled back."""
    with django_db_blocker.unblock():
        actions.load(counties_in_detail=[LAIYUAN, YIXIAN])
    yield
    with django_db_blocker.unblock():
        for model in (Region, Boundary, Edition):
            model.objects.all().delete()


@pytest.fixture(autouse=True)
def divisions(loaded_once: None, db: None) -> None:
    """The divisions are there."""


@pytest.fixture
def sun() -> Account:
    """县中心孙 of 涞源."""
    return county_officer_sun()


@pytest.fixture
def qian() -> Account:
    """乡镇钱 of 涞源镇."""
    return township_clerk_qian("130630100000")


@pytest.fixture
def zhao() -> Account:
    """网格员赵 of 东关村."""
    return grid_worker_zhao("130630100200")


@pytest.fixture
def li() -> Account:
    """邻县李, who must see nothing of 涞源."""
    return neighbour_li()
