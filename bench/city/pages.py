"""What every list and count of the pages takes at the server, as every role at every level, in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..data import Folder
from ..measuring import run
from ..report import Goal, Section
from . import stores

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

GOAL_MS = 200
# {below}: a division below the account's own, so that lists are also narrowed as people narrow them.
_PAGES = (
    "/", "/todo", "/todo?whose=below", "/todo?whose=all", "/todo?whose=all&late=1&region={below}",
    "/leads", "/leads?due=late", "/leads?due=soon", "/leads?rule=household.income_below_line", "/leads?status=no_risk",
    "/leads?sort=-opened", "/leads?sort=village", "/leads?batch=7", "/leads?q=张", "/leads?region={below}",
    "/leads/not-included", "/leads/not-included?region={below}", "/leads/collection",
    "/cases", "/cases?status=supported", "/cases?status=cleared", "/cases?special=late", "/cases?special=green",
    "/cases?special=unmet", "/cases?special=idle", "/cases?risk=illness", "/cases?status=supported&risk=illness",
    "/cases?q=李", "/cases?sort=village", "/cases?region={below}", "/cases?special=unmet&region={below}",
    "/households", "/households?kind=脱贫户", "/households?kind=monitored", "/households?kind=gone",
    "/households?q=王建", "/households?region={below}",
    "/metrics", "/metrics?by=source", "/metrics?by=township", "/metrics?by=month", "/metrics?region={below}",
    "/metrics/leads?part=leads", "/metrics/leads?by=rule&key=household.income_below_line&part=verified",
    "/metrics/leads?part=to_measure",
    "/responsibilities", "/responsibilities/households", "/responsibilities/households?gap=no_contact",
    "/responsibilities/households?gap=vacant", "/responsibilities?region={below}",
    "/changes", "/changes?month=2022-06", "/events", "/lists", "/samples", "/pushes",
    "/visits", "/visits/coverage", "/visits/coverage?region={below}", "/visits/conflicts", "/visits/phones",
    "/visits/burden", "/visits/campaigns",
    "/ledger", "/outlook", "/entitlements", "/growth",
    "/reports", "/reports?stage=answered", "/reports/figures", "/reports/codes",
    "/files", "/files/calendar", "/decisions", "/consultations", "/screening", "/checks",
    "/institutions", "/institutions/gaps", "/units", "/staff", "/accounts", "/audit", "/audit?region={below}",
)  # fmt: skip


def roles_by_region() -> list[str]:
    """Accounts of every role, those of the smaller places first: that is where such systems die."""
    from shouwang.organisation.roles import ROLES

    pairs = [(level, role.code) for role in ROLES for level in role.levels]
    return [f"{code}-{level}" for level, code in sorted(pairs, key=lambda pair: (-pair[0], pair[1]))]


def addresses(account: Account) -> Iterator[str]:
    """The pages with a division below the account's own in place of ``{below}``, where there is one."""
    from shouwang.regions import queries as regions

    below = [child.code for child in regions.children(account.region_code)]
    # the demonstration's own county is the largest of the city
    chosen = next((code for code in below if code == "130630000000"), below[0] if below else "")
    for page in _PAGES:
        if "{below}" not in page or chosen:
            yield page.replace("{below}", chosen)


def section(folder: Folder, store: str) -> Section:
    with stores.environment(folder, store) as found:
        figures = run("city_pages", GOAL_MS, environment=found).notes["figures"]
    figures.sort(key=lambda line: -line["ms"])
    late = [line for line in figures if line["ms"] >= GOAL_MS]
    failed = [line for line in figures if line["status"] >= 400]
    result = Section(
        f"A city's pages on {store}: {len(figures)} pages of {len({line['login'] for line in figures})} accounts",
        ("page", "account", "ms", "processor ms", "queries"),
    )
    for line in (*late, *figures[len(late) : max(20, len(late) + 5)]):
        row = line["page"], line["login"], f"{line['ms']:.0f}", f"{line['cpu']:.0f}", str(line.get("queries", ""))
        result.rows.append(row)
    if failed:
        result.remarks.append("failed: " + "; ".join(f"{line['login']} {line['page']}" for line in failed))
    times = sorted(line["ms"] for line in figures)
    median, tenth = times[len(times) // 2], times[len(times) * 9 // 10]
    result.remarks.append(f"median {median:.0f} ms, nine of ten within {tenth:.0f} ms, {len(late)} above {GOAL_MS} ms")
    result.goals.append(Goal(f"slowest page of a city on {store}", times[-1], "<", GOAL_MS, " ms"))
    result.goals.append(Goal(f"pages that failed on {store}", len(failed), "<=", 0))
    return result
