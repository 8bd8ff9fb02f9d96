"""A county's income ledger: 60,000 households, of which the ledger keeps a quarter, with nine collected months and last year's sheet."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from shouwang.foundation import workspace
from shouwang.foundation.periods import Month
from shouwang.households.income import collecting
from shouwang.households.kinds import ALLEVIATED
from shouwang.intake.models import Batch, LakeFile
from shouwang.lake import store
from shouwang.organisation.models import Account
from shouwang.organisation.roles import CountyOfficer
from shouwang.regions import actions as regions
from shouwang.regions.models import Level, Region
from shouwang.registry.models import Household, Person

from ..city.writing import moment, numbers_go_on, plain, put

COUNTY = "130630000000"
HOMES, KEPT_OF = 60_000, 4  # every fourth household is kept by the ledger
PEOPLE_PER_HOME = 3
MONTHS = tuple(str(month) for month in Month(2021, 10).until(Month(2022, 6)))
AS_OF = dt.date(2022, 6, 30)
_OWN_DOCUMENT = """\
title: 试算办法
issuer: 本地领导小组
region: "{county}"
issued_on: 2022-01-01
effective_from: 2022-01-01
"""
_OWN_VALUE = """\
values:
  - {{region: "{county}", from: {first}, value: {{first_month: {month}, annual_months: 12}}, cite: local-trial}}
"""


def fill(scale: float) -> None:
    """Into an empty database: register, lake files, and the ledger as the program collects it from them."""
    regions.load(counties_in_detail=[COUNTY])
    count = round(HOMES * scale)
    with transaction.atomic():
        _register(count)
    send("registry_income", "2022-01", f"""
        SELECT {{batch}}::BIGINT AS batch, row_number() OVER (ORDER BY key)::INTEGER AS row, '2022-01' AS period, key::BIGINT AS household_key,
          2021 AS year, 1500000 + key % 700 AS wage_fen, 300000 AS business_fen, 20000 AS property_fen, 400000 AS transfer_fen,
          100000 AS business_cost_fen FROM range({KEPT_OF}, {count + 1}, {KEPT_OF}) AS homes(key)""")  # fmt: skip
    for month in MONTHS:
        send("monthly_income", month, f"""
            SELECT {{batch}}::BIGINT AS batch, row_number() OVER (ORDER BY key)::INTEGER AS row, '{month}' AS period, NULL::BIGINT AS person_key,
              key::BIGINT AS household_key, NULL::VARCHAR AS household_no, '{month}' AS month, 90000 + key % 9000 AS wage_fen,
              30000 AS business_fen, 2000 AS property_fen, 35000 AS transfer_fen, 8000 AS business_cost_fen
            FROM range({KEPT_OF}, {count + 1}, {KEPT_OF}) AS homes(key)""")  # fmt: skip
    send("population_change", "2022-06", f"""
        SELECT {{batch}}::BIGINT AS batch, row_number() OVER (ORDER BY key)::INTEGER AS row, '2022-06' AS period, key::BIGINT AS person_key,
          NULL::BIGINT AS household_key, '死亡' AS change_kind, DATE '2022-06-03' AS changed_on, NULL::VARCHAR AS household_no
        FROM range(1, {count * PEOPLE_PER_HOME}, 150) AS people(key)""")  # fmt: skip
    collecting.collect(county_code=COUNTY, now=dt.datetime(2022, 7, 1, tzinfo=dt.UTC))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def send(dataset: str, period: str, query: str) -> None:
    """A file of a department as an import leaves it behind: a batch in force, and its rows in the lake."""
    batch = Batch.objects.create(
        purpose="feed",
        dataset=dataset,
        region_code=COUNTY,
        period=period,
        file_name="来文.csv",
        file_hash=f"{Batch.objects.count():064d}",
        file_size=1,
        state="applied",
        counts={},
        received_at=dt.datetime(2022, 7, 1, tzinfo=dt.UTC),
        applied_at=dt.datetime(2022, 7, 1, tzinfo=dt.UTC),
    )
    path = store.path_of(dataset, COUNTY, period, f"batch-{batch.pk}")
    with store.connect() as lake:
        digest = store.write_query(lake, query.format(batch=batch.pk), path)
        count = lake.execute(f"SELECT count(*) FROM '{path}'").fetchone()
    LakeFile.objects.create(
        batch=batch,
        dataset=dataset,
        region_code=COUNTY,
        period=period,
        path=store.relative(path),
        content_hash=digest,
        row_count=count[0] if count else 0,
    )


def set_projection(first_month: int, since: dt.date) -> None:
    """The county's own value of household.income_projection, written as an officer writes it: a document and a value."""
    folder = workspace.own_policies_folder()
    for name, text in {
        "documents/local-trial.yaml": _OWN_DOCUMENT.format(county=COUNTY),
        "parameters/household/income_projection.yaml": _OWN_VALUE.format(
            county=COUNTY, first=since.isoformat(), month=first_month
        ),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def forget_projection() -> None:
    for name in ("parameters/household/income_projection.yaml", "documents/local-trial.yaml"):
        (workspace.own_policies_folder() / name).unlink(missing_ok=True)


def _register(count: int) -> None:
    columns = ("id", "password", "login", "name", "role", "region_code", "is_active", "created_at")
    put(Account, columns, [(1, "!", "county", "县中心孙", CountyOfficer.code, COUNTY, 1, moment("2022-01-01"))])
    columns = ("id", "purpose", "dataset", "region_code", "period", "file_name", "file_hash", "file_size", "state")
    row = (1, "registry", "household", COUNTY, "2022-06", "农户.xlsx", "f" * 64, 1, "applied", plain({}))
    put(Batch, (*columns, "counts", "received_at", "applied_at"), [(*row, *(moment("2022-06-30"),) * 2)])
    rows = Region.objects.filter(level=Level.VILLAGE, valid_to=None, code__startswith=COUNTY[:6])
    villages = list(rows.order_by("code").values_list("code", flat=True))
    homes = [(key, villages[(key - 1) * len(villages) // count]) for key in range(1, count + 1)]
    sheet = ("id", "region_code", "period", "columns", "digest", "first_batch_id", "batch_id", "row_number")
    put(
        Household,
        (*sheet, "household_no", "head_name", "household_type", "registered_size"),
        (
            (key, village, "2022-06", "{}", f"{key:064d}", 1, 1, key, f"{key:016d}", "甲建国", kind, PEOPLE_PER_HOME)
            for key, village in homes
            for kind in ("一般农户" if key % KEPT_OF else ALLEVIATED,)
        ),
    )
    put(
        Person,
        (
            *sheet,
            "person_no",
            "household_id",
            "name",
            "sex",
            "born_on",
            "relation",
            "labour_capacity",
            "identity_index",
        ),
        (
            (
                *(person, village, "2022-06", "{}", f"{person:064d}", 1, 1, person, f"{person:018d}", key, "甲建国"),
                *("男", "1970-01-01", "户主", "普通劳动力", f"{person:064x}"),
            )
            for key, village in homes
            for person in range((key - 1) * PEOPLE_PER_HOME + 1, key * PEOPLE_PER_HOME + 1)
        ),
    )
    numbers_go_on([Account, Batch, Household, Person])
