"""月度汇总: what a place did in a month, from the same queries as the pages; every figure with the time of its data."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.db.models import Count

from shouwang.casework import case_queries, verification
from shouwang.casework import queries as casework
from shouwang.casework.models import Case, Event
from shouwang.door import queries as door
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.households import change_lists, measures, metrics, push_figures, states
from shouwang.households.models import Measure
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.reporting import drafts
from shouwang.reporting.drafts import Figure, Section
from shouwang.reporting.papers import Column, Paper, Table
from shouwang.screening.models import Run


def monthly(*, region_code: str, scope: Scope, month: Month, unit: str, today: dt.date) -> Paper:
    """The report of a place. ``scope`` must lie in it. Raises UserError for a month that has not begun."""
    if month.first_day > today:
        raise UserError(f"{month.label}还没有到", next_step="请选择本月或以前的月份。")
    data_on = min(month.last_day, today)
    whole = metrics.table(
        scope=scope, dimension=metrics.BY_TOWNSHIP, from_on=month.first_day, until_on=month.plus(1).first_day
    )
    return drafts.monthly_report(
        drafts.MonthlyReport(
            place=regions.name(region_code),
            year=month.year,
            month=month.month,
            recipients="",
            sections=[
                _leads(whole, data_on, _last_run(region_code, month)),
                _not_included(scope, month, data_on),
                _pushes(scope, month, data_on),
                _cases(scope, month, data_on, today),
                _support(scope, month, data_on, today),
                Section("农户申报和家庭变化", [*_reports(scope, month, data_on), *_changes(scope, month, data_on)]),
            ],
            unit=unit,
            signed_on=today,
            remarks=_remarks(data_on, today),
        )
    )


def _leads(table: metrics.Table, data_on: dt.date, run: Run | None) -> Section:
    whole = table.whole
    figures = [
        Figure("规则筛查", 1, "次", run.as_of, "本月最近一次") if run else Figure("规则筛查", None, "次", data_on, "本月没有执行筛查"),
        *(
            Figure(label, whole.counts[code], "条" if code == metrics.ANSWERED else "户", data_on, _counted(code))
            for code, label in metrics.COUNTS.items()
        ),
        *(
            Figure(f"{label}（中位数）", None, "天", data_on, "本月还没有走完这一段的")
            if whole.spreads[code].median is None
            else Figure(f"{label}（中位数）", _days(whole.spreads[code].median), "天", data_on, f"{whole.spreads[code].count:,} 户")
            for code, label in metrics.STRETCHES.items()
        ),
    ]  # fmt: skip
    columns = [Column("单位", 1.4), *(Column(label, 1, "right") for label in metrics.COUNTS.values())]
    rows = [[line.label, *(f"{line.counts[code]:,}" for code in metrics.COUNTS)] for line in table.lines]
    breakdown = Table(columns, rows, caption=f"分乡镇（数据时间 {data_on.isoformat()}）") if rows else None
    return Section("线索发现和核实", figures, breakdown)


# hengshui-2022-1#C.2.1.3: what was pushed, verified, confirmed, included, and what was not, each with the reason
def _not_included(scope: Scope, month: Month, data_on: dt.date) -> Section:
    """The leads of the month that led to no inclusion, by where they stand or why they ended; its lines add up to the first."""
    rows = casework.not_included(scope=scope).filter(opened_on__range=(month.first_day, month.last_day))
    rows = rows.exclude(state=verification.WITHDRAWN).order_by()
    leads = {state.code: state.label for state in verification.PROCEDURE.states}
    cases = {state.code: state.label for state in states.STATES}
    found: Counter[str] = Counter()
    for lead, case, number in rows.values_list("state", "case__state").annotate(Count("pk")):
        if lead != verification.RETURNED:
            found[cases[case] if case else leads[lead]] += number
    back = Event.objects.filter(step="give_back", lead__in=rows.filter(state=verification.RETURNED).values("pk"))
    kinds = dict(back.order_by("sequence").values_list("lead", "data"))
    for data in kinds.values():
        found[f"{leads[verification.RETURNED]}：{verification.RETURN_KINDS.get(data.get('kind', ''), '未注明')}"] += 1
    lines = sorted(found.items(), key=lambda line: (-line[1], line[0]))
    whole = Figure("没有纳入", sum(found.values()), "户", data_on, "按发现日在本月的线索计")
    return Section("没有纳入的线索和理由", [whole, *(Figure(label, number, "户", data_on) for label, number in lines)])


def _counted(code: str) -> str:
    return "同因且未加重，由上次结论回答" if code == metrics.ANSWERED else "按发现日在本月的线索计"


def _last_run(region_code: str, month: Month) -> Run | None:
    """The month's newest screening of the place, or of what it lies in."""
    rows = Run.objects.filter(as_of__range=(month.first_day, month.last_day))
    codes = {code for one in regions.ancestors(region_code) for code in (one, one.rstrip("0"))}
    below = Scope.of_region(region_code).filter(rows)
    return (rows.filter(region_code__in=codes) | below).order_by("-as_of", "-pk").first()


