"""Writes at the door: a report comes in, finds its household, is answered; a family objects; a village's code is renewed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from shouwang.foundation import secrets
from shouwang.foundation.errors import ConflictError, UserError
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Household, Person

from . import leads, marks, receipts
from .models import OPEN, Channel, SelfReport
from .said import Said, paragraph

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_TRIES = 4


def receive(
    *,
    said: Said,
    channel: str,
    region_code: str,
    by: Account | None,
    now: dt.datetime,
    today: dt.date,
    policies: Policies,
    form_nonce: str | None = None,
) -> SelfReport:
    """Takes a report and gives it a receipt. The same form sent again gives the report that is there.

    An identity number that the county's register knows under that name finds the household at once; everything else waits for
    a person. A report of the same household, or of the same phone and householder in the village, merges into the open one.
    """
    fields: dict[str, Any] = {
        "channel": Channel(channel),
        "region_code": region_code,
        "is_for_other": said.is_for_other,
        "householder_name": said.householder_name,
        "difficulty": said.difficulty,
        "secrets": secrets.load().encrypt_values(said.secrets),
        "phone_index": marks.of_phone(said.phone),
        "identity_index": marks.of_identity(said.identity_number),
        "form_nonce": form_nonce,
        "received_on": today,
        "received_at": now,
        "taken_by": by,
    }
    if household := _recognised(said, region_code, by):
        fields |= {"household": household, "matched_at": now, "region_code": household.region_code}
    return _write(fields, tail=said.tail, by=by, now=now, policies=policies)


def object_to(*, report: SelfReport, text: str, now: dt.datetime, today: dt.date, policies: Policies) -> SelfReport:
    """A family does not agree with a refusal: a new report, linked to it. Objecting twice gives the same one."""
    if not report.answered_at or not report.refusal:
        raise UserError("这件申报还没有不予纳入的答复，不能提出异议", next_step="请等答复以后再提。")
    keys = secrets.load()
    said = keys.decrypt_values(bytes(report.secrets))
    fields = {
        "channel": report.channel,
        "region_code": report.region_code,
        "is_for_other": report.is_for_other,
        "householder_name": report.householder_name,
        "difficulty": report.difficulty,
        "secrets": keys.encrypt_values(said | ({"description": paragraph(text)} if paragraph(text) else {})),
        "phone_index": report.phone_index,
        "identity_index": report.identity_index,
        "received_on": today,
        "received_at": now,
        "objects_to": report,
    }
    if report.household:
        fields |= {"household": report.household, "matched_at": now}
    return _write(fields, tail=said["phone"][-4:], by=None, now=now, policies=policies)


def match(
    *,
    report: SelfReport,
    household: Household,
    by: Account,
    now: dt.datetime,
    policies: Policies,
) -> None:
    """A person says whose report it is; it becomes a lead, together with those merged into it.

    Raises ConflictError when somebody else was faster, NotPermittedError when the account does not see the household.
    """
    Scope.of(by).narrowed(household.region_code)
    found: dict[str, Any] = {"household": household, "matched_at": now, "matched_by": by}
    with transaction.atomic():
        open_one = SelfReport.objects.filter(OPEN, household=household).exclude(pk=report.pk).first()
        if open_one:
            found["merged_into"] = open_one
        waiting = SelfReport.objects.filter(OPEN, pk=report.pk, household=None)
        if waiting.update(**found, region_code=household.region_code) == 0:
            raise ConflictError("这件申报已由别人处理", next_step="请刷新后查看。")
        followers = SelfReport.objects.filter(merged_into=report)
        followers.filter(household=None).update(
            household=household, matched_at=now, matched_by=by, region_code=household.region_code
        )
        if open_one:
            followers.update(merged_into=open_one)
        audit.record(
            by=by, action="认定申报农户", region_code=household.region_code, target=report.receipt_no,
            detail={"household": household.household_no},
        )  # fmt: skip
        same = Q(pk=report.pk) | Q(merged_into=open_one or report, household=household)
        for one in SelfReport.objects.filter(same).select_related("household").order_by("pk"):
            leads.tell(report=one, by=by, now=now, policies=policies)


def _write(
    fields: dict[str, Any], *, tail: str, by: Account | None, now: dt.datetime, policies: Policies
) -> SelfReport:
    """Writes a report, merged into the open one of the same family where there is one. Whoever loses a race looks again."""
    for _ in range(_TRIES):
        if existing := _sent_before(fields):
            return existing
        receipt_no = receipts.new()
        named = {"receipt_no": receipt_no, "progress_index": marks.of_progress(receipt_no, tail)}
        try:
            with transaction.atomic():
                report = SelfReport.objects.create(**(fields | named | _merging(fields, now)))
                for one in (_given_household(report, now), report):
                    if one and one.household:
                        leads.tell(report=one, by=by, now=now, policies=policies)
                if by:
                    audit.record(
                        by=by, action="登记申报", region_code=report.region_code, target=receipt_no,
                        detail={"channel": report.channel},
                    )  # fmt: skip
                return report
        except IntegrityError:
            continue
    raise ConflictError("现在办理的人太多，申报没有收下", next_step="请再提交一次。")


def _sent_before(fields: dict[str, Any]) -> SelfReport | None:
    if fields.get("objects_to"):
        return SelfReport.objects.filter(objects_to=fields["objects_to"]).first()
    return SelfReport.objects.filter(form_nonce=fields["form_nonce"]).first() if fields["form_nonce"] else None


def _merging(fields: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Into which open report it goes, and the household that one has or thereby gets."""
    household = fields.get("household")
    first = SelfReport.objects.filter(OPEN, household=household).first() if household else None
    first = (
        first
        or SelfReport.objects.filter(
            OPEN,
            region_code=fields["region_code"],
            phone_index=fields["phone_index"],
            householder_name=fields["householder_name"],
        ).first()
    )
    if first is None:
        return {}
    if household is None and first.household_id:
        return {"merged_into": first, "household_id": first.household_id, "matched_at": now}
    return {"merged_into": first}


def _given_household(report: SelfReport, now: dt.datetime) -> SelfReport | None:
    """The first report of the same phone and householder, when only this one says by its number which household it is."""
    first = report.merged_into
    if first is None or first.household_id or report.household is None:
        return None
    first.household, first.matched_at = report.household, now
    first.save(update_fields=["household", "matched_at"])
    return first


def _recognised(said: Said, region_code: str, by: Account | None) -> Household | None:
    """The one household of the county, as far as whoever writes it down sees, in which the number and the name agree."""
    if not said.identity_number:
        return None
    county = Scope.of_region(regions.county_of(region_code))
    people = county.filter(
        Person.objects.filter(identity_index=marks.of_identity(said.identity_number), is_withdrawn=False)
    )
    if by:
        people = Scope.of(by).filter(people)
    found = list(people.select_related("household")[:2])
    if len(found) != 1 or found[0].household.is_withdrawn:
        return None
    names = {found[0].name, found[0].household.head_name}
    return found[0].household if said.householder_name in names else None
