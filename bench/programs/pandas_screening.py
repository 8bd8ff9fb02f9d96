"""The thirteen rules in pandas, as one who works with data frames would write them. Arguments: lake, target, values (JSON)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet

from bench.measuring import measured

LEAVING, COMING = (
    ["死亡", "迁出", "婚出", "参军", "服刑", "失踪"],
    ["出生", "迁入", "婚入", "退役返回", "刑满返回", "返回"],
)
LABOURING = ["普通劳动力", "技能劳动力", "弱劳动力或半劳动力"]
INCOMES = ["wage_fen", "business_fen", "property_fen", "transfer_fen"]
COUNTS = [
    "observed",
    "observed_divisor",
    "threshold",
    "threshold_divisor",
    "present_count",
    "expected_count",
    "person_key",
]
TEXTS = ["status", "reason", "observed_text"]


class Screening:
    def __init__(self, lake: Path, values: dict[str, Any]) -> None:
        self.lake, self.v = lake, SimpleNamespace(**values)
        self.as_of = pd.Timestamp(self.v.as_of)
        self.findings: dict[str, pd.DataFrame] = {}
        self.evidence: list[pd.DataFrame] = []

    def read(self, dataset: str, *columns: str) -> pd.DataFrame:
        files = sorted(self.lake.glob(f"{dataset}/*/*/*.parquet"))
        tables = [parquet.read_table(file, columns=list(columns), partitioning=None) for file in files]
        return pa.concat_tables(tables).to_pandas(date_as_object=False)

    def found(self, rule: str, rows: pd.DataFrame, **columns: Any) -> None:
        frame = rows[[name for name in ("household_key", "person_key") if name in rows and name not in columns]]
        self.findings[rule] = frame.assign(rule=f"household.{rule}", **columns)

    def shows(self, rule: str, dataset: str, rows: pd.DataFrame, of: str = "household_key") -> None:
        """Rows of a dataset under the findings of a rule that have the same household or person."""
        mine = self.findings[rule]
        mine = mine[mine["status"] != "not_computed"]
        keys = [key for key in ("household_key", "person_key") if key in mine]
        joined = rows[["batch", "row", of]].merge(mine[keys].drop_duplicates(), on=of)
        self.evidence.append(joined.assign(rule=f"household.{rule}", dataset=dataset))

    def run(self) -> None:
        self.people_and_households()
        self.illness()
        self.hardship_and_spending()
        self.incomes()
        self.school_and_insurance()
        self.house_and_water()

    def people_and_households(self) -> None:
        v = self.v
        person = self.read(
            "registry_person", "person_key", "household_key", "born_on", "labour_capacity", "batch", "row"
        )
        change = self.read("population_change", "person_key", "changed_on", "change_kind").dropna(subset=["person_key"])
        change = change[change.changed_on <= self.as_of]
        left = change[change.change_kind.isin(LEAVING)].groupby("person_key").changed_on.max()
        came = change[change.change_kind.isin(COMING)].groupby("person_key").changed_on.max().reindex(left.index)
        person = person[~person.person_key.isin(left.index[came.isna() | (left > came)])]
        self.people = person.assign(labouring=person.labour_capacity.isin(LABOURING)).drop(columns="labour_capacity")
        counted = self.people.groupby("household_key").agg(
            members=("labouring", "size"), has_labour=("labouring", "any")
        )
        household = self.read(
            "registry_household", "household_key", "region_code", "household_no", "household_type", "is_monitored"
        )
        household = household.merge(counted, on="household_key")
        household["is_monitored"] = household.is_monitored.fillna(False).astype(bool)
        household["is_watched"] = (household.household_type == "脱贫户") | household.is_monitored
        income = self.read("registry_income", "household_key", "year", *INCOMES, "business_cost_fen", "batch", "row")
        self.income = income[income.year == v.last_year]
        last_net = self.income.assign(
            last_net=self.income[INCOMES].sum(axis=1, skipna=False) - self.income.business_cost_fen
        )
        self.households = household.merge(last_net[["household_key", "last_net"]], on="household_key", how="left")
        monthly = self.read("monthly_income", "household_key", "month", *INCOMES, "business_cost_fen", "batch", "row")
        self.monthly = monthly[(monthly.month >= v.first_month) & (monthly.month <= v.month)]
        watched = self.households[self.households.is_watched]
        rows = self.monthly[self.monthly.household_key.isin(watched.household_key)]
        gross = rows[INCOMES].sum(axis=1, skipna=False)
        rows = rows.assign(gross=gross, net=gross - rows.business_cost_fen).dropna(subset=["net"])
        collected = rows.groupby("household_key").agg(
            net=("net", "sum"), gross=("gross", "sum"), transfer=("transfer_fen", "sum"), present=("net", "size")
        )
        self.projection = watched.merge(collected, on="household_key", how="left")

    def illness(self) -> None:
        v = self.v
        self.paid = self.read(
            "medical_settlement", "person_key", "settled_on", "own_payment_fen", "disease", "batch", "row"
        )
        disease = self.read("major_disease", "person_key", "diagnosed_on", "disease", "batch", "row")
        disease = disease[(disease.diagnosed_on <= self.as_of) & disease.disease.isin(v.diseases)]
        paid = self.paid[self.paid.settled_on.between(v.year_start, self.as_of)]
        ill = np.union1d(disease.person_key, paid.person_key[paid.disease.isin(v.diseases)])
        cost = (
            paid[paid.person_key.isin(ill)].groupby("person_key").own_payment_fen.sum().rename("observed").reset_index()
        )
        members = self.people[["person_key", "household_key"]].merge(self.households, on="household_key")
        hit = cost.merge(members, on="person_key")
        limit = np.where(hit.is_watched, v.warning_monitored, v.warning_general)
        is_hit = hit.observed > limit
        self.found(
            "major_illness_cost", hit[is_hit], status="hit", observed=hit.observed[is_hit], threshold=limit[is_hit]
        )
        self.shows("major_illness_cost", "medical_settlement", paid, "person_key")
        self.shows("major_illness_cost", "major_disease", disease, "person_key")

        card = self.read("disability", "person_key", "certified_on", "cancelled_on", "disability_level", "batch", "row")
        is_valid = (card.certified_on <= self.as_of) & ~(card.cancelled_on <= self.as_of)
        card = card[is_valid & card.disability_level.isin(v.severe_levels)]
        hit = card[["person_key"]].drop_duplicates().merge(members, on="person_key")
        hit = hit[hit.last_net.isna() | (hit.last_net < hit.members * v.line)]
        self.found("severe_disability_low_income", hit, **self.open_without(hit), observed=hit.last_net,
                   observed_divisor=hit.members, threshold=v.line)  # fmt: skip
        self.shows("severe_disability_low_income", "disability", card, "person_key")
        self.shows("severe_disability_low_income", "registry_income", self.income)

    @staticmethod
    def open_without(rows: pd.DataFrame) -> dict[str, Any]:
        is_open = rows.last_net.isna()
        return {"status": np.where(is_open, "not_computed", "hit"), "reason": np.where(is_open, "缺上年收入", None)}

    def hardship_and_spending(self) -> None:
        v, member = self.v, self.people[["person_key", "household_key"]]
        work = self.read("employment", "person_key", "employment_status", "started_on", "ended_on", "batch", "row")
        work["jobless"] = work.employment_status.isin(["失业", "未就业"])
        lost = work[work.started_on.where(work.jobless, work.ended_on).between(v.month_start, self.as_of)]
        is_working = ~work.jobless & (work.started_on <= self.as_of) & ~(work.ended_on <= self.as_of)
        lost = (
            lost[~lost.person_key.isin(work.person_key[is_working])]
            .drop(columns=["ended_on"])
            .merge(member, on="person_key")
        )
        loss = self.read("disaster_loss", "household_key", "occurred_on", "loss_fen", "batch", "row")
        loss = loss.rename(columns={"loss_fen": "amount", "occurred_on": "day"})
        accident = self.read("accident", "person_key", "occurred_on", "own_loss_fen", "batch", "row").merge(
            member, on="person_key"
        )
        accident = accident.rename(columns={"own_loss_fen": "amount", "occurred_on": "day"})
        recent = {"disaster_loss": loss, "accident": accident}
        recent = {name: rows[rows.day.between(v.month_start, self.as_of)] for name, rows in recent.items()}
        recent["employment"] = lost.assign(amount=np.nan)
        event = pd.concat([rows[["household_key", "amount"]] for rows in recent.values()])
        event = event.groupby("household_key").amount.sum(min_count=1).rename("loss").reset_index()
        event = event[event.household_key.isin(self.households.household_key)]
        whole = self.projection[(self.projection.present == v.months) & (self.projection.last_net > 0)]
        event = event.merge(whole[["household_key", "last_net", "net"]], on="household_key", how="left")
        drop = (event.last_net * v.months - event.net * v.annual_months) * 1_000_000
        is_hit = (event.loss.fillna(0) >= v.sudden_spending) | (drop >= event.last_net * v.months * v.sudden_drop)
        hit = event[is_hit | event.last_net.isna()].assign(is_hit=is_hit)
        self.found("sudden_hardship", hit, status=np.where(hit.is_hit, "hit", "judgement"), observed=hit.loss,
                   threshold=v.sudden_spending)  # fmt: skip
        for name, rows in recent.items():
            self.shows("sudden_hardship", name, rows)

        house = self.households
        poor = house[house.last_net.isna() | (house.last_net < house.members * v.line)]
        school = self.read("schooling_cost", "person_key", "paid_on", "amount_fen", "batch", "row")
        poor_people = member[member.household_key.isin(poor.household_key)]
        bills = {
            "medical_settlement": self.paid.rename(columns={"own_payment_fen": "amount", "settled_on": "day"}).merge(
                poor_people, on="person_key"
            ),
            "schooling_cost": school.rename(columns={"amount_fen": "amount", "paid_on": "day"}).merge(
                poor_people, on="person_key"
            ),
            "accident": accident[accident.household_key.isin(poor.household_key)],
            "disaster_loss": loss[loss.household_key.isin(poor.household_key)],
        }
        bills = {
            name: rows[rows.day.between(v.spending_start, self.as_of) & (rows.amount > 0)]
            for name, rows in bills.items()
        }
        spent = (
            pd.concat([rows[["household_key", "amount"]] for rows in bills.values()])
            .groupby("household_key")
            .amount.sum()
        )
        hit = poor.merge(spent.rename("spent").reset_index(), on="household_key")
        hit = hit[hit.last_net.isna() | (hit.spent > hit.last_net)]
        self.found("spending_exceeds_income", hit, **self.open_without(hit), observed=hit.spent, threshold=hit.last_net)
        for name, rows in bills.items():
            self.shows("spending_exceeds_income", name, rows)
        self.shows("spending_exceeds_income", "registry_income", self.income)

    def incomes(self) -> None:
        v, all_rows = self.v, self.projection
        is_new = all_rows.present.isna()
        year, heads = all_rows.net * v.annual_months, all_rows.members * v.months
        classes: dict[str, tuple[pd.Series, Any]] = {
            "income_falling": (all_rows.last_net.isna() | (year < all_rows.last_net * v.months), all_rows.last_net),
            "income_below_line": (year < heads * v.line, v.line),
            "income_below_alleviated_average": (year < heads * v.average, v.average),
            "transfer_share_high": ((all_rows.transfer * 1_000_000 > all_rows.gross * v.transfer_share) & (all_rows.gross > 0), v.transfer_share),
            "no_labour_low_income": (~all_rows.has_labour & (year < heads * v.low_income), v.low_income),
        }  # fmt: skip
        for rule, (is_in, threshold) in classes.items():
            is_found = is_in | (is_new & ~all_rows.has_labour if rule == "no_labour_low_income" else is_new)
            hit = all_rows[is_found]
            is_open = hit.present.isna() | (hit.last_net.isna() if rule == "income_falling" else False)
            share, falling = rule == "transfer_share_high", rule == "income_falling"
            self.found(
                rule, hit,
                status=np.where(is_open, "not_computed", np.where(hit.present == v.months, "hit", "provisional")),
                reason=np.where(hit.present.isna(), "没有采集到本采集年度的月收入", np.where(is_open, "缺上年收入", None)),
                observed=hit.transfer * 1_000_000 if share else year[is_found],
                observed_divisor=hit.gross if share else heads[is_found],
                threshold=hit.last_net if falling else threshold,
                threshold_divisor=hit.members if falling else np.nan,
                present_count=hit.present, expected_count=v.months,
            )  # fmt: skip
            self.shows(rule, "monthly_income", self.monthly)
        self.shows("income_falling", "registry_income", self.income)
        self.shows("no_labour_low_income", "registry_person", self.people)

    def school_and_insurance(self) -> None:
        v, people = self.v, self.people
        enrolment = self.read(
            "enrolment", "person_key", "period", "enrolment_status", "not_enrolled_reason", "batch", "row"
        )
        enrolment = enrolment[(enrolment.period >= v.school_year) & (enrolment.period <= v.month)]
        child = people[
            people.born_on.isna() | ((people.born_on > v.child_born_after) & (people.born_on <= v.child_born_until))
        ]
        child = child.merge(enrolment, on="person_key", how="left", suffixes=("", "_sent"))
        child = child[
            ~child.enrolment_status.isin(["在读", "送教上门"])
            & ~(child.not_enrolled_reason == "身体原因").fillna(False)
        ]
        is_open = child.born_on.isna()
        self.found("child_not_in_school", child, status=np.where(is_open, "not_computed", "hit"),
                   reason=np.where(is_open, "缺出生日期", None), observed_text=child.enrolment_status.fillna("没有学籍记录"))  # fmt: skip
        self.shows("child_not_in_school", "registry_person", people, "person_key")
        self.shows("child_not_in_school", "enrolment", enrolment, "person_key")

        insured = self.read(
            "medical_insurance", "person_key", "insured_year", "period", "insurance_status", "batch", "row"
        )
        insured = insured[(insured.insured_year == v.year) & (insured.period <= v.month)]
        others = people[~people.person_key.isin(insured.person_key[insured.insurance_status == "参保"])]
        rows = others.merge(insured, on="person_key", how="left", suffixes=("", "_sent"))
        self.found("not_insured", rows, status="hit", observed_text=rows.insurance_status.fillna("没有参保记录"))
        self.shows("not_insured", "registry_person", people, "person_key")
        self.shows("not_insured", "medical_insurance", insured, "person_key")

    def house_and_water(self) -> None:
        v = self.v
        house = self.read("housing_safety", "household_key", "appraised_on", "period", "batch", "row", "safety_grade",
                          "rebuild_status", "has_safe_dwelling")  # fmt: skip
        house = house[house.appraised_on <= self.as_of].sort_values(["appraised_on", "period", "batch", "row"])
        house = house.drop_duplicates("household_key", keep="last")
        is_unsafe = house.safety_grade.isin(v.unsafe_grades) & ~(house.rebuild_status == "已改造").fillna(False)
        house = house[is_unsafe & ~house.has_safe_dwelling.fillna(False).astype(bool)]
        house = house[house.household_key.isin(self.households.household_key)]
        self.found("housing_unsafe", house, status="hit", observed_text=house.safety_grade)
        self.shows("housing_unsafe", "housing_safety", house)

        supply = self.read(
            "water_outage", "village_code", "outage_from", "outage_to", "period", "quality_passed", "batch", "row"
        )
        supply = supply[supply.outage_from <= self.as_of]
        cut = supply[~(supply.outage_to <= self.as_of)].assign(is_failed=False)
        tested = supply[supply.quality_passed.notna()].sort_values(["outage_from", "period", "batch", "row"])
        tested = tested.drop_duplicates("village_code", keep="last")
        failed = tested[~tested.quality_passed.astype(bool)].assign(is_failed=True, outage_from=pd.NaT)
        water = pd.concat([cut, failed])
        village = water.groupby("village_code").agg(since=("outage_from", "min"), is_failed=("is_failed", "any"))
        rows = self.households.merge(village, left_on="region_code", right_index=True)
        days = (self.as_of - rows.since).dt.days + 1
        is_hit = rows.is_failed | (days >= v.outage_days)
        self.found("water_unsafe", rows[is_hit], status="hit", observed=days[is_hit], threshold=v.outage_days,
                   observed_text=np.where(rows.is_failed[is_hit], "水质不合格", None))  # fmt: skip
        shown = water[["village_code", "batch", "row"]].drop_duplicates()
        shown = shown.merge(rows[["household_key", "region_code"]], left_on="village_code", right_on="region_code")
        self.shows("water_unsafe", "water_outage", shown)

    def write(self, target: Path) -> int:
        findings = pd.concat(self.findings.values(), ignore_index=True)
        for name in (*COUNTS, *TEXTS):
            if name not in findings:
                findings[name] = None
        findings[COUNTS] = findings[COUNTS].astype("Int64")
        findings = findings.merge(self.households[["household_key", "household_no", "region_code"]], on="household_key")
        findings = findings.sort_values(["rule", "household_no", "household_key", "person_key"], na_position="first")
        findings = findings.reset_index(drop=True).rename_axis("finding").reset_index()
        evidence = pd.concat(self.evidence, ignore_index=True)
        # an evidence row may carry the person of its finding, or none
        evidence["person_key"] = evidence.person_key.astype("Int64").fillna(-1)
        keys = findings[["finding", "rule", "household_key", "person_key"]].fillna({"person_key": -1})
        evidence = evidence.merge(keys, on=["rule", "household_key", "person_key"])
        evidence = evidence.sort_values(["finding", "dataset", "batch", "row"])
        ends = np.searchsorted(evidence.finding, np.arange(len(findings) + 1))
        rows = pa.StructArray.from_arrays(
            [
                pa.array(evidence.dataset, pa.string()),
                pa.array(evidence.batch, pa.int64()),
                pa.array(evidence.row, pa.int32()),
            ],
            ["dataset", "batch", "row"],
        )
        table = pa.Table.from_pandas(findings.drop(columns="finding"), preserve_index=False)
        table = table.append_column("evidence", pa.ListArray.from_arrays(pa.array(ends, pa.int32()), rows))
        parquet.write_table(table, target, compression="zstd")
        return len(findings)


def main(lake: Path, target: Path, values: str) -> None:
    with measured() as notes:
        screening = Screening(lake, json.loads(values))
        screening.run()
        notes["findings"] = screening.write(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
