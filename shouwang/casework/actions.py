"""Folds the findings of a run into leads: one per household with all its reasons, and asks for the months that are missing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from shouwang.foundation import bulk
from shouwang.foundation.periods import Month
from shouwang.foundation.progress import Progress, silent
from shouwang.organisation.scope import Scope
from shouwang.policy import Policies
from shouwang.regions import queries as regions
from shouwang.registry.models import Monitoring
from shouwang.screening import catalogue, counties, derived
from shouwang.screening.models import Finding, RuleResult, Run
from shouwang.screening.rule import HIT, JUDGEMENT, PROVISIONAL

from . import courses, runner, settled, verification
from .models import Case, CollectionTask, Lead, LeadReason
from .models.leads import RULE_CHANNEL
from .numbers import Numbers
from .questions import questions_for


@dataclass
class Folded:
    """What a fold changed."""

    opened_count: int = 0
    joined_count: int = 0
    withdrawn_count: int = 0
    already_monitored_count: int = 0
    answered_count: int = 0
    task_count: int = 0


def discovery_day(*, as_of: dt.date, today: dt.date) -> dt.date:
    """The day on which a run discovers: today while the month after the screened one lasts, the screened day for a replay."""
    is_current = as_of <= today <= Month.of(as_of).plus(1).last_day
    return today if is_current else as_of


def fold(*, run: Run, opened_on: dt.date, policies: Policies, progress: Progress = silent) -> Folded:
    """Brings the leads of a region in line with a run, in one transaction. The same run again changes nothing.

    A finding opens a lead unless its household is already monitored for that cause; it joins an open lead, or the lead of an
    open case. What was settled before and is no worse now is answered from the record. A reason that the run no longer finds
    (its file was reverted or mended) leaves its lead, and a lead without reasons is withdrawn.
    """
    progress("归并线索", 0, 1)
    folded = Folded()
    with transaction.atomic():
        findings = _newest_by_content(run)
        _withdraw(run, findings, opened_on, policies, folded)
        _join_and_open(run, findings, opened_on, policies, folded)
        _ask_for_months(run, opened_on, folded)
        _refresh_questions(run)
        _propose_categories(run)
    progress("归并线索", 1, 1)
    return folded


def _newest_by_content(run: Run) -> dict[str, Finding]:
    """Hits and judgements of the run by fingerprint."""
    rows = Finding.objects.filter(result__runs=run, status__in=[HIT, JUDGEMENT]).only(
        "id", "household_id", "person_id", "rule", "status", "region_code", "fingerprint"
    )
    return {finding.fingerprint: finding for finding in rows.iterator(chunk_size=5000)}


def _withdraw(run: Run, findings: dict[str, Finding], today: dt.date, policies: Policies, folded: Folded) -> None:
    """Reasons of the same day and counties that the run no longer finds leave their leads."""
    screened = list(run.results.values_list("county_code", flat=True).distinct())
    standing = LeadReason.objects.filter(
        lead__is_open=True, left_on=None, finding__as_of=run.as_of, finding__result__county_code__in=screened
    ).values_list("id", "lead_id", "finding__fingerprint")
    gone = [(reason, lead) for reason, lead, fingerprint in standing.iterator() if fingerprint not in findings]
    for chunk in bulk.chunks([reason for reason, _ in gone]):
        LeadReason.objects.filter(pk__in=chunk).update(left_on=today)
    touched = {lead for _, lead in gone}
    bare: set[int] = set(touched)
    for chunk in bulk.chunks(touched):
        bare -= set(LeadReason.objects.filter(lead_id__in=chunk, left_on=None).values_list("lead_id", flat=True))
    folded.withdrawn_count += runner.act_together(
        procedure_code=verification.CODE,
        rows=sorted(bare),
        step="withdraw",
        by=None,
        today=today,
        now=timezone.now(),
        policies=policies,
    )
    rewrite_rules(touched)


def _join_and_open(
    run: Run, findings: dict[str, Finding], opened_on: dt.date, policies: Policies, folded: Folded
) -> None:
    by_household: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings.values():
        by_household[finding.household_id].append(finding)

    open_leads = open_leads_of(by_household)
    standing: dict[int, set[str]] = defaultdict(set)
    for chunk in bulk.chunks(open_leads.values()):
        rows = LeadReason.objects.filter(lead_id__in=chunk, left_on=None, finding__isnull=False)
        for lead, fingerprint in rows.values_list("lead_id", "finding__fingerprint"):
            standing[lead].add(fingerprint)

    record = settled.Record(household for household in by_household if household not in open_leads)
    monitored = _monitored_causes(by_household)
    new_leads: list[tuple[int, list[Finding]]] = []
    reasons: list[tuple[int, int]] = []
    answered: list[tuple[int, int]] = []
    for household, found in sorted(by_household.items(), key=lambda item: (item[1][0].region_code, item[0])):
        if household in open_leads:
            lead = open_leads[household]
            reasons += [(lead, finding.pk) for finding in found if finding.fingerprint not in standing[lead]]
        elif any(_opens_lead(finding, monitored.get(household, frozenset())) for finding in found):
            if answer := record.answer(household, found):
                answered += [(answer.lead, finding.pk) for finding in found if not answer.holds(finding)]
                folded.answered_count += 1
            else:
                new_leads.append((household, found))
        else:
            folded.already_monitored_count += 1
    folded.joined_count = len(reasons)
    county_of = counties.finder(run.results.values_list("county_code", flat=True).distinct())
    opened = _open(new_leads, opened_on, policies, county_of)
    folded.opened_count = len(opened)
    reasons += [(opened[household], finding.pk) for household, found in new_leads for finding in found]
    bulk.insert(
        LeadReason,
        ("lead", "finding", "joined_on", "is_answered"),
        [(lead, finding, opened_on.isoformat(), False) for lead, finding in reasons]
        + [(lead, finding, opened_on.isoformat(), True) for lead, finding in answered],
    )
    rewrite_rules({lead for lead, _ in reasons})


def open_leads_of(households: Iterable[int]) -> dict[int, int]:
    """Household → the lead that what is new about it joins: its open one, or that of its open case."""
    found: dict[int, int] = {}
    for chunk in bulk.chunks(households):
        cases = Case.objects.filter(household_id__in=chunk, is_open=True, lead__isnull=False)
        found |= dict(cases.values_list("household_id", "lead_id"))
        found |= dict(Lead.objects.filter(household_id__in=chunk, is_open=True).values_list("household_id", "id"))
    return found


def _opens_lead(finding: Finding, monitored_for: frozenset[str]) -> bool:
    return not monitored_for.intersection(catalogue.rules()[finding.rule].rule.causes)


def _monitored_causes(households: Iterable[int]) -> dict[int, frozenset[str]]:
    """For which risk causes the households are monitored and not yet cleared."""
    found: dict[int, frozenset[str]] = {}
    for chunk in bulk.chunks(households):
        rows = Monitoring.objects.filter(household_id__in=chunk, is_cleared=False, is_withdrawn=False)
        found |= {household: frozenset(risks) for household, risks in rows.values_list("household_id", "risks")}
    return found


def _open(
    new_leads: list[tuple[int, list[Finding]]],
    opened_on: dt.date,
    policies: Policies,
    county_of: Callable[[str], str],
) -> dict[int, int]:
    """Writes new leads; returns household → lead."""
    villages = {household: found[0].region_code for household, found in new_leads}
    return write_leads(villages, opened_on=opened_on, policies=policies, county_of=county_of, channel=RULE_CHANNEL)


def write_leads(
    villages: Mapping[int, str],
    *,
    opened_on: dt.date,
    policies: Policies,
    county_of: Callable[[str], str],
    channel: str,
) -> dict[int, int]:
    """New leads of households (household → village) with number, clock and first task; returns household → lead."""
    numbers = Numbers(Lead, "lead_no", opened_on)
    clocks_of: dict[str, Lead] = {}
    places = set(villages.values())
    names = regions.names_of(places | {_township(village) for village in places})
    leads = []
    for household, village in villages.items():
        county = county_of(village)
        lead = Lead(
            lead_no=numbers.next(county),
            household_id=household,
            region_code=village,
            opened_on=opened_on,
            responsible_unit=names.get(_township(village), "") + names.get(village, village),
            channels=[channel],
        )
        if county in clocks_of:
            first = clocks_of[county]
            lead.procedure, lead.state = first.procedure, first.state
            lead.due_on, lead.due_parameter = first.due_on, first.due_parameter
        else:
            runner.start(lead, procedure_code=verification.CODE, policies=policies)
            clocks_of[county] = lead
        leads.append(lead)
    Lead.objects.bulk_create(leads, batch_size=2000)
    runner.open_many(leads, procedure_code=verification.CODE, policies=policies)
    return {lead.household_id: lead.pk for lead in leads}


def _township(village: str) -> str:
    return f"{village[:9]}000"


def rewrite_rules(leads: Iterable[int]) -> None:
    """Each lead lists the rules of its standing reasons."""
    for chunk in bulk.chunks(leads):
        rules: dict[int, set[str]] = {lead: set() for lead in chunk}
        for lead, rule in LeadReason.objects.filter(
            lead_id__in=chunk, left_on=None, is_answered=False, finding__isnull=False
        ).values_list("lead_id", "finding__rule"):
            rules[lead].add(rule)
        Lead.objects.bulk_update([Lead(pk=lead, rules=sorted(found)) for lead, found in rules.items()], ["rules"])
        courses.renew(chunk)


def _ask_for_months(run: Run, opened_on: dt.date, folded: Folded) -> None:
    """One task per household and missing month; a month that has come since is marked as done."""
    datasets = {rule.code: subject.collection_dataset for subject in catalogue.subjects() for rule in subject.rules}
    wanted: dict[tuple[int, str, str], str] = {}
    rows = Finding.objects.filter(result__runs=run, status=PROVISIONAL).values_list(
        "household_id", "region_code", "rule", "missing_months"
    )
    for household, village, rule, months in rows.iterator():
        for month in months:
            wanted[household, datasets[rule], month] = village
    screened = RuleResult.objects.filter(runs=run).values_list("county_code", flat=True).distinct()
    scope = Scope(tuple(span for county in screened for span in regions.ranges(county)))
    known = {
        (task.household_id, task.dataset, task.month): task
        for task in scope.filter(CollectionTask.objects.filter(month__lte=str(Month.of(run.as_of)))).iterator()
    }
    new = [
        (household, dataset, month, village)
        for (household, dataset, month), village in wanted.items()
        if (household, dataset, month) not in known
    ]
    bulk.insert(
        CollectionTask,
        ("household", "dataset", "month", "region_code", "opened_on"),
        [
            (household, dataset, month, village, opened_on.isoformat())
            for household, dataset, month, village in sorted(new)
        ],
    )
    done = [task.pk for key, task in known.items() if key not in wanted and task.done_on is None]
    reopened = [task.pk for key, task in known.items() if key in wanted and task.done_on is not None]
    for chunk in bulk.chunks(done):
        CollectionTask.objects.filter(pk__in=chunk).update(done_on=opened_on)
    for chunk in bulk.chunks(reopened):
        CollectionTask.objects.filter(pk__in=chunk).update(done_on=None)
    folded.task_count = len(new)


def _refresh_questions(run: Run) -> None:
    """What to ask at the door, from the asset departments' files: shown with the lead, never a reason to drop it."""
    for county in run.results.values_list("county_code", flat=True).distinct():
        leads = Scope.of_region(county).filter(Lead.objects.filter(is_open=True))
        households = dict(leads.values_list("household_id", "id"))
        asked: dict[int, list[dict[str, Any]]] = questions_for(county_code=county, households=households.keys())
        changed = []
        for chunk in bulk.chunks(households.values()):
            for lead in Lead.objects.filter(pk__in=chunk).only("id", "household_id", "questions"):
                questions = asked.get(lead.household_id, [])
                if lead.questions != questions:
                    lead.questions = questions
                    changed.append(lead)
        Lead.objects.bulk_update(changed, ["questions"], batch_size=1000)


def _propose_categories(run: Run) -> None:
    """Which object category each open lead's household would belong to, by the subject's own reckoning."""
    for subject in catalogue.subjects():
        if subject.category is None:
            continue
        for result in run.results.filter(rule=subject.category_table):
            scope = Scope.of_region(result.county_code)
            positions = None
            if result.file:
                positions = {row["household_key"]: row["position"] for row in derived.read(result=result, scope=scope)}
            changed = []
            for lead in scope.filter(Lead.objects.filter(is_open=True)).select_related("household").iterator():
                category = ""
                if positions is not None:
                    position = positions.get(lead.household_id)
                    category = subject.category(position=position, household_type=lead.household.household_type)
                if lead.proposed_category != category:
                    lead.proposed_category = category
                    changed.append(lead)
            Lead.objects.bulk_update(changed, ["proposed_category"], batch_size=1000)
