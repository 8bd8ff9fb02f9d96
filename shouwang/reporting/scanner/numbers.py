"""Tells what a run of digits is: an identity number, a disability certificate, a telephone, a bank account, or nothing of the kind.

Works on text that ``plain`` has made: half-width digits, one kind of hyphen and of space, same length as before.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

from shouwang.foundation import identity

from .hit import Kind

# A person may write spaces or hyphens between digits; a tab or a line break ends the run.
RUN = re.compile(r"\d(?:[ -]{0,2}\d){9,}(?:[ -]{0,2}[Xx](?:[ -]?[1-7][ -]?[1-4](?:[ -]?[Bb]\d)?)?)?")
EIGHTEEN = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
# 账号：0430… is an account whatever its length and check digit; 电话：7321000 is a telephone without its area code.
LABELLED = re.compile(
    r"(?P<bank>账号|帐号|账户|帐户|卡号|存折|一卡通|银行卡)(?:号码)?[:：为是 ]{0,3}(?P<account>\d[\d -]{6,}\d)"
    r"|(?P<branch>支行|分行|信用社|农商行|农商银行|储蓄所)[:：， ]{0,3}(?P<kept>\d(?:[ -]?\d){11,})"
    r"|(?:电话|手机|联系方式)(?:号码)?[:：为是 ]{0,3}(?P<phone>\d[\d -]{5,}\d)"
)
# 138.1234.5678 and (0312)7321000: what a run does not hold together.
PUNCTUATED_PHONE = re.compile(
    r"(?<![\d.])1[3-9]\d\.\d{4}\.\d{4}(?![\d.])|[(（]0?(?:10|2\d|[3-9]\d\d)[)）][ -]?[2-8]\d{6,7}(?!\d)"
)
# Digits parted by a line break, a tab, the border of a cell, a comma or a bracket.
BROKEN = re.compile(r"(?<!\d)\d++(?:[\s,;|()\[\]（），；、\x07-]{1,4}+\d++)++(?:[\s,;|]{0,2}[Xx])?(?![\dXx])")
_ONE_RUN = re.compile(r"[\dXx -]+")
_MOST_PIECES, _LONGEST_PIECE = 6, 8  # of an identity number, one piece is the birth date or longer

# The register's own numbers: leads (county, month, number), and whatever is called a number of something.
_OWN = re.compile(
    r"(?<!\d)\d{6}-20\d{4}-\d{6}(?!\d)|(?:户|人口|线索|个案|档案|受理|项目|结算)编号[:：为是 ]{0,3}\d[\d-]*"
    r"|(?:单号|流水号|批次号|案号)[:：为是 ]{0,3}\d[\d-]*"
)
_WRITTEN = re.compile("[〇零一二三四五六七八九]{11,}")
_FROM_WRITTEN = str.maketrans("〇零一二三四五六七八九", "00123456789")

# A date that is no part of a number written as 130630 1965-02-03 1234.
_DATE = re.compile(r"(?<!\d{6})(?<!\d{6}[ -])(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)")

# Digits of other scripts and the mathematical ones are digits.
_TO_PLAIN: dict[int, int | str] = {
    code: str(unicodedata.decimal(chr(code)))
    for code in (*range(0x0660, 0x0F30), *range(0x1D7CE, 0x1D800))
    if unicodedata.category(chr(code)) == "Nd"
}
_TO_PLAIN |= {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF38, 0xFF58)}
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
    if _ODD.search(text):
        text = text.translate(_TO_PLAIN)
    return _WRITTEN.sub(lambda found: found.group().translate(_FROM_WRITTEN), text)


def without_dates(text: str) -> str:
    """Dates written over, so that two of them or a date and a time are no long number; the length stays."""
    return _DATE.sub("日" * 10, text)


def without_own(text: str) -> str:
    """The register's own numbers written over, unless an identity number with its right check digit stands in them."""

    def over(found: re.Match[str]) -> str:
        own = found.group()
        digits = "".join(filter(str.isdigit, own))
        return own if is_identity(digits) or _inside(digits) else "号" * len(own)

    return _OWN.sub(over, text) if "-20" in text or "号" in text else text


def broken_identities(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every identity number that line breaks, borders of cells, commas or brackets part.

    Only a right check digit tells it from figures that happen to stand one below the other.
    """
    for run in BROKEN.finditer(text):
        pieces = [(run.start() + one.start(), one.group()) for one in re.finditer(r"\d+|[Xx]", run.group())]
        for first in range(len(pieces)):
            whole = ""
            for last in range(first, min(first + _MOST_PIECES, len(pieces))):
                whole += pieces[last][1]
                if len(whole) >= 18:
                    break
            parts = [piece for _, piece in pieces[first : last + 1]]
            start, end = pieces[first][0], pieces[last][0] + len(pieces[last][1])
            if _ONE_RUN.fullmatch(text, start, end):
                continue
            if len(whole) == 18 and len(parts) > 1 and max(map(len, parts)) >= _LONGEST_PIECE and is_identity(whole):
                yield start, end


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
