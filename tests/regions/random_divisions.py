"""Small countries that anything may have happened to, for properties that must always hold."""

import copy
import datetime as dt

from hypothesis import strategies as st

from shouwang.foundation.errors import UserError
from shouwang.regions import changes
from shouwang.regions.changes import Change, Kind
from shouwang.regions.codes import NATION, parent_by_code
from shouwang.regions.divisions import Division, Divisions

DAY = dt.date(2024, 1, 1)
ALL_CODES = [
    NATION,
    *(f"1{p}0000000000" for p in (1, 2)),
    *(f"1{p}0{c}00000000" for p in (1, 2) for c in (1, 2)),
    *(f"1{p}0{c}0{k}000000" for p in (1, 2) for c in (1, 2) for k in (1, 2, 3)),
    *(f"1{p}0{c}0{k}10{t}000" for p in (1, 2) for c in (1, 2) for k in (1, 2) for t in (1, 2)),
    *(f"1{p}0{c}0{k}10{t}20{v}" for p in (1, 2) for c in (1, 2) for k in (1, 2) for t in (1, 2) for v in (1, 2)),
]
NEW_CODES = ["110105000000", "110101105000", "120101105000", "110101101205", "120202101205"]
ANY_CODE = st.sampled_from([*ALL_CODES, *NEW_CODES])


def small_table() -> Divisions:
    return Divisions(Division(code, f"地{code}", parent_by_code(code)) for code in ALL_CODES)


@st.composite
def change_lists(draw: st.DrawFn) -> list[Change]:
    found = []
    for step in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from([Kind.MERGE, Kind.RENAME, Kind.TRANSFER, Kind.SPLIT, Kind.CREATE]))
        code, to = draw(ANY_CODE), draw(ANY_CODE)
        found.append(
            Change(
                kind=kind,
                on=DAY + dt.timedelta(days=step),
                code=code,
                source="试",
                line=step + 1,
                name=f"新{step}" if kind is Kind.CREATE else "",
                to=to,
                to_name=draw(st.sampled_from(["", f"新{step}"])),
                takes=tuple(child.code for child in small_table().children(code)),
            )
        )
    return found


def changed_table(declared: list[Change]) -> Divisions:
    table = small_table()
    for change in declared:
        attempt = copy.deepcopy(table)
        try:
            changes.apply(attempt, [change], place="试")
        except UserError:
            continue
        table = attempt
    return table
