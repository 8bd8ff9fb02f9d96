"""Whether the figures say that a large-scale risk is there: computed where a parameter has a value, else said to be open (S0-C-29)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from shouwang.casework.models import Signal
from shouwang.casework.models.leads import CHANNELS
from shouwang.feeds import in_force
from shouwang.foundation.periods import Month
from shouwang.lake import store
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.policy.parameters import COMPARATORS
from shouwang.policy.resolution import Resolution
from shouwang.regions import queries as regions

from . import produce_prices
from .large_scale import RISK_OF_KIND, kinds
from .produce_prices import Series

PRICE_FALL, UNEMPLOYED, DISASTER = "price_fall", "unemployment", "natural_disaster"
PRICE, WEEKS = "household.large_scale_risk.price_fall", "household.large_scale_risk.price_fall_weeks"
UNEMPLOYMENT = "household.large_scale_risk.unemployment_rise"
PARAMETERS = {PRICE_FALL: (PRICE, WEEKS), UNEMPLOYED: (UNEMPLOYMENT,)}
RISE = "（本月新登记失业人数－上月）÷上月"
FALL = "每周均价连续低于上一周的周数，和从下跌前一周到最近一周的累计跌幅，两项都达到标准"
_NAMED = 3  # so many products stand in the sentence, the rest on the page


@dataclass(frozen=True)
class Trigger:
    """One kind of risk. ``is_reached`` is None while it is not computed, and ``why`` says why; ``open`` names what is missing."""

    kind: str
    label: str
    parameters: tuple[str, ...]
    open: tuple[str, ...] = ()
    is_reached: bool | None = None
    figure: str = ""
    why: str = ""


# hengshui-2022-1#C.2.6.1
def triggers(*, county: str, on: dt.date, policies: Policies) -> list[Trigger]:
    """One for each kind that the documents name for a county."""
    found = []
    for kind, label in kinds(region_code=county, on=on, policies=policies).items():
        names = PARAMETERS.get(kind, ())
        missing = tuple(
            name for name in names if policies.resolve(name, region_code=county, on=on, name_of=str).value is None
        )
        if not names:
            losses = _losses(county, on) if kind == DISASTER else ""
            figure = losses + _reported(kind, label, county, on)
            found.append(Trigger(kind, label, (), figure=figure, why="文件没有给出数量标准，由主管部门判断后登记"))
        elif missing:
            found.append(Trigger(kind, label, names, missing, why="参数没有录入"))
        elif kind == UNEMPLOYED:
            found.append(_unemployment(label, county, on, policies))
        else:
            found.append(_price_fall(label, county, on, policies))
    return found


def falls(series: Series, *, county: str, on: dt.date, policies: Policies) -> bool | None:
    """Whether a product falls as long and as far as the values say; None where a value is open."""
    fall, weeks = (policies.resolve(name, region_code=county, on=on) for name in (PRICE, WEEKS))
    if fall.value is None or weeks.value is None:
        return None
    return _reaches(series.falling_weeks, weeks) and _reaches(series.fall, fall)


def reported(*, kind: str, scope: Scope, county: str, on: dt.date) -> QuerySet[Signal]:
    """What was said since the first day of the last full month about households hit by a kind of risk, whoever said it."""
    since = Month.of(on).plus(-1).first_day
    rows = Signal.objects.filter(risk=RISK_OF_KIND.get(kind, ""), told_on__gte=since, told_on__lte=on).exclude(risk="")
    return scope.filter(rows.filter(Scope.of_region(county).where())).order_by("-told_on", "region_code", "pk")


def _price_fall(label: str, county: str, on: dt.date, policies: Policies) -> Trigger:
    """Every product by itself; prices must reach into the last full month."""
    found = Trigger(PRICE_FALL, label, (PRICE, WEEKS))
    every = produce_prices.every_series(county=county, on=on)
    if not every:
        return _with(found, why="没有大宗农副产品价格数据")
    month = Month.of(on).plus(-1)
    newest = max(one.last.first_day for one in every)
    if newest + dt.timedelta(days=6) < month.first_day:
        return _with(found, why=f"没有{month.label}以来的价格，最近一周从 {newest} 开始")
    current = [one for one in every if one.last.first_day + dt.timedelta(days=6) >= month.first_day]
    reached = [one for one in current if falls(one, county=county, on=on, policies=policies)]
    named = reached[:_NAMED] or current[:1]
    words = "；".join(_said(one) for one in named)
    more = f"等 {len(reached)} 个品种" if len(reached) > _NAMED else ""
    weeks, fall = (policies.resolve(name, region_code=county, on=on) for name in (WEEKS, PRICE))
    limits = f"标准：连续下跌{_words(weeks)} {weeks.value} 周，跌幅{_words(fall)} {fall.text}"
    return _with(found, is_reached=bool(reached), figure=f"{words}{more}；{limits}")


def _said(one: Series) -> str:
    if not one.falling_weeks:
        return f"没有品种在下跌（{len(one.weeks)} 周数据）"
    prices = f"{one.start.mean} 到 {one.last.mean} 元{'/' + one.unit if one.unit else ''}"
    return f"{one.product}连续 {one.falling_weeks} 周下跌 {one.fall_text}（{prices}，截至 {one.last.first_day} 这一周）"


def _losses(county: str, on: dt.date) -> str:
    """What the emergency department's files say since the last full month."""
    source = in_force.relation("disaster_loss", county_code=county)
    if source is None:
        return ""
    since = Month.of(on).plus(-1)
    with store.connect() as connection:
        homes, fen = connection.execute(
            f"""SELECT count(DISTINCT household_key), coalesce(sum(loss_fen), 0)::BIGINT FROM {source}
            WHERE occurred_on >= $since AND occurred_on <= $on""",
            {"since": since.first_day, "on": on},
        ).fetchall()[0]
    return f"{since.label}以来部门报送受灾 {homes:,} 户，损失 {fen // 100:,} 元。"


