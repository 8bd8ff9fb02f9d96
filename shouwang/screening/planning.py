"""Which rules a county's data and parameters allow, from which exact inputs, and what of it was computed before."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shouwang.feeds.datasets import DATASETS
from shouwang.foundation.periods import Month
from shouwang.intake.models import LakeFile
from shouwang.intake.queries import lake_files
from shouwang.policy import Policies, shapes

from .derived import BoundDerived
from .rule import BoundRule, Parameters, Setting

# Every computation reads these, whatever its rule asks for.
FOUNDATION = ("registry_person", "registry_household", "population_change", "superseded")
_NEWEST_ONLY = ("registry_person", "registry_household")
REGISTER_LABELS = {
    "registry_income": "上年收入（农户档案）",
    "registry_person": "人口档案",
    "registry_household": "农户档案",
}


@dataclass(frozen=True)
class CountyInputs:
    """What one county has to offer on one day."""

    county_code: str
    as_of: dt.date
    files: Mapping[str, list[LakeFile]]
    settings: Mapping[str, Setting]
    sources: Mapping[str, dict[str, Any]]

    @property
    def parameters(self) -> Parameters:
        return Parameters(self.settings)


@dataclass
class Plan:
    """One rule in one county: ready or not, why not, and the hash of everything its result depends on."""

    rule: BoundRule | BoundDerived
    inputs: CountyInputs
    engine: str
    missing: list[dict[str, str]] = field(default_factory=list)

    @property
    def used_files(self) -> list[LakeFile]:
        datasets = dict.fromkeys((*FOUNDATION, *self.rule.rule.all_datasets))
        return [file for dataset in datasets for file in self.inputs.files.get(dataset, ())]

    @property
    def used_parameters(self) -> dict[str, dict[str, Any]]:
        return {name: self.inputs.sources[name] for name in self.rule.rule.parameters}

    @property
    def key(self) -> str:
        """Equal keys mean equal results."""
        content = [
            self.rule.code,
            self.rule.version,
            self.inputs.county_code,
            self.inputs.as_of.isoformat(),
            self.engine,
            self.used_parameters,
            [[file.dataset, file.batch_id, file.content_hash] for file in self.used_files],
            self.missing,
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def county_inputs(
    *,
    county_code: str,
    as_of: dt.date,
    rules: Iterable[BoundRule | BoundDerived],
    policies: Policies,
    overrides: Mapping[str, Setting] | None = None,
) -> CountyInputs:
    """Files in force and parameter values of one county. ``overrides`` replace values for a what-if."""
    rules = list(rules)
    datasets = dict.fromkeys([*FOUNDATION, *(dataset for rule in rules for dataset in rule.rule.all_datasets)])
    files: dict[str, list[LakeFile]] = {}
    for file in lake_files(county_code=county_code, datasets=datasets):
        files.setdefault(file.dataset, []).append(file)
    for dataset in _NEWEST_ONLY:
        if dataset in files:
            files[dataset] = [_newest(files[dataset], str(Month.of(as_of)))]

    settings: dict[str, Setting] = {}
    sources: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(name for rule in rules for name in rule.rule.parameters):
        resolution = policies.resolve(name, region_code=county_code, on=as_of)
        setting = (overrides or {}).get(name) or Setting(resolution.value, resolution.comparator)
        settings[name] = setting
        source = resolution.source if not (overrides and name in overrides) else None
        sources[name] = {
            "value": shapes.plain(setting.value),
            "comparator": setting.comparator,
            "region": source.region if source else "",
            "cites": list(source.cites) if source else [],
        }
    return CountyInputs(county_code, as_of, files, settings, sources)


def _newest(files: list[LakeFile], month: str) -> LakeFile:
    """The newest snapshot up to the screened month; the earliest of all when the register only knows later ones."""
    earlier = [file for file in files if file.period <= month]
    return max(earlier, key=lambda file: (file.period, file.batch_id, file.pk)) if earlier else files[0]


def plan(rule: BoundRule | BoundDerived, inputs: CountyInputs, engine: str) -> Plan:
    """Says whether a rule can be computed in a county, and if not what is missing."""
    declaration, missing = rule.rule, []
    for name in declaration.uses:
        if inputs.settings[name].value is None:
            missing.append(_missing_parameter([name]))
    alternatives = declaration.needs_one_of
    if alternatives and all(inputs.settings[name].value is None for name in alternatives):
        missing.append(_missing_parameter(alternatives))
    for dataset in declaration.datasets:
        if not inputs.files.get(dataset):
            missing.append(_missing_dataset([dataset]))
    either = declaration.needs_one_dataset_of
    if either and not any(inputs.files.get(dataset) for dataset in either):
        missing.append(_missing_dataset(either))
    return Plan(rule, inputs, engine, missing)


def _missing_parameter(names: Iterable[str]) -> dict[str, str]:
    names = list(names)
    return {"kind": "parameter", "name": "、".join(names), "text": f"参数 {' 或 '.join(names)} 没有取值"}


def _missing_dataset(datasets: Iterable[str]) -> dict[str, str]:
    datasets = list(datasets)
    labels = [
        REGISTER_LABELS.get(name) or f"{DATASETS[name].label}（{DATASETS[name].department}）" for name in datasets
    ]
    return {"kind": "dataset", "name": "、".join(datasets), "text": f"没有收到{'、'.join(labels)}的数据"}
