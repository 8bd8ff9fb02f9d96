"""Units with posts and the people in them; accounts; how one gets in; the log of what was done."""

from .accounts import Account, AccountManager
from .audit import AuditEvent
from .entrance import Invitation, RecoveryCode, SecondFactor
from .units import Appointment, Post, PostKind, StaffMember, Unit, UnitKind

__all__ = [
    "Account",
    "AccountManager",
    "Appointment",
    "AuditEvent",
    "Invitation",
    "Post",
    "PostKind",
    "RecoveryCode",
    "SecondFactor",
    "StaffMember",
    "Unit",
    "UnitKind",
]
