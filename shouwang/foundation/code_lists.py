"""Lists of codes that stand in a JSON column, and whether one names a code; the same on every database."""

from __future__ import annotations

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import GreaterThan


def names(field: str, code: str) -> Q:
    """Rows whose list names a code: its text holds the code in quotation marks. Codes are told apart by capitals."""
    return Q(GreaterThan(StrIndex(Cast(field, TextField()), Value(f'"{code}"')), 0))
