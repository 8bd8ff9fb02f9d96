"""What may not stand in what people write freely: the one check of pages and phones alike.

Free text goes on to notices, papers and families. A disease is never called by its name in it, and no number of a person stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shouwang.casework.asking import FieldsError
from shouwang.casework.procedure import LONG_TEXT, TEXT, Field
from shouwang.reporting import scanner

_SAID = {
    scanner.Kind.DIAGNOSIS: "不要写病名，写“因病”或“患病”就可以",
    scanner.Kind.IDENTITY: "不要写证件号码",
    scanner.Kind.DISABILITY_CERTIFICATE: "不要写残疾证号",
    scanner.Kind.BANK_ACCOUNT: "不要写银行卡号和账号",
    scanner.Kind.PHONE: "不要写个人电话号码",
}
# A short field may ask for a telephone (of the office) on purpose, never for anything else.
_STOPPED = {TEXT: frozenset(_SAID) - {scanner.Kind.PHONE}, LONG_TEXT: frozenset(_SAID)}


def faults_of(text: str, vocabulary: scanner.Vocabulary | None = None) -> str:
    """What must not stand in a text that lists carry on, and what to write instead; empty when it may stand as it is."""
    kinds = {hit.kind for hit in scanner.check(text, vocabulary=vocabulary)}
    return "；".join(said for kind, said in _SAID.items() if kind in kinds)


def faults(fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, str]:
    """Field → what must not stand in it and what to write instead; the words themselves are never repeated."""
    found: dict[str, str] = {}
    vocabulary = None
    for field in fields:
        text = given.get(field.name) if field.kind in _STOPPED else None
        if not isinstance(text, str) or not text.strip():
            continue
        vocabulary = vocabulary or scanner.current()
        kinds = {hit.kind for hit in scanner.check(text, vocabulary=vocabulary)} & _STOPPED[field.kind]
        if kinds:
            found[field.name] = "；".join(said for kind, said in _SAID.items() if kind in kinds)
    return found


def require(fields: Iterable[Field], given: Mapping[str, Any]) -> None:
    """Raises FieldsError with every fault."""
    fields = tuple(fields)
    if stopped := faults(fields, given):
        raise FieldsError(stopped, {field.name: field.label for field in fields})
