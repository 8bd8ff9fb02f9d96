"""The fields of a register record that lists, matching and rules need, read from the columns of its sheet."""

from __future__ import annotations

from collections.abc import Mapping

from .sheets import RegisterSheet
from .sheets.monitored import RISKS

# Sheet → names of the fields of its model.
FIELDS: dict[str, tuple[str, ...]] = {
    "person": ("name", "sex", "born_on", "relation", "labour_capacity"),
    "household": ("head_name", "household_type", "registered_size"),
    "monitored": ("object_category", "risks", "identified_month", "is_cleared", "cleared_month"),
    "outwork": ("is_working", "place"),
}
# What else is read from a row and kept elsewhere.
EXTRA: dict[str, tuple[str, ...]] = {
    "person": ("head_name",),
    "household": ("income_year", "wage_fen", "business_fen", "property_fen", "transfer_fen", "business_cost_fen"),
    "monitored": ("head_name", "household_type"),
    "outwork": (),
}
# The headings that fields are read from.
_SOURCES: dict[str, tuple[str, ...]] = {
    "person": ("性别", "出生日期", "与户主关系", "劳动技能"),
    "household": ("户类型", "家庭人口数"),
    "monitored": (*RISKS, "识别监测时间", "风险是否已消除", "消除监测时间", "户类型"),
    "outwork": ("是否已务工", "务工所在地"),
}


def layers(sheet: RegisterSheet, text_of: Mapping[str, str]) -> list[list[str]]:
    """SELECT items of nested queries, innermost first, that clean the texts which ``in_sql`` reads."""
    found = [(place, text_of[heading]) for place, heading in enumerate(_SOURCES[sheet.code]) if heading in text_of]
    if not found:
        return []
    return [
        [f"cell_trimmed({text}) AS a{place}" for place, text in found],
        [f"cell_unwrapped(a{place}) AS b{place}" for place, _ in found],
        [f"cell_narrow(b{place}) AS n{place}, cell_wide_to_narrow(b{place}) AS w{place}" for place, _ in found],
    ]


def in_sql(sheet: RegisterSheet, text_of: Mapping[str, str]) -> list[str]:
    """SELECT items over the cleaned row ``s``: the fields of the sheet's model and what else the import needs."""
    sources = _SOURCES[sheet.code]

    def narrow(heading: str) -> str:
        return f"s.n{sources.index(heading)}" if heading in text_of else "NULL::VARCHAR"

    def wide(heading: str) -> str:
        return f"s.w{sources.index(heading)}" if heading in text_of else "NULL::VARCHAR"

    def word(heading: str, most: int) -> str:
        return f"left(coalesce({narrow(heading)}, ''), {most})"

    def month(heading: str) -> str:
        return f"coalesce(cell_month({narrow(heading)}, {wide(heading)}), '')"

    match sheet.code:
        case "person":
            number = "coalesce(i.number, s.identity_number)"
            born_by_number = f"CASE WHEN strlen({number}) = 18 THEN identity_birth({number}) END"
            return [
                "left(s.name, 60) AS name",
                f"left(regexp_replace({word('性别', 4)}, '性$', ''), 4) AS sex",
                f"coalesce(cell_day({wide('出生日期')}), {born_by_number}) AS born_on",
                f"{word('与户主关系', 20)} AS relation",
                f"{word('劳动技能', 20)} AS labour_capacity",
                "left(coalesce(s.head_name, ''), 60) AS head_name",
            ]
        case "household":
            size = f"regexp_extract({narrow('家庭人口数')}, '^(\\d{{1,3}})(\\.0+)?人?$', 1)"
            return [
                "left(s.head_name, 60) AS head_name",
                f"{word('户类型', 20)} AS household_type",
                f"try_cast({size} AS SMALLINT) AS registered_size",
                *(f"s.{name}" for name in EXTRA["household"]),
            ]
        case "monitored":
            risks = f"[{', '.join(narrow(risk) for risk in RISKS)}]"
            return [
                "left(coalesce(cell_narrow(s.object_category), ''), 20) AS object_category",
                f"to_json(list_filter({risks}, lambda x: NOT cell_says_nothing(x)))::VARCHAR AS risks",
                f"{month('识别监测时间')} AS identified_month",
                f"coalesce({_cleared(narrow('风险是否已消除'))}, false) AS is_cleared",
                f"{month('消除监测时间')} AS cleared_month",
                "left(coalesce(s.head_name, ''), 60) AS head_name",
                f"{word('户类型', 20)} AS household_type",
            ]
    return [
        f"cell_yes_no({narrow('是否已务工')}) AS is_working",
        f"left(coalesce({wide('务工所在地')}, ''), 120) AS place",
    ]


def _cleared(narrow: str) -> str:
    """是, 已消除 and the like."""
    return f"coalesce(cell_yes_no({narrow}), regexp_full_match({narrow}, '(风险)?已?(稳定)?消除.*'))"
