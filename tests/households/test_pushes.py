"""H-15, H-16: a list for several counties becomes leads; what became of its rows always adds up to the rows received."""

from __future__ import annotations

import datetime as dt

import pytest

from shouwang import policy
from shouwang.casework import runner, signals
from shouwang.casework.models import Case, Lead, LeadReason, Signal
from shouwang.feeds import actions as feeds
from shouwang.feeds.models import PendingRow
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.households import push_figures, pushes
from shouwang.households.models import Push, PushedRow
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household, Monitoring, Person
from tests import factories
from tests.factories import HENGSHUI, NOW, TAOCHENG, WUYI
from tests.feeds.conftest import county  # noqa: F401

GUCHENG = "131126000000"
DAY = dt.date(2022, 6, 2)
MONTH_END = dt.date(2022, 6, 30)
HEADING = ["县", "身份证号", "姓名", "事故类型", "发生日期"]
CASE_STEP = {"risks": ["accident"], "note": ""}


@pytest.fixture
def city(county):  # noqa: F811
    county.person("孟庆", dt.date(1977, 7, 7), region_code="131102100201")
    county.person("冯刚", dt.date(1988, 8, 8), region_code="131122100201")
    for code in (TAOCHENG, WUYI):
        factories.write_snapshot(code)
    return county


def arrive(city, *lines, dataset="accident", region_code=HENGSHUI, period="2022-06"):
    rows = [[*line, "交通事故", "2022-06-01"] for line in lines]
    return city.send(dataset, [HEADING, *rows], region_code=region_code, period=period).batch


def line_of(city, name, place=""):
    return [place, city.numbers[name], name]


def push(batch, by=None, today=DAY):
    return pushes.push(batch=batch, by=by, today=today, now=NOW, policies=policy.load())


def act(lead, step, data, today=MONTH_END):
    runner.act(proceeding=lead, step=step, by=None, today=today, now=NOW, policies=policy.load(), data=data)


def send_down_and(city, name, step, data):
    lead = Lead.objects.get(household=city.households[name], is_open=True)
    act(lead, "dispatch", {})
    act(lead, step, data)
    return lead


def roll(batch, scope=None):
    return push_figures.roll_up(push=Push.objects.get(batch=batch), scope=scope or Scope.everything())


def parts(line):
    return {name: count for name, count in line.parts.items() if count}


def test_what_a_push_would_do_is_said_before_and_is_what_it_does(city):
    """One household has an open lead, one is monitored for this very risk, one is new; nothing is written by asking."""
    told = {"channel": "visit", "household": city.households["孟庆"], "region_code": "131102100201", "by": None}
    signals.receive(**told, told_on=DAY, now=NOW, policies=policy.load())
    watched = city.households["冯刚"]
    Monitoring.objects.create(
        household=watched, region_code=watched.region_code, period="2022-05", digest="", risks=["因意外事故"],
        object_category="脱贫不稳定户", identified_month="2021-05",
    )  # fmt: skip
    city.person("周新", dt.date(1980, 1, 1), region_code="131122100201")
    factories.write_snapshot(WUYI)
    batch = arrive(city, *(line_of(city, name) for name in ("孟庆", "冯刚", "周新")))
    found = pushes.foresee(batch=batch)
    assert (found.row_count, found.matched_count, found.household_count) == (3, 3, 3)
    assert (found.new_lead_count, found.joining_count, found.answered_count, found.monitored_count) == (1, 1, 0, 1)
    assert Lead.objects.count() == 1 and not Push.objects.exists()
    push(batch)
    assert Lead.objects.count() == 2 and PushedRow.objects.filter(standing="monitored").count() == 1


