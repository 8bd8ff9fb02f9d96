"""What the household loop keeps beside the cases: who looks after whom, what is done, what changed, what was asked and answered."""

from .changes import NaturalChange
from .department_lists import DepartmentList, ListRow
from .large_scale import EventEntry, LargeScaleEvent, ScreenedHousehold
from .pushes import Push, PushedRow
from .responsibility import Responsibility
from .samples import SampledCase, SampleDraw
from .support import Measure

__all__ = [
    "DepartmentList",
    "EventEntry",
    "LargeScaleEvent",
    "ListRow",
    "Measure",
    "NaturalChange",
    "Push",
    "PushedRow",
    "Responsibility",
    "SampleDraw",
    "SampledCase",
    "ScreenedHousehold",
]
