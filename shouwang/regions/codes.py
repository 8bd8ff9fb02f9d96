"""Arithmetic on 12-digit division codes: province 2, city 2, county 2, township 3, village 3. The code is the path."""

from __future__ import annotations

NATION = "000000000000"
END_OF_NATION = "999999999999"
_DIGITS = (0, 2, 4, 6, 9, 12)


def level_of(code: str) -> int:
    """0 nation, 1 province, 2 city, 3 county, 4 township, 5 village: how much of the code is not zeros at the end."""
    if code[9:] != "000":
        return 5
    if code[6:9] != "000":
        return 4
    if code[4:6] != "00":
        return 3
    if code[2:4] != "00":
        return 2
    return 1 if code[:2] != "00" else 0


def parent_by_code(code: str) -> str:
    """The code one level up, as the digits say; the nation's parent is empty."""
    level = level_of(code)
    return code[: _DIGITS[level - 1]].ljust(12, "0") if level else ""


def first_after(code: str) -> str:
    """The first code that no longer starts with the digits of ``code``: the open end of its range."""
    level = level_of(code)
    if level == 0:
        return END_OF_NATION
    digits = _DIGITS[level]
    return str(int(code[:digits]) + 1).zfill(digits).ljust(12, "0")


def padded(text: str) -> str | None:
    """2, 4, 6, 9 or 12 digits as 12; None when ``text`` is nothing of that kind. ``00`` is the nation."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) in _DIGITS[1:]:
        return text.ljust(12, "0")
    return None


def recoded(code: str, old: str, new: str) -> str:
    """``code``, which lies below ``old``, with the digits of ``new`` in front (both of one level)."""
    digits = _DIGITS[level_of(old)]
    return new[:digits] + code[digits:]
