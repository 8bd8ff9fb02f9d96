"""The rows of a dataset that count today, for figures that are asked outside of a screening."""

from __future__ import annotations

from collections.abc import Iterable

from shouwang.intake import queries as intake
from shouwang.intake.models import LakeFile
from shouwang.intake.sql import quoted
from shouwang.lake import store

from .facts import SUPERSEDED


def relation(dataset: str, *, county_code: str) -> str | None:
    """A county's rows that no later row replaced, as a relation for DuckDB (in brackets); None where no file is in force."""
    files = intake.lake_files(county_code=county_code, datasets=[dataset, SUPERSEDED])
    told = [file for file in files if file.dataset == dataset]
    gone = [file for file in files if file.dataset == SUPERSEDED]
    if not told:
        return None
    query = f"SELECT * FROM {_read(told)}"
    if gone:
        query += (
            f" ANTI JOIN (SELECT batch, row FROM {_read(gone)} WHERE dataset = {quoted(dataset)}) USING (batch, row)"
        )
    return f"({query})"


def _read(files: Iterable[LakeFile]) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
