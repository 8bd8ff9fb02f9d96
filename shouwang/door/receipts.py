"""Receipt numbers: unguessable, short enough to be said on the telephone, with a check character against slips of the pen."""

from __future__ import annotations

import secrets
import unicodedata

# No letter or digit that looks or sounds like another one; 23 of them, a prime, so that the check character catches every
# single wrong character and every two that changed places.
ALPHABET = "23456789ACEFHJKMNPRTWXY"
LENGTH = 8
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8)


def new() -> str:
    """Seven characters by chance (3.4 thousand million possibilities) and one to check them."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def new_slip() -> str:
    """Marks one form that staff fill in, so that sending it twice is one report."""
    return secrets.token_hex(8)


def check_character(body: str) -> str:
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def clean(text: str) -> str:
    """A number as people write it (small letters, spaces, full-width forms) as it is kept; empty when it cannot be one."""
    found = "".join(unicodedata.normalize("NFKC", text).upper().split()).replace("-", "").replace("·", "")
    if len(found) != LENGTH or set(found) - set(ALPHABET):
        return ""
    return found if check_character(found[:-1]) == found[-1] else ""


def spoken(receipt_no: str) -> str:
    """K7M429AX → K7M4 29AX: in two breaths."""
    return f"{receipt_no[:4]} {receipt_no[4:]}"
