"""What the household loop keeps beside the cases: who looks after whom, and what is done for them."""

from .responsibility import Responsibility
from .support import Measure

__all__ = ["Measure", "Responsibility"]
