"""A report comes in, finds its household, becomes a lead on the same clock, is answered; a family may object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from shouwang import policy
from shouwang.casework import runner
from shouwang.casework.models import Lead, Signal
from shouwang.door import actions, answering, queries
from shouwang.door.models import Channel, Outcome, SelfReport
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.organisation.models import AuditEvent
from shouwang.organisation.scope import Scope

from .conftest import NEXT_VILLAGE, NOW, TODAY, VILLAGE, Place

Report = Callable[..., SelfReport]
LATER = NOW + dt.timedelta(days=2)


def match(report: SelfReport, place: Place, name: str = "甲建国", by: str = "zhao") -> None:
    actions.match(
        report=report, household=place.households[name], by=getattr(place, by), now=LATER, policies=policy.load()
    )
    report.refresh_from_db()


def clear(place: Place, reason: str = "家里有两人上班，支出不大") -> None:
    """The village finds no risk."""
    for step, data, by in (("dispatch", {}, place.sun), ("clear", {"reason": reason}, place.zhao)):
        lead = Lead.objects.get(is_open=True)
        runner.act(
            proceeding=lead, step=step, data=data, by=by, now=LATER, today=LATER.date(), policies=policy.load(),
            version=lead.version,
        )  # fmt: skip


def refuse(report: SelfReport, place: Place, **more: str) -> None:
    said = {
        "outcome": Outcome.NOT_INCLUDED,
        "refusal": "no_risk",
        "text": "已经上门看过了。",
        "reason": "收入够用",
    } | more
    answering.answer(report=report, by=place.qian, now=LATER, today=LATER.date(), **said)
    report.refresh_from_db()


def progress(report: SelfReport, tail: str = "5678") -> queries.Progress | None:
    return queries.progress(receipt_no=report.receipt_no, phone_tail=tail, today=TODAY, policies=policy.load())


def test_nothing_that_was_said_lies_readable_in_the_database(place: Place, report: Report) -> None:
    number = place.numbers["甲建国"]
    report(identity_number=number, is_for_other=True, reporter_name="好心邻居")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM door_selfreport")
        row = str(cursor.fetchall())
    assert not [secret for secret in (number, "13812345678", "5678", "住院", "好心邻居") if secret in row]


def test_a_number_and_name_that_the_register_knows_become_a_lead_at_once(place: Place, report: Report) -> None:
    one = report(identity_number=place.numbers["甲建国"].lower())
    assert one.household == place.households["甲建国"] and one.matched_by is None
    signal = Signal.objects.get()
    assert (signal.channel, signal.risk, signal.reference) == ("self_report", "illness", one.receipt_no)
    lead = Lead.objects.get()
    assert lead.opened_on == TODAY and lead.due_on == dt.date(2022, 7, 16)


def test_a_number_that_belongs_to_somebody_else_decides_nothing(place: Place, report: Report) -> None:
    assert report(identity_number=place.numbers["乙秀英"]).household is None
    assert not Signal.objects.exists()


def test_a_number_of_another_county_is_not_looked_up_here(place: Place, report: Report) -> None:
    assert report("外德成", identity_number=place.numbers["外德成"]).household is None


def test_a_name_alone_waits_for_a_person_who_sees_candidates(place: Place, report: Report) -> None:
    one = report()
    assert one.household is None and not Lead.objects.exists()
    found = queries.candidates(report=one, scope=Scope.of(place.zhao))
    assert [(candidate.household.head_name, candidate.reasons) for candidate in found] == [("甲建国", ["本村同名户主"])]
    assert queries.candidates(report=one, scope=Scope.of(place.li)) == []


def test_a_wrong_name_with_a_known_number_is_shown_as_a_candidate(place: Place, report: Report) -> None:
    one = report("甲建军", identity_number=place.numbers["甲建国"])
    assert queries.candidates(report=one, scope=Scope.of(place.sun))[0].reasons == ["身份证号相同，档案姓名是甲建国"]


def test_a_person_who_matches_makes_it_a_lead_from_the_day_it_came(place: Place, report: Report) -> None:
    one = report()
    match(one, place)
    assert one.matched_by == place.zhao
    assert Lead.objects.get().opened_on == TODAY
    assert AuditEvent.objects.filter(action="认定申报农户", target=one.receipt_no).exists()


def test_two_who_match_at_once_one_is_told(place: Place, report: Report) -> None:
    one = report()
    match(one, place)
    with pytest.raises(ConflictError):
        match(one, place, "乙秀英", "qian")
    assert one.household == place.households["甲建国"] and Lead.objects.count() == 1


def test_nobody_matches_to_a_household_that_they_do_not_see(place: Place, report: Report) -> None:
    with pytest.raises(NotPermittedError):
        match(report(), place, "丙海生", "zhao")


def test_the_same_form_twice_is_the_same_receipt(place: Place, report: Report) -> None:
    first, again = report(form_nonce="a" * 32), report("乙秀英", form_nonce="a" * 32)
    assert first == again and SelfReport.objects.count() == 1


def test_the_same_family_again_is_merged_and_follows_the_first(place: Place, report: Report) -> None:
    first, second = report(), report(difficulty="disaster", channel=Channel.HOTLINE, by=place.zhao)
    assert second.merged_into == first and second.receipt_no != first.receipt_no
    match(first, place)
    assert set(Signal.objects.values_list("channel", "risk")) == {("self_report", "illness"), ("hotline", "disaster")}
    assert Lead.objects.count() == 1
    clear(place)
    refuse(first, place)
    shown = progress(second)
    assert shown and shown.is_merged and shown.answer and shown.answer.text == "已经上门看过了。"


def test_one_telephone_for_several_families_is_not_one_family(place: Place, report: Report) -> None:
    report()
    assert report("乙秀英", is_for_other=True).merged_into is None


def test_another_telephone_for_the_same_household_merges_once_it_is_matched(place: Place, report: Report) -> None:
    first, second = report(), report(phone="13900001111", is_for_other=True)
    assert second.merged_into is None
    match(first, place)
    match(second, place)
    assert second.merged_into == first and Lead.objects.count() == 1
    assert report(phone="13700002222", identity_number=place.numbers["甲建国"]).merged_into == first


def test_a_number_given_later_tells_whose_the_first_report_is(place: Place, report: Report) -> None:
    first, second = report(), report(identity_number=place.numbers["甲建国"])
    first.refresh_from_db()
    assert second.merged_into == first and first.household == place.households["甲建国"]
    assert Signal.objects.count() == 2 and Lead.objects.count() == 1


def test_two_open_reports_of_one_family_cannot_both_be_the_first(place: Place, report: Report) -> None:
    first = report()
    values = {name: getattr(first, name) for name in ("channel", "region_code", "householder_name", "difficulty")}
    values |= {"secrets": first.secrets, "phone_index": first.phone_index, "received_on": TODAY, "received_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfReport.objects.create(**values, receipt_no="23456789", progress_index="x")


def test_whoever_loses_the_race_of_two_reports_is_merged(
    place: Place, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = report()
    seen = iter([{}, {"merged_into": first}])
    monkeypatch.setattr(actions, "_merging", lambda fields, now: next(seen))
    assert report().merged_into == first


def test_no_answer_before_the_village_has_been_there(place: Place, report: Report) -> None:
    one = report()
    with pytest.raises(UserError, match="还没有对上农户"):
        refuse(one, place)
    match(one, place)
    with pytest.raises(UserError, match="还没有结果"):
        refuse(one, place)


def test_the_answer_is_proposed_from_what_the_village_found(place: Place, report: Report) -> None:
    one = report()
    match(one, place)
    assert answering.proposed(report=one) is None
    clear(place)
    proposed = answering.proposed(report=one)
    assert proposed and proposed.outcome == Outcome.NOT_INCLUDED and proposed.reason == "家里有两人上班，支出不大"
    with pytest.raises(UserError, match="与办理结果不一致"):
        refuse(one, place, outcome=Outcome.INCLUDED)


def test_a_refusal_says_why_and_how_to_object(place: Place, report: Report) -> None:
    one = report()
    match(one, place)
    clear(place)
    for faulty in (
        {"refusal": ""},
        {"refusal": "other", "reason": ""},
        {"how_to_object": " "},
        {"text": "电话13812345678"},
    ):
        with pytest.raises(UserError):
            refuse(one, place, **faulty)
    refuse(one, place)
    shown = progress(one)
    assert shown and shown.answer and shown.may_object
    assert shown.answer.reason == "入户核实没有发现致贫返贫风险。收入够用"
    assert "12317" in shown.answer.how_to_object
    with pytest.raises(ConflictError):
        refuse(one, place)


def test_a_family_that_is_not_registered_here_is_told_so_with_a_reason(place: Place, report: Report) -> None:
    one = report("路人甲")
    refuse(one, place, outcome=Outcome.NOT_HERE, refusal="not_registered")
    shown = progress(one)
    assert shown and shown.headline == "不是本地登记的农户"


def test_one_press_objects_and_opens_a_new_lead(place: Place, report: Report) -> None:
    one = report()
    match(one, place)
    clear(place)
    refuse(one, place)
    again = [
        actions.object_to(report=one, text="存折上没有钱", now=LATER, today=LATER.date(), policies=policy.load())
        for _ in range(2)
    ]
    assert again[0] == again[1] and again[0].objects_to == one and again[0].merged_into is None
    assert queries.content(again[0])["description"] == "存折上没有钱"
    assert Lead.objects.filter(is_open=True).count() == 1 and Lead.objects.count() == 2
    shown, new = progress(one), progress(again[0])
    assert shown and shown.has_objected and not shown.may_object
    assert new and new.answer is None


def test_who_was_not_refused_has_nothing_to_object_to(place: Place, report: Report) -> None:
    with pytest.raises(UserError):
        actions.object_to(report=report(), text="", now=NOW, today=TODAY, policies=policy.load())


def test_progress_tells_a_day_and_nothing_about_anybody(place: Place, report: Report) -> None:
    one = report()
    shown = progress(one)
    assert shown and shown.until == dt.date(2022, 7, 16) and not shown.is_visit
    match(one, place)
    clear(place)
    told = repr(progress(one))
    assert not [secret for secret in ("甲建国", "5678", "生病", "住院", one.receipt_no) if secret in told]


@pytest.mark.parametrize(
    ("receipt", "tail"), [("", "5678"), ("22222222", "5678"), (None, "1234"), (None, ""), (None, "45678")]
)
def test_a_wrong_receipt_and_a_wrong_tail_cost_the_same_and_find_nothing(
    place: Place, report: Report, django_assert_num_queries, receipt: str | None, tail: str
) -> None:
    one = report()
    with django_assert_num_queries(1):
        assert queries.progress(
            receipt_no=one.receipt_no if receipt is None else receipt, phone_tail=tail, today=TODAY, policies=policy.load()
        ) is None  # fmt: skip


def test_a_receipt_is_read_as_people_write_it(place: Place, report: Report) -> None:
    one = report()
    written = f" {one.receipt_no[:4].lower()} - {one.receipt_no[4:].lower()} "
    assert queries.progress(receipt_no=written, phone_tail="５６７８", today=TODAY, policies=policy.load())


def test_the_stages_of_the_list_always_add_up(place: Place, report: Report) -> None:
    one, _, _ = report(), report(), report("丙海生", village=NEXT_VILLAGE)
    match(one, place)
    scope = Scope.of(place.sun)
    for act in (lambda: None, lambda: clear(place), lambda: refuse(one, place)):
        act()
        counts = {stage: queries.reports(scope=scope, stage=stage).count() for stage in queries.STAGES}
        assert sum(counts.values()) == 3
    assert counts == {"waiting": 1, "in_hand": 0, "decided": 0, "answered": 1, "merged": 1}
    assert not queries.reports(scope=Scope.of(place.li)).exists()
    assert queries.reports(scope=Scope.of_region(VILLAGE)).count() == 2


def test_whoever_reports_for_a_family_later_is_not_told_what_was_written_for_it(place: Place, report: Report) -> None:
    number = place.numbers["甲建国"]
    first = report(identity_number=number)
    stranger = report(identity_number=number, phone="13700002222", is_for_other=True)
    own = report(identity_number=number, phone="13700003333")
    assert stranger.merged_into == own.merged_into == first
    clear(place)
    refuse(first, place, reason="儿子在县城有工资收入")

    for asked, tail, is_own in ((first, "5678", True), (own, "3333", True), (stranger, "2222", False)):
        shown = progress(asked, tail)
        assert shown and shown.answer and shown.answer.text and "没有发现致贫返贫风险" in shown.answer.reason
        assert ("儿子在县城" in shown.answer.reason) is is_own


def test_a_day_that_is_over_is_not_promised_any_more(place: Place, report: Report) -> None:
    one = report(identity_number=place.numbers["甲建国"])
    shown = progress(one)
    assert shown and shown.until and not shown.is_late
    after = queries.progress(
        receipt_no=one.receipt_no, phone_tail="5678", today=shown.until + dt.timedelta(days=1), policies=policy.load()
    )
    assert after and after.until == shown.until and after.is_late


def test_a_family_that_is_not_from_here_is_not_told_of_a_visit_that_nobody_made(place: Place, report: Report) -> None:
    one = report("远来客")
    refuse(one, place, outcome=Outcome.NOT_HERE, refusal="not_registered", reason="")
    shown = progress(one)
    assert shown and [label for label, _, _ in shown.steps] == ["已收到", "核对户籍", "告诉您结果"]
