"""What happens to cells on their way through office software and hands: the number mistyped, rounded, wrapped, cut short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import calibration, numbers
from .names import mistaken
from .population import County
from .streams import Array, Streams, some
from .truth import DOUBTFUL, REFUSED, REPAIRED, REPEATED, UNMATCHED
from .writing import Sheet

_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def wrapped(number: str, way: int) -> str:
    """The same number as people and spreadsheets write it."""
    if way == 0:
        return f"'{number}"
    if way == 1:
        return number.translate(_FULL_WIDTH)
    if way == 2:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    return f" {number} "


def spaced(name: str) -> str:
    """张伟 → 张　伟, as registers align short names."""
    return f"{name[0]}　{name[1:]}" if len(name) == 2 else f"{name} "


@dataclass
class Damage:
    """Damages rows of one sheet, each row at most once, and notes what it did."""

    sheet: Sheet
    chance: np.random.Generator
    free: Array  # rows that may still be damaged (mask)
    identity: str = "证件号码"
    name: str = "姓名"

    def rows(self, share: float, where: Array | None = None, *, least: int = 0) -> Array:
        """Some of the rows that are still free, which then are no longer."""
        eligible = self.free if where is None else self.free & where
        among = np.flatnonzero(eligible)
        rows = some(self.chance, among, max(least, round(len(among) * share)))
        self.free[rows] = False
        return rows

    def change(
        self,
        rows: Array,
        column: str,
        texts: list[str | None],
        what: str,
        expected: str,
        notes: dict[int, Any] | None = None,
    ) -> None:
        self.sheet.put(column, rows, texts)
        for row in rows:
            self.sheet.note(
                int(row), what=what, column=column, expected=expected, **((notes or {}).get(int(row)) or {})
            )

    def harmless(self, ages: Array) -> None:
        """What reading must repair: old numbers, small x, wrappings, spaces in names."""
        identities = np.array(self.sheet.cells(self.identity, np.arange(len(self.sheet))), dtype="<U24")
        is_whole = np.char.str_len(identities) >= 18
        old = self.rows(
            calibration.OLD_NUMBERS, (ages >= 60) & is_whole & np.char.startswith(np.char.ljust(identities, 10), "13")
        )
        old = old[[identities[row][6:8] == "19" for row in old]] if len(old) else old
        self.change(
            old, self.identity, [numbers.old_form(identities[row][:18]) for row in old], "fifteen_digits", REPAIRED
        )
        ends_in_x = self.rows(calibration.SMALL_X, is_whole & (np.char.endswith(identities, "X")))
        self.change(ends_in_x, self.identity, [identities[row].lower() for row in ends_in_x], "small_x", REPAIRED)
        others = self.rows(calibration.WRAPPED, is_whole)
        texts: list[str | None] = [wrapped(identities[row], place % 4) for place, row in enumerate(others)]
        self.change(others, self.identity, texts, "wrapped_number", REPAIRED)
        names = self.rows(calibration.SPACED_NAME)
        self.change(
            names, self.name, [spaced(name) for name in self.sheet.cells(self.name, names)], "spaced_name", REPAIRED
        )


def damage_persons(county: County, sheet: Sheet, may: Array, streams: Streams) -> None:
    """The person sheet: refused rows (their people stay unknown to the register) and what reading repairs."""
    damage = Damage(sheet, streams[f"damage persons {county.code}"], may.copy())
    member = county.persons.order > 1  # a household keeps its head

    def known(rows: Array) -> dict[int, Any]:
        numbers_of = sheet.cells("人口编号", rows)
        return {int(row): {"person_no": number} for row, number in zip(rows, numbers_of, strict=True)}

    refused = (
        ("wrong_check_digit", calibration.WRONG_CHECK_DIGIT, "证件号码", numbers.wrong_check_character),
        ("lost_digits", calibration.LOST_DIGITS, "证件号码", numbers.in_scientific_notation),
        ("person_number_missing", calibration.LOST_DIGITS / 2, "人口编号", lambda _: None),
    )
    for what, share, column, change in refused:
        rows = damage.rows(share, member, least=1)
        notes = known(rows)
        damage.change(rows, column, [change(text) for text in sheet.cells(column, rows)], what, REFUSED, notes)
        county.is_registered[rows] = False
    damage.harmless(county.persons.age)


def repeat_rows(
    sheet: Sheet, may: Array, share: float, chance: np.random.Generator, *, least: int = 0
) -> tuple[Sheet, Array]:
    """The same sheet with some rows written twice, one under the other; and the index of every row's origin."""
    twice = some(chance, np.flatnonzero(may), max(least, round(len(sheet) * share)))
    origin = np.sort(np.concatenate([np.arange(len(sheet)), twice]), kind="stable")
    repeated = sheet.taken(origin)
    for row in np.flatnonzero(np.diff(origin) == 0) + 1:
        repeated.note(int(row), what="repeated_row", column="", expected=REPEATED)
    return repeated, origin


def damage_rows(
    sheet: Sheet, subject: Array, county: County, may: Array, chance: np.random.Generator, identity: str, name: str
) -> None:
    """A department's rows: names and numbers mistaken (a person decides), numbers without digits (refused), harmless habits.

    ``subject`` is the person of each row (−1: a stranger), ``may`` the rows that may be touched.
    """
    damage = Damage(sheet, chance, may.copy(), identity, name)
    numbers_of = county.person_number

    def known(rows: Array) -> dict[int, Any]:
        return {int(row): {"person_no": str(numbers_of[subject[row]])} for row in rows}

    rows = damage.rows(calibration.MISTAKEN_NAME)
    damage.change(
        rows, name, [mistaken(text) for text in sheet.cells(name, rows)], "mistaken_name", DOUBTFUL, known(rows)
    )
    rows = damage.rows(calibration.MISTYPED_NUMBER)
    half = len(rows) // 2
    for part, change in ((rows[:half], _wrong_last), (rows[half:], _wrong_serial)):
        damage.change(
            part,
            identity,
            [change(text) for text in sheet.cells(identity, part)],
            "mistyped_number",
            DOUBTFUL,
            known(part),
        )
    rows = damage.rows(calibration.MISSING_NUMBER)
    damage.change(rows, identity, [None] * len(rows), "missing_number", f"{DOUBTFUL} or {UNMATCHED}", known(rows))
    rows = damage.rows(calibration.LOST_DIGITS)
    texts: list[str | None] = [numbers.in_scientific_notation(text[:18]) for text in sheet.cells(identity, rows)]
    damage.change(rows, identity, texts, "lost_digits", REFUSED, known(rows))
    ages = np.where(subject >= 0, county.persons.age[np.maximum(subject, 0)], 0)
    damage.harmless(ages)


def _wrong_last(text: str) -> str:
    return numbers.wrong_check_character(text[:18]) + text[18:]


def _wrong_serial(text: str) -> str:
    return numbers.with_wrong_serial(text[:18]) + text[18:]
