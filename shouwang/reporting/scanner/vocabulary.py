"""The words a paper may not say aloud: names of diseases from the parameters, other words from ``sensitive_words.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from shouwang import policy
from shouwang.policy import Policies

# hebei-opinion-2021#3.9.3, hebei-xiangzhenfa-2022-14#1.1: the lists of diseases are values of these parameters.
DISEASE_PARAMETERS = ("household.major_diseases", "household.chronic_diseases")

_WORDS = Path(__file__).with_name("sensitive_words.yaml")


@dataclass(frozen=True)
class Vocabulary:
    """Words that name a diagnosis, sayings that merely contain one, and what the register's own numbers are called."""

    words: frozenset[str]
    harmless: frozenset[str] = frozenset()
    public_risks: frozenset[str] = frozenset()
    own_number_headings: frozenset[str] = frozenset()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches harmless sayings and words alike, harmless ones first: one flat alternation is searched fastest."""
        return re.compile("|".join(map(re.escape, [*_longest_first(self.harmless), *_longest_first(self.words)])))

    def words_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of every word that is no part of a harmless saying."""
        for match in self.pattern.finditer(text):
            if match.group() not in self.harmless:
                yield match.span()


def current() -> Vocabulary:
    """The vocabulary of the policies as they stand now. A disease listed anywhere at any time counts everywhere."""
    return of(policy.load())


def of(policies: Policies) -> Vocabulary:
    """Raises UserError when the policies lack a list of diseases."""
    values = (value.value for name in DISEASE_PARAMETERS for value in policies.parameter(name).values)
    return _joined(frozenset(spelling for value in values for spelling in _spellings(value)))


def words_only(words: Iterable[str] = ()) -> Vocabulary:
    """The words of the file and ``words``, without any policies: for tests and tools."""
    return _joined(frozenset(words))


@lru_cache(maxsize=8)
def _joined(diseases: frozenset[str]) -> Vocabulary:
    own = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return Vocabulary(
        words=diseases | frozenset(own["words"]),
        harmless=frozenset(own["harmless"]),
        public_risks=frozenset(own["public_risks"]),
        own_number_headings=frozenset(own["own_number_headings"]),
    )


def _spellings(value: Any) -> Iterable[str]:
    for entry in value or ():
        if isinstance(entry, str):
            yield entry
        else:
            yield entry["name"]
            yield from entry.get("aliases", ())


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))
