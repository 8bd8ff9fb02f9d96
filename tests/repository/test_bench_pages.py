"""The bench asks for every page that an account can open, or says why not: a new page is measured before it is slow."""

from __future__ import annotations

import re

from django.urls import resolve

from bench.city import pages
from shouwang.web.urls import urlpatterns


def asked() -> set[str]:
    return {resolve(re.sub(r"{\w+}", "1", page.partition("?")[0])).url_name or "" for page in pages.pages()}


def test_every_route_is_asked_by_the_bench_or_named_with_a_reason():
    routes = {route.name or "" for route in urlpatterns}
    assert sorted(routes - asked() - set(pages.NOT_ASKED)) == []


def test_no_reason_stands_for_a_route_that_is_gone_or_asked_after_all():
    routes = {route.name or "" for route in urlpatterns}
    assert sorted(set(pages.NOT_ASKED) - routes) == []
    assert sorted(set(pages.NOT_ASKED) & asked()) == []
