"""The documents, each with its clauses in the order of the text and what implements them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang import policy
from shouwang.organisation import roles
from shouwang.policy import Policies, coverage
from shouwang.policy.documents import Clause, Document
from shouwang.screening import catalogue

from ..access import needs


@needs(roles.SEE_POLICIES)
def documents(request: HttpRequest) -> HttpResponse:
    """Every document with how far its duties are implemented."""
    policies = policy.load()
    states: dict[str, Counter[str]] = {document: Counter() for document in policies.documents}
    for row in coverage.rows(policies):
        states[row.document][row.status] += 1
    rows = [{"document": document, "states": states[document.id]} for document in policies.documents.values()]
    total = sum(states.values(), Counter())
    return render(
        request,
        "web/policy/documents.html",
        {"rows": rows, "total": total, "total_count": total.total(), "version": policies.version},
    )


@needs(roles.SEE_POLICIES)
def document(request: HttpRequest, document_id: str) -> HttpResponse:
    """One document, clause by clause; ``status`` keeps only clauses in that state, with the headings above them."""
    policies = policy.load()
    if document_id not in policies.documents:
        raise Http404
    shown = policies.documents[document_id]
    by_clause: dict[str, list[coverage.Row]] = {}
    for row in coverage.rows(policies):
        if row.document == document_id:
            by_clause.setdefault(row.clause, []).append(row)
    wanted = request.GET.get("status", "")
    if wanted not in coverage.STATUS_LABELS:
        wanted = ""
    names = {
        "document": shown,
        "clauses": _clauses(policies, shown, by_clause, wanted),
        "states": Counter(row.status for rows in by_clause.values() for row in rows),
        "labels": coverage.STATUS_LABELS,
        "status": wanted,
    }
    return render(request, "web/policy/document.html", names | {"section": "documents"})


def _clauses(
    policies: Policies, document: Document, by_clause: dict[str, list[coverage.Row]], wanted: str
) -> list[dict[str, Any]]:
    known = {clause.id: clause for clause in document.clauses}
    kept = {clause.id for clause in document.clauses if _is_kept(by_clause.get(clause.id, []), wanted)}
    for clause_id in list(kept):
        kept.update(above.id for above in _above(known[clause_id], known))
    return [
        {
            "clause": clause,
            "level": min(len(_above(clause, known)), 4),
            "duties": [
                {
                    "row": row,
                    "label": coverage.STATUS_LABELS[row.status],
                    "by": [_implementer(policies, name) for name in row.implemented_by],
                }
                for row in by_clause.get(clause.id, [])
            ],
            "parameters": policies.citing(clause.citation),
        }
        for clause in document.clauses
        if clause.id in kept
    ]


def _is_kept(rows: list[coverage.Row], wanted: str) -> bool:
    return not wanted or any(row.status == wanted for row in rows)


def _above(clause: Clause, known: dict[str, Clause]) -> list[Clause]:
    found = []
    while (parent := known.get(clause.parent_id)) is not None:
        found.append(parent)
        clause = parent
    return found


def _implementer(policies: Policies, name: str) -> dict[str, str]:
    """What implements a duty, with the kind of page that shows it."""
    if name in catalogue.rules():
        return {"kind": "rule", "name": name, "label": f"规则：{catalogue.rules()[name].rule.label}"}
    if name in policies.parameters:
        return {"kind": "parameter", "name": name, "label": f"参数：{policies.parameters[name].label}"}
    return {"kind": "", "name": name, "label": name}
