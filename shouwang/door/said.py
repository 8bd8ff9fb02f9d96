"""What somebody says at the door: cleaned of what does not belong there, checked, with plain sentences for what is wrong."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from shouwang.foundation import identity
from shouwang.foundation.errors import UserError

from .difficulties import OTHER, PLAIN

NAME_LENGTH, TEXT_LENGTH = 30, 500
TAIL_LENGTH = 4
_INVISIBLE = {"Cc", "Cf", "Co", "Cn", "Cs"}
_NAME = re.compile(r"[\w·•.\- ]+")
_MOBILE, _LANDLINE = re.compile(r"1[3-9]\d{9}"), re.compile(r"0\d{9,11}")


@dataclass(frozen=True)
class Said:
    """The answers to the five questions, clean and whole."""

    householder_name: str
    phone: str
    difficulty: str
    description: str = ""
    identity_number: str = ""
    is_for_other: bool = False
    reporter_name: str = ""

    @property
    def secrets(self) -> dict[str, str]:
        """What is kept encrypted."""
        kept = {
            "phone": self.phone,
            "identity_number": self.identity_number,
            "description": self.description,
            "reporter_name": self.reporter_name,
        }
        return {name: text for name, text in kept.items() if text}

    @property
    def tail(self) -> str:
        return self.phone[-TAIL_LENGTH:]


class SaidError(UserError):
    """What was said does not do yet; ``faults`` is question → sentence, all of them at once."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("；".join(faults.values()))
        self.faults = faults


def read(
    *,
    householder_name: str,
    phone: str,
    difficulty: str,
    description: str = "",
    identity_number: str = "",
    is_for_other: bool = False,
    reporter_name: str = "",
) -> Said:
    """Raises SaidError with a sentence for every question that is not answered well; the sentences repeat nothing of it."""
    faults: dict[str, str] = {}
    name = line(householder_name)
    if not name:
        faults["householder_name"] = "请写上户主姓名"
    elif len(name) > NAME_LENGTH or not _NAME.fullmatch(name) or any(character.isdigit() for character in name):
        faults["householder_name"] = "请只写姓名，不要带数字和符号"
    reporter = line(reporter_name)
    if reporter and (len(reporter) > NAME_LENGTH or not _NAME.fullmatch(reporter)):
        faults["reporter_name"] = "请只写姓名，不要带符号"
    number = digits(phone)
    if not _MOBILE.fullmatch(number) and not _LANDLINE.fullmatch(number):
        faults["phone"] = "请写 11 位手机号，固定电话请带区号"
    if difficulty not in PLAIN:
        faults["difficulty"] = "请选一项困难"
    text = paragraph(description)
    if len(text) > TEXT_LENGTH:
        faults["description"] = f"写得太长了，最多 {TEXT_LENGTH} 个字"
    elif not text and difficulty == OTHER:
        faults["description"] = "选了“其他困难”，请简单说说是什么困难"
    if identity.clean(identity_number):
        try:
            identity_number = identity.parse(identity_number[:40]).text
        except identity.IdentityNumberError:
            faults["identity_number"] = "身份证号不对，请核对；记不清可以不填"
    else:
        identity_number = ""
    if faults:
        raise SaidError(faults)
    return Said(name, number, difficulty, text, identity_number, is_for_other, reporter if is_for_other else "")


def line(text: str) -> str:
    """One line without what cannot be seen, full-width forms made plain, spaces between Chinese characters taken out."""
    seen = "".join(" " if one.isspace() else one for one in unicodedata.normalize("NFKC", text) if _is_seen(one))
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", re.sub(r" +", " ", seen)).strip()


def paragraph(text: str) -> str:
    """Some lines without what cannot be seen."""
    lines = [re.sub(r"[ \t　]+", " ", one).strip() for one in text.replace("\r\n", "\n").split("\n")]
    seen = "\n".join("".join(character for character in one if _is_seen(character)) for one in lines)
    return re.sub(r"\n{3,}", "\n\n", seen).strip()


def digits(text: str) -> str:
    """A telephone number as people write it, without spaces, hyphens and the country's 86."""
    found = re.sub(r"\D", "", unicodedata.normalize("NFKC", text[:40]))
    found = "".join(character for character in found if character.isascii())
    return found[2:] if found.startswith("86") and len(found) == 13 else found


def _is_seen(character: str) -> bool:
    return character in " \n\t" or unicodedata.category(character) not in _INVISIBLE
