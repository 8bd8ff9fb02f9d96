"""Leads, cases, the events and tasks of both, and the months of data that somebody still has to collect."""

from .cases import Case
from .courses import LeadCourse
from .leads import CollectionTask, Lead, LeadReason, Signal
from .notices import Notice
from .proceeding import LEVELS, Event, Proceeding, Task
from .supervision import ReminderSeen, SupervisedTask, Supervision

__all__ = [
    "LEVELS",
    "Case",
    "CollectionTask",
    "Event",
    "Lead",
    "LeadCourse",
    "LeadReason",
    "Notice",
    "Proceeding",
    "ReminderSeen",
    "Signal",
    "SupervisedTask",
    "Supervision",
    "Task",
]
