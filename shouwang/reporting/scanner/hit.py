"""What the scanner finds, and which papers may carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from shouwang.foundation.errors import UserError

_MOST_SHOWN = 3


class Kind(Enum):
    """What may not leave openly; the value is what a person calls it."""

    IDENTITY = "身份证号码"
    PHONE = "电话号码"
    BANK_ACCOUNT = "银行账号"
    DISABILITY_CERTIFICATE = "残疾证号"
    DIAGNOSIS = "病名或健康状况"


class PaperClass(Enum):
    """Who will hold the paper. ``forbidden`` are the kinds that stop it.

    PUBLIC hangs on a wall. INTERNAL goes to offices, numbers masked and illness as 因病 (个人信息保护法 art. 6, 28).
    OFFICIAL carries numbers in full because its receiver must match on them: the national layout, rows given back to their
    sender, a list to a department. Whoever writes one has checked the permission and logs it.
    """

    PUBLIC = "公开"
    INTERNAL = "内部"
    OFFICIAL = "专用"

    @property
    def forbidden(self) -> frozenset[Kind]:
        return frozenset() if self is PaperClass.OFFICIAL else frozenset(Kind)


@dataclass(frozen=True)
class Hit:
    """Something that may not leave: what, where, and the value as it may be shown."""

    kind: Kind
    place: str
    excerpt: str  # masked


class SensitiveContentError(UserError):
    """Something may not leave. ``hits`` are masked."""

    def __init__(self, message: str, *, place: str, next_step: str, hits: Sequence[Hit]) -> None:
        super().__init__(message, place=place, next_step=next_step)
        self.hits = tuple(hits)


def refuse(hits: Sequence[Hit], paper_class: PaperClass, *, named: str = "") -> None:
    """Raises SensitiveContentError when one of the hits is forbidden for the class."""
    found = [hit for hit in hits if hit.kind in paper_class.forbidden]
    if not found:
        return
    places = "、".join(f"{hit.place}（{hit.kind.value}）" for hit in found[:_MOST_SHOWN])
    more = f"等 {len(found):,} 处" if len(found) > _MOST_SHOWN else ""
    raise SensitiveContentError(
        f"{paper_class.value}材料中有不得外传的内容：{places}{more}，文件没有写出",
        place=named,
        next_step="请在原记录中改掉或脱敏后重新生成；本单位的办公电话请登记为联系电话。",
        hits=found,
    )
