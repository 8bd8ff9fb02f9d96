"""The demonstration's own policy files: a document marked as fictional and the medical warning lines that stand in it."""

from __future__ import annotations

import shutil
from pathlib import Path

from shouwang.foundation import money, workspace
from shouwang.policy import Policies, loading

from . import calibration
from .cases import Lines

FOLDER = Path(__file__).with_name("policies")


def write(folder: Path | None = None) -> list[Path]:
    """Puts the files into ``folder`` (default: the workspace's own policies); what is there already stays. Returns the new ones."""
    target = folder or workspace.own_policies_folder()
    written = []
    for source in sorted(FOLDER.rglob("*.yaml")):
        path = target / source.relative_to(FOLDER)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
            written.append(path)
    return written


def policies() -> Policies:
    """The program's policies together with the demonstration's, whatever the workspace has."""
    return loading.read(program=workspace.PROGRAM_POLICIES, own=FOLDER)


def lines(found: Policies, county_code: str = calibration.COUNTY) -> Lines:
    """The values that the cases are set against, in force in the county on the screened day."""

    def fen(name: str) -> int:
        value = found.resolve(name, region_code=county_code, on=calibration.AS_OF).value
        if value is None:
            raise ValueError(f"{name} has no value: the cases cannot be set")
        return money.fen(value)

    return Lines(
        income_line=fen("household.monitoring_income_line"),
        alleviated_average=fen("household.alleviated_average_income"),
        warning_monitored=fen("household.medical_warning_line.monitored"),
        warning_general=fen("household.medical_warning_line.general"),
    )
