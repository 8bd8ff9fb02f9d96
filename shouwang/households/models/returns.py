"""上报: what a place or a department told the place above about a period, as it stood when it was sent; signed for or given back."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Return(models.Model):
    """One return as it was sent. Never edited: one that was given back stays, with the reason, and a new one follows it.

    ``kind`` is a code of ``households.returns.kinds.KINDS``; ``figures`` are frozen; ``department`` is empty for a place's own.
    """

    kind = models.CharField("报表", max_length=24)
    period = models.CharField("时期", max_length=7, help_text="2022-06 或 2022")
    region_code = models.CharField("上报单位", max_length=12)
    department = models.CharField("部门", max_length=30, blank=True)
    to_region = models.CharField("报给", max_length=12)
    figures = models.JSONField("数字", default=dict)
    due_on = models.DateField("应报日", null=True, help_text="空：文件没有给出日期")
    due_parameter = models.JSONField("期限依据", default=dict)
    note = models.CharField("说明", max_length=300, blank=True)
    sent_on = models.DateField("上报日")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上报人")
    at = models.DateTimeField("记录时间")
    signed_on = models.DateField("签收日", null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签收人"
    )
    returned_on = models.DateField("退回日", null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="退回人"
    )
    return_reason = models.CharField("退回理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "上报"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period", "region_code", "department"],
                condition=models.Q(returned_on=None),
                name="return_sent_once",
                violation_error_message="这一期已经上报",
            ),
            models.CheckConstraint(
                condition=models.Q(returned_on=None, return_reason="")
                | (models.Q(returned_on__isnull=False) & ~models.Q(return_reason="")),
                name="return_given_back_with_a_reason",
                violation_error_message="退回须写明理由",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_on=None) | models.Q(returned_on=None),
                name="return_signed_or_given_back",
                violation_error_message="签收了的不能再退回",
            ),
        ]
        indexes = [models.Index(fields=["to_region", "kind", "period"], name="return_list")]
