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
from shouwang.screening.rule import Parameters, evidence_rows

from .kinds import ALLEVIATED, LEAVING_KINDS, RETURNING_KINDS

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
        """Registered members alive and resident on ``as_of``: person_key, household_key, born_on, labour_capacity, batch, row."""
        person = self.tables["registry_person"].select(*_PEOPLE)
        return self._keep("people", person.anti_join(self._departed, "person_key"), _PEOPLE)

    @cached_property
    def people_rows(self) -> ir.Table:
        """The sheet rows that members stand on, as evidence where the finding is an absence."""
        return self.people.select("person_key", "household_key", "batch", "row")

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
        """Households with at least one member: household_key, region_code, members, is_alleviated, is_monitored."""
        people, household = self.people, self.tables["registry_household"]
        count = people.group_by("household_key").agg(members=people.person_key.count())
        joined = household.inner_join(count, "household_key")
        rows = joined.select(
            "household_key",
            "region_code",
            "members",
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
    def monthly_rows(self) -> ir.Table:
        """The collected months of the collection year, of watched households."""
        income = self.tables["monthly_income"]
        income = income.filter(income.month.between(self.collection_months[0], self.collection_months[-1]))
        return income.semi_join(self.watched_households, "household_key")

    @cached_property
    def complete_months(self) -> ir.Table:
        """Household and month, where every part of the month's income was stated."""
        rows = self.monthly_rows
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
        """Watched households: members, net_fen, gross_fen, transfer_fen of the collected months, present (null: nothing collected)."""
        rows = self.watched_households.left_join(self.collected, "household_key")
        return self._keep("projection", rows.select(*_PROJECTION), _PROJECTION)

    def projected(self, table: ir.Table) -> tuple[ir.IntegerValue, ir.IntegerValue]:
        """The projected year per head as a fraction: fen, and what it is to be divided by."""
        return table.net_fen * self.annual_months, table.members * len(self.collection_months)

    # ── what a finding points at ─────────────────────────────────────────────

    def rows_of_person(self, hits: ir.Table, table: ir.Table, dataset: str) -> ir.Table:
        """The rows of a person-keyed table that belong to the found members."""
        return evidence_rows(self._joined(hits, table.drop("household_key"), "person_key"), dataset)

    def rows_of_household(self, hits: ir.Table, table: ir.Table, dataset: str) -> ir.Table:
        """The rows of a household-keyed table that belong to the found households."""
        table = table.drop("person_key") if "person_key" in table.columns else table
        return evidence_rows(self._joined(hits, table, "household_key"), dataset)

    def rows_of_members(self, hits: ir.Table, table: ir.Table, dataset: str) -> ir.Table:
        """The rows of a person-keyed table that belong to any member of the found households."""
        people = self.people.select("person_key", "household_key")
        table = table.drop("household_key").inner_join(people, "person_key").drop("person_key")
        return evidence_rows(self._joined(hits, table, "household_key"), dataset)

    @staticmethod
    def _joined(hits: ir.Table, table: ir.Table, key: str) -> ir.Table:
        return table.inner_join(hits, key)


_PEOPLE = {
    "person_key": "int64",
    "household_key": "int64",
    "born_on": "date",
    "labour_capacity": "string",
    "batch": "int64",
    "row": "int32",
}
_HOUSEHOLDS = {
    "household_key": "int64",
    "region_code": "string",
    "members": "int64",
    "is_alleviated": "boolean",
    "is_monitored": "boolean",
}
_LAST_YEAR = {"household_key": "int64", "members": "int64", "net_fen": "int64"}
_PROJECTION = {
    "household_key": "int64",
    "members": "int64",
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
