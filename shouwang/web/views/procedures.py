"""The manual of a procedure, printed from its table: the way, who may do what, and until when by which clause."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.casework import local_fields, procedure
from shouwang.casework.procedure import CHOICE, LEVEL_LABELS, Procedure, Step
from shouwang.jobs import clock
from shouwang.organisation import roles
from shouwang.policy import Policies
from shouwang.regions import queries as regions

from ..access import account_of, needs
from ..sections import PERMISSION_LABELS


@needs(roles.SEE_POLICIES)
def procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure, with how long it may take here and now."""
    policies = policy.load()
    rows = [(table, _limit(table.limit, policies, account_of(request).region_code)) for table in _tables()]
    return render(request, "web/policy/procedures.html", {"rows": rows, "section": "procedures"})


@needs(roles.SEE_POLICIES)
def manual(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure: boxes in order with the steps out of each, the permission matrix, the limits."""
    table = next((one for one in _tables() if one.code == code), None)
    if table is None:
        raise Http404
    policies, region = policy.load(), account_of(request).region_code
    steps = [step for step in table.steps if not step.is_by_program]
    names = {
        "table": table,
        "boxes": [(state, [_arrow(table, step) for step in table.steps_from(state.code)]) for state in table.states],
        "steps": [_step(_here(step, policies, region), policies, region) for step in table.steps],
        "roles": [role for role in roles.ROLES if any(step.permission in role.permissions for step in steps)],
        "matrix": [
            (step, [step.permission in role.permissions for role in roles.ROLES if _acts(role, steps)])
            for step in steps
        ],
        "total": _limit(table.limit, policies, region),
        "separated": [
            (PERMISSION_LABELS.get(one, one), PERMISSION_LABELS.get(other, other)) for one, other in roles.SEPARATED
        ],
        "section": "procedures",
    }
    return render(request, "web/policy/procedure.html", names)


def _tables() -> list[Procedure]:
    return procedure.all_procedures()


def _acts(role: type[roles.Role], steps: list[Step]) -> bool:
    return any(step.permission in role.permissions for step in steps)


def _arrow(table: Procedure, step: Step) -> dict[str, Any]:
    return {
        "step": step,
        "target": table.state(step.target) if step.target else None,
        "level": LEVEL_LABELS[step.level],
    }


def _here(step: Step, policies: Policies, region: str) -> Step:
    return local_fields.here(step, region_code=region or regions.NATION, on=clock.today(), policies=policies)


def _step(step: Step, policies: Policies, region: str) -> dict[str, Any]:
    first = {other.label for table in _tables() for code in step.apart_from if (other := table.step(code)) is not None}
    return {
        "step": step,
        "items": [field for field in step.asked.fields if field.kind == CHOICE] if step.asked else [],
        "level": LEVEL_LABELS[step.level],
        "permission": PERMISSION_LABELS.get(step.permission, step.permission),
        "limit": _limit(step.limit, policies, region),
        "apart_from": sorted(first),
    }


def _limit(parameter: str, policies: Policies, region: str) -> dict[str, Any] | None:
    """A limit as it stands here today, with its clause; None where a step has none of its own."""
    name, _, part = parameter.partition(":")
    if not name or name not in policies.parameters:
        return None
    answer = policies.resolve(name, region_code=region or regions.NATION, on=clock.today())
    value = answer.value.get(part) if part and answer.value is not None else answer.value
    text = "" if value is None else getattr(value, "text", str(value))
    return {"parameter": policies.parameters[name], "text": text, "cites": answer.source.cites if answer.source else ()}
