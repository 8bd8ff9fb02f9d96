"""Sources of figures and lists that look beyond the registers: incomes, out-work, land, loans asked for, conditions of a fund, insurance."""

from __future__ import annotations

from django.db.models import Count, Q, Sum

from shouwang.regions import queries as regions
from shouwang.regions.models import Level
from shouwang.registry.models import Household, Monitoring, OutWork, Person

from .. import insurance
from ..income import entitlements, ledger, loans
from ..kinds import LABOURING
from ..models import IncomeMonth, Measure, RegisterRow
from ..rules import income_below_line, not_insured
from ..visits.population import OBJECT
from .declaration import Ask, Candidate, Candidates
from .eligible import found_by
from .queries import in_force

_LAND = "耕地面积（亩）"


# laiyuan-2022-9#2.3.1.1
def business_income_per_head(ask: Ask) -> tuple[int | None, str]:
    """Business income less its cost, per registered member, of the households that the register links, in the year (fen)."""
    rows = ask.scope.filter(RegisterRow.objects.filter(register=ask.register.code, is_taken_back=False))
    homes = rows.filter(in_force(ask.on)).values("household")
    year = ask.scope.filter(
        IncomeMonth.objects.filter(household__in=homes, period=ask.period, business_fen__isnull=False)
    )
    sums = year.aggregate(income=Sum("business_fen"), cost=Sum("business_cost_fen"))
    if sums["income"] is None:
        return None, f"没有 {ask.period} 年的年收入"
    members = Person.objects.filter(household__in=year.values("household"), is_withdrawn=False).count()
    if not members:
        return None, "没有在册人口"
    return (sums["income"] - (sums["cost"] or 0)) // members, ""


# hengshui-2022-1#C.3.2.1
def works_outside(ask: Ask) -> Candidates:
    """Persons of watched households whose registered place of work lies outside the own prefecture."""
    if Level(regions.region(ask.region_code).level) < Level.COUNTY:
        return Candidates(stopped="请先选择一个县")
    above = [regions.region(code) for code in regions.ancestors(regions.county_of(ask.region_code))]
    own = {name for one in above if one.level in (Level.COUNTY, Level.CITY) for name in (one.name, one.short_name)}
    watched = ledger.watched_in(ask.scope).order_by().values("pk")
    works = OutWork.objects.filter(is_withdrawn=False, is_working=True, person__household__in=watched).exclude(place="")
    found = [
        Candidate(home, region, f"务工所在地 {place}", person_id=person)
        for person, home, region, place in ask.scope.filter(works).values_list(
            "person_id", "person__household_id", "region_code", "place"
        )
        if not any(name in place for name in own)
    ]
    return Candidates(tuple(found))


# hengshui-2022-1#C.3.1.2
def able_with_land(ask: Ask) -> Candidates:
    """Able members of monitored households that farm land: whom a training suits."""
    watched = ask.scope.filter(Monitoring.objects.filter(is_withdrawn=False, is_cleared=False)).values("household")
    homes = ask.scope.filter(Household.objects.filter(is_withdrawn=False, pk__in=watched))
    land = {
        pk: columns.get(_LAND, "")
        for pk, columns in homes.values_list("pk", "columns")
        if _number(columns.get(_LAND, ""))
    }
    people = Person.objects.filter(household__in=list(land), is_withdrawn=False, labour_capacity__in=LABOURING)
    return Candidates(
        tuple(
            Candidate(home, region, f"{capacity}，耕地 {land[home]} 亩", person_id=person)
            for person, home, region, capacity in people.values_list(
                "pk", "household_id", "region_code", "labour_capacity"
            )
        )
    )


# hengshui-2022-1#C.3.3.1
def lent(ask: Ask) -> Candidates:
    """Households that said in the survey that they were lent to."""
    surveys = _surveys(ask)
    return Candidates(
        tuple(
            Candidate(home, region, f"{one.lent_on} 放款")
            for home, (region, one) in surveys.items()
            if one.lent_on is not None
        )
    )


# laiyuan-2022-9#2.3.3.1
def wants_loan(ask: Ask) -> Candidates:
    """Eligible households that want a loan and were not lent to, with what stands in the way."""
    surveys = _surveys(ask)
    return Candidates(
        tuple(
            Candidate(home, region, "有意愿" + (f"，缺{loans.BARRIERS[one.barrier]}" if one.barrier else ""))
            for home, (region, one) in surveys.items()
            if one.wants and one.lent_on is None
        )
    )


def _surveys(ask: Ask):
    homes = {one.pk: one.region_code for one in loans.eligible_in(ask.scope)}
    return {home: (homes[home], one) for home, one in loans.newest(list(homes)).items()}


