"""One question that inspectors ask of the register: of whom, when it is asked, and how it is put."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Subject(Enum):
    """Whom a check speaks of. Its SQL may use the relations named here (see ``relations``)."""

    PERSON = "人员"  # p (person), h (household), m (what the members have in common)
    HOUSEHOLD = "农户"  # h, m
    OBJECT = "监测对象"  # o (monitored object), h, m


@dataclass(frozen=True)
class Check:
    """``when`` is an SQL condition, ``says`` an SQL expression for the sentence. {names} in braces are thresholds of the pack.

    ``parameter`` names a policy parameter that the caller resolves for the county; {parameter} stands for its value.
    """

    code: str
    subject: Subject
    when: str
    says: str
    parameter: str = ""


def person(code: str, when: str, says: str) -> Check:
    return Check(code, Subject.PERSON, when, says)


def household(code: str, when: str, says: str, parameter: str = "") -> Check:
    return Check(code, Subject.HOUSEHOLD, when, says, parameter)


def watched(code: str, when: str, says: str, parameter: str = "") -> Check:
    return Check(code, Subject.OBJECT, when, says, parameter)
