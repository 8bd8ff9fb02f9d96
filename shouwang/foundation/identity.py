"""Resident identity numbers (GB 11643): check digit, 15 to 18 digits, birth date and sex.

The six-digit area code is not checked: cards of older people carry codes that were abolished long ago.
"""

import datetime as dt
import re
from dataclasses import dataclass

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_WRAPPINGS = str.maketrans("", "", " \t\r\n'’‘`　\u00a0\u200b\ufeff\"=-")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True)
class IdentityNumber:
    """A valid 18-character number."""

    text: str

    @property
    def born_on(self) -> dt.date:
        return dt.date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def sex(self) -> str:
        return "男" if int(self.text[16]) % 2 else "女"

    @property
    def masked(self) -> str:
        return masked(self.text)


class IdentityNumberError(ValueError):
    """Why a text is no identity number, in words for the person who sent it."""


def check_character(first_17: str) -> str:
    """The 18th character of a number, by ISO 7064 MOD 11-2."""
    return _CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def clean(text: str) -> str:
    """The characters of a number without what spreadsheets wrap around them; x becomes X."""
    return str(text).translate(_FULL_WIDTH).translate(_WRAPPINGS).upper()


def parse(text: str) -> IdentityNumber:
    """Reads a number of 15 or 18 characters as people and spreadsheets write it.

    Raises IdentityNumberError that names the defect and, for a wrong check digit, the computed one.
    """
    number = clean(text)
    if not number:
        raise IdentityNumberError("为空")
    if _SCIENTIFIC.fullmatch(number):
        raise IdentityNumberError("被表格软件写成科学计数法，末尾数字已经丢失")
    if re.fullmatch(r"\d{15}", number):
        number = f"{number[:6]}19{number[6:]}"
        number += check_character(number)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise IdentityNumberError(
            f"应为 18 位（或旧 15 位），现为 {len(number)} 位" if len(number) not in (15, 18) else "含有不应出现的字符"
        )
    try:
        born_on = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdentityNumberError(f"出生日期部分 {number[6:14]} 不是真实日期") from None
    if not 1890 <= born_on.year <= 2100:
        raise IdentityNumberError(f"出生日期部分 {number[6:14]} 不合理")
    expected = check_character(number[:17])
    if number[17] != expected:
        raise IdentityNumberError(f"校验位应为 {expected}，现为 {number[17]}")
    return IdentityNumber(number)


def masked(number: str) -> str:
    """130630196502031234 → 130630********1234."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}" if len(number) > 10 else "*" * len(number)


def masked_phone(number: str) -> str:
    """13812341234 → 138****1234."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else "*" * len(number)


def masked_account(number: str) -> str:
    """A bank account keeps its last four digits."""
    return f"****{number[-4:]}" if len(number) > 4 else "****"


def masked_name(name: str) -> str:
    """张建国 → 张*国, 李四 → 李*: how names stand in public notices."""
    if len(name) <= 1:
        return name
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