# hengshui-2022-1#C.3.9.2
def fund_conditions(ask: Ask) -> Candidates:
    """Households that fulfil what can be checked: measures carried out and none left open, still below the line, no labour."""
    below = found_by(income_below_line.RULE.code)(ask)
    if below.stopped:
        return Candidates(stopped=f"收入是否仍低于标准：{below.stopped}")
    homes = {one.household_id: one for one in below.found}
    able = set(
        Person.objects.filter(household__in=homes, is_withdrawn=False, labour_capacity__in=LABOURING).values_list(
            "household_id", flat=True
        )
    )
    counted = (
        Measure.objects.filter(case__household__in=homes, cancelled_on=None)
        .values("case__household_id")
        .annotate(done=Count("pk", filter=Q(done_on__isnull=False)), open=Count("pk", filter=Q(done_on=None)))
    )
    measures = {one["case__household_id"]: (one["done"], one["open"]) for one in counted}
    return Candidates(
        tuple(
            Candidate(home, one.region_code, f"{measures[home][0]} 项措施已落实，收入仍低于标准，整户无劳动能力")
            for home, one in homes.items()
            if home not in able and measures.get(home, (0, 1))[0] and not measures[home][1]
        )
    )


# hengshui-2022-1#C.3.4.2
def objects_not_insured(ask: Ask) -> Candidates:
    """Members of monitored households without insurance in force, by the day on which the household was included."""
    answer = found_by(not_insured.RULE.code)(ask)
    if answer.stopped:
        return answer
    watches = ask.scope.filter(Monitoring.objects.filter(is_withdrawn=False, is_cleared=False))
    since = dict(watches.values_list("household_id", "identified_month"))
    return Candidates(
        tuple(
            Candidate(
                one.household_id,
                one.region_code,
                f"未参保，{since[one.household_id] or '月份未填'}纳入监测",
                person_id=one.person_id,
            )
            for one in answer.found
            if one.household_id in since
        )
    )


# hengshui-2022-1#C.3.4.2
def objects_insured(ask: Ask) -> tuple[int | None, str]:
    """Members of monitored households that are insured, by the newest screening."""
    found, why = _object_share(ask)
    return (None, why) if found is None else (found.member_count - found.uninsured_count, "")


def objects_counted(ask: Ask) -> tuple[int | None, str]:
    """Members of monitored households as the same screening counts them."""
    found, why = _object_share(ask)
    return (None, why) if found is None else (found.member_count, "")


def _object_share(ask: Ask) -> tuple[insurance.Share | None, str]:
    if Level(regions.region(ask.region_code).level) < Level.COUNTY:
        return None, "请先选择一个县"
    result, why = insurance.standing(county_code=regions.county_of(ask.region_code))
    if result is None or why:
        return None, why
    shares = insurance.shares(result=result, scope=ask.scope, policies=ask.policies)
    return next((one for one in shares if one.category == OBJECT), None), "没有监测对象"


# hengshui-2022-1#C.3.4.1
def heads_of_objects(ask: Ask) -> Candidates:
    """The heads of monitored households, one for each: the service is signed per household."""
    watched = ask.scope.filter(Monitoring.objects.filter(is_withdrawn=False, is_cleared=False)).values("household")
    heads = ask.scope.filter(Person.objects.filter(household__in=watched, is_withdrawn=False, relation="户主"))
    return Candidates(
        tuple(
            Candidate(home, region, "监测对象，没有签约服务的登记", person_id=person)
            for person, home, region in heads.values_list("pk", "household_id", "region_code")
        )
    )


# hengshui-2022-1#C.3.10.2
def premium(ask: Ask) -> tuple[int | None, str]:
    """Premiums of the schemes of the region that are in force, in fen; of the county's scheme also below county level."""
    place = regions.county_of(ask.region_code) if Level(regions.region(ask.region_code).level) > Level.COUNTY else ""
    if place:
        return None, "赔付率按县计算"
    rows = ask.scope.filter(RegisterRow.objects.filter(register="insurance_schemes", is_taken_back=False))
    found = rows.filter(in_force(ask.on)).aggregate(total=Sum("amount_fen"))["total"]
    return (found, "") if found else (None, "没有登记保费")


def policies_missing(*codes: str):
    """As ``eligible.fits``, but only those of whom a department's file says that they do not receive it (应保未保)."""

    def source(ask: Ask) -> Candidates:
        if Level(regions.region(ask.region_code).level) < Level.COUNTY:
            return Candidates(stopped="请先选择一个县")
        county = regions.county_of(ask.region_code)
        entries = entitlements.matrix(
            scope=ask.scope, county_code=county, as_of=ask.on, policies=ask.policies, only=codes
        )
        missing = [one for one in entries if one.state == entitlements.MISSING]
        unknown = {one.reason for one in entries if one.state == entitlements.UNKNOWN}
        if not missing and unknown:
            return Candidates(stopped="；".join(sorted(unknown)))
        return Candidates(
            tuple(
                Candidate(
                    one.household_id,
                    one.region_code,
                    f"{entitlements.BY_CODE[one.policy].label}：{entitlements.BY_CODE[one.policy].why}",
                    person_id=one.person_id,
                )
                for one in missing
            )
        )

    return source


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
