"""Natural changes of members month by month: taken from the police's file and from visits, confirmed, handed on (S0-C-24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shouwang.feeds.datasets.population_change import ADDING_KINDS, REMOVING_KINDS
from shouwang.feeds.facts import SUPERSEDED
from shouwang.foundation import bulk, identity, secrets
from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.foundation.periods import Month
from shouwang.intake import queries as intake
from shouwang.intake.sql import quoted
from shouwang.lake import store
from shouwang.organisation import audit, roles
from shouwang.organisation.scope import Scope
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person

from .models import NaturalChange
from .models.changes import CONFIRMED, ENTERED, FROM_FEED, FROM_VISIT, REJECTED, TO_CONFIRM

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

DATASET = "population_change"
KINDS = (*ADDING_KINDS, *REMOVING_KINDS)


@dataclass
class Generated:
    """What bringing a month in line with its files did."""

    new_count: int = 0
    taken_away_count: int = 0
    withdrawn_count: int = 0  # confirmed ones whose file is gone: they stay and say so
    entered_count: int = 0


def effect_of(kind: str) -> int:
    """One person more or one less. Raises UserError for a kind that is neither."""
    if kind not in KINDS:
        raise UserError(f"没有“{kind}”这种变动", next_step=f"可选：{'、'.join(KINDS)}。")
    return 1 if kind in ADDING_KINDS else -1


# hengshui-2022-1#C.2.4.6
def generate(*, region_code: str, month: Month, by: Account | None, now: dt.datetime) -> Generated:
    """Brings a month's list in line with the files in force of that month; repeating it changes nothing.

    Rows of a file that was taken back disappear while nobody confirmed them. A change that the register shows by now counts as
    entered. ``region_code``: a county or what lies above.
    """
    if by is not None and not (by.may(roles.DISPATCH_LEADS) and Scope.of(by).contains(region_code)):
        raise NotPermittedError("您的账号不能生成这个区域的自然变更清单", next_step="请由县或乡镇工作人员生成。")
    generated = Generated()
    county = regions.county_of(region_code)
    scope = Scope.of_region(region_code)
    with transaction.atomic():
        told = {(line["batch"], line["row"]): line for line in _told(county, month)}
        held = {
            (change.evidence_batch_id, change.evidence_row): change
            for change in scope.filter(
                NaturalChange.objects.select_for_update().filter(month=str(month), source=FROM_FEED)
            )
        }
        _take_away([change for key, change in held.items() if key not in told], generated)
        revived = [change.pk for key, change in held.items() if key in told and change.is_evidence_withdrawn]
        NaturalChange.objects.filter(pk__in=revived).update(is_evidence_withdrawn=False)
        _add([line for key, line in told.items() if key not in held], scope, month, by, now, generated)
        generated.entered_count = _mark_entered(scope, month)
        if by is not None:
            audit.record(by=by, action="生成自然变更清单", region_code=region_code, target=str(month))
    return generated


def _told(county: str, month: Month) -> list[dict[str, Any]]:
    files = intake.lake_files(county_code=county, datasets=[DATASET, SUPERSEDED])
    told = [file for file in files if file.dataset == DATASET and file.period == str(month)]
    gone = [file for file in files if file.dataset == SUPERSEDED]
    if not told:
        return []
    query = f"""SELECT batch, row, person_key, household_key, household_no, change_kind, changed_on
        FROM {_read(told)} AS told"""
    if gone:
        query += f""" WHERE NOT EXISTS (SELECT 1 FROM {_read(gone)} AS gone
            WHERE gone.dataset = '{DATASET}' AND gone.batch = told.batch AND gone.row = told.row)"""
    with store.connect() as connection:
        lines = connection.execute(f"{query} ORDER BY changed_on, batch, row")
        names = [column[0] for column in lines.description or ()]
        return [dict(zip(names, line, strict=True)) for line in lines.fetchall()]


def _read(files: Iterable[Any]) -> str:
    paths = ", ".join(quoted(str(store.absolute(file.path))) for file in files)
    return f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"


def _take_away(gone: list[NaturalChange], generated: Generated) -> None:
    waiting = [change.pk for change in gone if change.state == TO_CONFIRM]
    settled = [change.pk for change in gone if change.state != TO_CONFIRM and not change.is_evidence_withdrawn]
    for chunk in bulk.chunks(waiting):
        NaturalChange.objects.filter(pk__in=chunk).delete()
    for chunk in bulk.chunks(settled):
        NaturalChange.objects.filter(pk__in=chunk).update(is_evidence_withdrawn=True)
    generated.taken_away_count, generated.withdrawn_count = len(waiting), len(settled)


def _add(
    lines: list[dict[str, Any]],
    scope: Scope,
    month: Month,
    by: Account | None,
    now: dt.datetime,
    generated: Generated,
) -> None:
    people: dict[int, tuple[int, str]] = {}
    for chunk in bulk.chunks({line["person_key"] for line in lines if line["person_key"]}):
        rows = Person.objects.filter(pk__in=chunk).values_list("pk", "household_id", "name")
        people |= {pk: (household, name) for pk, household, name in rows}
    for line in lines:
        if not line["household_key"] and line["person_key"] in people:
            line["household_key"] = people[line["person_key"]][0]
    homes: dict[int, Household] = {}
    for chunk in bulk.chunks({line["household_key"] for line in lines if line["household_key"]}):
        homes |= Household.objects.only("id", "region_code", "registered_size").in_bulk(chunk)
    known = _known_by_visits(homes, month)
    sizes = _Sizes(homes, month)
    new = []
    for line in lines:
        home = homes.get(line["household_key"] or 0)
        if home is None or not scope.covers(home.region_code) or line["change_kind"] not in KINDS:
            continue
        if (home.pk, line["person_key"], line["change_kind"], line["changed_on"]) in known:
            continue
        effect = effect_of(line["change_kind"])
        new.append(
            NaturalChange(
                month=str(month),
                household_id=home.pk,
                person_id=line["person_key"] if line["person_key"] in people else None,
                region_code=home.region_code,
                kind=line["change_kind"],
                effect=effect,
                changed_on=line["changed_on"],
                size_before=sizes.before(home.pk, effect),
                source=FROM_FEED,
                evidence_batch_id=line["batch"],
                evidence_row=line["row"],
                by=by,
                at=now,
            )
        )
    NaturalChange.objects.bulk_create(new, batch_size=1000)
    generated.new_count = len(new)


def _known_by_visits(homes: Iterable[int], month: Month) -> set[tuple[Any, ...]]:
    """What a visit had told already about a registered person: the file says the same again."""
    found: set[tuple[Any, ...]] = set()
    for chunk in bulk.chunks(homes):
        rows = NaturalChange.objects.filter(household_id__in=chunk, source=FROM_VISIT, person__isnull=False)
        found |= set(rows.exclude(state=REJECTED).values_list("household_id", "person_id", "kind", "changed_on"))
    return found


class _Sizes:
    """How many a household was before each change of the month: the register's count, then what the list says itself."""

    def __init__(self, homes: dict[int, Household], month: Month) -> None:
        self._now = {pk: home.registered_size for pk, home in homes.items()}
        for chunk in bulk.chunks(homes):
            rows = NaturalChange.objects.filter(household_id__in=chunk).exclude(state__in=[REJECTED, ENTERED])
            for household, effect in rows.values_list("household_id", "effect"):
                self._move(household, effect)

    def before(self, household: int, effect: int) -> int | None:
        size = self._now.get(household)
        self._move(household, effect)
        return size

    def _move(self, household: int, effect: int) -> None:
        size = self._now.get(household)
        if size is not None:
            self._now[household] = max(0, size + effect)


