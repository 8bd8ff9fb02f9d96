"""H-19: a sample of marks is drawn with a seed that anybody can use again; its accuracy opens the rows behind it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from shouwang import policy
from shouwang.casework.models import Case, Event
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households import sampling
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import LAIYUAN, NOW

from . import places

AUGUST = dt.date(2022, 8, 15)
RIGHT = dict.fromkeys(sampling.FIELDS, sampling.AGREE)
WRONG = RIGHT | {"income": sampling.DIFFER}
pytestmark = pytest.mark.django_db


@pytest.fixture
def sun():
    return factories.county_officer_sun()


def cleared(count, region_code=places.VILLAGE, on=dt.date(2022, 7, 10)):
    return [places.case(region_code=region_code, state="cleared", cleared_on=on) for _ in range(count)]


def draw(by, size=50, **options):
    options = {"region_code": LAIYUAN, "from_on": dt.date(2022, 7, 1), "until_on": dt.date(2022, 8, 1)} | options
    return sampling.draw(size=size, by=by, today=AUGUST, now=NOW, **options)


def check(sampled, sun, findings=RIGHT, note=""):
    return sampling.check(sampled=sampled, findings=findings, note=note, by=sun, today=AUGUST)


def reopen(sampled, sun):
    return sampling.reopen(sampled=sampled, by=sun, today=AUGUST, now=NOW, policies=policy.load())


def test_fifty_marks_with_two_wrong_are_96_percent_and_two_cases_go_on(sun):
    cleared(60)
    made = draw(sun)
    rows = list(made.cases.order_by("place"))
    assert len(rows) == 50
    for row in rows[:48]:
        check(row, sun)
    for row in rows[48:]:
        check(row, sun, WRONG, "收入并未稳定")
    ours = Scope.of(sun)
    found = sampling.accuracy(made=made, scope=ours)
    assert (found.checked, found.correct, found.wrong, found.share) == (50, 48, 2, Decimal("96.0"))
    wrong = list(sampling.cases(made=made, scope=ours, part="wrong"))
    assert [row.pk for row in wrong] == [row.pk for row in rows[48:]]
    for row in wrong:
        reopen(row, sun)
    cases = Case.objects.filter(pk__in=[row.case_id for row in wrong])
    assert {(case.state, case.is_open, case.cleared_on) for case in cases} == {("supported", True, None)}
    assert sampling.cases(made=made, scope=ours, part="reopened").count() == 2
    assert cases[0].events.last().data["reason"] == "标注抽查不准确：收入并未稳定"


def test_the_same_seed_draws_the_same_cases_and_another_one_does_not(sun):
    cleared(30)
    first, again, other = (draw(sun, size=10, seed=seed) for seed in ("8月抽查", "8月抽查", "另一次"))
    numbers = [
        list(made.cases.order_by("place").values_list("case__case_no", flat=True)) for made in (first, again, other)
    ]
    assert numbers[0] == numbers[1] != numbers[2]
    assert sampling.drawn_again(first)


def test_a_drawing_can_be_repeated_after_a_mark_was_taken_back(sun):
    cleared(20)
    made = draw(sun, size=5)
    row = check(made.cases.first(), sun, WRONG, "仍有大额支出")
    reopen(row, sun)
    assert sampling.drawn_again(made)


def test_a_drawing_that_somebody_tampered_with_shows(sun):
    cleared(20)
    made = draw(sun, size=5)
    outside = Case.objects.exclude(pk__in=made.cases.values("case")).first()
    made.cases.filter(place=1).update(case=outside)
    assert not sampling.drawn_again(made)


def test_every_township_is_drawn_by_its_share(sun):
    cleared(30)
    cleared(10, region_code=places.OTHER_TOWNSHIP)
    made = draw(sun, size=8)
    assert made.cases.filter(region_code=places.OTHER_TOWNSHIP).count() == 2
    assert made.size == 8


def test_only_marks_of_the_period_are_drawn_and_never_more_than_there_are(sun):
    cleared(3)
    cleared(1, on=dt.date(2022, 8, 1))
    cleared(1, on=dt.date(2022, 6, 30))
    assert draw(sun).size == 3
    with pytest.raises(UserError, match="没有标注风险消除"):
        draw(sun, from_on=dt.date(2021, 1, 1), until_on=dt.date(2021, 2, 1))


def test_a_check_asks_for_every_field_and_for_words_where_something_differs(sun):
    cleared(1)
    row = draw(sun).cases.get()
    with pytest.raises(UserError, match="还没有核对：收入稳定超过监测范围"):
        check(row, sun, dict.fromkeys(list(sampling.FIELDS)[1:], "agree"))
    with pytest.raises(UserError, match="说明实际情况"):
        check(row, sun, WRONG)
    row.refresh_from_db()
    assert row.is_correct is None


def test_a_right_mark_is_not_reopened_and_a_wrong_one_only_once(sun):
    cleared(2)
    right, wrong = draw(sun).cases.order_by("place")
    check(right, sun)
    with pytest.raises(UserError, match="只有标注有误的"):
        reopen(right, sun)
    check(wrong, sun, WRONG, "收入并未稳定")
    reopen(wrong, sun)
    with pytest.raises(ConflictError):
        reopen(wrong, sun)
    with pytest.raises(ConflictError, match="不能再改"):
        check(wrong, sun)


def test_the_day_of_the_mark_that_was_drawn_stays_after_the_case_was_reopened(sun):
    (case,) = cleared(1)
    told = {"from_state": "out_county", "to_state": "cleared", "on": case.cleared_on, "at": NOW, "by_name": "县中心孙"}
    Event.objects.create(case=case, sequence=0, step="out_county_decision", **told)
    made = draw(sun)
    reopen(check(made.cases.get(), sun, WRONG, "收入并未稳定"), sun)
    case.refresh_from_db()
    assert case.cleared_on is None
    assert sampling.cases(made=made, scope=Scope.of(sun)).get().marked_on == dt.date(2022, 7, 10)


def test_who_reopens_must_be_allowed_to_decide_and_nothing_is_half_done(sun):
    cleared(1)
    row = check(draw(sun).cases.get(), sun, WRONG, "收入并未稳定")
    qian = factories.township_clerk_qian("130630100000")
    with pytest.raises(NotPermittedError):
        reopen(row, qian)
    row.refresh_from_db()
    assert row.reopened_on is None


def test_the_neighbour_sees_no_drawing_and_no_case_of_it(sun):
    cleared(2)
    made = draw(sun)
    li = factories.neighbour_li()
    assert not sampling.draws(scope=Scope.of(li)).exists()
    assert not sampling.cases(made=made, scope=Scope.of(li)).exists()
    assert sampling.accuracy(made=made, scope=Scope.of(li)).share is None
    with pytest.raises(NotPermittedError):
        draw(li)
    with pytest.raises(NotPermittedError):
        check(made.cases.first(), li)
    with pytest.raises(NotPermittedError):
        draw(factories.grid_worker_zhao(places.VILLAGE), region_code=places.VILLAGE)
