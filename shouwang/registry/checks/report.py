"""The inspectors' questions as a spreadsheet: what will be asked, per village and row by row."""

from __future__ import annotations

from pathlib import Path

from shouwang.intake import spreadsheet
from shouwang.intake.spreadsheet import FormattedSheet, SheetColumn
from shouwang.regions import queries as regions

from . import SEVERITIES, Answer


def write(answer: Answer, path: Path) -> None:
    """Three sheets: every question, the sums per village and check, and what each check asks. Raises OSError."""
    settings = {asked.code: asked for asked in answer.checks}
    names = regions.names_of({question.region_code for question in answer.questions} | {
        f"{question.region_code[:9]}000" for question in answer.questions
    })  # fmt: skip
    questions = FormattedSheet(
        "问题清单",
        [
            SheetColumn("级别"),
            SheetColumn("检查"),
            SheetColumn("乡镇"),
            SheetColumn("村"),
            SheetColumn("户编号"),
            SheetColumn("户主"),
            SheetColumn("人口编号"),
            SheetColumn("姓名"),
            SheetColumn("问题", width=60),
            SheetColumn("说明或整改情况", width=30),
        ],
        [
            [
                SEVERITIES[settings[one.check].setting.severity],
                settings[one.check].setting.label,
                names.get(f"{one.region_code[:9]}000", ""),
                names.get(one.region_code, one.region_code),
                one.household_no,
                one.head_name,
                one.person_no,
                one.person_name,
                one.sentence,
                "",
            ]
            for one in answer.questions
        ],
        title=f"{regions.full_name(answer.region_code)}档案核查问题（截至 {answer.as_of}）",
    )
    villages = FormattedSheet(
        "分村汇总",
        [
            SheetColumn("乡镇"),
            SheetColumn("村"),
            SheetColumn("检查"),
            SheetColumn("级别"),
            SheetColumn("行数", "number"),
        ],
        [
            [
                names.get(f"{village[:9]}000", ""),
                names.get(village, village),
                settings[code].setting.label,
                SEVERITIES[settings[code].setting.severity],
                count,
            ]
            for village, counts in answer.by_village().items()
            for code, count in sorted(counts.items(), key=lambda pair: -pair[1])
        ],
    )
    checks = FormattedSheet(
        "检查说明",
        [
            SheetColumn("代码"), SheetColumn("检查"), SheetColumn("级别"), SheetColumn("行数", "number"),
            SheetColumn("限值", width=36), SheetColumn("未计算的原因", width=40),
        ],
        [
            [asked.code, asked.setting.label, SEVERITIES[asked.setting.severity], asked.count, _limits(asked.setting), asked.not_computed]
            for asked in answer.checks
        ],
    )  # fmt: skip
    spreadsheet.write_sheets(path, [questions, villages, checks])


def _limits(setting: object) -> str:
    from .pack import Setting

    assert isinstance(setting, Setting)
    return "；".join(
        f"{'、'.join(limit.value) if isinstance(limit.value, tuple) else limit.value}{limit.unit}（{limit.origin}）"
        for limit in setting.thresholds.values()
    )
