"""What a constructed case is: a household of which everything is known, and what every rule must say about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

HIT, JUDGEMENT, PROVISIONAL, NOT_COMPUTED = "hit", "judgement", "provisional", "not_computed"
ALLEVIATED, GENERAL = "脱贫户", "一般农户"
HEAD, WIFE, DAUGHTER, SON = range(4)  # every case is set in a couple with a daughter of 12 and a son of 9
MEMBERS = 4

# What a household has that nothing is wrong with: 16,000 yuan a head last year, 18,000 projected.
QUIET_YEAR, QUIET_MONTHS = 6_400_000, 5_400_000


@dataclass(frozen=True)
class Lines:
    """The values that cases are set against, in fen: from the parameters in force for the county on the screened day."""

    income_line: int
    alleviated_average: int
    warning_monitored: int
    warning_general: int


@dataclass(frozen=True)
class Event:
    """A row of a department's file about one member (or, by the head, about the household): heading → cell.

    ``on`` tells the file by its month, and is the row's day unless the cells say otherwise.
    """

    dataset: str
    member: int
    on: dt.date
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Monitored:
    """The household's row in the monitored-object sheet."""

    category: str
    risk: str
    is_cleared: bool = False


@dataclass(frozen=True)
class Case:
    """One case, set in ``copies`` households.

    ``findings``: rule → status, for every rule that says anything; all others must be silent. Amounts are fen a household.
    ``leads`` empty: whether a lead follows is told by the findings (a hit or a question of judgement).
    ``when``: what the main rule says once an open parameter gets a value: (parameter, value, status or "").
    """

    name: str
    rule: str
    findings: Mapping[str, str] = field(default_factory=dict)
    copies: int = 2
    kind: str = ALLEVIATED
    monitored: Monitored | None = None
    last_year: int | None = QUIET_YEAR  # None: the cells are empty
    nine_months: int | None = QUIET_MONTHS  # None: nothing was collected
    transfer_of_nine: int | None = None
    missing_month: str = ""
    born: Mapping[int, dt.date] = field(default_factory=dict)
    labour: Mapping[int, str] = field(default_factory=dict)
    insurance: Mapping[int, str] = field(default_factory=dict)  # "" for no row at all
    enrolment: Mapping[int, tuple[str, str] | None] = field(default_factory=dict)  # (状态, 原因); None for no row
    events: tuple[Event, ...] = ()
    observed: str = ""
    threshold: str = ""
    has_lead: bool | None = None
    when: tuple[str, str, str] = ("", "", "")
    note: str = ""

    @property
    def expects_lead(self) -> bool:
        if self.has_lead is not None:
            return self.has_lead
        return any(status in (HIT, JUDGEMENT) for status in self.findings.values())

    @property
    def is_collected(self) -> bool:
        """Whether months of income are collected: of 脱贫户 and of objects under monitoring."""
        watched = self.kind == ALLEVIATED or (self.monitored is not None and not self.monitored.is_cleared)
        return watched and self.nine_months is not None


def yuan(fen: int) -> str:
    """-1234.50 for −123450."""
    return f"{Decimal(fen) / 100:.2f}"


def settled(member: int, on: str, own_fen: int, disease: str = "") -> Event:
    """A stay in hospital of which the patient paid ``own_fen`` himself."""
    total = abs(own_fen) * 3
    cells = {
        "个人自付": yuan(own_fen),
        "就诊类型": "住院",
        "病种名称": disease,
        "医疗总费用": yuan(total if own_fen > 0 else -total),
        "基本医保支付": yuan(total - abs(own_fen) if own_fen > 0 else abs(own_fen) - total),
    }
    return Event("medical_settlement", member, dt.date.fromisoformat(on), cells)


def diagnosed(member: int, on: str, disease: str) -> Event:
    return Event("major_disease", member, dt.date.fromisoformat(on), {"病种名称": disease, "签约医生": "张卫东"})


def certified(member: int, level: str, on: str, *, cancelled: str = "", kind: str = "肢体") -> Event:
    cells = {"残疾类别": kind, "残疾等级": level, "发证日期": on, "注销日期": cancelled}
    return Event("disability", member, dt.date.fromisoformat(cancelled or on), cells)


def schooling(member: int, on: str, fen: int) -> Event:
    cells = {"金额": yuan(fen), "学校": "保定市第一职业学校"}
    return Event("schooling_cost", member, dt.date.fromisoformat(on), cells)


def accident(member: int, on: str, fen: int | None, kind: str = "交通事故") -> Event:
    cells = {"事故类型": kind, "自付损失": "" if fen is None else yuan(fen)}
    return Event("accident", member, dt.date.fromisoformat(on), cells)


def disaster(on: str, fen: int | None, kind: str = "风雹") -> Event:
    cells = {"灾种": kind, "损失金额": "" if fen is None else yuan(fen)}
    return Event("disaster_loss", HEAD, dt.date.fromisoformat(on), cells)


def worked(member: int, status: str, started: str, ended: str = "", employer: str = "") -> Event:
    cells = {"就业状态": status, "开始日期": started, "务工地点": "北京市", "单位名称": employer, "结束日期": ended}
    return Event("employment", member, dt.date.fromisoformat(ended or started), cells)


def appraised(grade: str, on: str, *, rebuilt: str = "", elsewhere: str = "") -> Event:
    cells = {"鉴定等级": grade, "改造状态": rebuilt, "现居安全住房": elsewhere}
    return Event("housing_safety", HEAD, dt.date.fromisoformat(on), cells)


def changed(member: int, kind: str, on: str) -> Event:
    return Event("population_change", member, dt.date.fromisoformat(on), {"变动类型": kind})


def enrolled(member: int, on: str, status: str, reason: str = "") -> Event:
    """A later row of the school register, in the file of that month."""
    cells = {"学校": "涞源县第二中学", "年级": "六年级", "学籍状态": status, "未就学原因": reason}
    return Event("enrolment", member, dt.date.fromisoformat(on), cells)


def hinted(member: int, kind: str, on: str) -> Event:
    return Event("asset_hint", member, dt.date.fromisoformat(on), {"资产类别": kind, "价值": "65000"})
