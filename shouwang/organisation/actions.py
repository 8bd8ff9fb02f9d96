"""Everything that changes accounts, units and staff; each verb lives in the file of its subject."""

from .accounts import (
    change_account,
    close_account,
    open_account,
    remove_second_factor,
    reopen_account,
    require_new_password,
    reset_password,
)
from .invitations import accept, invite
from .roster import take_roster
from .staffing import (
    appoint,
    change_staff,
    change_unit,
    close_post,
    close_unit,
    create_post,
    create_unit,
    end_appointment,
    reveal_phone,
)

__all__ = [
    "accept",
    "appoint",
    "change_account",
    "change_staff",
    "change_unit",
    "close_account",
    "close_post",
    "close_unit",
    "create_post",
    "create_unit",
    "end_appointment",
    "invite",
    "open_account",
    "remove_second_factor",
    "reopen_account",
    "require_new_password",
    "reset_password",
    "reveal_phone",
    "take_roster",
]
