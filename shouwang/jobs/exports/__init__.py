"""Lists that can be handed out as files. Pages show the same rows under the same filter; identity numbers stay masked."""

from .casebook import cases, not_included, todo
from .catalogue import EXPORTS, Export
from .organisation import audit, institution_gaps, staff
from .rows import Filters, batches, collection, derived_rows, findings, gaps, households, leads, pending, reports
from .writing import FORMATS, headings_of, is_large, path_of, write, write_list

__all__ = [
    "EXPORTS",
    "FORMATS",
    "Export",
    "Filters",
    "audit",
    "batches",
    "cases",
    "collection",
    "derived_rows",
    "findings",
    "gaps",
    "headings_of",
    "households",
    "institution_gaps",
    "is_large",
    "leads",
    "not_included",
    "path_of",
    "pending",
    "reports",
    "staff",
    "todo",
    "write",
    "write_list",
]
