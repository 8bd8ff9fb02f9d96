"""What stands beside the cases: families' reports, natural changes, pushed files, rows in doubt, the log, the income ledger."""

from __future__ import annotations

import datetime as dt

from shouwang.casework.models import Lead
from shouwang.casework.risks import RISKS
from shouwang.door.models import SelfReport
from shouwang.feeds.models import PendingRow
from shouwang.foundation import secrets
from shouwang.households.models import IncomeLine, IncomeMonth, NaturalChange, Push, PushedRow
from shouwang.intake.models import Batch
from shouwang.organisation.models import AuditEvent

from .register import CITY, TODAY, City
from .writing import moment, plain, put

_FEEDS = ("medical_settlement", "disability", "enrolment", "employment", "medical_insurance", "social_assistance")
_MONTHS = [f"2021-{month:02d}" for month in range(7, 13)] + [f"2022-{month:02d}" for month in range(1, 7)]
_AUDIT_LINES = 200_000


def fill(city: City, scale: float) -> None:
    feeds = _feeds(city)
    _pending(city, feeds, int(8_000 * scale))
    _reports(city, int(4_000 * scale))
    _changes(city, int(12_000 * scale))
    _pushes(feeds, scale)
    _log(city, int(_AUDIT_LINES * scale))
    _ledger(city, scale)


def _feeds(city: City) -> list[tuple[int, str]]:
    """(batch, county): every department's file of every month."""
    columns = ("id", "purpose", "dataset", "region_code", "period", "file_name", "file_hash", "file_size", "state")
    columns += ("counts", "received_at", "applied_at")
    counts = plain({"rows": 1000, "matched": 980, "doubtful": 15, "unmatched": 5, "refused": 0})
    start, found, rows = len(city.batches) + 1, [], []
    for county in city.villages:
        for dataset in _FEEDS:
            for month in _MONTHS:
                key = start + len(rows)
                found.append((key, county))
                when = moment(f"{month}-28")
                name = f"{dataset}-{month}.csv"
                rows.append(
                    (key, "feed", dataset, county, month, name, f"{key:064d}", 9, "applied", counts, when, when)
                )
    put(Batch, columns, rows)
    return found


def _pending(city: City, feeds: list[tuple[int, str]], count: int) -> None:
    fact = secrets.load().encrypt_values({"姓名": "张三"})
    columns = ("id", "batch_id", "region_code", "row_number", "kind", "reason", "pair_index", "fact", "is_decided")
    rows = (
        (key, *feeds[key % len(feeds)], key, "doubtful" if key % 3 else "unmatched", "姓名不一致", f"{key:064d}", fact,
         key % 4 == 0)
        for key in range(1, count + 1)
    )  # fmt: skip
    put(PendingRow, columns, rows)


