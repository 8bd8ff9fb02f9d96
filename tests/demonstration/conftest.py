"""A small synthetic county, written once for all tests of this room."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shouwang.demonstration import county, truth
from shouwang.demonstration.county import DemoFile
from shouwang.demonstration.truth import Truth

SCALE, SEED = 0.02, 2022


@dataclass(frozen=True)
class Written:
    folder: Path
    files: list[DemoFile]
    truth: Truth

    def file(self, dataset: str, period: str = "2022-06", region: str = county.calibration.COUNTY) -> DemoFile:
        return next(
            file
            for file in self.files
            if (file.dataset, str(file.period), file.region_code) == (dataset, period, region)
        )


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Written:
    folder = tmp_path_factory.mktemp("county")
    with django_db_blocker.unblock():  # policies ask the divisions which region lies above the county
        files = county.write_files(folder, scale=SCALE, seed=SEED)
    return Written(folder, files, truth.read(folder))
