"""What the household loop keeps beside the cases: who looks after whom, what is done, what changed, what was asked and answered."""

from .changes import NaturalChange
from .department_lists import DepartmentList, ListRow
from .evidence import StepPhoto
from .income import (
    ClosedMonth,
    GrowthMeasure,
    GrowthStatistic,
    IncomeLine,
    IncomeMonth,
    LedgerState,
    LoanSurvey,
    RiskPoint,
)
from .inspections import InspectedItem, Inspection
from .large_scale import EventEntry, EventUnit, LargeScaleEvent, ScreenedHousehold
from .pushes import Push, PushedRow
from .responsibility import Responsibility
from .samples import SampledCase, SampleDraw
from .support import Measure
from .visits import Device, MissedVisit, Photo, SentRecord, Visit, VisitChange, VisitMonth

__all__ = [
    "ClosedMonth",
    "DepartmentList",
    "Device",
    "EventEntry",
    "EventUnit",
    "GrowthMeasure",
    "GrowthStatistic",
    "IncomeLine",
    "IncomeMonth",
    "InspectedItem",
    "Inspection",
    "LargeScaleEvent",
    "LedgerState",
    "ListRow",
    "LoanSurvey",
    "Measure",
    "MissedVisit",
    "NaturalChange",
    "Photo",
    "Push",
    "PushedRow",
    "Responsibility",
    "RiskPoint",
    "SampleDraw",
    "SampledCase",
    "ScreenedHousehold",
    "SentRecord",
    "StepPhoto",
    "Visit",
    "VisitChange",
    "VisitMonth",
]
