"""The five documents stand clause by clause: every one of the 383 duties once, every row placed and told in our own words."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "policies" / "documents"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LINE = re.compile(r"L(\d+)(?:–(\d+))?")

DOCUMENT_KEYS = {
    "number", "title", "issuer", "region", "issued_on", "effective_from", "effective_note",
    "based_on", "attachments", "recipients", "defects", "clauses",
}  # fmt: skip
CLAUSE_KEYS = {"id", "duties", "kind", "place", "region", "summary", "guidance"}
# How domain.md counts the duties by kind.
KINDS = {
    "LEDGER": 57, "REG": 55, "RULE": 47, "IND": 42, "TASK": 37, "CASE": 37, "RPT": 17, "TGT": 16,
    "SUP": 15, "FEED": 14, "FUND": 14, "NOTE": 10, "TRN": 9, "ASSET": 9, "ATT": 3, "PUB": 1,
}  # fmt: skip
DUTY_COUNTS = {
    "hengshui-2022-1": 170,
    "hebei-xiangzhenfa-2022-14": 31,
    "laiyuan-2022-9": 40,
    "hebei-opinion-2021": 75,
    "xuchang-2022-1": 67,
}
# The one note that is kept by how the program is deployed: no new information system below the province.
NOTE_WITH_A_FUNCTION = "S0-C-61"


def read_csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DOCUMENTS: dict[str, dict[str, Any]] = {
    path.stem: YAML(typ="safe").load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
}
CLAUSES = [(document, clause) for document, content in DOCUMENTS.items() for clause in content["clauses"]]
INVENTORY = {row["id"]: row["kind"] for row in read_csv("duty_inventory.csv")}


def name(document: str, clause: dict[str, Any]) -> str:
    return f"{document}#{clause['id']}"


def parent(clause_id: str) -> str:
    return clause_id.rpartition(".")[0]


def first_line(place: str) -> int:
    found = LINE.search(place)
    assert found, place
    return int(found[1])


def test_the_five_documents_are_all_there() -> None:
    assert set(DOCUMENTS) >= set(DUTY_COUNTS)


def test_the_inventory_counts_383_duties_by_kind_as_the_dossier_does() -> None:
    assert len(INVENTORY) == len(read_csv("duty_inventory.csv")) == 383
    assert Counter(INVENTORY.values()) == KINDS


def test_every_duty_stands_in_exactly_one_clause_and_no_other_duty_exists() -> None:
    written = Counter(duty for _, clause in CLAUSES for duty in clause.get("duties", []))
    assert {duty: count for duty, count in written.items() if count > 1} == {}
    assert set(INVENTORY) - set(written) == set()
    assert set(written) - set(INVENTORY) == set()


@pytest.mark.parametrize(("document", "count"), DUTY_COUNTS.items())
def test_each_document_carries_its_own_share_of_the_duties(document: str, count: int) -> None:
    assert sum(len(clause.get("duties", [])) for clause in DOCUMENTS[document]["clauses"]) == count


def test_a_clause_carries_one_duty_at_most_and_its_kind_is_that_of_the_inventory() -> None:
    for document, clause in CLAUSES:
        duties = clause.get("duties", [])
        assert ("duties" in clause) == ("kind" in clause), name(document, clause)
        assert len(duties) == ("duties" in clause), name(document, clause)
        assert [clause["kind"] for _ in duties] == [INVENTORY[duty] for duty in duties], name(document, clause)


def test_only_known_keys_are_written() -> None:
    for document, content in DOCUMENTS.items():
        assert set(content) <= DOCUMENT_KEYS, document
        for defect in content.get("defects", []):
            assert set(defect) == {"place", "text"}, document
    for document, clause in CLAUSES:
        assert set(clause) <= CLAUSE_KEYS, name(document, clause)


def test_clause_ids_are_unique_and_every_clause_hangs_below_a_heading_that_comes_before_it() -> None:
    for document, content in DOCUMENTS.items():
        seen: set[str] = set()
        for clause in content["clauses"]:
            assert isinstance(clause["id"], str), name(document, clause)
            assert clause["id"] not in seen, name(document, clause)
            assert not parent(clause["id"]) or parent(clause["id"]) in seen, name(document, clause)
            seen.add(clause["id"])


def test_the_rows_follow_the_text_from_top_to_bottom() -> None:
    for document, content in DOCUMENTS.items():
        lines = [first_line(clause["place"]) for clause in content["clauses"]]
        assert lines == sorted(lines), document


def test_a_clause_lies_within_the_lines_of_its_heading() -> None:
    for document, content in DOCUMENTS.items():
        places = {clause["id"]: clause["place"] for clause in content["clauses"]}
        for clause_id, place in places.items():
            above = parent(clause_id)
            if not above:
                continue
            last = max(int(end or start) for start, end in LINE.findall(places[above]))
            assert first_line(places[above]) <= first_line(place) <= last, f"{document}#{clause_id}"


def test_every_clause_says_where_it_stands_and_what_it_demands_in_chinese() -> None:
    for document, clause in CLAUSES:
        assert CHINESE.search(clause["place"]), name(document, clause)
        assert LINE.search(clause["place"]), name(document, clause)
        assert len(CHINESE.findall(clause["summary"])) >= 6, name(document, clause)
        assert clause["summary"].endswith("。"), name(document, clause)
        assert '"' not in clause["summary"], name(document, clause)


def test_a_row_without_duty_is_a_heading_or_says_why_it_has_no_function() -> None:
    for document, content in DOCUMENTS.items():
        headings = {parent(clause["id"]) for clause in content["clauses"]}
        for clause in content["clauses"]:
            if "duties" not in clause and "guidance" not in clause:
                assert clause["id"] in headings, name(document, clause)


def test_guidance_has_a_reason_and_never_hides_a_duty_that_asks_for_a_function() -> None:
    for document, clause in CLAUSES:
        is_note = clause.get("kind") == "NOTE" and clause["duties"] != [NOTE_WITH_A_FUNCTION]
        if "guidance" in clause:
            assert CHINESE.search(clause["guidance"]), name(document, clause)
            assert "duties" not in clause or is_note, name(document, clause)
        else:
            assert not is_note, name(document, clause)


def test_a_document_names_itself_its_issuer_its_region_and_the_day_it_applies_from() -> None:
    for document, content in DOCUMENTS.items():
        assert CHINESE.search(content["title"]), document
        assert CHINESE.search(content["issuer"]), document
        assert re.fullmatch(r"\d{2}|\d{4}|\d{6}", content["region"]), document
        assert isinstance(content["effective_from"], date), document
        if content["issued_on"] is None:
            # A day that the text does not bear was set by hand, and says so.
            assert "人工" in content["effective_note"], document
        else:
            assert content["effective_from"] >= content["issued_on"], document


def test_a_narrower_region_of_a_clause_lies_within_the_document() -> None:
    narrower = {name(document, clause): clause["region"] for document, clause in CLAUSES if "region" in clause}
    assert all(code.startswith(DOCUMENTS[key.split("#")[0]]["region"]) for key, code in narrower.items())
    forwarded = [
        clause for document, clause in CLAUSES if document == "hebei-xiangzhenfa-2022-14" and clause["id"][0] == "X"
    ]
    assert {clause.get("region") for clause in forwarded} == {"130609"}


def test_the_known_defects_of_the_texts_are_written_down_with_their_line() -> None:
    for document, content in DOCUMENTS.items():
        assert content["defects"], document
        assert all(LINE.search(defect["place"]) and CHINESE.search(defect["text"]) for defect in content["defects"])


@pytest.mark.parametrize("row", read_csv("clause_figures.csv"), ids=lambda row: f"{row['parameter']}-{row['figure']}")
def test_the_figure_of_a_parameter_stands_in_the_summary_of_its_clause(row: dict[str, str]) -> None:
    document, _, clause_id = row["clause"].partition("#")
    summaries = {clause["id"]: clause["summary"] for clause in DOCUMENTS[document]["clauses"]}
    assert row["figure"] in summaries[clause_id]


def test_every_parameter_of_the_register_is_found_in_a_clause() -> None:
    named = {row["parameter"] for row in read_csv("clause_figures.csv")}
    assert named == {f"P{number:02}" for number in range(1, 69)}
