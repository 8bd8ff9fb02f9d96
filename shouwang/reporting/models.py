"""What reporting remembers: the columns in which a unit wants a list."""

from __future__ import annotations

from django.db import models

from shouwang.organisation.models import Account


class ColumnTemplate(models.Model):
    """The columns of a list that a unit once asked for, under a name, for one region. ``columns``: [[column, heading], …]."""

    list_name = models.CharField("名单", max_length=40)
    unit = models.CharField("索要单位", max_length=80)
    name = models.CharField("模板名称", max_length=40)
    region_code = models.CharField("区域", max_length=12)
    columns = models.JSONField("列", default=list)
    kept_at = models.DateTimeField("保存时间")
    kept_by = models.ForeignKey(Account, models.PROTECT, null=True, verbose_name="保存人")

    class Meta:
        verbose_name = "列模板"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "list_name", "unit", "name"],
                name="column_template_once",
                violation_error_message="这个单位已有同名的列模板",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.name}"
