"""The roster of units and staff as a spreadsheet: read at the door, taken by ``organisation``, given back in the same columns."""

from .contract import ROSTER
from .reading import Reading, read, take
from .writing import write

__all__ = ["ROSTER", "Reading", "read", "take", "write"]
