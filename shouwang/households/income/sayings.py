"""What each dataset says about income, as the ledger reads it: whose, which month, which item, how much.

A query is DuckDB SQL over ``{facts}`` (rows in force of some batches, with ``vouched_until``: the month of the department's newest
file, until which it stands by rows that go on) and gives household_id or person_id, period, item, amount_fen, batch, row, told_in. Rows without an amount say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from .in_force import DEPARTMENT_STANDING, SHEET_STANDING, VILLAGE_STANDING


@dataclass(frozen=True)
class Saying:
    """``spans``: a row goes on from month to month. ``is_stated``: the family said so to the village, no department paid it."""

    query: str
    is_personal: bool = True
    spans: bool = False
    is_sheet: bool = False
    is_stated: bool = False
    standing: int = DEPARTMENT_STANDING


# What civil affairs pays, by the item of the income sheet; 低保边缘 and 刚性支出困难 are standings, not payments.
ASSISTANCE_ITEMS = {
    "农村低保": "transfer.dibao",
    "城市低保": "transfer.dibao",
    "特困供养": "transfer.tekun",
    "困难残疾人生活补贴": "transfer.disability",
    "重度残疾人护理补贴": "transfer.disability",
    "孤儿和事实无人抚养儿童": "transfer.relief",
    "临时救助": "memo.temporary_relief",
    "其他": "transfer.other",
}
ONE_OFF = ("临时救助",)

# What is paid out on the one card, by the item of the income sheet.
BENEFIT_ITEMS = {
    "养老保险金": "transfer.pension",
    "计划生育金": "transfer.family_planning",
    "生态补偿": "transfer.ecology",
    "玉米大豆补贴": "transfer.corn_soy",
    "地力补贴": "transfer.fertility",
    "高龄补贴": "transfer.old_age",
    "优抚": "transfer.veterans",
    "教育补助": "transfer.education",
    "失能老人补贴": "transfer.disabled_elderly",
    "取暖补贴": "transfer.heating",
    "物价补贴": "transfer.prices",
    "公益岗位补助": "wage.department_post",
    "资产收益分红": "property.dividend",
    "其他": "transfer.other",
}

# The single items of a year, as the sheets of the register name them (registry.snapshots).
SHEET_ITEMS = {
    "family_planning_fen": "transfer.family_planning",
    "dibao_fen": "transfer.dibao",
    "tekun_fen": "transfer.tekun",
    "pension_fen": "transfer.pension",
    "ecology_fen": "transfer.ecology",
    "other_transfer_fen": "transfer.other",
    "dividend_fen": "property.dividend",
    "other_property_fen": "property.other",
    "claim_fen": "memo.claim",
    "own_medical_fen": "memo.own_medical",
}

_PARTS = ("wage", "business", "property", "transfer", "business_cost")


def _whole_parts(period: str, told_in: str) -> str:
    return " UNION ALL ".join(
        f"SELECT household_key AS household_id, NULL::BIGINT AS person_id, {period} AS period, '{part}' AS item,"
        f" {part}_fen AS amount_fen, batch, row, {told_in} AS told_in FROM {{facts}}"
        for part in _PARTS
    )


def _items(column: str, items: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{name}' THEN '{item}'" for name, item in items.items())
    return f"CASE {column} {cases} END"


def _dated(day: str, item: str, amount: str) -> str:
    return (
        f"SELECT person_key AS person_id, strftime({day}, '%Y-%m') AS period, '{item}' AS item, nullif({amount}, 0) AS amount_fen,"
        " batch, row, period AS told_in FROM {facts}"
    )


# A row that goes on says nothing about months before the year that precedes its file: the ledger looks no farther back.
_ASSISTANCE = f"""
    SELECT person_key AS person_id, strftime(month, '%Y-%m') AS period, {_items("assistance_kind", ASSISTANCE_ITEMS)} AS item,
      nullif(amount_fen, 0) AS amount_fen, batch, row, period AS told_in
    FROM (SELECT *, unnest(generate_series(
        greatest(strptime(from_month || '-01', '%Y-%m-%d'), strptime(left(period, 4)::INTEGER - 1 || '-01-01', '%Y-%m-%d')),
        strptime((CASE WHEN assistance_kind IN ({", ".join(f"'{kind}'" for kind in ONE_OFF)}) THEN from_month
          ELSE least(coalesce(to_month, vouched_until), vouched_until) END) || '-01', '%Y-%m-%d'),
        INTERVAL 1 MONTH)) AS month FROM {{facts}} WHERE from_month IS NOT NULL)"""

SAYINGS: dict[str, Saying] = {
    "monthly_income": Saying(
        _whole_parts("month", "period"), is_personal=False, is_stated=True, standing=VILLAGE_STANDING
    ),
    "social_assistance": Saying(_ASSISTANCE, spans=True),
    "benefit_payment": Saying(
        f"SELECT person_key AS person_id, paid_month AS period, {_items('benefit_kind', BENEFIT_ITEMS)} AS item,"
        " nullif(amount_fen, 0) AS amount_fen, batch, row, period AS told_in FROM {facts}"
    ),
    "medical_settlement": Saying(_dated("settled_on", "memo.own_medical", "own_payment_fen")),
    "schooling_cost": Saying(_dated("paid_on", "memo.own_schooling", "amount_fen")),
    "accident": Saying(_dated("occurred_on", "memo.accident_loss", "own_loss_fen")),
    "disaster_loss": Saying(
        "SELECT household_key AS household_id, NULL::BIGINT AS person_id, strftime(occurred_on, '%Y-%m') AS period,"
        " 'memo.disaster_loss' AS item, nullif(loss_fen, 0) AS amount_fen, batch, row, period AS told_in FROM {facts}",
        is_personal=False,
    ),
    "registry_income": Saying(
        _whole_parts("year::VARCHAR", "period"),
        is_personal=False,
        is_sheet=True,
        is_stated=True,
        standing=SHEET_STANDING,
    ),
    "registry_income_item": Saying(
        " UNION ALL ".join(
            "SELECT household_key AS household_id, NULL::BIGINT AS person_id, year::VARCHAR AS period,"
            f" '{item}' AS item, {column} AS amount_fen, batch, row, period AS told_in FROM {{facts}}"
            for column, item in SHEET_ITEMS.items()
        ),
        is_personal=False,
        is_sheet=True,
        is_stated=True,
        standing=SHEET_STANDING,
    ),
}
