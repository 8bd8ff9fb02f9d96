"""Documents, parameters and rules: every page opens, says where things come from, and what is still open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from shouwang import policy
from shouwang.policy import coverage
from shouwang.screening import cases, catalogue

from .world import World

Browse = Callable[[str], Client]


def test_every_document_shows_each_clause_once_in_the_order_of_the_text(world: World, browse: Browse) -> None:
    client = browse("zhao")
    for document in policy.load().documents.values():
        shown = client.get(reverse("document", args=[document.id])).context["clauses"]
        assert [row["clause"].id for row in shown] == [clause.id for clause in document.clauses]


@pytest.mark.parametrize("status", ["implemented", "open", "guidance"])
def test_a_document_can_be_read_by_state_with_the_headings_kept(world: World, browse: Browse, status: str) -> None:
    page = browse("sun").get(reverse("document", args=["hengshui-2022-1"]), {"status": status})
    duties = [duty["row"] for row in page.context["clauses"] for duty in row["duties"] if duty["row"].status == status]
    wanted = [row for row in coverage.rows(policy.load()) if row.document == "hengshui-2022-1" and row.status == status]
    assert duties == wanted


def test_the_list_of_documents_adds_up_to_the_table_of_coverage(world: World, browse: Browse) -> None:
    page = browse("sun").get(reverse("documents")).context
    assert page["total"].total() == len(coverage.rows(policy.load()))


def test_every_parameter_has_a_page_that_says_what_applies_or_what_is_missing(world: World, browse: Browse) -> None:
    client = browse("sun")
    for name, parameter in policy.load().parameters.items():
        page = client.get(reverse("parameter", args=[name]))
        answer = page.context["answer"]
        assert parameter.label in page.content.decode()
        assert (answer.text if answer.source else "没有取值") in page.content.decode().replace("&#x27;", "'").replace(
            "&quot;", '"'
        )


def test_place_and_day_change_the_answer(world: World, browse: Browse) -> None:
    client, address = browse("sun"), reverse("parameter", args=["household.identification_limit"])
    assert client.get(address, {"region": "131100000000", "on": "2022-06-01"}).context["answer"].text == "1 个月"
    later = client.get(address, {"region": "131100000000", "on": "2022-07-01"})
    assert later.context["answer"].text == "15 天"
    assert "比河北省的 15 天 宽，取最严的" in later.content.decode()


def test_the_list_of_parameters_keeps_the_open_ones(world: World, browse: Browse) -> None:
    page = browse("sun").get(reverse("parameters"), {"open": "1"}).context
    shown = [answer for rows in page["groups"].values() for _, answer in rows]
    assert shown and all(answer.value is None for answer in shown)
    assert len(shown) == page["open_count"]


def test_every_rule_has_a_page_made_from_the_rule_and_its_cases(world: World, browse: Browse) -> None:
    client = browse("zhao")
    for code, bound in catalogue.rules().items():
        page = client.get(reverse("rule", args=[code]))
        text = page.content.decode()
        assert bound.rule.label in text
        for case in cases.read(bound):
            assert case.sentence in text.replace("&quot;", '"')
        assert "first_month" not in text and "born_on" not in text and "_fen" not in text, "no word of the code"


def test_a_rule_says_which_open_value_stops_it(world: World, browse: Browse) -> None:
    page = browse("sun").get(reverse("rules")).content.decode()
    assert page.count("不能计算") >= 2
    assert reverse("parameter", args=["household.transfer_share_limit"]) in page


def test_what_does_not_exist_is_not_there(world: World, browse: Browse) -> None:
    for name in ("document", "parameter", "rule"):
        assert browse("sun").get(reverse(name, args=["nothing"])).status_code == 404
