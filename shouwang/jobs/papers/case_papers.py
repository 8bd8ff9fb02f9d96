"""The papers of one case: 一户一案, notice, letter of authorisation, minutes, the township's sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouwang.casework import case_queries
from shouwang.casework.models import Case, Event
from shouwang.casework.models.leads import CHANNELS, RULE_CHANNEL
from shouwang.casework.risks import RISKS
from shouwang.foundation import money, secrets
from shouwang.foundation.errors import UserError
from shouwang.households import responsibilities, schedules
from shouwang.households.models import Measure
from shouwang.households.models.responsibility import CONTACT, SUPPORT_PERSON
from shouwang.organisation import roles
from shouwang.organisation.departments import label_of as department_label
from shouwang.organisation.models import Account
from shouwang.regions import queries as regions
from shouwang.registry import evidence
from shouwang.reporting import drafts
from shouwang.reporting.papers import Paper

from . import notices, words
from .offices import unit_of

_REVIEWS = ("review", "review_against", "out_review")


@dataclass(frozen=True)
class CasePaper:
    """A paper of a case: who may take it, in which forms, whether there is one yet, and how it is made."""

    label: str
    permissions: tuple[str, ...]
    draft: Callable[[Case, dt.date], Paper]
    is_there: Callable[[Case], bool] = lambda case: True
    formats: tuple[str, ...] = ("docx", "pdf")

    def is_open_to(self, account: Account) -> bool:
        return any(map(account.may, self.permissions))


def household_file(case: Case, today: dt.date) -> Paper:
    """一户一案 as a sheet, as it stands on a day; free text and numbers are masked by the draft."""
    return drafts.household_file(_household(case, today))


# hengshui-2022-1#C.2.5.2
def household_text(case: Case, today: dt.date) -> Paper:
    """The same as the text of an official document, from the township's station to the county's centre."""
    township = f"{case.region_code[:9]}000"
    return drafts.household_text(
        _household(case, today), recipients=words.centre(case.region_code), signed_by=unit_of(township)
    )


def _household(case: Case, today: dt.date) -> drafts.HouseholdFile:
    household = case.household
    events = case_queries.events(case)
    persons = household.persons.filter(is_withdrawn=False).order_by("person_no")
    keys = secrets.load()
    members = [
        drafts.Member(
            name=person.name,
            relation=person.relation,
            age=_age(person.born_on, today),
            identity_number=keys.decrypt_values(bytes(person.secrets)).get("证件号码", "") if person.secrets else "",
            labour=person.labour_capacity,
            schooling=person.columns.get("在校生状况", ""),
            state=person.columns.get("健康状况", ""),
        )
        for person in persons
    ]
    return drafts.HouseholdFile(
            head_name=household.head_name,
            household_no=household.household_no,
            place=regions.full_name(case.region_code),
            household_type=household.household_type,
            category=case.object_category or (f"建议：{case.proposed_category}" if case.proposed_category else "未确定"),
            identified_on=case.included_on,
            risks=words.risks(case),
            size=len(members),
            members=members,
            incomes=_incomes(case),
            measures=[_measure(one) for one in case.measures.filter(cancelled_on=None).order_by("planned_on", "pk")],
            events=[
                drafts.FileEvent(event.on, "：".join(filter(None, [words.label_of(event), words.said(event)])), event.by_name)
                for event in events
            ],
            unit=words.centre(case.region_code),
            printed_on=today,
            contact=_responsible(case, CONTACT, today),
            support_person=_responsible(case, SUPPORT_PERSON, today),
            state=schedules.LABELS.get(case.state, case.state),
            has_full_names=True,
        )  # fmt: skip


def notice(case: Case, today: dt.date) -> Paper:
    """The newest notice of the case, with the others that hang as one sheet with it."""
    newest = case.notices.order_by("-pk").first()
    if newest is None:
        raise UserError("这一户还没有张贴公示", next_step="请先办“张贴公示”，再下载。")
    same = notices.together(
        type(newest).objects.filter(
            region_code=newest.region_code, kind=newest.kind, shown_from=newest.shown_from
        ).select_related("case").order_by("pk")
    )  # fmt: skip
    sheet = next(one for one in same if newest in one.notices)
    return notices.notice_paper(sheet.notices)


def authorisation(case: Case, today: dt.date) -> Paper:
    persons = case.household.persons.filter(is_withdrawn=False).order_by("person_no")
    return drafts.authorisation_letter(
        drafts.AuthorisationLetter(
            head_name=case.household.head_name,
            place=regions.full_name(case.region_code),
            members=[(person.name, person.relation) for person in persons],
            county_unit=words.centre(case.region_code),
        )
    )


def minutes(case: Case, today: dt.date) -> Paper:
    """The minutes of the last meeting; before it a sheet to write on."""
    held = words.last(case_queries.events(case), *_REVIEWS)
    data = held.data if held else {}
    present, votes_for, against = (_count(data, name) for name in ("present", "votes_for", "votes_against"))
    abstaining = None
    if held and present is not None and votes_for is not None:
        against = against or 0
        abstaining = present - votes_for - against
    is_out = case.state.startswith("out_") or bool(held and held.step == "out_review")
    category = case.object_category or case.proposed_category
    proposed = "风险消除" if is_out else "，".join(filter(None, ["纳入监测对象", category]))
    return drafts.review_minutes(
        drafts.ReviewMinutes(
            village=regions.name(case.region_code),
            held_at=held.on if held else None,
            place=data.get("place", ""),
            chair=data.get("chair", ""),
            recorder=data.get("recorder", ""),
            due_count=_count(data, "eligible"),
            present=(),
            observers=(),
            households=[
                drafts.ReviewedHousehold(
                    head_name=case.household.head_name,
                    village_group=regions.name(case.region_code),
                    size=words.size(case),
                    proposed=proposed,
                    for_count=votes_for,
                    against_count=against,
                    abstaining_count=abstaining,
                )
            ],
            discussion=data.get("minutes", ""),
            result="" if held is None else "未通过" if held.step == "review_against" else "通过",
            present_count=present,
        )
    )


def township_review(case: Case, today: dt.date) -> Paper:
    events = case_queries.events(case)
    met = words.last(events, *_REVIEWS)
    confirmed = words.last(events, "ask_clearance" if met and met.step == "out_review" else "confirm")
    shown, closed = (
        words.last(events, "publish", "out_publish"),
        words.last(events, "close_publicity", "out_close_publicity"),
    )
    reviewed = words.last(events, "township_review", "out_township_review")
    village = regions.name(case.region_code)
    return drafts.township_review(
        drafts.TownshipReview(
            township=words.township(case.region_code),
            village=village,
            head_name=case.household.head_name,
            household_no=case.household.household_no,
            size=words.size(case),
            household_type=case.household.household_type,
            category=case.object_category or case.proposed_category,
            risks=words.risks(case),
            found_on=case.opened_on,
            due_on=case.due_on,
            source=_source(case),
            income_per_head=_income_per_head(case),
            verification=_told(confirmed),
            meeting=_told(met),
            notice="，".join(filter(None, [_told(shown, leave_out=("phone",)), words.said(closed) if closed else ""])),
            opinion=str(reviewed.data.get("opinion", "")) if reviewed else "",
            reviewed_on=reviewed.on if reviewed else None,
        )
    )  # fmt: skip


CASE_PAPERS: dict[str, CasePaper] = {
    "file": CasePaper("一户一案", (roles.EXPORT,), household_file),
    "file-text": CasePaper("一户一案（公文）", (roles.EXPORT,), household_text),
    "notice": CasePaper(
        "公示、公告", (roles.ORGANISE, roles.EXPORT), notice, is_there=lambda case: case.notices.exists()
    ),
    "authorisation": CasePaper("承诺授权书", (roles.VERIFY, roles.EXPORT), authorisation),
    "minutes": CasePaper("民主评议记录", (roles.ORGANISE, roles.EXPORT), minutes),
    "township-review": CasePaper("乡级审核表", (roles.REVIEW, roles.EXPORT), township_review),
}


def _count(data: Mapping[str, Any], name: str) -> int | None:
    text = str(data.get(name) or "")
    return int(text) if text.isdecimal() else None


def _told(event: Event | None, *, leave_out: Sequence[str] = ()) -> str:
    if event is None:
        return ""
    return "，".join(filter(None, [event.on.isoformat(), words.said(event, leave_out=leave_out)]))


def _age(born_on: dt.date | None, today: dt.date) -> int | None:
    if born_on is None:
        return None
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def _measure(one: Measure) -> drafts.FileMeasure:
    return drafts.FileMeasure(
        risk=RISKS.get(one.risk, one.risk),
        measure=one.title,
        department=department_label(one.department),
        responsible=one.by.name if one.by else "",
        planned_on=one.due_on or one.planned_on,
        done_on=one.done_on,
        amount="" if one.amount_fen is None else money.grouped(money.yuan(one.amount_fen)),
        result=one.result,
    )


def _responsible(case: Case, kind: str, today: dt.date) -> str:
    lines = responsibilities.in_force(on=today).filter(household=case.household, kind=kind)
    return "、".join(lines.values_list("staff__name", flat=True))


def _incomes(case: Case) -> Sequence[tuple[str, str, str]]:
    """The newest year that the register tells of; what it does not tell is not 0."""
    years = evidence.incomes(household=case.household)
    if not years:
        return [("家庭收入", words.NOT_COMPUTED, "档案中没有")]
    newest = years[0]
    year = newest.values["年度"]
    return [
        (heading, text.removesuffix(" 元") + " 元" if text else words.NOT_COMPUTED, f"{year}年")
        for heading, text in newest.values.items()
        if heading != "年度"
    ]


def _income_per_head(case: Case) -> str:
    return case.household.columns.get("人均纯收入") or words.NOT_COMPUTED


def _source(case: Case) -> str:
    if case.lead is None:
        return "原有监测对象"
    labels = dict(CHANNELS)
    return "、".join(labels.get(one, one) for one in case.lead.channels) or labels[RULE_CHANNEL]
