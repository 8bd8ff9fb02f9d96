"""脱贫户 without a plan, low incomes in the focus of a campaign, and the help days: each from what is known, or not computed."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouwang import policy
from shouwang.foundation.periods import Month
from shouwang.households import assigning
from shouwang.households.visits import campaigns, help_days, plans
from shouwang.lake import store
from shouwang.organisation import staffing
from shouwang.organisation.models import PostKind, Unit, UnitKind
from shouwang.organisation.scope import Scope
from shouwang.screening.models import RuleResult, Run
from tests import factories
from tests.households.visits.lane import NEXT_VILLAGE, NOW, TODAY, VILLAGE, Lane, confirmed, progress, visited

pytestmark = pytest.mark.django_db
LAIYUAN, TAOCHENG = factories.LAIYUAN, factories.TAOCHENG
HENGSHUI_VILLAGE, XUCHANG_VILLAGE = "131102001045", "411003001001"
XUCHANG = "411003000000"


def unplanned(county=LAIYUAN, scope=None, on=TODAY):
    rows, demand = plans.unplanned(scope=scope or Scope.of_region(county), county=county, on=on, policies=policy.load())
    found = list(rows.order_by("pk"))
    without = plans.without_visitor(households=found, on=on)
    return {one.head_name: plans.why(household=one, demand=demand, without_visitor=without) for one in found}


def somebody_goes_to(*homes):
    unit = Unit.objects.create(region_code=VILLAGE, kind=UnitKind.VILLAGE, name="北村")
    post = staffing.create_post(unit=unit, kind=PostKind.GRID_WORKER, title="网格员", by=None)
    staff = staffing.appoint(post=post, from_on=dt.date(2022, 1, 1), name="郑网格", by=None).staff
    assigning.assign(households=homes, kind="grid_worker", staff=staff, from_on=dt.date(2022, 1, 1), by=None, now=NOW)


def test_whom_nobody_will_see_is_named_with_the_reason_until_somebody_was_there():
    lane = Lane()
    planned, alone, called = lane.home("甲建国"), lane.home("乙秀英"), lane.home("丙海生")
    somebody_goes_to(planned)
    lane.one(visited(called, method="phone"))
    assert unplanned() == {"乙秀英": "没有在任网格员", "丙海生": "没有在任网格员"}, "a call is no visit"
    lane.one(confirmed(alone))
    assert unplanned() == {"丙海生": "没有在任网格员"}
    assert "乙秀英" in unplanned(on=dt.date(2022, 8, 1)), "each month anew"


def test_before_a_document_asks_for_visits_nobody_has_a_plan_and_the_reason_says_so():
    lane = Lane()
    somebody_goes_to(lane.home("甲建国"))
    (why,) = unplanned(on=dt.date(2021, 5, 1)).values()
    assert why == "没有在任网格员", "the grid worker is not yet in office"
    (why,) = unplanned(on=dt.date(2022, 3, 1)).values()
    assert why == "不在走访范围（当地没有文件规定）"


def test_only_households_of_the_scope_are_named():
    lane = Lane()
    lane.home("甲建国")
    lane.home("乙秀英", region_code=NEXT_VILLAGE)
    assert list(unplanned(scope=Scope.of_region(NEXT_VILLAGE))) == ["乙秀英"]
    assert unplanned(scope=Scope.of_region("130633000000")) == {}


def low_income_table(homes, county=TAOCHENG):
    """A screening's table that says: low of these, unknown of the last."""
    rows = [(one.pk, "low", one.household_no, one.region_code) for one in homes]
    rows[-1] = (rows[-1][0], "unknown", *rows[-1][2:])
    names = ("household_key", "position", "household_no", "region_code")
    path = store.absolute("derived/low.parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))), path)
    run = Run.objects.create(region_code=county, as_of=dt.date(2022, 5, 31), engine="duckdb", started_at=NOW)
    result = RuleResult.objects.create(
        key="low", rule="household.low_income", county_code=county, as_of=run.as_of, outcome="computed",
        file="derived/low.parquet", rule_version="1", engine="duckdb", computed_at=NOW,
    )  # fmt: skip
    run.results.add(result)


def concentrated():
    today = dt.date(2022, 6, 28)
    held = campaigns.held(county=TAOCHENG, today=today, policies=policy.load())
    running = next(one for one in held if one.campaign.code == "concentrated")
    return progress(running=running, county=TAOCHENG, scope=Scope.of_region(TAOCHENG), today=today)


def test_low_incomes_are_in_the_focus_once_a_screening_says_whose_they_are():
    lane = Lane(village=HENGSHUI_VILLAGE)
    homes = [lane.home(name) for name in ("甲建国", "乙秀英", "丙海生")]
    for home in homes:
        home.household_type = "一般农户"
        home.save()
    lane.one(confirmed(homes[0], on="2022-06-20", made_at="2022-06-20T10:00:00+08:00"))
    before = concentrated()
    assert before.low_income is None and before.low_income_why == "还没有筛查" and before.focus.wanted_count == 0
    low_income_table(homes)
    after = concentrated()
    assert after.low_income is not None
    assert (after.low_income.seen_count, after.low_income.wanted_count) == (1, 2), "an unknown income is not a low one"
    assert after.focus.wanted_count == 2


def calendar(county, **options):
    return help_days.calendar(
        county=county, month=Month(2022, 7), scope=Scope.of_region(county), policies=policy.load(), **options
    )


def test_help_days_are_the_tuesdays_of_xuchang_with_whoever_was_at_a_home():
    lane = Lane(village=XUCHANG_VILLAGE)
    home, other = lane.home("甲建国"), lane.home("乙秀英")
    tuesday = {"on": "2022-07-12", "made_at": "2022-07-12T10:00:00+08:00"}
    lane.one(confirmed(home, **tuesday))
    lane.one(visited(other, method="phone", **tuesday))
    lane.one(confirmed(other, on="2022-07-13", made_at="2022-07-13T10:00:00+08:00"))
    found = calendar(XUCHANG)
    assert [one.on.day for one in found.days] == [5, 12, 19, 26]
    assert [(one.household_count, one.visitors) for one in found.days][1] == (1, ((lane.accounts["赵"].name, 1),))
    assert found.double_ten.value is None, "no document says what it consists of"
    assert calendar(LAIYUAN).days == ()
