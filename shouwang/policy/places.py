"""Which region lies in which: from the register of divisions where there is one, else from the codes themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from shouwang.foundation.errors import UserError

NATION = "000000000000"

# GB/T 2260, the first two digits
PROVINCES = {
    "00": "全国",
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}
_LENGTHS = (2, 4, 6, 9, 12)


@dataclass(frozen=True)
class Places:
    """What the policy room asks of a register of divisions. ``full_code`` and ``ancestors`` raise UserError for an unknown code."""

    full_code: Callable[[str], str]
    ancestors: Callable[[str], tuple[str, ...]]
    name: Callable[[str], str]


def code_by_digits(code: str) -> str:
    """``13`` or ``130630`` as 12 digits; the province must exist. Raises UserError."""
    if not re.fullmatch(r"[0-9]+", code) or len(code) not in _LENGTHS or code[:2] not in PROVINCES:
        raise UserError(
            f"没有区划代码“{code}”", next_step="请写 2、4、6、9 或 12 位数字的区划代码，例如 130630；全国写 00。"
        )
    return code.ljust(12, "0")


def ancestors_by_digits(code: str) -> tuple[str, ...]:
    """The region itself, then everything above it as the digits say, the nation last. Raises UserError."""
    full = code_by_digits(code)
    chain = [full[:length].ljust(12, "0") for length in reversed(_LENGTHS)]
    return (*dict.fromkeys(chain), NATION) if full != NATION else (NATION,)


def name_by_digits(code: str) -> str:
    """The province by name, anything below it by code."""
    full = code_by_digits(code)
    if full[2:] == "0" * 10:
        return PROVINCES[full[:2]]
    short = next(full[:length] for length in _LENGTHS if set(full[length:]) <= {"0"})
    return f"{PROVINCES[full[:2]]}（{short}）"


BY_DIGITS = Places(code_by_digits, ancestors_by_digits, name_by_digits)


def current() -> Places:
    """The register of divisions, or the digits while no workspace has been set up."""
    from django.apps import apps
    from django.conf import settings

    if not (settings.configured and apps.ready):
        return BY_DIGITS
    from django.db import DatabaseError

    from shouwang.regions import queries
    from shouwang.regions.models import Region

    try:
        has_register = Region.objects.exists()
    except DatabaseError:
        has_register = False
    return Places(queries.full_code, queries.ancestors, queries.name) if has_register else BY_DIGITS
