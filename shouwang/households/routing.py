"""Which department is asked first about which risk: a proposal that the sender may change (S3-B-08)."""

from __future__ import annotations

# hebei-opinion-2021#2.2: dealt with by kind and level, each department its own; the columns are the fewest that it needs.
DEPARTMENT_OF_RISK = {
    "illness": "medical_insurance",
    "disability": "disabled_federation",
    "schooling": "education",
    "disaster": "emergency",
    "accident": "civil_affairs",
    "industry_failure": "agriculture",
    "unstable_work": "human_resources",
    "labour_shortage": "civil_affairs",
    "housing": "housing",
    "water": "water",
    "epidemic": "health",
    "other": "civil_affairs",
}


def departments(risks: list[str]) -> list[str]:
    """The departments for a household's risks, each once, in the order of the risks."""
    return list(dict.fromkeys(DEPARTMENT_OF_RISK[risk] for risk in risks if risk in DEPARTMENT_OF_RISK))
