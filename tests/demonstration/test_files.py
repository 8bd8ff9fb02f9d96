"""The files come as offices send them, can be read by anyone, and are the same for the same seed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from shouwang.demonstration import county
from shouwang.feeds.datasets import DATASETS
from shouwang.intake import queries, staging
from shouwang.lake import store

from .conftest import SEED, Written
from .reading import heading_line, rows_of, table_of

NATIONAL_PERSON_COLUMNS, NATIONAL_HOUSEHOLD_COLUMNS = 47, 53


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.django_db
def test_the_same_seed_and_scale_give_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("first", SEED), ("again", SEED), ("other", SEED + 1)):
        county.write_files(tmp_path / name, scale=0.001, seed=seed)
    first, again, other = (digests(tmp_path / name) for name in ("first", "again", "other"))
    assert first == again
    assert [name for name in first if first[name] == other.get(name)] == []


def test_registers_come_before_departments_and_the_main_county_first(written: Written) -> None:
    commands = [file.command for file in written.files]
    assert commands == sorted(commands, key=["registry", "feed"].index)
    assert [file.dataset for file in written.files[:4]] == ["household", "person", "monitored", "outwork"]
    assert all(file.region_code == "130630000000" for file in written.files[:4])
    assert {file.dataset for file in written.files if file.command == "feed"} == set(DATASETS)


def test_every_file_has_a_heading_and_the_rows_that_the_truth_counts(written: Written) -> None:
    for line in written.truth.of("file"):
        assert len(table_of(written.folder / line["file"])) == line["rows"], line["file"]


def test_spreadsheets_open_in_calamine_and_csv_in_pandas(written: Written) -> None:
    for file in written.files:
        place = heading_line(rows_of(file.path))
        if file.path.suffix == ".xlsx":
            rows = CalamineWorkbook.from_path(str(file.path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
            assert "" not in rows[place]
        else:
            encoding = "utf-8-sig" if file.path.read_bytes().startswith(b"\xef\xbb\xbf") else "gb18030"
            frame = pd.read_csv(file.path, encoding=encoding, skiprows=place, dtype=str)
            assert len(frame) > 0


def test_files_differ_in_kind_encoding_and_title(written: Written) -> None:
    contents = {file.path: file.path.read_bytes() for file in written.files}
    encodings = {content.startswith(b"\xef\xbb\xbf") for path, content in contents.items() if path.suffix == ".csv"}
    assert encodings == {True, False}
    titles = {heading_line(rows_of(file.path)) for file in written.files}
    assert {0, 1, 2, 3} <= titles
    assert '="130630' in written.file("person").path.read_text(encoding="gb18030")


def test_national_sheets_have_the_columns_of_the_national_export(written: Written) -> None:
    person = rows_of(written.file("person").path)[0]
    household_rows = rows_of(written.file("household", "2021-12").path)
    household = household_rows[heading_line(household_rows)]
    assert len(person) == NATIONAL_PERSON_COLUMNS + 1 and person[-1] == "自然村"
    assert len(household) == NATIONAL_HOUSEHOLD_COLUMNS + 1
    assert household[-1] == "户类型"
    monitored = table_of(written.file("monitored").path)
    assert {"监测对象类别", "致贫/返贫风险1", "识别监测时间", "风险是否已消除"} <= set(monitored.columns)


@pytest.mark.django_db
def test_departments_files_are_read_whole_but_for_the_rows_that_the_truth_says_are_refused(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    villages = sorted({line["village"] for line in written.truth.of("water")})
    monkeypatch.setattr(queries, "villages_in_force", lambda: villages)
    rows = {line["file"]: line["rows"] for line in written.truth.of("file")}
    with store.connect() as connection:
        for file in written.files:
            if file.command != "feed":
                continue
            dataset = DATASETS[file.dataset].for_reading()
            staged = staging.stage(connection, file.path, dataset, sender=file.sender, period=file.period)
            connection.execute("DROP VIEW staged")
            expected = {line["line"] for line in written.truth.of("row", file=file.path.name, expected="refused")}
            assert {refusal.row_number for refusal in staged.refusals} == expected, file.path.name
            assert staged.row_count == rows[file.path.name], file.path.name
            assert staged.heading.unknown == [], file.path.name
