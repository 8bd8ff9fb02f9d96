"""Looks through text for numbers and words that may not leave."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouwang.foundation import identity

from . import numbers
from .hit import Kind
from .vocabulary import Vocabulary

_INVISIBLE = re.compile("[ \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_DIGITS = re.compile(r"\D")
_HASH = re.compile(r"[0-9a-fA-F]*")
_HASH_BACKWARDS = re.compile(r"[0-9a-fA-F]*\Z")
_LEAST_LETTERS_OF_A_HASH = 3
_FRACTION = re.compile(r"\.\d{1,2}(?!\d)")
SOME_ILLNESS = "某种疾病"


def found(
    text: str, vocabulary: Vocabulary, allow: frozenset[str] = frozenset(), *, is_own_number: bool = False
) -> Iterator[tuple[Kind, int, int]]:
    """Kind, start and end of everything in ``text`` that is not in ``allow`` (compared by digits).

    ``is_own_number``: the text holds the register's own numbers, so only an 18-digit identity number counts.
    """
    plain = numbers.plain(text)
    permitted = digits_of(allow)
    if is_own_number:
        for match in numbers.EIGHTEEN.finditer(plain):
            if numbers.is_identity(match.group()) and match.group() not in permitted:
                yield Kind.IDENTITY, match.start(), match.end()
        return
    undated = numbers.without_own(numbers.without_dates(plain))
    for run in numbers.RUN.finditer(undated):
        if _is_part_of_something_else(undated, run.start(), run.end()):
            continue
        for kind, start, end in numbers.kinds_in(run.group()):
            start, end = run.start() + start, run.start() + end
            if _DIGITS.sub("", plain[start:end]) not in permitted:
                yield kind, start, end
    yield from _labelled(undated, permitted)
    yield from _parted(plain, permitted)
    yield from _words(text, vocabulary)


def masked(text: str, vocabulary: Vocabulary, allow: frozenset[str] = frozenset()) -> str:
    """The text with numbers masked and every diagnosis written as 某种疾病: for what people wrote freely on a record."""
    places = sorted(found(text, vocabulary, allow), key=lambda hit: (hit[1], -hit[2]))
    parts, done = list[str](), 0
    for kind, start, end in places:
        if start < done:
            continue
        parts += [text[done:start], excerpt(kind, text[start:end], SOME_ILLNESS)]
        done = end
    return "".join(parts) + text[done:]


def excerpt(kind: Kind, value: str, illness: str = "＊＊") -> str:
    """The value as it may be shown: enough to find the place, too little to use."""
    bare = re.sub(r"[^0-9X]", "", numbers.plain(value).upper())
    match kind:
        case Kind.DIAGNOSIS:
            return illness
        case Kind.PHONE:
            return identity.masked_phone(bare.removeprefix("00").removeprefix("86"))
        case Kind.BANK_ACCOUNT:
            return identity.masked_account(bare)
    return identity.masked(bare)


def digits_of(allow: frozenset[str]) -> frozenset[str]:
    return frozenset(_DIGITS.sub("", numbers.plain(text)) for text in allow) - {""}


def _is_part_of_something_else(text: str, start: int, end: int) -> bool:
    """Digits inside a hash (letters and digits mixed), or the whole part of an amount with decimals."""
    around = text[max(0, start - 64) : start], text[end : end + 64]
    letters = (_HASH_BACKWARDS.search(around[0]), _HASH.match(around[1]))
    if sum(letter.isalpha() for part in letters if part for letter in part.group()) >= _LEAST_LETTERS_OF_A_HASH:
        return True
    return end - start < 15 and bool(_FRACTION.match(text, end))


def _labelled(plain: str, permitted: frozenset[str]) -> Iterator[tuple[Kind, int, int]]:
    for match in numbers.LABELLED.finditer(plain):
        group = "account" if match["bank"] else "kept" if match["branch"] else "phone"
        if _DIGITS.sub("", match[group]) not in permitted:
            yield (Kind.PHONE if group == "phone" else Kind.BANK_ACCOUNT), match.start(group), match.end(group)


def _parted(plain: str, permitted: frozenset[str]) -> Iterator[tuple[Kind, int, int]]:
    """Numbers whose digits do not stand in one run."""
    for match in numbers.PUNCTUATED_PHONE.finditer(plain):
        if _DIGITS.sub("", match.group()) not in permitted:
            yield Kind.PHONE, match.start(), match.end()
    for start, end in numbers.broken_identities(plain):
        yield Kind.IDENTITY, start, end


def _words(text: str, vocabulary: Vocabulary) -> Iterator[tuple[Kind, int, int]]:
    """Words of the vocabulary, also with blanks between their letters."""
    ends = set[int]()
    for start, end in vocabulary.words_in(text):
        ends.add(end)
        yield Kind.DIAGNOSIS, start, end
    bare = _INVISIBLE.sub("", text)
    if len(bare) == len(text) or not any(vocabulary.words_in(bare)):
        return
    places = [place for place, letter in enumerate(text) if not _INVISIBLE.match(letter)]
    for start, end in vocabulary.words_in(bare):
        if places[end - 1] + 1 not in ends:
            yield Kind.DIAGNOSIS, places[start], places[end - 1] + 1
