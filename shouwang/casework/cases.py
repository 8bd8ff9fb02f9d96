"""Opening a case: from a lead whose risk was found to be real, on the clock that runs since the day of discovery."""

from __future__ import annotations

from shouwang.registry.models import Monitoring

from . import runner
from .models import Case, Lead
from .numbers import Numbers
from .procedure import Context

CODE = "case"
STEPS_PARAMETER = "case.identification_steps"
ENTRY_RULES_PARAMETER = "household.entry_rules"


def open_case(context: Context) -> Case:
    """The effect of a confirmed risk. The clock goes on from the lead: its due day and what set it.

    A household whose case is open (it was taken up again meanwhile) gets the risks added there and no second case.
    """
    lead: Lead = context.proceeding
    if (
        standing := Case.objects.select_for_update().filter(household=lead.household, is_open=True).first()
    ) is not None:
        add_risks(standing, context.data["risks"])
        return standing
    entry_rules = context.value(ENTRY_RULES_PARAMETER) or ()
    named = {rule.rpartition(".")[2] for rule in lead.rules}
    monitoring = Monitoring.objects.filter(household=lead.household, is_withdrawn=False).first()
    earlier = Case.objects.filter(household=lead.household).count()
    case = Case(
        case_no=Numbers(Case, "case_no", context.on, mark="G").next(context.county_code),
        household=lead.household,
        lead=lead,
        region_code=lead.region_code,
        opened_on=lead.opened_on,
        due_on=lead.due_on,
        due_parameter=lead.due_parameter,
        episode=earlier + 1 + (earlier == 0 and monitoring is not None),
        options=list(context.value(STEPS_PARAMETER) or ()),
        risks=context.data["risks"],
        entry_rules=[rule for rule in entry_rules if rule in named],
        proposed_category=lead.proposed_category,
        is_green_channel=bool(context.data.get("green_channel")),
    )
    runner.start(case, procedure_code=CODE, policies=context.policies)
    case.save(force_insert=True)
    runner.open_many([case], procedure_code=CODE, policies=context.policies, on=context.on)
    return case


def add_risks(case: Case, risks: list[str]) -> None:
    """Puts more risks on a case, each once."""
    case.risks = list(dict.fromkeys([*case.risks, *risks]))
    case.save(update_fields=["risks"])
