"""Keyed hashes by which reports are found again: by phone, by identity number, by receipt with the end of the phone number."""

from __future__ import annotations

from shouwang.foundation import secrets


def of_phone(phone: str) -> str:
    return secrets.load().blind_index(f"door phone:{phone}")


def of_identity(number: str) -> str:
    """The same as the register's, so that the two can be compared; empty without a number."""
    return secrets.load().blind_index(number) if number else ""


def of_progress(receipt_no: str, tail: str) -> str:
    """Of both together: equal tails of two reports do not show, and one of the two alone finds nothing."""
    return secrets.load().blind_index(f"door progress:{receipt_no}:{tail}")
