"""Numbers that belong to nobody: identity numbers, telephones and bank accounts, made in sets.

An identity number has a valid check digit, because the program checks it. That nobody carries it is made as likely as a
valid number allows:

- the three digits that the police station gives out are always 900 to 999;
- the county's code 130630 exists since 1994 (before, it was 132424): with a birth date before that year it stands on cards
  of people who were registered late, if on any;
- telephones start with 154, a range that is not given out; bank accounts start with 9990, which is no bank's.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .streams import Array

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_FIRST_SERIAL = 900
_SERIALS = 50  # of each sex: even digits are women, odd digits men


def identity_numbers(prefix: Array, born_on: Array, is_male: Array, *, after: int = 0) -> Array:
    """18-character numbers (``S18``), all different, for a six-digit area code, a day of birth and a sex each.

    ``after`` leaves out as many serial numbers of each day and sex, for people who come on top of others. Raises ValueError
    when more people share a code, a day and a sex than there are serial numbers.
    """
    day = born_on.astype("datetime64[D]")
    months = day.astype("datetime64[M]")
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    date = year * 10_000 + month * 100 + (day - months.astype("datetime64[D]")).astype(np.int64) + 1
    group = (prefix.astype(np.int64) * 100_000_000 + date) * 2 + is_male
    place = _place_in_group(group) + after
    if len(place) and place.max() >= 10 * _SERIALS:
        raise ValueError("too many people share an area code, a birthday and a sex")
    # full hundreds spill into the hundreds below: 900 to 999, then 800 to 899, and so on
    serial = _FIRST_SERIAL - 100 * (place // _SERIALS) + 2 * (place % _SERIALS) + is_male
    digits = np.empty((len(date), 18), dtype=np.uint8)
    _write_digits(digits[:, 0:6], prefix.astype(np.int64))
    _write_digits(digits[:, 6:14], date)
    _write_digits(digits[:, 14:17], serial)
    digits[:, 17] = _CHECK_CHARACTERS[(digits[:, :17].astype(np.int64) - 48) @ _WEIGHTS % 11]
    return digits.reshape(-1).view("S18")


def old_form(number: str) -> str:
    """The 15 digits that such a number had until 1999; only for people born in the twentieth century."""
    return number[:6] + number[8:17]


def wrong_check_character(number: str) -> str:
    """The same number with a last character that does not fit."""
    return number[:17] + ("1" if number[17] != "1" else "2")


def with_wrong_serial(number: str) -> str:
    """The same number with one digit of the serial mistyped: birth date intact, check digit wrong."""
    return number[:15] + str((int(number[15]) + 3) % 10) + number[16:]


def in_scientific_notation(number: str) -> str:
    """What a spreadsheet makes of it: 1.30630E+17."""
    return f"{int(number[:17] + '0'):.5E}"


def telephones(serial: Array) -> pa.Array:
    """11 digits for each whole number."""
    return joined("154", padded(serial % 100_000_000, 8))


def bank_accounts(serial: Array) -> pa.Array:
    """19 digits for each whole number."""
    return joined("9990", padded(serial, 15))


def padded(values: Array, width: int) -> pa.Array:
    """Whole numbers as texts with leading zeros."""
    return pc.utf8_lpad(texts(values), width, "0")


def texts(values: Array) -> pa.Array:
    """Whole numbers as texts."""
    return pc.cast(pa.array(np.asarray(values, dtype=np.int64)), pa.string())


def joined(*parts: pa.Array | str) -> pa.Array:
    """Texts put one after the other, row by row; nothing counts as an empty text."""
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def yuan(fen: Array) -> pa.Array:
    """Fen as yuan with two places: 123450 → 1234.50. Negative amounts do not occur."""
    return joined(texts(fen // 100), ".", padded(fen % 100, 2))


def _write_digits(target: Array, values: Array) -> None:
    for place in range(target.shape[1] - 1, -1, -1):
        target[:, place] = values % 10 + 48
        values = values // 10


def _place_in_group(group: Array) -> Array:
    """0 for the first member of a group, 1 for the second, in the order in which they stand."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(ordered) else np.array([], dtype=bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(ordered)), 0)) if len(ordered) else ordered
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(ordered)) - first
    return place
