"""Questions to the policy files: clauses and headings, which parameters cite a clause, names that do not exist."""

from __future__ import annotations

from datetime import date

import pytest

from shouwang.foundation import workspace
from shouwang.foundation.errors import UserError
from shouwang.policy import loading
from shouwang.policy.places import BY_CATALOGUE

PROGRAM = loading.read(program=workspace.PROGRAM_POLICIES)


def test_a_heading_knows_the_clauses_below_it() -> None:
    below = PROGRAM.children("hebei-xiangzhenfa-2022-14#1")

    assert {"1.1", "1.2", "1.3", "1.4", "1.8"} <= {clause.id for clause in below}
    assert all(clause.parent_id == "1" for clause in below)
    assert PROGRAM.clause("laiyuan-2022-9#2.2") in PROGRAM.children("laiyuan-2022-9#2")
    assert [clause.id for clause in PROGRAM.children("hengshui-2022-1")] == ["Z", "A", "B", "C"]


def test_every_clause_is_reached_from_the_top() -> None:
    for document in PROGRAM.documents.values():
        reached, waiting = [], list(document.children())
        while waiting:
            clause = waiting.pop()
            reached.append(clause.id)
            waiting += document.children(clause.id)
        assert sorted(reached) == sorted(clause.id for clause in document.clauses)


def test_a_clause_knows_the_parameters_that_cite_it() -> None:
    names = {parameter.name for parameter in PROGRAM.citing("laiyuan-2022-9#2.2.2")}

    assert names == {"household.monitoring_income_line"}
    assert "household.transfer_share_limit" in {one.name for one in PROGRAM.citing("laiyuan-2022-9#2.2.4")}


def test_a_citation_reads_as_number_and_place() -> None:
    assert PROGRAM.citation_text("laiyuan-2022-9#2.2.2") == "涞巩固拓展〔2022〕9号 二(二) L35"
    assert PROGRAM.citation_text("xuchang-2022-1") == "许巩固脱贫组〔2022〕1号"


def test_names_that_do_not_exist_are_answered_with_the_nearest() -> None:
    with pytest.raises(UserError, match=r"household\.identification_limit"):
        PROGRAM.parameter("household.identificaton_limit")
    with pytest.raises(UserError, match=r"household\.monitoring_income_line"):
        PROGRAM.parameter("monitoring_income_line")
    with pytest.raises(UserError, match=r"laiyuan-2022-9#2\.2"):
        PROGRAM.clause("laiyuan-2022-9#2.2.99")
    with pytest.raises(UserError, match="laiyuan-2022-9"):
        PROGRAM.document("laiyuan-2022-8")
    with pytest.raises(UserError, match="没有区划代码“139999”"):
        PROGRAM.resolve(
            "household.monitoring_income_line",
            region_code="139999",
            on=date(2022, 6, 30),
            ancestors=BY_CATALOGUE.ancestors,
        )


def test_dingzhou_does_not_belong_to_baoding_though_its_code_says_so() -> None:
    assert BY_CATALOGUE.ancestors("130682") == ("130682000000", "130000000000", "000000000000")
    assert BY_CATALOGUE.ancestors("130630")[:2] == ("130630000000", "130600000000")
    assert BY_CATALOGUE.name("130630") == "涞源县"


def test_a_township_outside_the_programs_own_data_is_known_by_its_county() -> None:
    assert BY_CATALOGUE.ancestors("370102001")[:3] == ("370102001000", "370102000000", "370100000000")
    assert BY_CATALOGUE.name("370102001") == "历下区（370102001000）"
    with pytest.raises(UserError, match="370199001"):
        BY_CATALOGUE.full_code("370199001")