def _reports(city: City, count: int) -> None:
    text = secrets.load().encrypt_values({"phone": "13800001234", "description": "家里有困难"})
    answer = secrets.load().encrypt_values({"text": "已核实", "reason": "", "how_to_object": "可拨打 12317"})
    columns = ("id", "receipt_no", "progress_index", "channel", "region_code", "householder_name", "difficulty")
    columns += ("secrets", "phone_index", "received_on", "received_at", "household_id", "matched_at", "outcome")
    columns += ("answer", "answered_on", "answered_at")
    risks = list(RISKS)
    step = max(1, len(city.households) // max(count, 1))
    rows = []
    for key, (household, village) in enumerate(city.households[::step][:count], 1):
        on = TODAY - dt.timedelta(days=key % 200)
        is_answered, is_matched = key % 4 > 0, key % 8 > 0
        answered = ("helped", answer, on, moment(on, 9)) if is_answered else ("", None, None, None)
        found = (household, moment(on, 8)) if is_matched else (None, None)
        rows.append(
            (key, f"{key:08d}", f"{key:064d}", ("scan", "hotline", "desk")[key % 3], village, "张三", risks[key % 12], text,
             f"{key:064d}", on, moment(on), *found, *answered)
        )  # fmt: skip
    put(SelfReport, columns, rows)


def _changes(city: City, count: int) -> None:
    columns = ("id", "month", "household_id", "region_code", "kind", "effect", "changed_on", "size_before", "source")
    columns += ("state", "at")
    step = max(1, len(city.households) // max(count, 1))
    rows = (
        (key, _MONTHS[-1 - key % 3], household, village, "死亡", -1, "2022-06-11", 3, "visit",
         ("to_confirm", "confirmed", "entered")[key % 3], moment(TODAY))
        for key, (household, village) in enumerate(city.households[::step][:count], 1)
    )  # fmt: skip
    put(NaturalChange, columns, rows)


def _pushes(feeds: list[tuple[int, str]], scale: float) -> None:
    """Each county's newest files were pushed; a third of the leads came from them."""
    pushed = [(batch, county) for batch, county in feeds if batch % len(_MONTHS) == 0]
    columns = ("id", "batch_id", "region_code", "pushed_on", "due_on", "at")
    rows = (
        (key, batch, county, "2022-07-01", "2022-07-11", moment(TODAY)) for key, (batch, county) in enumerate(pushed, 1)
    )
    put(Push, columns, rows)
    by_county: dict[str, list[int]] = {}
    for key, (_, county) in enumerate(pushed, 1):
        by_county.setdefault(county, []).append(key)
    columns = (
        "id",
        "push_id",
        "row_number",
        "county_code",
        "region_code",
        "household_id",
        "risk",
        "standing",
        "lead_id",
    )

    def lines():
        leads = Lead.objects.order_by("pk").values_list("pk", "region_code", "household_id")
        for key, (lead, village, household) in enumerate(leads[: int(20_000 * scale)].iterator(), 1):
            county = f"{village[:6]}000000"
            push = by_county[county][key % len(by_county[county])]
            yield key, push, key, county, village, household, "illness", "lead", lead

    put(PushedRow, columns, list(lines()))


def _log(city: City, count: int) -> None:
    columns = ("id", "at", "by_id", "by_name", "action", "region_code", "target", "previous_hash", "hash")
    actions = ("导出名单", "查看完整证件号码", "导入文件", "登录")
    villages = [village for villages in city.villages.values() for village in villages]
    rows = (
        (key, moment(TODAY - dt.timedelta(days=(count - key) // 600)), 1 + key % 20, "县中心孙", actions[key % 4],
         villages[key % len(villages)] if key % 5 else CITY, f"{key}", f"{key - 1:064d}", f"{key:064d}")
        for key in range(1, count + 1)
    )  # fmt: skip
    put(AuditEvent, columns, rows)


def _ledger(city: City, scale: float) -> None:
    """Half a year of two lines a month for 40,000 households."""
    step = max(1, len(city.households) // int(40_000 * scale))
    kept = [(household, village, month) for household, village in city.households[::step] for month in _MONTHS[-6:]]
    columns = ("id", "household_id", "region_code", "period", "item", "part", "amount_fen", "source", "standing")
    columns += ("confidence", "told_in", "recorded_at")
    items = (("wage", "wage", 120_000), ("transfer", "transfer", 30_000))
    rows = (
        (
            2 * number + place,
            household,
            village,
            month,
            item,
            part,
            fen,
            "visit",
            1,
            "stated",
            month,
            moment(f"{month}-28"),
        )
        for number, (household, village, month) in enumerate(kept, 1)
        for place, (item, part, fen) in enumerate(items)
    )
    put(IncomeLine, columns, rows)
    columns = (
        "id",
        "household_id",
        "region_code",
        "period",
        "wage_fen",
        "transfer_fen",
        "net_fen",
        "transfer_detail_fen",
        "business_fen",
        "property_fen",
        "business_cost_fen",
    )
    columns += ("claim_fen", "own_medical_fen", "line_count")
    put(
        IncomeMonth,
        columns,
        (
            (key, household, village, month, 120_000, 30_000, 150_000, 0, 0, 0, 0, 0, 0, 2)
            for key, (household, village, month) in enumerate(kept, 1)
        ),
    )
