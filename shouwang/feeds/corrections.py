"""Sound identity numbers that lie one slip of the hand away from an unsound one."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.foundation.identity import check_character

_DIGITS = "0123456789"
_CHECKS = "10X98765432"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_INVERSE = {weight: next(one for one in range(11) if weight * one % 11 == 1) for weight in set(_WEIGHTS)}


def neighbours(text: str) -> set[str]:
    """Sound 18-character numbers reached by changing, adding or leaving out one character, or exchanging two neighbours.

    ``text`` is cleaned (narrow, X in capitals). Texts of other lengths than 17 to 19 give nothing. Whether the birthday
    exists is not asked: nobody has such a number.
    """
    if len(text) == 18:
        found = {*_changed(text), *_exchanged(text)}
    elif len(text) == 17:
        found = _sound([text[:place] + digit + text[place:] for place in range(18) for digit in _DIGITS] + [text + "X"])
    elif len(text) == 19:
        found = _sound([text[:place] + text[place + 1 :] for place in range(19)])
    else:
        return set()
    return found - {text}


def _changed(text: str) -> Iterator[str]:
    """At each place at most one digit makes the check character fit: the weights are invertible modulo 11."""
    wrong = [place for place in range(17) if text[place] not in _DIGITS]
    if len(wrong) > 1:
        return
    if not wrong:
        yield text[:17] + check_character(text[:17])
    if text[17] not in _CHECKS:
        return
    total = sum(int(text[place]) * _WEIGHTS[place] for place in range(17) if place not in wrong)
    for place in wrong or range(17):
        digit = 0 if wrong else int(text[place])
        right = (digit + (_CHECKS.index(text[17]) - total) * _INVERSE[_WEIGHTS[place]]) % 11
        if right < 10:
            yield text[:place] + str(right) + text[place + 1 :]


def _exchanged(text: str) -> set[str]:
    return _sound([text[:place] + text[place + 1] + text[place] + text[place + 2 :] for place in range(17)])


def _sound(numbers: list[str]) -> set[str]:
    return {
        number
        for number in numbers
        if number[:17].isdigit() and number.isascii() and check_character(number[:17]) == number[17]
    }
