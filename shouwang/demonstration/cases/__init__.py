"""The constructed cases: for every rule some twenty households of which the outcome is known, exactly on the line and beside it."""

from . import hardship, health, income, safety
from .case import Case, Lines


def all_cases(lines: Lines) -> list[Case]:
    """Every case, in the order of the rules; set in ``sum(case.copies)`` households."""
    return [
        *health.illness(lines),
        *health.disability(lines),
        *hardship.sudden(lines),
        *hardship.spending(lines),
        *income.falling(lines),
        *income.below_line(lines),
        *income.below_average(lines),
        *income.transfer_share(lines),
        *income.no_labour(lines),
        *safety.schooling(lines),
        *health.insurance(lines),
        *safety.housing(lines),
    ]


__all__ = ["Case", "Lines", "all_cases"]
