"""Tells what a run of digits is: an identity number, a disability certificate, a telephone, a bank account, or nothing of the kind.

Works on text that ``plain`` has made: half-width digits, one kind of hyphen and of space, same length as before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from shouwang.foundation import identity

from .hit import Kind

# A person may write spaces or hyphens between digits; a tab or a line break ends the run.
RUN = re.compile(r"\d(?:[ -]{0,2}\d){9,}(?:[ -]{0,2}[Xx](?:[ -]?[1-7][ -]?[1-4](?:[ -]?[Bb]\d)?)?)?")
EIGHTEEN = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
# 账号：0430… is an account whatever its length and check digit; 电话：7321000 is a telephone without its area code.
LABELLED = re.compile(
    r"(?P<bank>账号|帐号|账户|帐户|卡号|存折)(?:号码)?[:： ]{0,3}(?P<account>\d[\d -]{6,}\d)"
    r"|(?:电话|手机|联系方式)(?:号码)?[:： ]{0,3}(?P<phone>\d[\d -]{5,}\d)"
)

# A date that is no part of a number written as 130630 1965-02-03 1234.
_DATE = re.compile(r"(?<!\d{6})(?<!\d{6}[ -])(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)")

_TO_PLAIN = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF38, 0xFF58)}
_TO_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―－−﹣·•．_/\u00ad"), ord("-"))
_TO_PLAIN |= dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u202f\u3000\u200b\u200c\u200d\u2060\ufeff'’‘"), ord(" "))
_ODD = re.compile(f"[{''.join(map(re.escape, map(chr, _TO_PLAIN)))}]")

_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_MOBILE = re.compile(r"(?:0{0,2}86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:0{0,2}86)?(?:(?:010|02\d)[2-8]\d{7}|0[3-9]\d\d[2-8]\d{6,7})")
_AREA_CODE = re.compile(r"010|02\d|0[3-9]\d\d")
# Issuers whose cards circulate in the country: UnionPay, older cards of the large banks, Visa, Mastercard, JCB.
_CARD = re.compile(r"(?:62|60|69|9[0-9]|3[5-7]|4|5|103)\d+")
_OLDEST = 1890


def plain(text: str) -> str:
    """Full-width digits half-width, any hyphen "-", any blank that is no tab or line break " "; the length stays."""
    return text.translate(_TO_PLAIN) if _ODD.search(text) else text


def without_dates(text: str) -> str:
    """Dates written over, so that two of them or a date and a time are no long number; the length stays."""
    return _DATE.sub("日" * 10, text)


def kinds_in(run: str) -> Iterator[tuple[Kind, int, int]]:
    """What stands in a run of digits and where: (kind, start, end). Several numbers side by side are told apart."""
    chunks = [
        (found.group(), found.start(), found.end()) for found in re.finditer(r"\d+[Xx]?(?:[1-7][1-4])?|[Xx]", run)
    ]
    taken = 0
    for first, (_, start, _) in enumerate(chunks):
        if start < taken:
            continue
        for last in range(min(len(chunks), first + 20), first, -1):
            texts = [text for text, _, _ in chunks[first:last]]
            if kind := _kind(texts):
                taken = chunks[last - 1][2]
                yield kind, start, taken
                break
        else:
            if kind := _inside(chunks[first][0]):
                yield kind, start, chunks[first][2]


def is_identity(digits: str) -> bool:
    """18 characters with a province and a birth date and the right check digit (GB 11643)."""
    return _has_structure(digits) and identity.check_character(digits[:17]) == digits[17].upper()


def _kind(texts: list[str]) -> Kind | None:
    """The kind of number that these chunks make when read as one."""
    digits, is_whole = "".join(texts), len(texts) == 1
    lengths = tuple(map(len, texts))
    is_spelt_out = not is_whole and set(lengths) == {1}
    match len(digits):
        case 20 | 22 if _has_structure(digits[:18]) and re.match(r"[1-7][1-4]", digits[18:]):
            return Kind.DISABILITY_CERTIFICATE
        case 18 if _has_structure(digits):
            # A wrong check digit is a typing error in somebody's number, unless a chance row of figures came together.
            if is_identity(digits) or is_whole or lengths[0] == 6:
                return Kind.IDENTITY
        case 15 if _is_old_identity(digits) and (is_whole or is_spelt_out or lengths[0] == 6):
            return Kind.IDENTITY
    if _is_card(digits) and (is_whole or is_spelt_out or (lengths[0] == 4 and set(lengths[:-1]) == {4})):
        return Kind.BANK_ACCOUNT
    if _MOBILE.fullmatch(digits) and (is_whole or is_spelt_out or lengths[-2:] == (4, 4) or lengths[-1] in (8, 11)):
        return Kind.PHONE
    if _LANDLINE.fullmatch(digits) and (is_whole or is_spelt_out or _AREA_CODE.fullmatch(texts[0])):
        return Kind.PHONE
    return None


def _inside(digits: str) -> Kind | None:
    """An identity number glued to other digits; only a right check digit tells it from chance."""
    for start in range(1 if len(digits) == 18 else 0, len(digits) - 17):
        if is_identity(digits[start : start + 18]):
            return Kind.IDENTITY
    return None


def _has_structure(digits: str) -> bool:
    return bool(
        re.fullmatch(r"\d{17}[\dXx]", digits)
        and _PROVINCES.match(digits)
        and _is_birth_date(digits[6:10], digits[10:12], digits[12:14])
    )


def _is_old_identity(digits: str) -> bool:
    return bool(
        digits.isdecimal()
        and _PROVINCES.match(digits)
        and _is_birth_date(f"19{digits[6:8]}", digits[8:10], digits[10:12])
    )


def _is_birth_date(year: str, month: str, day: str) -> bool:
    if not _OLDEST <= int(year) <= 2100:
        return False
    try:
        dt.date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _is_card(digits: str) -> bool:
    return 15 <= len(digits) <= 19 and digits.isdecimal() and bool(_CARD.match(digits)) and passes_luhn(digits)


def passes_luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1)."""
    total = 0
    for place, letter in enumerate(reversed(digits)):
        value = int(letter) * (place % 2 + 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
