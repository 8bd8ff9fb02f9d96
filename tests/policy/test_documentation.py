"""What the documentation shows an officer to write is what the program reads."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from shouwang.foundation import workspace
from shouwang.policy import load, units

from .files import resolved, write

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = (DOCS / "how-to" / "own-parameters.zh-CN.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "policy-files.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```yaml\n# policies/(\S+)[^\n]*\n(.*?)```", re.DOTALL)


def test_the_files_of_the_how_to_load_and_do_what_it_says(home: Path) -> None:
    blocks = BLOCK.findall(HOW_TO)
    assert len(blocks) == 6
    write(workspace.own_policies_folder(), dict(blocks[:3]))

    def line(kind: str, on: str) -> Decimal:
        return resolved(load(), f"household.medical_warning_line.{kind}", "130630", on).value

    assert (line("monitored", "2022-06-30"), line("general", "2022-06-30")) == (Decimal("9089.50"), Decimal(18179))

    write(workspace.own_policies_folder(), dict(blocks[3:4]))
    assert (line("monitored", "2022-08-31"), line("monitored", "2022-09-01")) == (Decimal("9089.50"), Decimal(9500))

    write(workspace.own_policies_folder(), dict(blocks[4:]))
    items = resolved(load(), "case.elimination_checks", "130630", "2022-08-01").value
    assert [item["label"] for item in items] == ["住房安全有保障", "有稳定就业", "收入持续稳定超过监测范围"]
    assert resolved(load(), "case.elimination_checks", "130630", "2022-07-31").value is None


def test_the_reference_names_every_unit() -> None:
    table = REFERENCE.partition("### Units")[2].partition("###")[0]

    assert set(re.findall(r"`([a-z_]+)`", table.replace("| `", "|`"))) >= set(units.LABELS)
