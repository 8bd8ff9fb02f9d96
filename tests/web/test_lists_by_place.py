"""A list that looks only where its rows are shows the same screenfuls, forwards and backwards, as one that looks everywhere."""

from __future__ import annotations

import random

import pytest
from django.http import QueryDict

from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household
from shouwang.web import lists, lists_by_place
from tests import factories

ORDER = lists.Order("village", ("region_code", "household_no"))
TOWNSHIPS = ("130630100", "130630101", "130630102", "130630103", "130633100")
SCOPE = Scope((("130630000000", "130630103000"), ("130633000000", "130634000000")))


def asked(**named):
    found = QueryDict(mutable=True)
    found.update(named)
    return found


def both(rows, counts, size, **named):
    names = {"asked": asked(**named), "unit": "户", "size": size}
    near = lists_by_place.page(rows, scope=SCOPE, counts=counts, order=ORDER, **names)
    return near, lists.page(rows(SCOPE), orders=(ORDER,), **names)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_screenful_is_the_one_of_the_whole_list(seed):
    chance = random.Random(seed)
    for township in TOWNSHIPS:
        for _ in range(chance.choice([0, 1, 4, 9])):
            factories.make_household(region_code=f"{township}20{chance.randrange(1, 4)}")

    def rows(scope):
        return scope.filter(Household.objects.filter(is_withdrawn=False))

    counts = {}
    for village in rows(SCOPE).values_list("region_code", flat=True):
        counts[village[:9]] = counts.get(village[:9], 0) + 1
    for size in (1, 2, 5):
        starts = [{}, {"after": "77777777"}, {"before": "x"}]
        starts += [{way: str(home.pk)} for home in Household.objects.all() for way in ("after", "before")]
        for start in starts:
            near, whole = both(rows, counts, size, **start)
            assert (near.rows, near.count, near.previous, near.next) == (
                whole.rows, whole.count, whole.previous, whole.next,
            ), (size, start)  # fmt: skip
