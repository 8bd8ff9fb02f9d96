"""Two who said different things: the township asks, decides with a reason, and only then does anything change."""

from __future__ import annotations

import pytest

from shouwang import policy
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households.models import IncomeMonth, NaturalChange, VisitChange
from shouwang.households.visits import settling
from shouwang.organisation.scope import Scope
from tests import factories
from tests.households.visits.lane import NOW, TODAY, VILLAGE, Lane, record, visited

pytestmark = pytest.mark.django_db
TOWNSHIP = "130630100000"


@pytest.fixture
def lane() -> Lane:
    return Lane()


def settle(change: VisitChange, is_taken: bool, by: object, reason: str = "已问过户主") -> VisitChange:
    return settling.settle(
        change=change,
        is_taken=is_taken,
        reason=reason,
        by=by,  # type: ignore[arg-type]
        today=TODAY,
        now=NOW,
        policies=policy.load(),
    )


def two_wages(lane: Lane) -> VisitChange:
    home = lane.home()
    lane.one(visited(home, {"income_wage": "1200"}))
    lane.one(visited(home, {"income_wage": "800"}), by="吴")
    return settling.waiting(scope=Scope.of_region(VILLAGE)).get()


def test_the_township_takes_the_later_word_and_the_ledger_follows(lane: Lane) -> None:
    change = two_wages(lane)
    settled = settle(change, True, factories.township_clerk_qian(TOWNSHIP))
    assert settled.state == "taken"
    assert IncomeMonth.objects.get(household=change.household, period="2022-07").wage_fen == 80_000
    assert not settling.waiting(scope=Scope.of_region(VILLAGE)).exists()


def test_or_keeps_the_earlier_one_and_nothing_changes(lane: Lane) -> None:
    change = two_wages(lane)
    assert settle(change, False, factories.township_clerk_qian(TOWNSHIP)).state == "kept"
    assert IncomeMonth.objects.get(household=change.household, period="2022-07").wage_fen == 120_000


def test_it_is_settled_once_with_a_reason_by_the_own_township(lane: Lane) -> None:
    change = two_wages(lane)
    for by in (lane.accounts["赵"], factories.township_clerk_qian("130630101000"), factories.neighbour_li()):
        with pytest.raises(NotPermittedError):
            settle(change, True, by)
    qian = factories.township_clerk_qian(TOWNSHIP)
    with pytest.raises(UserError):
        settle(change, True, qian, reason=" ")
    settle(change, True, qian)
    with pytest.raises(ConflictError):
        settle(change, False, qian)


def test_whoever_was_taken_at_their_word_cannot_take_it_back(lane: Lane) -> None:
    change = two_wages(lane)
    settle(change, True, factories.township_clerk_qian(TOWNSHIP))
    assert lane.one(record("undo", of=str(change.visit_id)), by="吴").result == "conflict"


def test_what_changed_meanwhile_is_looked_at_again(lane: Lane) -> None:
    change = two_wages(lane)
    lane.one(visited(change.household, {"income_wage": "1500"}, base={"income_wage": "1200"}))
    again = settle(change, True, factories.township_clerk_qian(TOWNSHIP))
    assert again.state == "open"
    change.refresh_from_db()
    assert change.found == "1500.00", "the township sees what stands there now"
    assert IncomeMonth.objects.get(household=change.household, period="2022-07").wage_fen == 150_000


def test_of_a_death_and_a_move_one_stays_on_the_list_of_natural_changes(lane: Lane) -> None:
    home = lane.home()
    mother = lane.member(home, "田秀兰", "之母")
    said = {"change_kind": "死亡", "change_member": str(mother.pk), "change_on": "2022-07-12"}
    lane.one(visited(home, said))
    lane.one(visited(home, said | {"change_kind": "迁出"}), by="吴")
    settle(settling.waiting(scope=Scope.of_region(VILLAGE)).get(), True, factories.township_clerk_qian(TOWNSHIP))
    assert dict(NaturalChange.objects.values_list("kind", "state")) == {"死亡": "rejected", "迁出": "confirmed"}
