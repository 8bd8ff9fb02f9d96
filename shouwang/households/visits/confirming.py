"""No change, for a street at once: the plain confirmations of a post are taken in sets; whatever is out of the ordinary is left for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from shouwang.foundation.errors import UserError
from shouwang.foundation.periods import Month

from ..models import SentRecord, Visit
from ..models.visits import CONFIRMATION, UNDO
from . import locks, reading, receiving
from .reading import Sent

if TYPE_CHECKING:
    from .receiving import Result, Taking

_FEWEST = 2  # one alone is no quicker this way
_BATCH = 1000


def take_plain(taking: Taking, records: Sequence[Any]) -> dict[int, Result]:
    """The confirmations that nothing speaks against, in one transaction: place in the post → what became of it; no others.

    Either all of them are kept or none is, and then none is in the answer.
    """
    chosen = _chosen(taking, records)
    if len(chosen) < _FEWEST:
        return {}
    try:
        with locks.turn(), transaction.atomic():
            locks.hold_account(taking.by)
            chosen = _still_open(taking, _not_taken_back(taking, chosen))
            homes = [taking.homes[sent.household_no] for sent in chosen.values()]
            kept = [
                receiving.record_of(taking, sent, home.region_code, receiving.ACCEPTED)
                for sent, home in zip(chosen.values(), homes, strict=True)
            ]
            SentRecord.objects.bulk_create(kept, batch_size=_BATCH)
            Visit.objects.bulk_create(
                [
                    receiving.visit_of(taking, sent, record, home, sent.on)
                    for sent, record, home in zip(chosen.values(), kept, homes, strict=True)
                ],
                batch_size=_BATCH,
            )
    except IntegrityError:
        return {}  # somebody sent one of them at the same moment: each for itself finds out which
    return {place: receiving.Result(str(sent.id), receiving.ACCEPTED) for place, sent in chosen.items()}


def _chosen(taking: Taking, records: Sequence[Any]) -> dict[int, Sent]:
    """Well written, new, of a household of this place, on the day that they say, and once in this post."""
    times = Counter(receiving.numbers_of(records))
    found = {}
    for place, record in enumerate(records):
        if isinstance(record, dict) and record.get("kind") == CONFIRMATION:
            with suppress(UserError):
                sent = reading.read(record)
                is_ordinary = receiving.day_of(taking, sent) == (sent.on, "") and sent.household_no in taking.homes
                if is_ordinary and sent.id not in taking.known and times[sent.id] == 1:
                    found[place] = sent
    return found


def _not_taken_back(taking: Taking, chosen: Mapping[int, Sent]) -> dict[int, Sent]:
    undone = SentRecord.objects.filter(of__in=[sent.id for sent in chosen.values()], kind=UNDO, by=taking.by)
    waited_for = set(undone.values_list("of", flat=True))
    return {place: sent for place, sent in chosen.items() if sent.id not in waited_for}


def _still_open(taking: Taking, chosen: Mapping[int, Sent]) -> dict[int, Sent]:
    """Those of months that the county has not closed; it cannot close one until the transaction ends."""
    months: dict[int, tuple[str, Month]] = {
        place: (taking.county(taking.homes[sent.household_no].region_code), Month.of(sent.on))
        for place, sent in chosen.items()
    }
    for county in sorted({county for county, _ in months.values()}):
        locks.hold_open(county)
    closed = set()
    for county, month in set(months.values()):
        try:
            locks.require_open(county=county, month=month)
        except UserError:
            closed.add((county, month))
    return {place: sent for place, sent in chosen.items() if months[place] not in closed}