def _mark_entered(scope: Scope, month: Month) -> int:
    """A person who left and is no longer in the register: the national system knows."""
    rows = NaturalChange.objects.filter(month=str(month), state=CONFIRMED, effect=-1, person__isnull=False)
    gone = rows.filter(person__is_withdrawn=True) | rows.filter(person__missing_since__gte=str(month))
    return NaturalChange.objects.filter(pk__in=list(scope.filter(gone).values_list("pk", flat=True))).update(
        state=ENTERED
    )


def tell(
    *,
    household: Household,
    kind: str,
    changed_on: dt.date,
    person: Person | None,
    name: str = "",
    relation: str = "",
    note: str = "",
    by: Account,
    today: dt.date,
    now: dt.datetime,
) -> NaturalChange:
    """What somebody found at a visit: on the list of the month in which it is told. Raises UserError."""
    _require(by, household.region_code)
    effect = effect_of(kind)
    if changed_on > today:
        raise UserError(f"变动日期 {changed_on} 还没有到", next_step=f"请填不晚于 {today} 的日期。")
    if effect < 0 and person is None:
        raise UserError("减少人口须选择是谁", next_step="请在家庭成员里选择。")
    if person is not None and person.household_id != household.pk:
        raise UserError("这个人不在这一户", next_step="请核对后再选。")
    if effect > 0 and person is None and not name.strip():
        raise UserError("新增人口须写姓名", next_step="新生儿尚未起名的，可写“某某之子”。")
    with transaction.atomic():
        same = NaturalChange.objects.filter(household=household, kind=kind, changed_on=changed_on).exclude(
            state=REJECTED
        )
        same = same.filter(person=person) if person else same.filter(name=name.strip())
        if same.exists():
            raise ConflictError("这项变动已经登记过", next_step="请在清单里查看。")
        sizes = _Sizes({household.pk: household}, Month.of(today))
        return NaturalChange.objects.create(
            month=str(Month.of(today)),
            household=household,
            person=person,
            region_code=household.region_code,
            kind=kind,
            effect=effect,
            changed_on=changed_on,
            size_before=sizes.before(household.pk, effect),
            source=FROM_VISIT,
            state=CONFIRMED,
            name=name.strip()[:60],
            relation=relation.strip()[:20],
            note=note.strip()[:200],
            by=by,
            at=now,
        )