def test_the_province_s_1203_rows_over_three_counties_are_all_there_at_the_month_s_end(county):  # noqa: F811
    counties = {TAOCHENG: 500, WUYI: 400, GUCHENG: 281}
    lines = []
    for code, count in counties.items():
        homes = Household.objects.bulk_create(
            [
                Household(
                    region_code=f"{code[:6]}100201",
                    period="2022-05",
                    digest="",
                    household_no=f"{code[:6]}{number:06d}",
                    head_name="推送户",
                )
                for number in range(count)
            ]
        )
        people = []
        for number, home in enumerate(homes):
            text = factories.identity_number(
                area=code[:6], born_on=dt.date(1960, 1, 1) + dt.timedelta(days=number), serial=number % 1000
            )
            lines.append(["", text, "推送人"])
            people.append(
                Person(
                    household=home,
                    name="推送人",
                    person_no=f"{home.household_no}01",
                    region_code=home.region_code,
                    period="2022-05",
                    digest="",
                    born_on=dt.date(1960, 1, 1) + dt.timedelta(days=number),
                    identity_index=_index(text),
                )
            )
        Person.objects.bulk_create(people)
        factories.write_snapshot(code)
    lines += [["", factories.identity_number(area="131199", serial=number), "不在册"] for number in range(22)]
    batch = arrive(county, *lines)
    assert batch.counts["rows"] == 1203
    _, taken = push(batch)
    assert taken.lead_count == 1181 == Lead.objects.count()

    verified = list(Lead.objects.order_by("pk")[:6])
    runner.act_together(
        procedure_code="verification",
        rows=[lead.pk for lead in verified],
        step="dispatch",
        by=None,
        today=DAY,
        now=NOW,
        policies=policy.load(),
    )
    for lead in verified[:3]:
        lead.refresh_from_db()
        act(lead, "clear", {"reason": "已赔付，收入未受影响"})
    for lead in verified[3:]:
        lead.refresh_from_db()
        act(lead, "confirm", CASE_STEP)
    Case.objects.filter(lead=verified[3]).update(included_on=MONTH_END, state="supported")
    case = Case.objects.get(lead=verified[4])
    act(case, "refuse", {"reason": "损失已由保险赔付"})

    answer = roll(batch)
    assert [(line.county_code, line.row_count) for line in answer.lines] == [
        (HENGSHUI, 22),
        *sorted(counties.items()),
    ]
    assert all(line.is_balanced for line in answer.lines)
    assert answer.total.row_count == 1203 == sum(answer.total.parts.values())
    assert parts(answer.total) == {
        "unmatched": 22,
        "to_verify": 1175,
        "no_risk": 3,
        "identifying": 1,
        "included": 1,
        "refused_case": 1,
    }
    assert (answer.total.matched, answer.total.verified, answer.total.confirmed) == (1181, 6, 3)
    assert answer.push.due_on == MONTH_END and answer.push.due_parameter["cites"] == ["hengshui-2022-1#C.2.1.8"]
    assert answer.is_late(dt.date(2022, 7, 1)) and not answer.is_late(MONTH_END)
    assert len(list(push_figures.file_rows(push=answer.push, scope=Scope.everything()))) == 1203


def _index(number):
    from shouwang.foundation import secrets

    return secrets.load().blind_index(number)


def test_every_figure_opens_as_many_rows_as_it_says(city):
    batch = arrive(city, line_of(city, "孟庆"), line_of(city, "冯刚"))
    push(batch)
    send_down_and(city, "孟庆", "confirm", CASE_STEP)
    answer = roll(batch)
    for line in answer.lines:
        for part, count in line.parts.items():
            if part not in push_figures.NOT_MATCHED:
                found = push_figures.rows(
                    push=answer.push, scope=Scope.everything(), county_code=line.county_code, part=part
                )
                assert found.count() == count, (line.name, part)
    confirmed = push_figures.rows(push=answer.push, scope=Scope.everything(), part="confirmed")
    assert [row.household.head_name for row in confirmed] == ["孟庆"]


def test_pushing_twice_changes_nothing(city):
    batch = arrive(city, line_of(city, "孟庆"), line_of(city, "冯刚"))
    push(batch)
    before = (Lead.objects.count(), Signal.objects.count(), LeadReason.objects.count(), PushedRow.objects.count())
    _, again = push(batch)
    assert vars(again) == {"lead_count": 0, "answered_count": 0, "monitored_count": 0, "withdrawn_count": 0}
    assert before == (2, 2, 2, 2)
    assert before == (
        Lead.objects.count(),
        Signal.objects.count(),
        LeadReason.objects.count(),
        PushedRow.objects.count(),
    )


