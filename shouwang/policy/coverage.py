"""What implements each duty of each document, and what is still open: the measure of how complete the product is.

A duty is implemented when the claims (``register``: called once by config at start-up) name what implements it. A claim may
say what is still missing: the duty then stays open, with what there is. Parameters alone implement nothing, except where the
duty is the parameter; that too is for the claims to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shouwang.foundation.errors import UserError

from .defects import nearest
from .documents import Clause
from .policies import Policies

IMPLEMENTED, OPEN, GUIDANCE = "implemented", "open", "guidance"
STATUS_LABELS = {IMPLEMENTED: "已实现", OPEN: "未实现", GUIDANCE: "政策指引"}

# What a duty of each kind still needs; the text of an open row.
_STILL_MISSING = {
    "REG": "尚缺名录的登记和检查",
    "FEED": "尚缺数据的接收和比对",
    "RULE": "尚缺按条文判断的规则",
    "CASE": "尚缺办理流程",
    "TASK": "尚缺限期任务",
    "LEDGER": "尚缺台账",
    "RPT": "尚缺报表",
    "TGT": "尚缺目标与实际的对照",
    "IND": "尚缺指标计算",
    "ATT": "尚缺考勤登记",
    "FUND": "尚缺资金台账和检查",
    "ASSET": "尚缺资产台账",
    "TRN": "尚缺培训登记",
    "PUB": "尚缺公示登记",
    "SUP": "尚缺督查督办流程",
    "GEO": "尚缺地图",
    "NOTE": "尚未说明作为指引的理由",
    "": "尚未实现",
}


@dataclass(frozen=True)
class Claim:
    """What implements a duty: dotted names of the program, or a document; ``missing`` says what the duty still needs."""

    by: tuple[str, ...]
    missing: str = ""

    @classmethod
    def of(cls, written: Claim | Iterable[str]) -> Claim:
        return written if isinstance(written, Claim) else cls(tuple(written))


_claims: dict[str, Claim] = {}


@dataclass(frozen=True)
class Row:
    """One duty (or one clause of guidance, whose ``duty`` is empty): its state, what implements it, and why if nothing does."""

    document: str
    clause: str
    duty: str
    status: str
    implemented_by: tuple[str, ...]
    reason: str

    def plain(self) -> dict[str, Any]:
        """For JSON: document, clause, duty, status, implemented_by, reason."""
        return {
            "document": self.document,
            "clause": self.clause,
            "duty": self.duty,
            "status": self.status,
            "implemented_by": list(self.implemented_by),
            "reason": self.reason,
        }


def register(claims: Mapping[str, Claim | Iterable[str]]) -> None:
    """Takes the claims: duty → what implements it. Called again, the new claims stand instead."""
    _claims.clear()
    _claims.update({duty: Claim.of(written) for duty, written in claims.items()})


def registered() -> dict[str, Claim]:
    return dict(_claims)


def rows(policies: Policies, *, claims: Mapping[str, Claim | Iterable[str]] | None = None) -> list[Row]:
    """One row per duty and one per clause of guidance, in the order of the documents.

    ``claims`` stand in for the registered ones. Raises UserError for a claim on a duty that no document has.
    """
    claimed = {duty: Claim.of(written) for duty, written in (_claims if claims is None else claims).items()}
    check(policies, claims=claimed)
    found: list[Row] = []
    seen: set[str] = set()
    for document in policies.documents.values():
        for clause in document.clauses:
            for duty in clause.duties:
                if duty not in seen:
                    seen.add(duty)
                    found.append(_duty_row(policies, clause, duty, claimed.get(duty, Claim(()))))
            if clause.guidance and not clause.duties:
                found.append(Row(document.id, clause.id, "", GUIDANCE, (), clause.guidance))
    return found


def check(policies: Policies, *, claims: Mapping[str, Claim | Iterable[str]] | None = None) -> None:
    """Raises UserError when a duty is claimed that no document has, or claimed by nothing."""
    for duty, written in (_claims if claims is None else claims).items():
        if duty not in policies.duties:
            hint = nearest(duty, policies.duties) or "请核对职责编号。"
            raise UserError(f"认领了不存在的职责“{duty}”", place="职责认领表", next_step=hint)
        if not Claim.of(written).by:
            raise UserError(
                f"职责“{duty}”的认领没有写由什么实现", place="职责认领表", next_step="请写明，或删去这一条。"
            )


def _duty_row(policies: Policies, clause: Clause, duty: str, claimed: Claim) -> Row:
    if claimed.by:
        status = OPEN if claimed.missing else IMPLEMENTED
        return Row(clause.document_id, clause.id, duty, status, claimed.by, claimed.missing)
    if clause.guidance:
        return Row(clause.document_id, clause.id, duty, GUIDANCE, (), clause.guidance)
    given = [parameter.name for parameter in policies.citing(clause.citation) if parameter.values]
    left_open = [parameter.name for parameter in policies.citing(clause.citation) if not parameter.values]
    reason = _STILL_MISSING[clause.kind]
    if given:
        reason += f"；条文的数值已登记为参数 {'、'.join(given)}"
    if left_open:
        reason += f"；条文没有给出的数值留待录入：{'、'.join(left_open)}"
    return Row(clause.document_id, clause.id, duty, OPEN, (), reason)
