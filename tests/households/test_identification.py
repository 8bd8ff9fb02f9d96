"""A confirmed risk becomes a case and the case is identified: clocks, order, 公示, green channel, plan (H-07 to H-13, X-5)."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.casework import clocks, pausing, runner
from shouwang.casework.asking import FieldsError
from shouwang.casework.models import Case, Notice, Task
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households import measures
from shouwang.organisation.roles import GridWorker, TownshipClerk
from tests import factories

from .casebook import HENGSHUI_VILLAGE, XUCHANG_VILLAGE, Book, moment, plan, set_locally

pytestmark = pytest.mark.django_db
JULY = dt.date(2022, 7, 1)


def july(day: int) -> dt.date:
    return dt.date(2022, 7, day)


def due_of(case: Case, step: str) -> dt.date | None:
    return Task.objects.get(case=case, step=step, is_open=True).due_on


# ── H-07, H-08, X-5: the clock ───────────────────────────────────────────────
def test_fifteen_days_end_on_a_saturday_and_say_so() -> None:
    case = Book().case(JULY)
    assert case.due_on == july(16)
    assert case.due_parameter["cites"] == ["hebei-xiangzhenfa-2022-14#1.8"]
    assert "星期六" in clocks.note(case.due_parameter) and "7月18日" in clocks.note(case.due_parameter)


def test_the_last_day_moves_to_monday_where_a_document_says_so() -> None:
    set_locally("130630", household__holiday_roll="true")
    assert Book().case(JULY).due_on == july(18)


def test_after_the_last_day_the_decision_needs_a_reason() -> None:
    book = Book()
    case = book.at_county(JULY, july(16))
    with pytest.raises(UserError, match="已超过认定时限 2022-07-16，须写明超期原因"):
        book.take(case, "county_decision", july(17))
    book.take(case, "county_decision", july(17), late_reason="公示期间有不同意见，答复后延长")
    assert case.included_on == july(17)


def test_on_the_last_day_no_reason_is_asked() -> None:
    book = Book()
    case = book.at_county(JULY, july(16))
    book.take(case, "county_decision", july(16))
    assert case.state == "supported"


def test_hengshui_had_a_month_until_the_province_said_fifteen_days() -> None:
    book = Book(HENGSHUI_VILLAGE)
    april = book.case(dt.date(2022, 4, 5), book.household("甲"))
    july_case = book.case(JULY, book.household("乙"))
    assert april.due_on == dt.date(2022, 5, 5)
    assert april.due_parameter["cites"] == ["hengshui-2022-1#C.2.4.1"]
    assert july_case.due_on == july(16)
    assert july_case.due_parameter["cites"] == ["hebei-xiangzhenfa-2022-14#1.8"]


def test_a_parameter_changed_later_leaves_running_cases_as_they_were() -> None:
    book = Book()
    case = book.case(july(10))
    set_locally("130630", household__identification_limit="10 day")
    book.take(case, "review", july(15))
    case.refresh_from_db()
    assert case.due_on == july(25)
    assert due_of(case, "publish") == july(25)
    assert book.case(july(16), book.household("乙")).due_on == july(26), "a new case has the new limit"


# ── H-10: order and people ───────────────────────────────────────────────────
def test_no_township_review_without_democratic_review() -> None:
    book = Book()
    case = book.case(JULY)
    with pytest.raises(UserError, match=r"现在是“待民主评议”，还不能“乡级审核”.*请先办：民主评议通过"):
        book.take(case, "township_review", july(2))
    assert not case.events.exists()


def test_the_four_steps_run_in_order_and_each_asks_for_the_next() -> None:
    book = Book()
    case = book.case(JULY)
    waited_for = []

    def note() -> None:
        open_tasks = Task.objects.filter(case=case, is_open=True).order_by("pk")
        waited_for.append([(task.step, task.level) for task in open_tasks])

    note()
    for step, on, more in (
        ("review", 3, {}),
        ("publish", 3, {"shown_until": "2022-07-08"}),
        ("close_publicity", 8, {}),
        ("township_review", 9, {}),
        ("county_decision", 10, {}),
    ):
        book.take(case, step, july(on), **more)
        note()
    assert waited_for == [
        [("review", "village")],
        # a notice that does not hang yet cannot end: nobody is told that its end is late
        [("publish", "village")],
        [("close_publicity", "village")],
        [("township_review", "township")],
        [("county_decision", "county")],
        [("name_contact", "township"), ("settle_plan", "township")],
    ]
    assert (case.state, case.object_category, case.included_on) == ("supported", "边缘易致贫户", july(10))


def test_steps_that_a_place_adds_are_asked_for_there_and_nowhere_else() -> None:
    everything = "[household_verification, data_match, democratic_review, publicity, township_review, county_decision, announcement]"
    set_locally("130630", case__identification_steps=everything)
    case = Book().case(JULY)
    elsewhere = Book(HENGSHUI_VILLAGE).case(JULY)
    assert (case.state, elsewhere.state) == ("to_authorise", "to_review")


def test_a_day_before_the_last_step_or_in_the_future_is_refused() -> None:
    book = Book()
    case = book.case(july(5))
    with pytest.raises(UserError, match="早于上一步的 2022-07-05"):
        book.take(case, "review", july(4), today=july(6))
    with pytest.raises(UserError, match="2022-07-08 还没有到"):
        book.take(case, "review", july(8), today=july(6))
    assert case.version == 0


def test_every_fault_of_a_form_is_said_at_once_at_its_field() -> None:
    book = Book()
    case = book.case(JULY)
    with pytest.raises(FieldsError) as refused:
        book.take(case, "review", july(2), present="二十五", chair="", minutes="张某，130630196502030015，同意")
    assert refused.value.faults == {"chair": "请填写", "present": "请填整数", "minutes": "不要写证件号码"}


def test_a_review_without_majority_is_no_review_and_goes_to_the_county() -> None:
    book = Book()
    case = book.case(JULY)
    with pytest.raises(UserError, match="同意 12 票，未过实到 25 人的半数"):
        book.take(case, "review", july(2), votes_for="12")
    with pytest.raises(UserError, match="实到 40 人多于应到 30 人"):
        book.take(case, "review", july(2), present="40")
    book.take(case, "review_against", july(2))
    assert case.state == "not_carried"
    assert due_of(case, "decide_against") == july(16)
    book.take(case, "decide_against", july(3))
    assert case.state == "refused" and not case.is_open


def test_a_quorum_counts_where_a_document_sets_one() -> None:
    set_locally("130630", case__democratic_review_quorum="0.9")
    book = Book()
    case = book.case(JULY)
    with pytest.raises(UserError, match="到会比例 83%，须达到 90%"):
        book.take(case, "review", july(2))
    book.take(case, "review", july(2), present="27")


def test_whoever_verified_or_held_the_meeting_does_not_review_it() -> None:
    book = Book()
    case = book.case(JULY)
    book.take(case, "review", july(2), by="township")
    book.take(case, "publish", july(2), shown_until="2022-07-07")
    book.take(case, "close_publicity", july(7))
    with pytest.raises(NotPermittedError, match="须由另一人办理：您办过这一件的“民主评议"):
        book.take(case, "township_review", july(7))
    assert "township_review" not in [step.code for step in runner.possible(proceeding=case, by=book.people["township"])]
    book.people["township"] = factories.make_account(
        name="乡镇吴", role=TownshipClerk.code, region_code=f"{book.village[:9]}000"
    )
    book.take(case, "township_review", july(7))


def test_whoever_confirmed_the_lead_may_not_review_the_case_after_a_change_of_post() -> None:
    book = Book()
    case = book.published(JULY, july(6))
    book.take(case, "close_publicity", july(6), by="township")
    promoted = book.people["village"]
    promoted.role, promoted.region_code = TownshipClerk.code, f"{book.village[:9]}000"
    promoted.save()
    book.people["township"] = promoted
    with pytest.raises(NotPermittedError, match="您办过这一件的“风险属实”"):
        book.take(case, "township_review", july(6))


def test_roles_and_regions_hold() -> None:
    book = Book()
    case = book.case(JULY)
    for account in (book.people["county"], factories.neighbour_li(), factories.city_officer_zhou("130600000000")):
        book.people["other"] = account
        with pytest.raises(NotPermittedError):
            book.take(case, "review", july(2), by="other")
    next_village = factories.make_account(name="邻村王", role=GridWorker.code, region_code="130630100202")
    book.people["other"] = next_village
    with pytest.raises(NotPermittedError, match="看不到"):
        book.take(case, "review", july(2), by="other")
    assert runner.possible(proceeding=case, by=next_village) == []


# ── H-09: 公示 ───────────────────────────────────────────────────────────────
@pytest.fixture
def five_days(home) -> None:
    set_locally("130630", case__publicity_minimum_days="5 day")


def test_a_publicity_of_four_days_cannot_close_and_one_of_five_can(five_days) -> None:
    book = Book()
    case = book.published(july(10), july(13))
    with pytest.raises(UserError, match=r"2022-07-10 至 2022-07-13 不足 5 天.*至少公示到 2022-07-15"):
        book.take(case, "close_publicity", july(13))
    book.take(case, "extend_publicity", july(13), shown_until="2022-07-15")
    with pytest.raises(UserError, match="公示到 2022-07-15 才期满"):
        book.take(case, "close_publicity", july(14))
    book.take(case, "close_publicity", july(15))
    assert case.state == "to_township"


def test_an_objection_blocks_closing_until_it_is_answered(five_days) -> None:
    book = Book()
    case = book.published(july(10), july(15))
    book.take(case, "object", july(12))
    with pytest.raises(UserError, match="还有 1 条不同意见没有答复"):
        book.take(case, "close_publicity", july(15))
    book.take(case, "answer_objection", july(15))
    with pytest.raises(UserError, match="没有待答复的不同意见"):
        book.take(case, "answer_objection", july(15))
    book.take(case, "close_publicity", july(15))


def test_without_a_minimum_only_the_term_itself_counts() -> None:
    book = Book()
    case = book.published(july(10), july(13))
    book.take(case, "close_publicity", july(13))


def test_a_notice_shows_only_what_may_be_shown_and_comes_down_by_itself(five_days) -> None:
    book = Book()
    case = book.published(july(10), july(15))
    notice = Notice.objects.get(case=case)
    assert notice.content["head_name"] == "甲*国" and notice.content["risks"] == "因病"
    assert set(notice.content) == {"head_name", "place", "size", "category", "risks", "posted_at", "phone"}
    assert (notice.shown_from, notice.shown_until, notice.taken_down_on) == (july(10), july(15), None)


def test_an_upheld_objection_takes_the_notice_down_and_begins_again(five_days) -> None:
    book = Book()
    case = book.published(july(10), july(15))
    book.take(case, "uphold_objection", july(12))
    assert case.state == "to_review" and Notice.objects.get(case=case).taken_down_on == july(12)


def test_a_second_round_needs_a_notice_of_its_own(five_days) -> None:
    book = Book()
    case = book.published(july(1), july(6))
    book.take(case, "close_publicity", july(6))
    book.take(case, "township_return", july(7))
    book.take(case, "review", july(8))
    with pytest.raises(UserError, match="还没有张贴公示"):
        book.take(case, "close_publicity", july(8))
    book.take(case, "publish", july(8), shown_until="2022-07-13")
    book.take(case, "close_publicity", july(13))
    assert Notice.objects.filter(case=case).count() == 2


def test_the_notice_goes_up_once() -> None:
    book = Book()
    case = book.published(july(1), july(6))
    with pytest.raises(ConflictError, match="已经办过"):
        book.take(case, "publish", july(1), shown_until="2022-07-09")


# ── H-11: green channel ──────────────────────────────────────────────────────
def test_in_the_green_channel_help_comes_first_and_the_clock_runs_on() -> None:
    book = Book()
    case = book.case(july(12), risks=["disaster"], disaster_kind="洪涝", green_channel=True)
    assert case.is_green_channel and case.due_on == july(27)
    relief = plan(case, july(12), risk="disaster", kind="disaster_relief")
    done = measures.finish(
        measure=relief, on=july(12), result="送去米面和棉被", amount_fen=50_000, today=july(12), by=None
    )
    assert done.done_on == july(12) and case.included_on is None
    assert case.is_open and due_of(case, "review") == july(27)


def test_elsewhere_a_measure_waits_for_the_inclusion() -> None:
    book = Book()
    case = book.case(july(12))
    planned = plan(case, july(12))
    with pytest.raises(UserError, match=r"还没有纳入监测，措施只能列入计划.*绿色通道"):
        measures.start(measure=planned, on=july(12), today=july(12), by=None)


def test_the_green_channel_can_be_opened_later_by_the_township() -> None:
    book = Book()
    case = book.case(july(12))
    book.take(case, "open_green_channel", july(13), reason="暴雨冲毁大棚")
    assert case.is_green_channel
    with pytest.raises(UserError, match="已经在绿色通道"):
        book.take(case, "open_green_channel", july(13), reason="再次")


def test_where_no_document_opens_a_green_channel_there_is_none() -> None:
    book = Book(XUCHANG_VILLAGE)
    lead = book.lead(july(12))
    book.take(lead, "dispatch", july(12))
    with pytest.raises(UserError, match="没有文件规定绿色通道"):
        book.take(lead, "confirm", july(12), risks=["disaster"], disaster_kind="洪涝", green_channel=True)
    assert not Case.objects.exists(), "nothing is half done"


# ── H-13 and S0-C-20: what follows the inclusion ─────────────────────────────
def test_in_xuchang_the_contact_is_due_in_five_days_and_the_plan_in_twenty() -> None:
    book = Book(XUCHANG_VILLAGE)
    case = book.included(dt.date(2022, 5, 3), dt.date(2022, 5, 10))
    assert due_of(case, "name_contact") == dt.date(2022, 5, 15)
    assert due_of(case, "settle_plan") == dt.date(2022, 5, 30)


def test_a_contact_named_on_the_sixth_day_is_late(monkeypatch) -> None:
    from shouwang.households import responsibilities

    book = Book(XUCHANG_VILLAGE)
    case = book.included(dt.date(2022, 5, 3), dt.date(2022, 5, 10))
    with pytest.raises(UserError, match="还没有指定监测联系人"):
        book.take(case, "name_contact", dt.date(2022, 5, 15))
    monkeypatch.setattr(responsibilities, "has_contact", lambda household_id, on: True)
    book.take(case, "name_contact", dt.date(2022, 5, 16))
    task = Task.objects.get(case=case, step="name_contact")
    assert (task.due_on, task.done_on) == (dt.date(2022, 5, 15), dt.date(2022, 5, 16))


def test_the_announcement_does_not_move_what_was_due_since_the_inclusion() -> None:
    everything = "[democratic_review, publicity, township_review, county_decision, announcement]"
    set_locally("4110", case__identification_steps=everything)
    book = Book(XUCHANG_VILLAGE)
    case = book.included(dt.date(2022, 5, 3), dt.date(2022, 5, 10))
    assert case.state == "to_announce"
    book.take(case, "announce", dt.date(2022, 5, 13), shown_until="2022-05-20")
    assert (case.state, due_of(case, "name_contact")) == ("supported", dt.date(2022, 5, 15))
    assert Task.objects.filter(case=case, step="name_contact").count() == 1


def test_in_hengshui_nobody_is_included_without_a_planned_measure() -> None:
    book = Book(HENGSHUI_VILLAGE)
    case = book.at_county(JULY, july(6))
    with pytest.raises(UserError, match="还没有谋划帮扶措施"):
        book.take(case, "county_decision", july(7))
    plan(case, july(7))
    book.take(case, "county_decision", july(7))
    assert due_of(case, "settle_plan") == july(7)


def test_a_plan_is_settled_when_every_risk_has_its_measure() -> None:
    book = Book()
    case = book.included(JULY, july(6), risks=["illness", "schooling"])
    with pytest.raises(UserError, match="“因学”还没有对应的措施"):
        book.take(case, "settle_plan", july(7))
    plan(case, july(7), risk="schooling", kind="education_aid")
    book.take(case, "settle_plan", july(7))


def test_another_category_than_proposed_needs_a_word() -> None:
    book = Book()
    case = book.at_county(JULY, july(6))
    Case.objects.filter(pk=case.pk).update(proposed_category="脱贫不稳定户")
    with pytest.raises(UserError, match="与建议的类别“脱贫不稳定户”不同"):
        book.take(case, "county_decision", july(6))
    book.take(case, "county_decision", july(6), category_reason="上年收入已更正")


# ── H-12: no quota ───────────────────────────────────────────────────────────
def test_nothing_stands_in_the_way_of_including_everybody() -> None:
    names = {field.name for model in (Case, Task) for field in model._meta.get_fields()}
    assert not {name for name in names if "quota" in name or "plan_number" in name}
    assert not [name for name in policy.load().parameters if "quota" in name]


# ── the clock stands still ───────────────────────────────────────────────────
def test_the_days_of_a_pause_are_added_and_nothing_happens_meanwhile() -> None:
    book = Book()
    case = book.case(JULY)
    with pytest.raises(NotPermittedError):
        pausing.pause(proceeding=case, by=book.people["village"], reason="法定事由", today=july(3), now=moment(july(3)))
    with pytest.raises(UserError, match="法定事由"):
        pausing.pause(proceeding=case, by=book.people["county"], reason=" ", today=july(3), now=moment(july(3)))
    pausing.pause(
        proceeding=case, by=book.people["county"], reason="户主外出住院，无法核实", today=july(3), now=moment(july(3))
    )
    with pytest.raises(UserError, match="时限已于 2022-07-03 中止：户主外出住院"):
        book.take(case, "review", july(4))
    assert runner.possible(proceeding=case, by=book.people["village"]) == []
    pausing.resume(proceeding=case, by=book.people["county"], today=july(10), now=moment(july(10)))
    assert (case.due_on, due_of(case, "review")) == (july(23), july(23))
    with pytest.raises(ConflictError, match="时限的状态已经变了"):
        pausing.resume(proceeding=case, by=book.people["county"], today=july(10), now=moment(july(10)))
    book.take(case, "review", july(10))


# ── a household again ────────────────────────────────────────────────────────
def test_a_household_that_falls_again_gets_a_new_episode() -> None:
    book = Book()
    household = book.household()
    first = book.case(JULY, household)
    book.take(first, "refuse", july(5))
    second = book.case(dt.date(2022, 9, 1), household)
    assert (first.episode, second.episode) == (1, 2)
    assert first.case_no != second.case_no


def test_a_new_risk_joins_the_open_case_and_must_be_met_as_well() -> None:
    book = Book()
    case = book.included(JULY, july(6))
    book.take(case, "settle_plan", july(7))
    book.take(case, "add_risk", july(20), risks=["schooling"])
    assert case.risks == ["illness", "schooling"]
    assert measures.uncovered(case) == ["schooling"]
    with pytest.raises(UserError, match="“因病”已经登记"):
        book.take(case, "add_risk", july(21), risks=["illness"])


# ── nothing known is asked again ─────────────────────────────────────────────
def test_the_limit_of_the_first_step_counts_from_the_confirmation() -> None:
    limits = "{democratic_review: 3 day, publicity: 2 day, township_review: 2 day, county_decision: 2 day}"
    set_locally("130630", case__step_limits=limits)
    book = Book()
    lead = book.lead(JULY)
    book.take(lead, "dispatch", july(2))
    book.take(lead, "confirm", july(5))
    case = Case.objects.get(lead=lead)
    assert due_of(case, "review") == july(8)
    assert case.due_on == july(16)


def test_a_form_comes_filled_with_what_is_known(five_days) -> None:
    book = Book()
    first = book.published(JULY, july(6))
    second = book.case(july(10), book.household("乙"))

    def known(case: Case, step: str) -> dict:
        from shouwang.casework import procedure

        chosen = procedure.get("case").step(step)
        assert chosen
        return runner.suggested(
            proceeding=case, step=chosen, today=july(10), now=moment(july(10)), policies=policy.load()
        )

    assert known(second, "review") == {"place": "村委会", "chair": "主持人", "recorder": "记录人", "eligible": "30"}
    assert known(second, "publish") == {"place": "村务公开栏", "phone": "0312-7300000", "shown_until": "2022-07-15"}
    assert known(first, "township_review") == {}
