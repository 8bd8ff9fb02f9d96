"""The departments' monthly meeting is recorded once, corrected by a new record, and its decisions are followed up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from shouwang.feeds import actions, consulting
from shouwang.feeds.models import Consultation
from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month
from shouwang.organisation.models import AuditEvent
from shouwang.organisation.scope import Scope
from tests.factories import LAIYUAN, NOW, YIXIAN, county_officer_sun

pytestmark = pytest.mark.django_db
JUNE, HELD_ON = Month(2022, 6), dt.date(2022, 7, 5)
SEND = actions.Decided("补报六月停水情况", "县水利局", dt.date(2022, 7, 10))
CALL = actions.Decided("核对未参保名单", "县医疗保障局")


def record(**changed) -> Consultation:
    given = {
        "region_code": LAIYUAN,
        "month": JUNE,
        "held_on": HELD_ON,
        "units": ["县水利局", "县医疗保障局", "县水利局"],
        "topics": "六月比对结果",
        "conclusions": "",
        "decisions": [SEND, CALL],
        "material": {"came": []},
        "by": None,
        "now": NOW,
    }
    return actions.record_consultation(**given | changed)


def test_a_meeting_is_recorded_with_its_decisions_and_one_line_in_the_log():
    sun = county_officer_sun()
    recorded = record(by=sun)
    assert recorded.units == ["县水利局", "县医疗保障局"]
    assert list(recorded.decisions.order_by("number").values_list("number", "responsible_unit")) == [
        (1, "县水利局"),
        (2, "县医疗保障局"),
    ]
    line = AuditEvent.objects.get()
    assert (line.by_name, line.action, line.region_code) == ("县中心孙", "登记会商记录", LAIYUAN)


def test_the_same_meeting_sent_twice_is_recorded_once():
    record()
    with pytest.raises(UserError, match="已经登记过"):
        record(topics="再点一次")
    assert Consultation.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.create(region_code=LAIYUAN, month="2022-06", held_on=HELD_ON, topics="", recorded_at=NOW)
    record(held_on=dt.date(2022, 7, 12))
    record(region_code=YIXIAN)


def test_a_correction_is_a_record_of_its_own_and_keeps_what_came_of_unchanged_decisions():
    old = record()
    first, second = old.decisions.order_by("number")
    for decision in (first, second):
        actions.finish_decision(decision=decision, done_on=dt.date(2022, 7, 8), result="已办", by=None)
    new = record(corrects=old, topics="改正的议题", decisions=[SEND, actions.Decided("核对参保名单", "县医疗保障局")])
    old.refresh_from_db()
    assert old.topics == "六月比对结果", "the old record stays as it was"
    assert [one.result for one in new.decisions.order_by("number")] == ["已办", ""]
    assert [row.pk for row in consulting.consultations(scope=Scope.of_region(LAIYUAN))] == [new.pk]
    with pytest.raises(UserError, match="已经更正过"):
        record(corrects=old)


def test_what_came_of_a_decision_is_said_once():
    (first, _) = record().decisions.order_by("number")
    with pytest.raises(UserError, match="不能早于会商日期"):
        actions.finish_decision(decision=first, done_on=dt.date(2022, 7, 1), result="已办", by=None)
    with pytest.raises(UserError, match="落实情况"):
        actions.finish_decision(decision=first, done_on=HELD_ON, result="  ", by=None)
    for result in ("已补报", "又说一遍"):
        actions.finish_decision(decision=first, done_on=HELD_ON, result=result, by=None)
    first.refresh_from_db()
    assert first.result == "已补报"
    assert AuditEvent.objects.filter(action="登记会商事项落实").count() == 1
    (row,) = consulting.consultations(scope=Scope.of_region(LAIYUAN))
    assert (row.decision_count, row.open_count) == (2, 1)


def test_the_next_county_sees_nothing_of_it():
    record()
    assert not consulting.consultations(scope=Scope.of_region(YIXIAN)).exists()
    assert not consulting.consultations(scope=Scope.of_region("130630100000")).exists()
    assert consulting.consultations(scope=Scope.of_region("1306")).count() == 1
