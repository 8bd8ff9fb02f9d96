"""What every list and count of the pages takes at the server, as every role at every level, in both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..data import Folder
from ..measuring import run
from ..report import Goal, Section
from . import stores

if TYPE_CHECKING:
    from shouwang.organisation.models import Account

GOAL_MS = 200
_PLACE = re.compile(r"{(\w+)}")
# {below}: a division below the account's own, so that lists are also narrowed as people narrow them.
_PAGES = (
    "/", "/todo", "/todo?whose=below", "/todo?whose=all", "/todo?whose=all&late=1&region={below}",
    "/reminders", "/reminders/forecast", "/supervisions", "/supervisions/{supervision}",
    "/leads", "/leads?due=late", "/leads?due=soon", "/leads?rule=household.income_below_line", "/leads?status=no_risk",
    "/leads?sort=-opened", "/leads?sort=village", "/leads?batch=7", "/leads?q=张", "/leads?region={below}",
    "/leads/not-included", "/leads/not-included?region={below}", "/leads/collection", "/leads/{lead}",
    "/cases", "/cases?status=supported", "/cases?status=cleared", "/cases?special=late", "/cases?special=green",
    "/cases?special=unmet", "/cases?special=idle", "/cases?risk=illness", "/cases?status=supported&risk=illness",
    "/cases?q=李", "/cases?sort=village", "/cases?region={below}", "/cases?special=unmet&region={below}", "/cases/{case}",
    "/notices", "/papers", "/export/leads/columns",
    "/households", "/households?kind=脱贫户", "/households?kind=monitored", "/households?kind=gone",
    "/households?q=王建", "/households?region={below}", "/households/search?q=王建", "/households/{household}",
    "/metrics", "/metrics?by=source", "/metrics?by=township", "/metrics?by=month", "/metrics?region={below}",
    "/metrics/leads?part=leads", "/metrics/leads?by=rule&key=household.income_below_line&part=verified",
    "/metrics/leads?part=to_measure",
    "/responsibilities", "/responsibilities/households", "/responsibilities/households?gap=no_contact",
    "/responsibilities/households?gap=vacant", "/responsibilities?region={below}", "/responsibilities/hand-over",
    "/changes", "/changes?month=2022-06", "/changes/{change}", "/archive", "/archive/compare",
    "/events", "/events/new", "/events/{event}", "/events/{event}/households", "/events/{event}/units", "/events/triggers",
    "/events/triggers/{county}/prices", "/events/triggers/{county}/unemployed",
    "/events/triggers/{county}/reported/price_fall",
    "/lists", "/lists/new", "/lists/{list}", "/samples", "/samples/{sample}", "/pushes", "/pushes/{push}",
    "/pushes/{push}/rows", "/inspections", "/inspections/{inspection}", "/inspections/sheets/{sheet}", "/listings",
    "/monthly", "/monthly/rows", "/returns", "/returns/measures", "/registers", "/registers/unsold_produce",
    "/registers/unsold_produce/missing/measures", "/registers/unsold_produce/find", "/registers/unsold_produce/new",
    "/visits", "/visits/coverage", "/visits/coverage?region={below}", "/visits/conflicts", "/visits/phones",
    "/visits/burden", "/visits/campaigns", "/visits/unplanned", "/visits/households/{visit}",
    "/visits/households/{visit}/sheet",
    "/ledger", "/ledger?region={below}", "/ledger/households/{household}", "/ledger/households/{household}/2022-06/wage",
    "/outlook", "/entitlements", "/entitlements?region={below}", "/growth", "/uninsured",
    "/reports", "/reports?stage=answered", "/reports/figures", "/reports/codes", "/reports/codes/sheets",
    "/reports/take", "/reports/{report}",
    "/files", "/files/calendar", "/files/{batch}", "/files/{batch}/rows", "/files/upload", "/files/templates", "/decisions",
    "/decisions/{pending}", "/consultations", "/consultations/new", "/screening", "/screening/what-if",
    "/screening/{run}", "/screening/{run}/household.income_below_line", "/screening/{run}/household.income_below_line/gaps",
    "/checks",
    "/policy/documents", "/policy/documents/laiyuan-2022-9", "/policy/parameters",
    "/policy/parameters/household.identification_limit", "/policy/procedures", "/policy/procedures/case", "/policy/rules",
    "/policy/rules/household.income_below_line", "/policy/fields", "/regions?q=南关",
    "/institutions", "/institutions/gaps", "/units", "/units/new", "/units/{unit}", "/staff", "/staff/roster",
    "/staff/{staff}", "/account", "/account/second-factor", "/accounts", "/accounts/new", "/accounts/who-sees",
    "/accounts/{account}", "/audit", "/audit?region={below}", "/app/", "/app/sw.js", "/health",
)  # fmt: skip
# Routes that no page of the bench asks for, and why.
_WRITES, _FILES, _DOOR = (
    "it writes",
    "it is a file, made row by row or in the background",
    "it is outside, without an account",
)
_NOTHING = "the city has nothing there"
NOT_ASKED = (
    dict.fromkeys(
        (
            "account_act", "case_clock", "case_step", "changes_generate", "dispatch", "lead_clock",
            "finish_decision", "forget_columns", "income_act", "lead_step", "ledger_close", "ledger_collect",
            "measure_change", "measure_plan", "monthly_send", "person_change", "phone_revoke", "plan", "push_batch",
            "register_act", "register_revert", "register_take_in", "report_answer", "report_code_renew",
            "report_codes_open", "report_match", "report_reveal", "sample_check", "step_photo_add", "unit_change",
            "unmask", "uninsured_send", "visit_close", "visit_confirm", "visit_settle", "visit_undo",
            "archive_settle", "consultation_correction", "correction", "mapping", "responsibility_upload",
            "register_upload", "income_what_if", "roster_file",
        ),
        _WRITES,
    )
    | dict.fromkeys(
        (
            "archive_file", "case_paper", "changes_file", "check_file", "department_list_file", "event_file", "export",
            "inspection_bulletin", "inspection_file", "listing_paper", "metrics_file", "monthly_paper", "notice_sheet",
            "outgoing", "paper_decision", "paper_monthly", "paper_supervision", "push_file", "refused",
            "register_refused", "register_template", "report_sheet_file", "responsibility_blank",
            "responsibility_gaps_file", "return_paper", "roster_template", "sample_file", "step_photo",
            "supervision_paper", "template", "uninsured_file", "unplanned_file", "visit_photo",
        ),
        _FILES,
    )
    | dict.fromkeys(
        (
            "door", "door_notices", "door_objection", "door_progress", "invitation", "second_factor", "sign_in", "sign_out",
        ),
        _DOOR,
    )
    | dict.fromkeys(
        ("check", "consultation", "evidence", "job", "listing", "register_row", "return", "return_rows", "table"), _NOTHING
    )
)  # fmt: skip


def pages() -> tuple[str, ...]:
    """Every page as it is written down, with its places in braces."""
    return _PAGES


def roles_by_region() -> list[str]:
    """Accounts of every role, those of the smaller places first: that is where such systems die."""
    from shouwang.organisation.roles import ROLES

    pairs = [(level, role.code) for role in ROLES for level in role.levels]
    return [f"{code}-{level}" for level, code in sorted(pairs, key=lambda pair: (-pair[0], pair[1]))]


def addresses(account: Account) -> Iterator[str]:
    """The pages with a division below the account's own in place of ``{below}``, and something of its region in place of
    ``{lead}``, ``{case}`` and so on, where there is one."""
    from shouwang.regions import queries as regions

    from . import things

    below = [child.code for child in regions.children(account.region_code)]
    # the demonstration's own county is the largest of the city
    chosen = next((code for code in below if code == "130630000000"), below[0] if below else "")
    known = things.of(account) | ({"below": chosen} if chosen else {})
    for page in _PAGES:
        if set(_PLACE.findall(page)) <= set(known):
            yield page.format(**known)


def section(folder: Folder, store: str) -> Section:
    with stores.environment(folder, store) as found:
        figures = run("city_pages", GOAL_MS, environment=found).notes["figures"]
    # SQLite works in the process itself, and a shared machine makes the clock say little; PostgreSQL works beside it
    measure = "cpu" if store == stores.SQLITE else "ms"
    figures.sort(key=lambda line: -line[measure])
    late = [line for line in figures if line[measure] >= GOAL_MS]
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
    times = sorted(line[measure] for line in figures)
    median, tenth = times[len(times) // 2], times[len(times) * 9 // 10]
    result.remarks.append(
        f"median {median:.0f} ms, nine of ten within {tenth:.0f} ms, {len(late)} above {GOAL_MS} ms,"
        f" by {'the processor' if measure == 'cpu' else 'the clock'}"
    )
    result.goals.append(Goal(f"slowest page of a city on {store}", times[-1], "<", GOAL_MS, " ms"))
    result.goals.append(Goal(f"pages that failed on {store}", len(failed), "<=", 0))
    return result
