"""What the household loop keeps beside the cases: who looks after whom, what is done, what changed, what was asked and answered."""

from .archive import ArchiveComparison, ArchiveDifference
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
from .listings import Listing, ListingEntry
from .pushes import Push, PushedRow
from .registers import RegisterChange, RegisterRow
from .responsibility import Responsibility
from .returns import Return
from .samples import SampledCase, SampleDraw
from .support import Measure
from .visits import Device, MissedVisit, Photo, SentRecord, Visit, VisitChange, VisitMonth

__all__ = [
    "ArchiveComparison",
    "ArchiveDifference",
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
    "Listing",
    "ListingEntry",
    "LoanSurvey",
    "Measure",
    "MissedVisit",
    "NaturalChange",
    "Photo",
    "Push",
    "PushedRow",
    "RegisterChange",
    "RegisterRow",
    "Responsibility",
    "Return",
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
