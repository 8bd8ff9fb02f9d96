"""饮水不安全: the village's supply is out on the screened day for at least the limit, or its water failed the test.

The documents name no number of days: while the limit has no value an outage alone cannot be judged, a failed test can.
"""

import datetime as dt

import ibis

from shouwang.screening.rule import HIT, NOT_COMPUTED, Evidence, Rule, finding

LIMIT = "household.water_outage_days"

RULE = Rule(
    code="household.water_unsafe",
    label="饮水不安全",
    cites=("hengshui-2022-1#C.3.7", "hebei-opinion-2021#2.3"),
    subject="household",
    unit="day",
    sentence="所在村截至{as_of}停水 {observed} 天或水质不合格",
    applies_to="全部农村家庭",
    causes=("因安全饮水",),
    compared_by=(LIMIT,),
    optional=(LIMIT,),
    datasets=("water_outage",),
)


# hengshui-2022-1#C.3.7
def find(facts, parameters):
    """One row per household of a village without safe water."""
    limit = parameters.value(LIMIT)
    out, failed = outages(facts), failed_tests(facts)
    out = out.group_by("village_code").agg(outage_from=out.outage_from.min())
    failed = failed.select("village_code").distinct().mutate(is_failed=True)
    village = out.outer_join(failed, "village_code")
    village = village.select(
        "outage_from",
        region_code=ibis.coalesce(village.village_code, village.village_code_right),
        is_failed=village.is_failed,
    )
    household = facts.households.select("household_key", "region_code").inner_join(village, "region_code")
    is_failed = ibis.coalesce(household.is_failed, False)
    if limit is None:
        is_long = ibis.literal(False)
    else:
        # the first and the last day both count
        latest_start = facts.as_of - dt.timedelta(days=int(limit) - 1)
        is_long = ibis.coalesce(household.outage_from <= latest_start, False)
    status = ibis.cases(
        (is_failed | is_long, HIT),
        (household.outage_from.notnull() & ibis.literal(limit is None), NOT_COMPUTED),
    )
    days = ibis.literal(facts.as_of + dt.timedelta(days=1)).delta(household.outage_from, unit="day")
    return finding(
        household,
        status=status,
        reason=ibis.ifelse(status == NOT_COMPUTED, f"参数 {LIMIT} 没有取值", ibis.null("string")),
        observed=days,
        observed_text=ibis.ifelse(is_failed, "水质不合格", ibis.null("string")),
        threshold=None if limit is None else int(limit),
    )


def evidence(facts, parameters):
    """The outages and failed tests of the household's village."""
    rows = outages(facts).union(failed_tests(facts)).select("batch", "row", "village_code").distinct()
    return [Evidence("water_outage", rows, of="village")]


def outages(facts):
    """Rows whose supply is still out on the screened day; the day of restoration no longer counts."""
    row = facts.table("water_outage")
    return row.filter((row.outage_from <= facts.as_of) & (row.outage_to.isnull() | (row.outage_to > facts.as_of)))


def failed_tests(facts):
    """The newest row of a village that states the quality, where it states a failure."""
    row = facts.table("water_outage")
    row = row.filter(row.quality_passed.notnull() & (row.outage_from <= facts.as_of))
    order = [row.outage_from.desc(), row.period.desc(), row.batch.desc(), row.row.desc()]
    ranked = row.mutate(place=ibis.row_number().over(group_by=row.village_code, order_by=order))
    newest = ranked.filter(ranked.place == 0).drop("place")
    return newest.filter(~newest.quality_passed)
