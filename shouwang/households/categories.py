"""Which of the three object categories a lead's household would belong to, were its risk confirmed."""

from __future__ import annotations

from .derived.low_income import LOW, UNKNOWN
from .kinds import ALLEVIATED

# domain code set of the national system (hengshui-2022-1#C.1)
ALLEVIATED_UNSTABLE, MARGINAL_VULNERABLE, SUDDEN_SEVERE_HARDSHIP = "脱贫不稳定户", "边缘易致贫户", "突发严重困难户"
ALL = (ALLEVIATED_UNSTABLE, MARGINAL_VULNERABLE, SUDDEN_SEVERE_HARDSHIP)


def proposed(*, position: str | None, household_type: str) -> str:
    """The category by last year's income: ``position`` low, unknown, or None for a household over the line.

    Over the line the risk can only be a sudden one. Without an income of last year nothing is proposed (empty).
    """
    if position == UNKNOWN:
        return ""
    if position == LOW:
        return ALLEVIATED_UNSTABLE if household_type == ALLEVIATED else MARGINAL_VULNERABLE
    return SUDDEN_SEVERE_HARDSHIP
