"""Takes in what phones and pages send: every record in a transaction of its own, the same one never twice, whatever order they come in."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from shouwang.casework.models import Event
from shouwang.casework.procedure import LONG_TEXT, Field
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household

from .. import wording
from ..models import Device, SentRecord, Visit, VisitChange
from ..models.visits import APPLIED, CONFIRMATION, OPEN, SAME, STEP, UNDO
from . import confirming, effects, forms, locks, merging, reading, stepping, undoing
from .reading import Sent

ACCEPTED, REPEATED, MERGED, CONFLICT, REFUSED = "accepted", "repeated", "merged", "conflict", "refused"
# More than this ahead of the server is a wrong clock, not a slow line.
_TOLERATED = dt.timedelta(minutes=10)
# No post is larger: a phone sends less at once where the line is slow.
MOST = 200
_NOTE = Field("note", "哪里不对，实际是什么", LONG_TEXT)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What became of one record. ``settling``: it is kept and counts, but the township has to settle a field."""

    id: str
    result: str
    message: str = ""
    next_step: str = ""
    settling: bool = False

    def plain(self) -> dict[str, Any]:
        return {**self.__dict__}

    @property
    def is_done(self) -> bool:
        """Whether the sender need not do anything more."""
        return self.result in (ACCEPTED, REPEATED, MERGED) or self.settling


@dataclass
class Taking:
    """One post: who sends, from which phone, when; and what all its records need to know."""

    by: Account
    device: Device | None
    now: dt.datetime
    today: dt.date
    policies: Policies
    region_code: str  # the phone's village, or the account's place
    known: dict[uuid.UUID, SentRecord]  # what of the post was here before it began
    records: Sequence[Any] = ()

    @cached_property
    def scope(self) -> Scope:
        return Scope.of(self.by).narrowed(self.region_code)

    @cached_property
    def _counties(self) -> dict[str, str]:
        return {}

    def county(self, region_code: str) -> str:
        key = region_code[:9]
        if key not in self._counties:
            self._counties[key] = regions.county_of(region_code)
        return self._counties[key]

    @cached_property
    def _forms(self) -> dict[tuple[str, dt.date], tuple[forms.Entry, ...]]:
        return {}

    def entries(self, region_code: str, on: dt.date) -> tuple[forms.Entry, ...]:
        key = region_code, on
        if key not in self._forms:
            self._forms[key] = forms.fields_of(region_code=region_code, on=on, policies=self.policies)
        return self._forms[key]

    @cached_property
    def homes(self) -> dict[str, Household]:
        """Number → household, of those that the post names and that are of this place: what lies elsewhere is not there."""
        told = (record.get("household_no") for record in self.records if isinstance(record, dict))
        numbers = {one.replace("\x00", "").strip() for one in told if isinstance(one, str)}
        # half a letter, and the database would refuse to answer about any of them
        asked = [one for one in numbers if one.isprintable()]
        rows = Household.objects.filter(household_no__in=asked, is_withdrawn=False)
        found = self.scope.filter(rows).only("id", "region_code", "household_no", "head_name", "registered_size")
        return {home.household_no: home for home in found}

    def household(self, household_no: str) -> Household:
        """Raises UserError."""
        if household_no not in self.homes:
            raise UserError("名单里没有这一户", next_step="请更新名单；户已迁走的不必再报。")
        return self.homes[household_no]


def take(
    *,
    records: Sequence[Any],
    by: Account,
    device: Device | None,
    now: dt.datetime,
    today: dt.date,
    policies: Policies,
) -> list[Result]:
    """What became of each record, in the order in which they came. One that cannot be taken never holds back another.

    What takes back a record may come before it, so nothing depends on the order: plain confirmations are taken first, in sets.
    """
    if not by.may(roles.VISIT):
        raise NotPermittedError("您的角色不走访农户")
    region_code = device.region_code if device else by.region_code
    known = SentRecord.objects.in_bulk(set(numbers_of(records)))
    taking = Taking(by, device, now, today, policies, region_code, known, records)
    together = confirming.take_plain(taking, records)
    results = [together.get(place) or _one(taking, record) for place, record in enumerate(records)]
    if device is not None:
        with locks.turn():
            Device.objects.filter(pk=device.pk).update(heard_at=now)
    return results


