"""月报, 月通报 and the return of measures as papers, from figures of the moment or as they were sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from shouwang.households import month_figures
from shouwang.households.models import Return
from shouwang.households.month_figures import PARTS, Line, MonthFigures
from shouwang.households.returns import queries as returns
from shouwang.households.returns.kinds import MONTHLY, kind_named
from shouwang.organisation import departments
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.reporting import drafts, scanner
from shouwang.reporting.drafts import BulletinPlace, Figure, Section
from shouwang.reporting.papers import Attachment, Column, Paper, Table

from .offices import government_of, unit_of
from .supervision import LINES

_BELOW = {Level.CITY: "县", Level.COUNTY: "乡镇", Level.TOWNSHIP: "村"}
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "走访排查": month_figures.OF_VISITS,
    "线索发现和核实": (month_figures.LEADS, month_figures.VERIFIED, month_figures.CONFIRMED),
    "认定和消除": (month_figures.INCLUDED, month_figures.CLEARED),
    "帮扶措施": (month_figures.PLANNED, month_figures.DONE),
}


# S4-C-03: 月报告
def month_report(figures: MonthFigures, *, recipients: str, today: dt.date, number: str = "", note: str = "") -> Paper:
    """The report upward."""
    month, code = figures.month, figures.region_code
    data_on = min(month.last_day, today)
    unit = unit_of(code)
    return drafts.monthly_report(
        drafts.MonthlyReport(
            place=regions.name(code),
            year=month.year,
            month=month.month,
            recipients=recipients,
            sections=[
                Section(title, [_figure(figures.whole, name, data_on) for name in names])
                for title, names in _SECTIONS.items()
            ],
            unit=unit,
            signed_on=today,
            number=number,
            remarks=_remarks(figures, note),
            head=f"{unit}文件",
            attachments=_attachments(figures),
        )
    )


# S4-C-03: 月通报
def month_bulletin(figures: MonthFigures, *, today: dt.date, number: str = "", copies: str = "") -> Paper:
    """The bulletin downward, the places ranked by the share of households visited."""
    code, month = figures.region_code, figures.month
    names = regions.names_of({one.code for one in figures.lines})
    below = _BELOW[Level(regions.region(code).level)]
    unit = unit_of(code)
    return drafts.monthly_bulletin(
        drafts.MonthlyBulletin(
            place=regions.name(code),
            below=below,
            year=month.year,
            month=month.month,
            whole=_place(regions.name(code), None, figures.whole),
            places=[_place(names.get(one.code, one.code), rank, one) for rank, one in figures.ranked()],
            recipients={"县": "各县（市、区）", "乡镇": "各乡镇", "村": "各村"}[below],
            unit=unit,
            signed_on=today,
            data_on=min(month.last_day, today),
            closed_on=figures.whole.closed_on,
            head=f"{unit}文件",
            number=number,
            copies=copies,
        )
    )


def sent(made: Return, *, policies: Policies) -> Paper:
    """A return as it was sent, whatever changed since."""
    kind = kind_named(made.kind)
    recipients = returns.office(kind=kind, region_code=made.to_region, on=made.sent_on, policies=policies)
    if made.kind == MONTHLY:
        figures = month_figures.opened(made.region_code, made.figures)
        return month_report(figures, recipients=recipients, today=made.sent_on, note=made.note)
    return measure_return(
        made.figures,
        region_code=made.region_code,
        department=made.department,
        period=made.period,
        because=made.due_parameter,
        recipients=recipients,
        today=made.sent_on,
        policies=policies,
        note=made.note,
    )


def measure_return(
    figures: Mapping[str, Any],
    *,
    region_code: str,
    department: str,
    period: str,
    because: Mapping[str, Any],
    recipients: str,
    today: dt.date,
    policies: Policies,
    note: str = "",
) -> Paper:
    """The return of measures of a place, or of a department in it."""
    place = regions.name(region_code)
    unit = f"{place}{departments.label_of(department)}" if department else government_of(region_code)
    cites = "、".join(LINES.sub("", policies.citation_text(cite)) for cite in because.get("cites", ()))
    return drafts.measure_return(
        drafts.MeasureReturn(
            place=f"{place}{departments.label_of(department)}" if department else place,
            year=int(period[:4]),
            recipients=recipients,
            households=figures["households"],
            helped=figures["helped"],
            measures=figures["measures"],
            done=figures["done"],
            kinds=[
                drafts.KindCount(one["plan"], one["label"], one["measures"], one["done"], one["households"])
                for one in figures["kinds"]
            ],
            basis=cites or "有关文件",
            data_on=today,
            unit=unit,
            signed_on=today,
            note=scanner.masked(note),
        )
    )


def _place(name: str, rank: int | None, line: Line) -> BulletinPlace:
    counts = line.counts.get
    return BulletinPlace(
        name=name,
        rank=rank,
        wanted=counts(month_figures.WANTED),
        seen=counts(month_figures.SEEN),
        missed=counts(month_figures.MISSED),
        percent=line.percent,
        leads=counts(month_figures.LEADS),
        verified=counts(month_figures.VERIFIED),
        confirmed=counts(month_figures.CONFIRMED),
        included=counts(month_figures.INCLUDED),
        cleared=counts(month_figures.CLEARED),
        planned=counts(month_figures.PLANNED),
        done=counts(month_figures.DONE),
        why=line.why,
    )


def _figure(line: Line, name: str, data_on: dt.date) -> Figure:
    part, amount = PARTS[name], line.counts.get(name)
    note = part.about
    if name in month_figures.OF_VISITS:
        note = f"{line.closed_on.isoformat()}结账" if line.closed_on else line.why or month_figures.NOT_CLOSED
    return Figure(part.label, amount, part.unit, data_on, note)


def _attachments(figures: MonthFigures) -> list[Attachment]:
    """Every figure by the places below, on a page of its own."""
    if not figures.lines:
        return []
    places = regions.names_of({one.code for one in figures.lines})
    below = _BELOW[Level(regions.region(figures.region_code).level)]
    columns = [Column(below, 1.6, "left"), *(Column(part.label, 1, "right") for part in PARTS.values())]
    columns += [Column("完成率", 1, "right"), Column("结账", 1.2)]
    rows = []
    for one in figures.lines:
        counts = [one.counts.get(name) for name in PARTS]
        closed = one.closed_on.isoformat() if one.closed_on else month_figures.NOT_CLOSED
        texts = ["—" if count is None else f"{count:,}" for count in counts]
        rows.append([places.get(one.code, one.code), *texts, f"{one.percent}%" if one.percent else "—", closed])
    return [Attachment(f"分{below}情况表", [Table(columns, rows)], is_wide=True)]


def _remarks(figures: MonthFigures, note: str) -> list[str]:
    found = []
    if not figures.is_closed:
        found.append(f"走访情况：{figures.whole.why or month_figures.NOT_CLOSED}。")
    if note:
        found.append(scanner.masked(note))
    return found
