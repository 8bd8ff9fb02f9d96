"""The sheets of the national system, one file each (domain 2.10), and how a file tells which one it is."""

from . import household, monitored, outwork, person
from .sheet import RegisterSheet

SHEETS: dict[str, RegisterSheet] = {
    sheet.code: sheet for sheet in (household.SHEET, person.SHEET, monitored.SHEET, outwork.SHEET)
}
__all__ = ["SHEETS", "RegisterSheet"]