def confirm_together(
    *,
    homes: Mapping[str, uuid.UUID],
    on: dt.date,
    made_at: dt.datetime,
    by: Account,
    now: dt.datetime,
    today: dt.date,
    policies: Policies,
) -> list[Result]:
    """No change for a whole street in one tap: household number → the id of its confirmation; see ``take``."""
    records = [
        {
            "id": str(number),
            "kind": CONFIRMATION,
            "household_no": household_no,
            "made_at": made_at.isoformat(),
            "on": on.isoformat(),
        }
        for household_no, number in homes.items()
    ]
    return take(records=records, by=by, device=None, now=now, today=today, policies=policies)


def numbers_of(records: Sequence[Any]) -> Iterator[uuid.UUID]:
    """The ids in a post, as far as they can be read."""
    for record in records:
        with suppress(UserError):
            yield reading.identifier(record.get("id") if isinstance(record, dict) else None, "id")


def _one(taking: Taking, record: Any) -> Result:
    number = str(record.get("id", ""))[:36] if isinstance(record, dict) else ""
    try:
        sent = reading.read(record)
        if known := taking.known.get(sent.id):
            return _repeated(taking, sent, known)
        try:
            with locks.turn(), transaction.atomic():
                locks.hold_account(taking.by)
                return _taken(taking, sent)
        except (IntegrityError, UserError):
            # Twice in one post, or over two lines at once because the first was cut: what stands in the way may be the record itself.
            if known := SentRecord.objects.filter(pk=sent.id).first():
                return _repeated(taking, sent, known)
            raise
    except IntegrityError:
        return Result(number, REFUSED, "没有存上", "请稍后再传一次。")
    except ConflictError as error:
        return Result(number, CONFLICT, error.message, error.next_step)
    except UserError as error:
        return Result(number, REFUSED, error.message, error.next_step)
    except OperationalError:
        raise  # the database is away: nothing of the rest can be taken either
    except (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError):
        _log.exception("record %s", number)
        return Result(number, REFUSED, "这一条存不上，程序出错", "别的记录不受影响；请告诉县防贫中心。")


def _repeated(taking: Taking, sent: Sent, known: SentRecord) -> Result:
    """A record that was here before: done when it says the same, a conflict when it says something else."""
    if known.digest == sent.digest and known.by_id == taking.by.pk:
        return Result(str(sent.id), REPEATED, known.message)
    return Result(str(sent.id), CONFLICT, "这个编号已经收过另一条内容，没有覆盖", "请核对后用新编号重新登记。")


def _taken(taking: Taking, sent: Sent) -> Result:
    if sent.kind == UNDO:
        return undoing.undo(taking, sent)
    if sent.kind == STEP:
        return stepping.take(taking, sent, *day_of(taking, sent))
    household = taking.household(sent.household_no)
    wording.require([_NOTE], {"note": sent.note})
    on, note = day_of(taking, sent)
    county = taking.county(household.region_code)
    locks.hold_open(county)
    locks.require_open(county=county, month=Month.of(on))
    if undoing.is_waited_for(taking, sent):
        record = keep(taking, sent, household.region_code, ACCEPTED, "登记后已撤回")
        visit_of(taking, sent, record, household, on, undone_at=taking.now).save(force_insert=True)
        return Result(str(sent.id), ACCEPTED, record.message)
    return _seen(taking, sent, household, on, note)


