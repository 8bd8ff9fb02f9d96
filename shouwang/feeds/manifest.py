"""Which duties of the documents this room implements, and by what; config hands the list to the policy room."""

from __future__ import annotations

# duty → what implements it
CLAIMS: dict[str, tuple[str, ...]] = {
    "S0-C-04": ("shouwang.feeds.datasets", "shouwang.feeds.calendar"),
    "S0-C-05": ("shouwang.feeds.actions.import_file", "shouwang.feeds.queries.pushed"),
    "S0-C-09": ("shouwang.feeds.calendar",),
    "S0-C-58": ("shouwang.feeds.actions.import_file",),
    "S0-C-59": ("shouwang.feeds.calendar", "shouwang.feeds.actions.import_file"),
    "S1-C-02": ("shouwang.feeds.actions.import_file",),
    "S2-B-03": ("shouwang.feeds.datasets.monthly_income",),
    "S4-C-04": ("shouwang.feeds.calendar",),
}
