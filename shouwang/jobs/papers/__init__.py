"""Papers of what the platform holds: which there are, who may take them, and what they are filled with.

A room below says what a paper looks like (``reporting.drafts``); here its values are read, always through a scope.
"""

from . import words
from .case_papers import CASE_PAPERS, CasePaper
from .decisions import decided, decision
from .income_bulletin import income_bulletin
from .listings import listing_notice, release_notice
from .monthly import monthly
from .notices import Posted, notice_paper, posted, together, up_on
from .returns import measure_return, month_bulletin, month_report, sent
from .supervision import late_tasks, note

__all__ = [
    "CASE_PAPERS",
    "CasePaper",
    "Posted",
    "decided",
    "decision",
    "income_bulletin",
    "late_tasks",
    "listing_notice",
    "measure_return",
    "month_bulletin",
    "month_report",
    "monthly",
    "note",
    "notice_paper",
    "posted",
    "release_notice",
    "sent",
    "together",
    "up_on",
    "words",
]