def confirm(
    *, change: NaturalChange, by: Account, now: dt.datetime, name: str = "", relation: str = "", number: str = ""
) -> NaturalChange:
    """The village says that it is so; of a newcomer it gives the name, which no file carries over. Raises UserError."""
    with transaction.atomic():
        fresh = _waiting(change, by)
        if fresh.effect > 0 and fresh.person_id is None:
            if not name.strip():
                raise UserError("请写新增人员的姓名", next_step="新生儿尚未起名的，可写“某某之子”。")
            fresh.name, fresh.relation = name.strip()[:60], relation.strip()[:20]
            fresh.secrets = _kept_number(number)
        fresh.state, fresh.by, fresh.at = CONFIRMED, by, now
        fresh.save()
    return fresh


def reject(*, change: NaturalChange, reason: str, by: Account, now: dt.datetime) -> NaturalChange:
    """It is not so: the reason goes back to whoever sent the file."""
    if not reason.strip():
        raise UserError("请写明为什么不属实", next_step="例如：人仍在本村居住。")
    with transaction.atomic():
        fresh = _waiting(change, by)
        fresh.state, fresh.note, fresh.by, fresh.at = REJECTED, reason.strip()[:200], by, now
        fresh.save()
    return fresh


def mark_entered(*, scope: Scope, month: Month, by: Account, now: dt.datetime, changes: Iterable[int]) -> int:
    """Confirmed changes that were typed into the national system. Returns how many; others are left as they are."""
    if not by.may(roles.DISPATCH_LEADS):
        raise NotPermittedError("您的角色不能登记录入情况", next_step="请由乡镇或县办理。")
    rows = scope.filter(NaturalChange.objects.filter(month=str(month), state=CONFIRMED, pk__in=list(changes)))
    return rows.filter(Scope.of(by).where()).update(state=ENTERED, by=by, at=now)


def _waiting(change: NaturalChange, by: Account) -> NaturalChange:
    _require(by, change.region_code)
    fresh = NaturalChange.objects.select_for_update().filter(pk=change.pk).first()
    if fresh is None or fresh.state != TO_CONFIRM:
        raise ConflictError("这一条已经办过，或依据的文件已撤回", next_step="请刷新清单。")
    return fresh


def _require(by: Account, region_code: str) -> None:
    if not (by.may(roles.VERIFY) or by.may(roles.DISPATCH_LEADS)) or not Scope.of(by).covers(region_code):
        raise NotPermittedError("您的账号不能办理这一户的自然变更")


def _kept_number(text: str) -> bytes | None:
    if not text.strip():
        return None
    try:
        parsed = identity.parse(text)
    except identity.IdentityNumberError as error:
        raise UserError(f"证件号码{error}", next_step="请核对证件，或先留空。") from None
    return secrets.load().encrypt_values({"证件号码": parsed.text})
