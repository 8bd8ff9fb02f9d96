"""The log of actions shows when a line was removed or altered, and stays whole when many write at once."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import close_old_connections, connection, transaction

from shouwang.organisation import audit
from shouwang.organisation.models import Account, AuditEvent
from shouwang.organisation.roles import CountyOfficer

LAIYUAN = "130630000000"


@pytest.fixture
def sun(db: None) -> Account:
    return Account.objects.create_account(
        login="sun", password=None, name="县中心孙", role=CountyOfficer.code, region_code=LAIYUAN
    )


@pytest.fixture
def log(sun: Account) -> list[AuditEvent]:
    return [
        audit.record(by=sun, action="导出线索", region_code=LAIYUAN, target=f"第 {n} 次", detail={"rows": n})
        for n in range(5)
    ]


@pytest.mark.django_db
def test_an_empty_log_is_whole() -> None:
    assert audit.broken_line() is None


def test_a_log_that_nobody_touched_is_whole_and_says_who_did_what(log: list[AuditEvent]) -> None:
    assert audit.broken_line() is None
    line = AuditEvent.objects.get(pk=log[2].pk)
    assert (line.by_name, line.action, line.detail) == ("县中心孙", "导出线索", {"rows": 2})
    assert audit.record(by=None, action="导入区划变更").by_name == "命令行"
    assert audit.broken_line() is None


@pytest.mark.parametrize(
    "altered",
    [
        {"target": "别的"},
        {"reason": "补写的事由"},
        {"region_code": "130633000000"},
        {"by_name": "邻县李"},
        {"by": None},
        {"action": "查看"},
        {"detail": {"rows": 0}},
        {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"hash": "0" * 64},
        {"previous_hash": "0" * 64},
    ],
)
def test_an_altered_line_shows(log: list[AuditEvent], altered: dict) -> None:
    AuditEvent.objects.filter(pk=log[2].pk).update(**altered)
    broken = audit.broken_line()
    assert broken is not None and broken.pk == log[2].pk


@pytest.mark.parametrize("removed", [0, 2, 3])
def test_a_removed_line_shows_at_the_next_one(log: list[AuditEvent], removed: int) -> None:
    AuditEvent.objects.filter(pk=log[removed].pk).delete()
    broken = audit.broken_line()
    assert broken is not None and broken.pk == log[removed + 1].pk


def test_a_line_altered_with_its_hash_made_to_fit_shows_at_the_next_one(log: list[AuditEvent]) -> None:
    line = AuditEvent.objects.get(pk=log[2].pk)
    line.reason = "补写"
    line.hash = audit.digest(line)
    line.save()
    broken = audit.broken_line()
    assert broken is not None and broken.pk == log[3].pk


def test_two_lines_exchanged_show(log: list[AuditEvent]) -> None:
    first, second = (AuditEvent.objects.get(pk=log[n].pk) for n in (1, 2))
    AuditEvent.objects.filter(pk=first.pk).update(hash="x")
    AuditEvent.objects.filter(pk=second.pk).update(
        hash=first.hash, previous_hash=first.previous_hash, target=first.target
    )
    AuditEvent.objects.filter(pk=first.pk).update(
        hash=second.hash, previous_hash=second.previous_hash, target=second.target
    )
    assert audit.broken_line() is not None


def test_a_line_falls_with_the_action_that_failed_and_the_chain_goes_on(sun: Account, log: list[AuditEvent]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record(by=sun, action="导入档案")
        raise ZeroDivisionError
    assert AuditEvent.objects.count() == 5
    audit.record(by=sun, action="导入档案")
    assert audit.broken_line() is None


def test_any_detail_that_can_be_counted_gives_the_same_hash_when_read_back(sun: Account) -> None:
    audit.record(
        by=sun,
        action="导出",
        detail={
            "列": ("姓名", "户编号"),
            2: 1,
            10: 2,
            "比例": 0.1,
            "金额": Decimal("1.50"),
            "日": dt.date(2022, 6, 30),
            "无": None,
        },
    )
    assert audit.broken_line() is None


def test_an_overlong_file_name_does_not_stop_the_action(sun: Account) -> None:
    line = audit.record(by=sun, action="导入", target="文" * 300, reason="因" * 300)
    assert len(line.target) == 120 and len(line.reason) == 200 and line.target.endswith("…")
    assert audit.broken_line() is None


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_leave_one_chain() -> None:
    failures: list[BaseException] = []
    start = threading.Barrier(6)

    def write(name: str) -> None:
        try:
            start.wait()
            for number in range(10):
                with transaction.atomic():
                    audit.record(by=None, action=name, target=str(number), detail={"rows": number})
        except BaseException as error:  # what a thread dies of is what the test must show
            failures.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=write, args=(f"线程{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert AuditEvent.objects.count() == 60
    assert audit.broken_line() is None
    assert len(set(AuditEvent.objects.values_list("previous_hash", flat=True))) == 60
