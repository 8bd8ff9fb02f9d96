"""Writes of reporting: keeping and forgetting the columns in which a unit wants a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.organisation import audit
from shouwang.organisation.scope import Scope

from .columns import Chosen, require_fitting
from .models import ColumnTemplate

if TYPE_CHECKING:
    from shouwang.organisation.models import Account


def keep_columns(
    *,
    list_name: str,
    unit: str,
    name: str,
    region_code: str,
    headings: Sequence[str],
    chosen: Sequence[Chosen],
    by: Account,
    now: dt.datetime,
) -> ColumnTemplate:
    """Keeps the chosen columns under a name; the same name again replaces them. ``headings`` are those of the list.

    Raises UserError when nothing is chosen or a column does not fit, NotPermittedError outside the account's region.
    """
    unit, name = unit.strip(), name.strip()
    _require_inside(by, region_code)
    if not unit or not name:
        raise UserError("列模板要有单位和名称", next_step="请填写索要名单的单位和模板名称。")
    if not chosen:
        raise UserError("没有选列", next_step="请至少选一列。")
    require_fitting(headings, chosen)
    with transaction.atomic():
        template, _ = ColumnTemplate.objects.update_or_create(
            region_code=region_code,
            list_name=list_name,
            unit=unit,
            name=name,
            defaults={"columns": [[one.column, one.heading] for one in chosen], "kept_at": now, "kept_by": by},
        )
        audit.record(
            by=by,
            action="保存列模板",
            region_code=region_code,
            target=f"{unit} {name}",
            detail={"list": list_name, "columns": [one.shown for one in chosen]},
        )
    return template


def forget_columns(*, template: ColumnTemplate, by: Account) -> None:
    """Raises NotPermittedError outside the account's region. Forgetting twice does no harm."""
    _require_inside(by, template.region_code)
    with transaction.atomic():
        deleted, _ = ColumnTemplate.objects.filter(pk=template.pk).delete()
        if deleted:
            audit.record(by=by, action="删除列模板", region_code=template.region_code, target=str(template))


def _require_inside(by: Account, region_code: str) -> None:
    if not Scope.of(by).contains(region_code):
        raise NotPermittedError("这个区域不在您的管辖范围内", next_step="请选择本区域。")
