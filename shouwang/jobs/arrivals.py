"""A file on its way from a page to an import: kept encrypted from the first moment, looked at, and opened for the work."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shouwang.feeds.datasets import DATASETS
from shouwang.foundation import secrets, workspace
from shouwang.foundation.errors import UserError
from shouwang.intake import headings, reading, receiving
from shouwang.intake import queries as intake
from shouwang.intake.contract import Contract
from shouwang.registry import recognising
from shouwang.registry.sheets import SHEETS


@dataclass(frozen=True)
class Arrival:
    """A file with what its sender and receiver said about it; plain values, as a job carries them."""

    digest: str
    file_name: str
    purpose: str
    dataset: str
    region_code: str
    period: str
    sender: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Arrival:
        return cls(**arguments)


@dataclass(frozen=True)
class Look:
    """How one contract fits the first rows of a file."""

    contract: Contract
    texts: list[str]  # the headings as they came
    known: dict[str, str]  # heading as it came → canonical heading
    missing: list[str]  # required columns that were not found
    ambiguous: list[str]  # columns that several headings claim

    @property
    def fits(self) -> bool:
        return bool(self.known) and not self.missing and not self.ambiguous


def keep(path: Path) -> str:
    """Takes an encrypted copy of an uploaded file; returns its fingerprint, by which ``opened`` finds it."""
    return receiving.keep_copy(path, secrets.load())[0]


@contextmanager
def opened(arrival: Arrival) -> Iterator[Path]:
    """The file as it came, under its own name, for as long as the work lasts."""
    folder = workspace.private_folder(workspace.home() / "temporary")
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        path = Path(temporary) / (Path(arrival.file_name).name or "file")
        with path.open("wb") as stream:
            path.chmod(0o600)
            for piece in receiving.pieces_of(arrival.digest, secrets.load()):
                stream.write(piece)
        yield path


def look(path: Path, contract: Contract, *, sender: str, mapping: Mapping[str, str] | None = None) -> Look:
    """What a contract makes of a file's headings. Raises UserError when the file cannot be read at all."""
    remembered = intake.remembered_headings(dataset=contract.code, sender=sender)
    vocabulary = headings.Vocabulary(contract, {**remembered, **(mapping or {})})
    sheets = reading.open_file(path)
    try:
        found = [heading for sheet in sheets if (heading := headings.find(sheet.sample, vocabulary))]
        widest = max((row for sheet in sheets for row in sheet.sample[:30]), key=_filled, default=[])
    finally:
        for sheet in sheets:
            sheet.close()
    best = max(found, key=lambda heading: len(heading.columns), default=None)
    if best is None:
        required = [column.heading for column in contract.columns if column.is_required]
        return Look(contract, [text for text in widest if text.strip()], {}, required, [])
    return Look(
        contract,
        [text for text in best.texts if text.strip()],
        {best.texts[position]: column.heading for position, column in best.columns.items()},
        [column.heading for column in best.missing(contract)],
        list(best.ambiguous),
    )


def guess(path: Path, *, sender: str, contracts: Mapping[str, Contract]) -> str:
    """The contract whose required columns are all there and of which most columns are; empty when none fits."""
    looks = [(code, look(path, contract, sender=sender)) for code, contract in contracts.items()]
    fitting = [(len(one.known) / max(1, len(one.texts)), len(one.known), code) for code, one in looks if one.fits]
    best = max(fitting)[2] if fitting else ""
    return recognised_sheet(path, sender=sender) if best in SHEETS else best


def recognised_sheet(path: Path, *, sender: str) -> str:
    """Which of the national system's sheets a file is."""
    sheets = reading.open_file(path)
    try:
        return recognising.kind_of(sheets, place=path.name, sender=sender)
    finally:
        for sheet in sheets:
            sheet.close()


def contracts() -> dict[str, Contract]:
    """Every contract that a file may follow, as files are read: departments' datasets and the register's sheets."""
    return {**SHEETS, **{code: dataset.for_reading() for code, dataset in DATASETS.items()}}


def contract_of(dataset: str) -> Contract:
    """The contract that a file of this dataset or sheet is read by. Raises UserError when there is none."""
    found = contracts()
    if dataset in found:
        return found[dataset]
    raise UserError(f"没有名为“{dataset}”的数据集", next_step="请从列表中选择。")


def _filled(row: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
