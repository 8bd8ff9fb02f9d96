"""Reads of reporting: the columns that were kept for a list."""

from __future__ import annotations

from django.db.models import QuerySet

from shouwang.foundation.errors import UserError
from shouwang.organisation.scope import Scope

from .columns import Chosen
from .models import ColumnTemplate


def column_templates(*, scope: Scope, list_name: str, unit: str = "") -> QuerySet[ColumnTemplate]:
    """Those kept for regions inside the scope, by unit and name."""
    rows = scope.filter(ColumnTemplate.objects.filter(list_name=list_name))
    return (rows.filter(unit=unit) if unit else rows).order_by("unit", "name")


def column_template(*, scope: Scope, list_name: str, pk: int) -> tuple[Chosen, ...]:
    """The columns of one template. Raises UserError when there is none inside the scope."""
    found = column_templates(scope=scope, list_name=list_name).filter(pk=pk).first()
    if found is None:
        raise UserError("没有这个列模板", next_step="请重新选择列模板，或按原列导出。")
    return chosen_of(found)


def chosen_of(template: ColumnTemplate) -> tuple[Chosen, ...]:
    return tuple(Chosen(column, heading) for column, heading in template.columns)
