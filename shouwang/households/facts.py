"""The facts that the household rules share: who is a member, what the household earned, what its year is heading for.

Everything is an expression over lake tables (docs/reference/rooms.md). Figures are whole fen; a figure per head stays a
fraction until it is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property

import ibis
import ibis.expr.types as ir

from shouwang.foundation.periods import Month
from shouwang.screening.rule import Evidence, Parameters

from .kinds import ALLEVIATED, LABOURING, LEAVING_KINDS, RETURNING_KINDS

Keep = Callable[[str, ir.Table, Mapping[str, str]], ir.Table]


class HouseholdFacts:
    """Facts of some counties as of one day. Attributes are Ibis tables; nothing is computed before a rule asks.

    What several rules share is computed once: ``keep`` (name, expression, types → table) holds its rows in the engine.
    """

    def __init__(
        self,
        *,
        tables: Mapping[str, ir.Table],
        as_of: dt.date,
        parameters: Parameters,
        keep: Keep,
        one_file: frozenset[str],
    ) -> None:
        self.tables = tables
        self.as_of = as_of
        self.month = Month.of(as_of)
        self.parameters = parameters
        self._keep = keep
        self._one_file = one_file

    def table(self, dataset: str) -> ir.Table:
        """The rows of a dataset as they were sent: nothing later than the screened month, nothing superseded."""
        rows = self.tables[dataset]
        return (
            rows.filter(rows.period <= str(self.month))
            if "period" in rows.columns and dataset not in _BY_OWN_DATE
            else rows
        )

    def newest(self, rows: ir.Table, dataset: str, key: str) -> ir.Table:
        """The row of each ``key`` from the newest file. Where no county sent more than one, every row is the newest."""
        if dataset in self._one_file:
            return rows
        order = [rows.period.desc(), rows.batch.desc(), rows.row.desc()]
        ranked = rows.mutate(place=ibis.row_number().over(group_by=rows[key], order_by=order))
        return ranked.filter(ranked.place == 0).drop("place")

    # ── who belongs to the household ─────────────────────────────────────────

    @cached_property
    def people(self) -> ir.Table:
        """Registered members alive and resident on ``as_of``: person_key, household_key, born_on, can_work."""
        person = self.tables["registry_person"].anti_join(self._departed, "person_key")
        can_work = ibis.coalesce(person.labour_capacity.isin(LABOURING), False)
        rows = person.select("person_key", "household_key", "born_on", can_work=can_work)
        return self._keep("people", rows, _PEOPLE)

    @cached_property
    def people_rows(self) -> ir.Table:
        """The sheet rows that people stand on, as evidence where the finding is an absence."""
        return self.tables["registry_person"].select("person_key", "batch", "row")

    @cached_property
    def _departed(self) -> ir.Table:
        """Persons whose last change up to ``as_of`` is a death or a departure."""
        change = self.tables["population_change"]
        change = change.filter(change.changed_on <= self.as_of)
        last = change.group_by("person_key").agg(
            left_on=change.changed_on.max(where=change.change_kind.isin(LEAVING_KINDS)),
            came_on=change.changed_on.max(where=change.change_kind.isin(RETURNING_KINDS)),
        )
        gone = last.filter(last.left_on.notnull() & (last.came_on.isnull() | (last.came_on < last.left_on)))
        return gone.select("person_key")

    @cached_property
    def households(self) -> ir.Table:
        """Households with at least one member: household_key, region_code, members, has_labour, is_alleviated, is_monitored."""
        people, household = self.people, self.tables["registry_household"]
        count = people.group_by("household_key").agg(members=people.count(), has_labour=people.can_work.any())
        joined = household.inner_join(count, "household_key")
        rows = joined.select(
            "household_key",
            "region_code",
            "members",
            "has_labour",
            is_alleviated=ibis.coalesce(household.household_type == ALLEVIATED, False),
            is_monitored=ibis.coalesce(household.is_monitored, False),
        )
        return self._keep("households", rows, _HOUSEHOLDS)

    @cached_property
    def watched_households(self) -> ir.Table:
        """脱贫户 and 监测对象: the households that the income classes apply to."""
        household = self.households
        return household.filter(household.is_alleviated | household.is_monitored)

    # ── last year's income ───────────────────────────────────────────────────

    @cached_property
    def income_rows(self) -> ir.Table:
        """The household sheet's income of the calendar year before ``as_of``; of several files the newest period counts."""
        income = self.tables["registry_income"]
        return self.newest(income.filter(income.year == self.as_of.year - 1), "registry_income", "household_key")

    @cached_property
    def last_year(self) -> ir.Table:
        """Every household with a member: household_key, members, net_fen (null when a part of last year's income is missing)."""
        household, income = self.households, self.income_rows
        gains = income.wage_fen + income.business_fen + income.property_fen + income.transfer_fen
        net = income.select("household_key", net_fen=gains - income.business_cost_fen)
        rows = household.left_join(net, "household_key").select("household_key", "members", "net_fen")
        return self._keep("last_year", rows, _LAST_YEAR)

    # ── where this year is heading ───────────────────────────────────────────

    @cached_property
    def collection_months(self) -> list[str]:
        """The months of the collection year up to the screened month, by household.income_projection."""
        setting = self.parameters.value("household.income_projection")
        first_month = int(setting["first_month"])
        year = self.month.year if self.month.month >= first_month else self.month.year - 1
        return [str(month) for month in Month(year, first_month).until(self.month)]

    @property
    def annual_months(self) -> int:
        """How many months a projection stands for, by household.income_projection."""
        return int(self.parameters.value("household.income_projection")["annual_months"])

    @cached_property
    def collected_rows(self) -> ir.Table:
        """The months collected in the collection year, of whatever household."""
        income = self.tables["monthly_income"]
        return income.filter(income.month.between(self.collection_months[0], self.collection_months[-1]))

    @cached_property
    def monthly_rows(self) -> ir.Table:
        """The months collected in the collection year, of watched households."""
        return self.collected_rows.semi_join(self.watched_households, "household_key")

    def complete_months(self, households: ir.Table) -> ir.Table:
        """Household and month, where every part of the month's income was stated, for some of the households."""
        rows = self.collected_rows.semi_join(households, "household_key")
        net = rows.wage_fen + rows.business_fen + rows.property_fen + rows.transfer_fen - rows.business_cost_fen
        return rows.filter(net.notnull()).select("household_key", "month").distinct()

    @cached_property
    def collected(self) -> ir.Table:
        """Per household: net_fen, gross_fen, transfer_fen of the collected months, present (how many months there are).

        A household has one row per month: the import sees to that.
        """
        rows = self.monthly_rows
        gross = rows.wage_fen + rows.business_fen + rows.property_fen + rows.transfer_fen
        rows = rows.select("household_key", "transfer_fen", gross_fen=gross, net_fen=gross - rows.business_cost_fen)
        rows = rows.filter(rows.net_fen.notnull())
        return rows.group_by("household_key").agg(
            net_fen=rows.net_fen.sum(),
            gross_fen=rows.gross_fen.sum(),
            transfer_fen=rows.transfer_fen.sum(),
            present=rows.count(),
        )

    @cached_property
    def projection(self) -> ir.Table:
        """Watched households: members, has_labour, net_fen, gross_fen, transfer_fen of the collected months, present (null: nothing collected)."""
        rows = self.watched_households.left_join(self.collected, "household_key")
        return self._keep("projection", rows.select(*_PROJECTION), _PROJECTION)

    def projected(self, table: ir.Table) -> tuple[ir.IntegerValue, ir.IntegerValue]:
        """The projected year per head as a fraction: fen, and what it is to be divided by."""
        return table.net_fen * self.annual_months, table.members * len(self.collection_months)

    # ── what a finding points at ─────────────────────────────────────────────

    def shown(self, hits: ir.Table, evidence: Evidence) -> ir.Table:
        """The evidence of some findings (``hits``: finding, household_key, person_key): finding, batch, row."""
        keys = self._keys(hits, evidence.of)
        key = keys.columns[-1]
        return evidence.rows.select("batch", "row", key).inner_join(keys, key).select("finding", "batch", "row")

    def _keys(self, hits: ir.Table, of: str) -> ir.Table:
        """Finding, and what its rows are found by."""
        match of:
            case "person":
                return hits.select("finding", "person_key")
            case "household":
                return hits.select("finding", "household_key")
            case "member":
                people = self.people.select("person_key", "household_key")
                household = hits.select("finding", "household_key")
                return household.inner_join(people, "household_key").select("finding", "person_key")
            case "village":
                village = self.households.select("household_key", village_code=self.households.region_code)
                household = hits.select("finding", "household_key")
                return household.inner_join(village, "household_key").select("finding", "village_code")
        raise ValueError(f"no rows are found by {of!r}")


_PEOPLE = {
    "person_key": "int64",
    "household_key": "int64",
    "born_on": "date",
    "can_work": "boolean",
}
_HOUSEHOLDS = {
    "household_key": "int64",
    "region_code": "string",
    "members": "int64",
    "has_labour": "boolean",
    "is_alleviated": "boolean",
    "is_monitored": "boolean",
}
_LAST_YEAR = {"household_key": "int64", "members": "int64", "net_fen": "int64"}
_PROJECTION = {
    "household_key": "int64",
    "members": "int64",
    "has_labour": "boolean",
    "net_fen": "int64",
    "gross_fen": "int64",
    "transfer_fen": "int64",
    "present": "int64",
}

# Their rows carry the day they speak of; a late file may bring rows of the screened month.
_BY_OWN_DATE = {
    "medical_settlement",
    "major_disease",
    "disability",
    "schooling_cost",
    "employment",
    "housing_safety",
    "water_outage",
    "disaster_loss",
    "accident",
    "population_change",
    "monthly_income",
    "asset_hint",
}
