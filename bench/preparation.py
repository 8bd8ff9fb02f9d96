"""What the import and the what-if are measured with: the demonstration county, screened once, and a file of a million rows."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb

from .data import Folder

ROWS = 1_000_000
_NAME = "settlements.csv"

# Numbers and names as the county's medical insurance office writes them, with their damage in the shares of
# demonstration/calibration.py; every person's rows are repeated with other days and amounts until there are enough.
_QUERY = """
    COPY (
        SELECT replace(replace(person."身份证号码", '="', ''), '"', '') AS "证件号码", person."人员姓名" AS "姓名",
               DATE '2022-06-01' + (hash(i, 1) % 30)::INTEGER AS "结算日期",
               printf('%.2f', (hash(i, 2) % 600000) / 100) AS "个人自付",
               ['住院', '门诊', '门诊慢特病', '药店购药'][1 + (hash(i, 3) % 4)::INTEGER] AS "就诊类型",
               ['高血压', '糖尿病', '脑卒中', '支气管炎', '胃溃疡', '白内障'][1 + (hash(i, 4) % 6)::INTEGER] AS "病种名称",
               printf('%.2f', (600000 + hash(i, 5) % 900000) / 100) AS "医疗总费用",
               printf('JSB%09d', i) AS "结算编号"
        FROM (SELECT i, (hash(i, 6) % {people})::BIGINT AS place FROM range({rows}) AS numbers(i)) JOIN person USING (place)
        ORDER BY i
    ) TO '{target}' (FORMAT csv, HEADER)
"""


def county(folder: Folder) -> Path:
    """A workspace that holds what `shouwang demo` makes."""
    return folder.made("county", _demonstration)


def million_rows(folder: Folder, workspace: Path) -> Path:
    """A department's file of a million rows about the people of that workspace."""
    return folder.made("import", lambda target: _write(workspace / "demonstration", target)) / _NAME


def _demonstration(target: Path) -> None:
    target.chmod(0o700)
    program = "import django; django.setup(); from shouwang.jobs import demo; demo.prepare()"
    environment = os.environ | {"SHOUWANG_HOME": str(target), "DJANGO_SETTINGS_MODULE": "shouwang.config.settings"}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.DEVNULL)
    with sqlite3.connect(target / "shouwang.sqlite3") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _write(files: Path, target: Path) -> None:
    source, copy = next(files.glob("涞源县医疗保障局_医保结算明细_2021-12.csv")), target / "people.csv"
    copy.write_text(source.read_text(encoding="gb18030"), encoding="utf-8")
    with duckdb.connect() as connection:
        read = f"read_csv('{copy}', all_varchar = true)"
        connection.execute(f"CREATE TABLE person AS SELECT row_number() OVER () - 1 AS place, * FROM {read}")
        people = len(connection.table("person"))
        connection.execute(_QUERY.format(rows=ROWS, people=people, target=target / _NAME))
    copy.unlink()
