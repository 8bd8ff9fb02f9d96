"""The file of a register: the columns that say whom a row is about, then the declared ones. Template and reading are made from it."""

from __future__ import annotations

from functools import cache

from shouwang.intake.contract import Column, Contract, Kind, Privacy

from . import catalogue
from .declaration import HOUSEHOLD, MONTHLY, NO_PERIOD, PERSON, Register

PLACE, NAME, WHOLE_NAME, PERIOD = "place_code", "unit_name", "whole_name", "register_period"


def code_of(register: Register) -> str:
    """Under which its files are received: codes of datasets and registers are one space."""
    return f"register_{register.code}"


@cache
def _of_code(code: str) -> Contract:
    register = catalogue.BY_CODE[code]
    return Contract(
        code=code_of(register),
        label=register.label,
        description=register.description,
        columns=(*_subject(register), *_whole(register), *_period(register), *register.columns),
        cites=register.cites,
    )


def contract(register: Register) -> Contract:
    """How its files are read and its template is written. Fields that are known otherwise are no columns of it."""
    return _of_code(register.code)


def _subject(register: Register) -> tuple[Column, ...]:
    if register.about == HOUSEHOLD:
        return (
            Column("户编号", "household_no", Kind.KEY, "全国系统的户编号", True, False),
            Column("户主姓名", "", Kind.NAME, "与档案核对", True, False, ("户主",), privacy=Privacy.PERSONAL),
        )
    if register.about == PERSON:
        return (
            Column(
                "人口编号", "person_no", Kind.KEY, "全国系统的人口编号；没有时按证件号码认人", privacy=Privacy.PERSONAL
            ),
            Column(
                "证件号码",
                "",
                Kind.IDENTITY,
                "有人口编号时可以不填；只用来认人，不进台账",
                aliases=("身份证号", "身份证号码"),
                privacy=Privacy.SECRET,
            ),
            Column("姓名", "", Kind.NAME, "与档案核对", True, False, privacy=Privacy.PERSONAL),
        )
    place = Column("区划代码", PLACE, Kind.KEY, "所在的村、乡镇或县的代码", True, False, ("行政区划代码", "行政村代码"))
    name = Column(
        register.name_label,
        NAME,
        Kind.TEXT,
        "同一地方不重名",
        True,
        False,
        ("名称",) if register.name_label != "名称" else (),
    )
    return (place,) if register.about == "village" else (place, name)


def _whole(register: Register) -> tuple[Column, ...]:
    if not register.part_of:
        return ()
    whole = catalogue.BY_CODE[register.part_of]
    return (Column(whole.name_label, WHOLE_NAME, Kind.TEXT, f"“{whole.label}”里的{whole.name_label}", True, False),)


def _period(register: Register) -> tuple[Column, ...]:
    if register.period == NO_PERIOD:
        return ()
    if register.period == MONTHLY:
        return (Column("所属月份", PERIOD, Kind.MONTH, "这一行说的是哪个月", True, False),)
    return (Column("所属年度", PERIOD, Kind.YEAR, "这一行说的是哪一年", True, False),)
