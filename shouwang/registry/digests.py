"""The keyed fingerprint of a register row: the same in Python and in DuckDB, so that equal rows are found in sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shouwang.foundation.secrets import Keys
from shouwang.intake.sql import quoted

_BETWEEN, _WITHIN = "\x1f", "\x1e"


def of(keys: Keys, columns: Mapping[str, str], secrets: Mapping[str, str]) -> str:
    """64 hexadecimal characters over every heading that has a value, whatever the order of columns."""
    values = {**columns, **secrets}
    text = _BETWEEN.join(f"{heading}{_WITHIN}{values[heading]}" for heading in sorted(values) if values[heading])
    return keys.blind_index(text)


def text_in_sql(values: Iterable[tuple[str, str]]) -> str:
    """The text that is fingerprinted, as a DuckDB expression over (heading, SQL of its value, NULL where empty)."""
    parts = [f"{quoted(heading + _WITHIN)} || {value}" for heading, value in sorted(values)]
    return f"concat_ws({quoted(_BETWEEN)}, {', '.join(parts)})"
