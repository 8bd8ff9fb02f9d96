"""Sound identity numbers that lie one slip of the hand away from an unsound one."""

from __future__ import annotations

from shouwang.foundation.identity import check_character

_DIGITS = "0123456789"


def neighbours(text: str) -> set[str]:
    """Sound 18-character numbers reached by changing, adding or leaving out one character, or exchanging two neighbours.

    ``text`` is cleaned (narrow, X in capitals). Texts of other lengths than 17 to 19 give nothing.
    """
    if len(text) == 18:
        tried = [*_changed(text), *_exchanged(text)]
    elif len(text) == 17:
        tried = [text[:place] + digit + text[place:] for place in range(18) for digit in _DIGITS] + [text + "X"]
    elif len(text) == 19:
        tried = [text[:place] + text[place + 1 :] for place in range(19)]
    else:
        return set()
    return {number for number in tried if _is_sound(number)} - {text}


def _changed(text: str) -> list[str]:
    return [
        text[:place] + digit + text[place + 1 :]
        for place in range(18)
        for digit in (_DIGITS if place < 17 else _DIGITS + "X")
        if digit != text[place]
    ]


def _exchanged(text: str) -> list[str]:
    return [text[:place] + text[place + 1] + text[place] + text[place + 2 :] for place in range(17)]


def _is_sound(number: str) -> bool:
    """Whether the check character fits; whether the birthday exists is seen when nobody has the number."""
    return number[:17].isdigit() and number[:17].isascii() and check_character(number[:17]) == number[17]