def test_a_row_said_twice_a_refused_one_and_a_doubtful_one_are_counted_each_once(city):
    batch = arrive(
        city,
        line_of(city, "孟庆"),
        line_of(city, "孟庆"),
        ["", city.numbers["冯刚"], "冯钢"],
        ["桃城区", "1.31102E+17", "孟庆"],
    )
    push(batch)
    answer = roll(batch)
    assert parts(answer.total) == {"repeated": 1, "doubtful": 1, "refused": 1, "to_verify": 1}
    assert all(line.is_balanced for line in answer.lines)


def test_a_doubtful_row_that_is_decided_waits_until_the_list_is_brought_in_line(city):
    batch = arrive(city, ["", city.numbers["冯刚"], "冯钢"])
    push(batch)
    feeds.decide(pending_row=PendingRow.objects.get(), person=city.people["冯刚"], by=None, now=NOW)
    assert parts(roll(batch).total) == {"waiting": 1}
    push(batch)
    answer = roll(batch)
    assert parts(answer.total) == {"to_verify": 1}
    assert [line.row_count for line in answer.lines if line.county_code == WUYI] == [1]


def test_a_row_decided_to_be_nobody_of_ours_stays_among_the_unmatched(city):
    batch = arrive(city, ["", city.numbers["冯刚"], "冯钢"])
    push(batch)
    feeds.decide(pending_row=PendingRow.objects.get(), person=None, by=None, now=NOW)
    push(batch)
    assert parts(roll(batch).total) == {"unmatched": 1}


@pytest.mark.parametrize("right", ["冯强", None])
def test_a_wrong_decision_that_is_corrected_moves_the_row_and_takes_the_lead_back(city, right):
    city.person("冯强", dt.date(1988, 8, 8), region_code="131122100201")
    factories.write_snapshot(WUYI)
    batch = arrive(city, ["", city.numbers["冯刚"], "冯钢"])
    row = PendingRow.objects.get()
    feeds.decide(pending_row=row, person=city.people["冯刚"], by=None, now=NOW)
    push(batch)
    row.refresh_from_db()
    person = city.people[right] if right else None
    feeds.correct(pending_row=row, person=person, by=None, reason="核对了户口簿", now=NOW)
    push(batch)
    answer = roll(batch)
    assert parts(answer.total) == ({"to_verify": 1} if right else {"unmatched": 1})
    assert all(line.is_balanced for line in answer.lines)
    assert Lead.objects.get(household=city.households["冯刚"]).state == "withdrawn"
    assert Lead.objects.filter(is_open=True, household=city.households["冯强"]).exists() == bool(right)


def test_a_county_s_share_that_is_taken_back_takes_its_lead_with_it(city):
    batch = arrive(city, line_of(city, "孟庆"), line_of(city, "冯刚"))
    push(batch)
    feeds.revert(batch=batch.parts.get(region_code=WUYI), by=None, reason="推送有误", now=NOW)
    batch.refresh_from_db()
    push(batch)
    answer = roll(batch)
    assert parts(answer.total) == {"taken_back": 1, "to_verify": 1}
    assert answer.total.row_count == 2
    assert Lead.objects.get(household=city.households["冯刚"]).state == "withdrawn"


def test_a_lead_with_another_source_stays_when_the_list_is_taken_back(city):
    batch = arrive(city, line_of(city, "孟庆"))
    push(batch)
    told(city, "孟庆")
    feeds.revert(batch=batch, by=None, reason="推送有误", now=NOW)
    batch.refresh_from_db()
    push(batch)
    assert Lead.objects.get(household=city.households["孟庆"]).is_open
    assert parts(roll(batch).total) == {"taken_back": 1}


def told(city, name):
    return signals.receive(
        channel="self_report",
        household=city.households[name],
        region_code=city.households[name].region_code,
        told_on=DAY,
        now=NOW,
        policies=policy.load(),
        by=None,
        reference="R-1",
    )


