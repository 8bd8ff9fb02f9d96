"""What the page of a household shows of the registers: its rows, and the registers in which the account may write."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from shouwang.households.models import RegisterRow
from shouwang.households.registers import keeping, queries
from shouwang.households.registers.catalogue import BY_CODE, REGISTERS
from shouwang.households.registers.declaration import PERSON, Register
from shouwang.households.registers.values import shown
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope
from shouwang.registry.models import Household

_MOST_SHOWN = 100
_COLUMNS_SHOWN = 4


def names(household: Household, *, scope: Scope, account: Account) -> dict[str, Any]:
    """Nothing for an account that sees no registers."""
    if not account.may(roles.SEE_REGISTERS):
        return {}
    rows = [row for row in queries.of_household(household, scope=scope)[:_MOST_SHOWN] if row.register in BY_CODE]
    return {
        "registers": [(BY_CODE[row.register], row, _summary(BY_CODE[row.register], row)) for row in rows],
        "register_count": len(rows),
        "register_choices": [
            (one.code, one.label, _address(one, household))
            for one in REGISTERS
            if one.is_of_people and keeping.may_keep(one, account)
        ],
        "shows_registers": True,
    }


def _summary(register: Register, row: RegisterRow) -> str:
    """The first few columns that say something."""
    told = [(column, row.values.get(column.name)) for column in register.columns]
    texts = [
        f"{column.heading} {shown(column, value)}{column.unit}" for column, value in told if value not in (None, "")
    ]
    return "，".join(texts[:_COLUMNS_SHOWN])


def _address(register: Register, household: Household) -> str:
    name = "of" if register.about == PERSON else "household"
    return f"{reverse('register_new', args=[register.code])}?{urlencode({name: household.household_no})}"
