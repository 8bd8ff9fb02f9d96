"""Scores pairs of an incoming identity and a registered person with splink, by the probabilities in ``likelihoods``."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from shouwang.lake import store

from .likelihoods import COMPARISONS, LEAST_PROBABILITY, SHARE_OF_MEMBERS, Comparison, Level

# Pairs that are compared at all: every pair agrees in one of these.
BLOCKS = (
    "l.identity_index = r.identity_index",
    "l.corrected_index = r.identity_index",
    "l.clean_name = r.clean_name",
    "l.born_on = r.born_on AND l.first_character = r.first_character",
    "l.born_on = r.born_on AND l.last_character = r.last_character",
)
# Both sides of a comparison have these columns.
COLUMNS = pa.schema(
    [
        ("unique_id", pa.int64()),
        ("identity_index", pa.string()),
        ("corrected_index", pa.string()),
        ("clean_name", pa.string()),
        ("first_character", pa.string()),
        ("last_character", pa.string()),
        ("pinyin", pa.string()),
        ("born_on", pa.date32()),
        ("place", pa.string()),
        ("village", pa.string()),
        ("township", pa.string()),
    ]
)
# DuckDB's edit distances count bytes, a Chinese character has three: characters are compared one by one.
_ONE_CHARACTER = "length(clean_name_l) = length(clean_name_r) AND length(clean_name_l) BETWEEN 2 AND 8 AND " + (
    " + ".join(
        f"(substring(clean_name_l, {place}, 1) <> substring(clean_name_r, {place}, 1))::INTEGER"
        for place in range(1, 9)
    )
    + " = 1"
)
_NEAR_BIRTH = """(year(born_on_l) = year(born_on_r))::INTEGER + (month(born_on_l) = month(born_on_r))::INTEGER
    + (day(born_on_l) = day(born_on_r))::INTEGER = 2
    OR (year(born_on_l) = year(born_on_r) AND month(born_on_l) = day(born_on_r) AND day(born_on_l) = month(born_on_r))"""


_SCORED = pa.schema(
    [
        ("incoming", pa.int64()),
        ("person", pa.int64()),
        ("probability", pa.float64()),
        *((f"gamma_{comparison.name}", pa.int32()) for comparison in COMPARISONS),
    ]
)
NOTHING = _SCORED.empty_table()


def score(incoming: pa.Table, people: pa.Table, frequencies: pa.Table, people_count: int) -> pa.Table:
    """Pairs worth a look: ``incoming`` and ``person`` (by their unique_id), probability, and the level of each comparison.

    ``incoming`` and ``people`` have ``COLUMNS``; ``frequencies`` says of each clean_name its share of the register
    (tf_clean_name); ``people_count`` is the size of the whole register, of which ``people`` may be the part worth a look.
    """
    if not incoming.num_rows or not people.num_rows:
        return NOTHING
    from splink import DuckDBAPI, Linker  # half a second, for the few files that need it

    with store.connect() as connection:
        api = DuckDBAPI(connection=connection)
        linker = Linker(
            [_registered(api, incoming, "incoming"), _registered(api, people, "people")],
            _settings(SHARE_OF_MEMBERS / max(people_count, 1)),
            log_level=logging.ERROR,
        )
        linker.table_management.register_term_frequency_lookup(
            _registered(api, frequencies, "frequencies"), "clean_name"
        )
        pairs = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY, warning_mode="never")
        return _read(connection, pairs.physical_name)


def _registered(api: Any, table: pa.Table, name: str) -> Any:
    return api.register(table, dataset_display_name=name)


def _settings(prior: float) -> dict[str, Any]:
    return {
        "link_type": "link_only",
        "probability_two_random_records_match": prior,
        "comparisons": [_comparison(comparison) for comparison in COMPARISONS],
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in BLOCKS],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    unknown = {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}
    levels = [_level(level) for level in comparison.levels]
    return {"output_column_name": comparison.name, "comparison_levels": [unknown, *levels]}


def _level(level: Level) -> dict[str, Any]:
    condition = level.condition.format(one_character=_ONE_CHARACTER, near_birth=_NEAR_BIRTH)
    settings: dict[str, Any] = {
        "sql_condition": condition,
        "label_for_charts": level.reason,
        "m_probability": level.m,
        "u_probability": level.u,
        "fix_m_probability": True,
        "fix_u_probability": True,
    }
    if level.by_frequency:
        settings |= {"tf_adjustment_column": "clean_name", "tf_adjustment_weight": 1.0}
    return settings


def shown(row: Mapping[str, Any]) -> str:
    """One scored pair as it is kept with a row that waits: person, score of 100, reasons."""
    levels = [row[f"gamma_{comparison.name}"] for comparison in COMPARISONS]
    content = {
        "person": row["person_key"],
        "score": min(99, round(100 * row["probability"])),
        "reasons": list(_reasons(levels)),
    }
    return json.dumps(content, ensure_ascii=False)


def _read(connection: duckdb.DuckDBPyConnection, table: str) -> pa.Table:
    gammas = ", ".join(f"gamma_{comparison.name}" for comparison in COMPARISONS)
    rows = connection.execute(f"""SELECT
        CASE WHEN source_dataset_l = 'incoming' THEN unique_id_l ELSE unique_id_r END AS incoming,
        CASE WHEN source_dataset_l = 'incoming' THEN unique_id_r ELSE unique_id_l END AS person,
        match_probability AS probability, {gammas} FROM {table}""").to_arrow_table()
    return rows.cast(_SCORED)


def _reasons(levels: Sequence[int]) -> Iterator[str]:
    """Splink numbers levels from the weakest, 0, upwards; -1 says nothing."""
    for comparison, level in zip(COMPARISONS, levels, strict=True):
        if level >= 0:
            yield comparison.levels[len(comparison.levels) - 1 - level].reason