def _reported(kind: str, label: str, county: str, on: dt.date) -> str:
    """How many households said so, through which channels, and where most of them live."""
    told = list(
        reported(kind=kind, scope=Scope.of_region(county), county=county, on=on).values_list(
            "household", "region_code", "channel"
        )
    )
    since = Month.of(on).plus(-1).label
    if not told:
        return f"{since}以来没有反映{label}的户。"
    villages = Counter(village for _, village in {(home, village) for home, village, _ in told})
    (place, most), labels = villages.most_common(1)[0], dict(CHANNELS)
    channels = "、".join(
        f"{labels.get(one, one)} {count} 件" for one, count in Counter(one for *_, one in told).most_common()
    )
    return f"{since}以来反映{label}的 {sum(villages.values()):,} 户（{channels}），最多的是{regions.name(place)} {most:,} 户。"


def _unemployment(label: str, county: str, on: dt.date, policies: Policies) -> Trigger:
    """The last full month against the one before."""
    last = Month.of(on).plus(-1)
    before = last.plus(-1)
    counts = _newly_unemployed(county, (before, last))
    found = Trigger("unemployment", label, (UNEMPLOYMENT,))
    if counts is None:
        return _with(found, why="没有就业失业数据")
    earlier, later = counts[before], counts[last]
    if not earlier:
        return _with(found, why=f"{before.label}没有新登记失业的人，不能算增幅")
    rise = Decimal(later - earlier) / earlier
    limit = policies.resolve(UNEMPLOYMENT, region_code=county, on=on)
    passes = _reaches(rise, limit)
    figure = (
        f"{last.label} {later:,} 人，{before.label} {earlier:,} 人，增 {rise:.1%}；标准：{_words(limit)} {limit.text}"
    )
    return _with(found, is_reached=passes, figure=figure)


def _words(limit: Resolution) -> str:
    return COMPARATORS.get(limit.comparator, limit.comparator)


def _reaches(figure: Decimal | int, limit: Resolution) -> bool:
    return figure > limit.value if limit.comparator == ">" else figure >= limit.value


def _with(found: Trigger, *, is_reached: bool | None = None, figure: str = "", why: str = "") -> Trigger:
    return Trigger(found.kind, found.label, found.parameters, (), is_reached, figure, why)


def disaster_rows(*, county: str, on: dt.date) -> list[dict[str, Any]]:
    """Where the losses stand since the last full month: dataset, batch, row."""
    source = in_force.relation("disaster_loss", county_code=county)
    if source is None:
        return []
    with store.connect() as connection:
        rows = connection.execute(
            f"SELECT batch, row FROM {source} WHERE occurred_on >= $since AND occurred_on <= $on ORDER BY batch, row",
            {"since": Month.of(on).plus(-1).first_day, "on": on},
        ).fetchall()
    return [{"dataset": "disaster_loss", "batch": batch, "row": row} for batch, row in rows]


def unemployed_rows(*, county: str, on: dt.date) -> list[dict[str, Any]]:
    """Where the rows stand that the last full month's newly unemployed come from: dataset, batch, row."""
    source = _unemployed(county)
    if source is None:
        return []
    with store.connect() as connection:
        rows = connection.execute(
            f"SELECT max(batch), arg_max(row, batch) FROM {source} WHERE strftime(started_on, '%Y-%m') = $month GROUP BY person_key",
            {"month": str(Month.of(on).plus(-1))},
        ).fetchall()
    return [{"dataset": "employment", "batch": batch, "row": row} for batch, row in sorted(rows)]


def _newly_unemployed(county: str, months: tuple[Month, ...]) -> dict[Month, int] | None:
    """Persons whose unemployment began in each month, as the files in force tell; None without a file."""
    source = _unemployed(county)
    if source is None:
        return None
    query = f"SELECT strftime(started_on, '%Y-%m') AS month, count(DISTINCT person_key) FROM {source} GROUP BY month"
    with store.connect() as connection:
        counts = dict(connection.execute(query).fetchall())
    return {month: counts.get(str(month), 0) for month in months}


def _unemployed(county: str) -> str | None:
    source = in_force.relation("employment", county_code=county)
    return source and f"(SELECT * FROM {source} WHERE employment_status = '失业' AND person_key IS NOT NULL)"
