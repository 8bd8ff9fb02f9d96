"""Small policy folders for the tests: one document, one parameter, and whatever a test writes beside them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from shouwang.policy import Policies, loading
from shouwang.policy.defects import Defect, PolicyFilesError
from shouwang.policy.resolution import Resolution

DOCUMENT = """\
number: 甲发〔2022〕1号
title: 某市防返贫方案
issuer: 某市领导小组
region: "1311"
issued_on: 2022-03-28
effective_from: 2022-03-28
clauses:
  - {id: "1", place: 一, summary: 认定时限}
  - {id: "1.1", duties: [D-1], kind: TASK, place: 一(一), summary: 一般不超过一个月}
"""
PARAMETER = """\
label: 识别认定时限
unit: day
combine: strictest
strictest_is: min
comparator: "<="
values:
  - {region: "1311", from: 2022-03-28, value: 1 month, cite: city-2022-1#1.1}
"""
DOCUMENT_PATH = "documents/city-2022-1.yaml"
PARAMETER_PATH = "parameters/household/limit.yaml"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(dedent(content), encoding="utf-8")
    return folder


def program(folder: Path, **changed: str) -> Path:
    """A program folder with the document and the parameter; ``document=`` and ``parameter=`` stand in for them."""
    return write(
        folder,
        {DOCUMENT_PATH: changed.get("document", DOCUMENT), PARAMETER_PATH: changed.get("parameter", PARAMETER)},
    )


def defects_of(*, program: Path, own: Path | None = None) -> tuple[Defect, ...]:
    """What loading refuses; fails the test when it refuses nothing."""
    try:
        loading.read(program=program, own=own)
    except PolicyFilesError as error:
        return error.defects
    raise AssertionError("loaded although it should have been refused")


def resolved(policies: Policies, name: str, region: str, on: str) -> Resolution:
    """Resolved without any database: over the divisions that come with the program."""
    from datetime import date

    from shouwang.policy.places import BY_CATALOGUE

    return policies.resolve(
        name,
        region_code=region,
        on=date.fromisoformat(on),
        ancestors=BY_CATALOGUE.ancestors,
        name_of=BY_CATALOGUE.name,
    )
