"""Who may write in a register, where: people of the declared level and above in their region, and the department's own liaison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shouwang.foundation.errors import NotPermittedError
from shouwang.organisation import departments, roles
from shouwang.organisation.scope import Scope
from shouwang.regions.codes import level_of

from .declaration import Register

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

_LEVELS = {3: "县级", 4: "乡镇和县级", 5: "村、乡镇和县级"}


def may_see(register: Register, account: Account) -> bool:
    """A register is seen by whoever sees households; a department's liaison sees the registers of that department, no others."""
    if not account.may(roles.SEE_REGISTERS):
        return False
    return account.may(roles.SEE_HOUSEHOLDS) or _department(account) == register.department


def may_keep(register: Register, account: Account) -> bool:
    """Whether somebody may write in it at all; the region is asked for each row."""
    if not (account.may(roles.KEEP_REGISTERS) and account.region_code and may_see(register, account)):
        return False
    if _department(account) == register.department:
        return True
    return account.may(roles.SEE_HOUSEHOLDS) and level_of(account.region_code) <= register.level


def require(register: Register, by: Account | None, *region_codes: str) -> None:
    """Raises NotPermittedError unless ``by`` may write in the register at all of these places. ``None``: the program itself."""
    if by is None:
        return
    if not may_keep(register, by):
        raise NotPermittedError(f"您的账号不能登记“{register.label}”", next_step=f"请由{keepers(register)}登记。")
    scope = Scope.of(by)
    if not all(scope.covers(code) for code in region_codes):
        raise NotPermittedError("您的账号看不到这个区域", next_step="请选择本辖区内的对象。")


def keepers(register: Register) -> str:
    """县级工作人员或人社局联络员."""
    return f"{_LEVELS[register.level]}工作人员或{departments.label_of(register.department)}联络员"


def _department(account: Account) -> str:
    unit = getattr(account, "unit", None)
    return unit.department if unit is not None else ""