def _pushes(scope: Scope, month: Month, data_on: dt.date) -> Section:
    answers = [push_figures.roll_up(push=one, scope=scope) for one in push_figures.pushes(scope=scope, month=month)]
    figures = [Figure("推送名单", len(answers), "份", data_on)]
    parts = {
        "收到": [one.total.row_count for one in answers],
        "对上本地农户": [one.total.matched for one in answers],
        "已核实": [one.total.verified for one in answers],
        "纳入": [one.total.parts["included"] for one in answers],
    }
    for label, counts in parts.items():
        figures.append(
            Figure(label, sum(counts) if answers else None, "行", data_on, "" if answers else "本月没有推送")
        )
    return Section("部门名单推送", figures)


def _cases(scope: Scope, month: Month, data_on: dt.date, today: dt.date) -> Section:
    rows = scope.filter(Case.objects.all()).order_by()
    within = (month.first_day, month.last_day)
    standing = rows.filter(is_open=True)
    figures = [
        Figure("本月纳入", rows.filter(included_on__range=within).count(), "户", data_on),
        Figure("本月风险消除", rows.filter(cleared_on__range=within).count(), "户", data_on),
        Figure("不予纳入", rows.filter(state=states.REFUSED, closed_on__range=within).count(), "户", data_on),
        Figure("正在认定", standing.filter(state__in=states.IDENTIFYING).count(), "户", today, "编制日的情况"),
        Figure("正在监测帮扶", standing.filter(state__in=[states.ANNOUNCE, states.SUPPORTED]).count(), "户", today, "编制日的情况"),
        Figure("超期事项", case_queries.tasks(scope=scope).filter(due_on__lt=today).order_by().count(), "件", today, "编制日的情况"),
    ]  # fmt: skip
    return Section("认定和消除", figures)


def _support(scope: Scope, month: Month, data_on: dt.date, today: dt.date) -> Section:
    rows = scope.filter(Measure.objects.filter(cancelled_on=None)).order_by()
    within = (month.first_day, month.last_day)
    return Section(
        "帮扶措施",
        [
            Figure("列入计划", rows.filter(planned_on__range=within).count(), "项", data_on),
            Figure("完成", rows.filter(done_on__range=within).count(), "项", data_on),
            Figure("有风险没有措施", measures.unmet(scope=scope).count(), "户", today, "编制日的情况"),
            Figure("有劳动力没有开发式措施", measures.without_development(scope=scope).count(), "户", today, "编制日的情况"),
        ],
    )  # fmt: skip


def _reports(scope: Scope, month: Month, data_on: dt.date) -> list[Figure]:
    return [Figure("自主申报、热线和来访", door.reports(scope=scope, month=str(month)).count(), "件", data_on)]


def _changes(scope: Scope, month: Month, data_on: dt.date) -> list[Figure]:
    rows = change_lists.changes(scope=scope, month=month).exclude(state=change_lists.REJECTED).order_by()
    return [
        Figure("自然增加", rows.filter(effect=1).count(), "人", data_on, "自然变更清单，未被否定的"),
        Figure("自然减少", rows.filter(effect=-1).count(), "人", data_on, "自然变更清单，未被否定的"),
    ]


def _days(median: float | None) -> int:
    """Whole days; half a day is a day begun."""
    return -int(-(median or 0) // 1)


def _remarks(data_on: dt.date, today: dt.date) -> Sequence[str]:
    return ["本月尚未结束，数字截至编制日。"] if data_on == today else []