def _seen(taking: Taking, sent: Sent, household: Household, on: dt.date, note: str) -> Result:
    said: list[merging.Said] = []
    if sent.data:
        Household.objects.select_for_update().only("id").get(pk=household.pk)
        entries = taking.entries(household.region_code, Month.of(on).last_day)
        said = merging.read(
            data=sent.data, base=sent.base, entries=entries, household=household, on=on, today=taking.today
        )
    known = merging.known(household, period=str(Month.of(on))) if said else {}
    judged = [(one, known.get((one.field, one.period))) for one in said]
    states = [merging.judged(one, current) for one, current in judged]
    result = _result(sent, states, known.values())
    message = "；".join(filter(None, [note, _words(states, judged)]))
    record = keep(taking, sent, household.region_code, result, message)
    visit = visit_of(taking, sent, record, household, on)
    visit.save(force_insert=True)
    changes = [
        VisitChange(
            visit=visit,
            household=household,
            region_code=household.region_code,
            field=one.field,
            period=one.period,
            base=one.base,
            value=one.value,
            found=current.value if current else None,
            found_change=current,
            state=state,
            at=taking.now,
        )
        for (one, current), state in zip(judged, states, strict=True)
    ]
    applied = [change for change in changes if change.state == APPLIED]
    effects.set_off(
        changes=applied,
        visit=visit,
        household=household,
        by=taking.by,
        today=taking.today,
        now=taking.now,
        policies=taking.policies,
    )
    VisitChange.objects.bulk_create(changes)
    return Result(str(sent.id), result, message, settling=OPEN in states)


def _result(sent: Sent, states: Sequence[str], known: Iterable[VisitChange]) -> str:
    if OPEN in states:
        return CONFLICT
    # somebody changed another field of the household after this was written down, or said the same before it came
    return MERGED if SAME in states or any(change.at > sent.made_at for change in known) else ACCEPTED


def _words(states: Sequence[str], judged: Sequence[tuple[merging.Said, VisitChange | None]]) -> str:
    open_ones = [current for (_, current), state in zip(judged, states, strict=True) if state == OPEN and current]
    if not open_ones:
        return ""
    names = "、".join(dict.fromkeys(f"{one.visit.by_name}" for one in open_ones))
    return f"走访已存；有 {len(open_ones)} 项与{names}登记的不同，没有覆盖，交乡镇核对"


def visit_of(
    taking: Taking,
    sent: Sent,
    record: SentRecord,
    household: Household,
    on: dt.date,
    undone_at: dt.datetime | None = None,
) -> Visit:
    """A visit, not yet saved."""
    return Visit(
        record=record,
        household=household,
        region_code=household.region_code,
        on=on,
        month=str(Month.of(on)),
        kind=sent.kind,
        method=sent.method,
        result=sent.result,
        note=sent.note,
        typed_count=sum(value not in (None, "", [], False) for value in sent.data.values()) + bool(sent.note),
        by=taking.by,
        by_name=taking.by.name,
        undone_at=undone_at,
    )


def keep(
    taking: Taking,
    sent: Sent,
    region_code: str,
    result: str,
    message: str = "",
    of: uuid.UUID | None = None,
    event: Event | None = None,
) -> SentRecord:
    """Remembers a record under its id; IntegrityError where another connection was first."""
    record = record_of(taking, sent, region_code, result, message, of)
    record.event = event
    record.save(force_insert=True)
    return record


def record_of(
    taking: Taking, sent: Sent, region_code: str, result: str, message: str = "", of: uuid.UUID | None = None
) -> SentRecord:
    """A record, not yet saved."""
    return SentRecord(
        id=sent.id,
        kind=sent.kind,
        digest=sent.digest,
        device=taking.device,
        by=taking.by,
        region_code=region_code,
        made_at=sent.made_at,
        received_at=taking.now,
        of=of,
        result=result,
        message=message[:300],
    )


def day_of(taking: Taking, sent: Sent) -> tuple[dt.date, str]:
    """The day that a record counts for, and what is wrong with the phone's clock where it is."""
    ahead = sent.made_at - taking.now
    if ahead > _TOLERATED:
        return min(sent.on, taking.today), f"手机时间快了{_span(ahead)}，按收到的时间登记，请校准"
    if taking.device and sent.made_at < taking.device.registered_at - dt.timedelta(days=1):
        return taking.today, "手机时间早于登记手机的日子，按今天登记，请校准"
    if sent.on > taking.today:
        return taking.today, "走访日还没有到，按今天登记"
    return sent.on, ""


def _span(ahead: dt.timedelta) -> str:
    minutes = int(ahead.total_seconds() // 60)
    if minutes < 120:
        return f" {minutes} 分钟"
    return f" {minutes // 60} 小时" if minutes < 2880 else f" {minutes // 1440} 天"