def test_two_files_and_a_self_report_are_one_lead_and_one_visit_answers_all_three(city):
    accident = arrive(city, line_of(city, "孟庆"))
    heading = ["身份证号", "姓名", "病种", "诊断日期"]
    disease = city.send(
        "major_disease", [heading, [city.numbers["孟庆"], "孟庆", "肺癌", "2022-05-18"]], region_code=HENGSHUI
    ).batch
    push(accident)
    push(disease)
    told(city, "孟庆")
    lead = Lead.objects.get()
    assert lead.channels == ["department_push", "self_report"]
    assert lead.reasons.count() == 3
    send_down_and(city, "孟庆", "clear", {"reason": "已有稳定收入"})
    assert parts(roll(accident).total) == parts(roll(disease).total) == {"no_risk": 1}
    assert not Lead.objects.filter(is_open=True).exists()


def test_the_same_list_next_month_is_answered_from_the_record_and_a_new_accident_is_not(city):
    push(arrive(city, line_of(city, "孟庆"), line_of(city, "冯刚")))
    for name in ("孟庆", "冯刚"):
        send_down_and(city, name, "clear", {"reason": "已赔付"})
    Lead.objects.update(closed_on=dt.date(2022, 7, 2))  # the first file came on 1 July
    rows = [[*line_of(city, "孟庆"), "交通事故", "2022-06-01"], [*line_of(city, "冯刚"), "火灾", "2022-07-01"]]
    july = city.send("accident", [HEADING, *rows], region_code=HENGSHUI, period="2022-07").batch
    _, taken = push(july, today=dt.date(2022, 7, 5))
    assert (taken.answered_count, taken.lead_count) == (1, 1)
    assert Lead.objects.filter(is_open=True).get().household == city.households["冯刚"]
    assert LeadReason.objects.get(is_answered=True).lead.household == city.households["孟庆"]
    assert parts(roll(july).total) == {"answered": 1, "to_verify": 1}


def test_a_household_monitored_for_the_risk_opens_no_lead(city):
    home = city.households["孟庆"]
    Monitoring.objects.create(
        household=home, region_code=home.region_code, period="2022-05", digest="", risks=["因意外事故"]
    )
    batch = arrive(city, line_of(city, "孟庆"))
    push(batch)
    assert Lead.objects.count() == 0
    assert parts(roll(batch).total) == {"monitored": 1}


def test_a_county_sees_its_own_share_and_its_neighbour_nothing(city):
    batch = arrive(city, line_of(city, "孟庆"), line_of(city, "冯刚"))
    push(batch)
    ours = Scope.of_region(TAOCHENG)
    answer = roll(batch, ours)
    assert [line.county_code for line in answer.lines] == [TAOCHENG] and not answer.is_whole
    assert [row[4] for row in push_figures.file_rows(push=answer.push, scope=ours)] == ["孟庆"]
    stranger = Scope.of(factories.neighbour_li())
    assert not push_figures.pushes(scope=stranger).exists()
    assert roll(batch, stranger).lines == []
    assert list(push_figures.file_rows(push=answer.push, scope=stranger)) == []


def test_who_may_push(city):
    batch = arrive(city, line_of(city, "孟庆"))
    with pytest.raises(NotPermittedError):
        push(batch, by=factories.county_officer_sun(TAOCHENG))  # the whole file is the city's
    with pytest.raises(NotPermittedError):
        push(batch, by=factories.grid_worker_zhao("131102100201"))
    pushed, _ = push(batch, by=factories.city_officer_zhou())
    assert pushed.by.name == "市局周"
    with pytest.raises(UserError, match="不能作为核查名单"):
        push(batch.parts.get())


def test_a_list_that_was_taken_back_cannot_be_pushed(city):
    batch = arrive(city, line_of(city, "孟庆"))
    feeds.revert(batch=batch, by=None, reason="文件有误", now=NOW)
    batch.refresh_from_db()
    with pytest.raises(UserError, match="不在生效中"):
        push(batch)


def test_where_no_document_sets_a_day_nothing_is_late(city):
    city.send("accident", [HEADING, [*line_of(city, "张建国"), "交通事故", "2022-06-01"]])
    from shouwang.intake.models import Batch

    batch = Batch.objects.get(purpose="feed", region_code=factories.LAIYUAN, dataset="accident")
    pushed, _ = push(batch)
    assert pushed.due_on is None and pushed.due_parameter["why"]
    assert not roll(batch).is_late(dt.date(2022, 12, 31))
