"""The reports of families in the demonstration: also where the county is very small."""

from __future__ import annotations

import pytest

from shouwang.demonstration import reports


def test_a_very_small_county_has_a_next_village_too(monkeypatch: pytest.MonkeyPatch) -> None:
    villages = [reports.DEMONSTRATION_VILLAGE, "130630102201", "130630102203"]
    monkeypatch.setattr(reports, "_families", lambda code, most: [])
    assert reports._nearby(villages) == "130630102201"
    monkeypatch.setattr(reports, "_families", lambda code, most: ["户"] * (code == "130630102203"))
    assert reports._nearby(villages) == "130630102203"
