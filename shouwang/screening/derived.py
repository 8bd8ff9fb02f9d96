"""Tables that a screening works out for pages beside its findings: one file per county, computed when an input changes."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from shouwang.foundation.errors import UserError
from shouwang.lake import store
from shouwang.organisation.scope import Scope

from .engines import DuckDBEngine, Engine
from .models import RuleResult


@dataclass(frozen=True)
class Derived:
    """The declaration: what it is called, what it needs, and the columns that come out (name → Ibis type).

    ``household_key`` is among the columns; number and village of the household are added.
    """

    code: str
    label: str
    cites: tuple[str, ...]
    uses: tuple[str, ...]
    datasets: tuple[str, ...]
    optional_datasets: tuple[str, ...]
    columns: Mapping[str, str]
    needs_one_of: tuple[str, ...] = ()
    needs_one_dataset_of: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.uses, *self.optional)))

    @property
    def all_datasets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.datasets, *self.optional_datasets)))


@dataclass(frozen=True)
class BoundDerived:
    """A derived table with its expression; the planner treats it like a rule."""

    rule: Derived
    build: Callable[[Any, Any], ir.Table] = field(compare=False)
    version: str

    @property
    def code(self) -> str:
        return self.rule.code


def bind(module: ModuleType, *, shared: Sequence[ModuleType] = ()) -> BoundDerived:
    source = "".join(inspect.getsource(part) for part in (module, *shared))
    return BoundDerived(module.DERIVED, module.build, hashlib.sha256(source.encode()).hexdigest()[:12])


def rows(
    engine: Engine, derived: BoundDerived, facts: Any, parameters: Any, household_files: Sequence[Any]
) -> pa.Table:
    """The rows of a derived table with household_no and region_code, ordered by village and number."""
    table = engine.collect(derived.build(facts, parameters), derived.rule.columns)
    order = ", ".join(
        ["household.region_code", "household.household_no", *(f"derived_rows.{name}" for name in derived.rule.columns)]
    )
    with store.connect() as connection:
        DuckDBEngine(connection).open("registry_household", list(household_files))
        connection.register("derived_rows", table)
        return connection.execute(
            "SELECT derived_rows.*, household.household_no, household.region_code FROM derived_rows"
            " JOIN registry_household AS household USING (household_key)"
            f" ORDER BY {order}"
        ).to_arrow_table()


def newest(*, code: str, region_code: str) -> RuleResult | None:
    """The newest result of a table for the county that a village lies in, whether or not it could be computed."""
    results = RuleResult.objects.filter(rule=code, runs__isnull=False)
    mine = [
        county
        for county in results.values_list("county_code", flat=True).distinct()
        if Scope.of_region(county).covers(region_code)
    ]
    return results.filter(county_code__in=mine).order_by("-as_of", "-runs").first()


def read(
    *, result: RuleResult, scope: Scope, where: str = "", order: str = "household_no", limit: int = 0
) -> list[dict[str, Any]]:
    """Rows of a derived table inside a scope. ``where`` and ``order`` are SQL of our own code, never a user's text.

    Raises UserError when the table could not be computed.
    """
    if not result.file:
        missing = "；".join(entry["text"] for entry in result.missing) or "没有数据"
        raise UserError(f"未计算：{missing}", next_step="补齐数据或参数后重新筛查。")
    seen = " OR ".join(f"(region_code >= '{low}' AND region_code < '{high}')" for low, high in scope.ranges) or "false"
    condition = f"({seen}) AND ({where})" if where else seen
    ending = f" LIMIT {int(limit)}" if limit else ""
    with store.connect() as connection:
        found = connection.execute(
            f"SELECT * FROM read_parquet($path) WHERE {condition} ORDER BY {order}{ending}",
            {"path": str(store.absolute(result.file))},
        )
        return found.to_arrow_table().to_pylist()
