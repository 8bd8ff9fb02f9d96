"""What is planned and done for a household: one line a measure, owned by a department."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.casework.models import Case

PREVENTIVE, REMEDIAL = "preventive", "remedial"


class Measure(models.Model):
    """One measure of a case's plan: what against which risk, by which department, planned, done, how much.

    ``kind`` is a code of ``households.measures.CATALOGUE``. A line is never deleted: it is cancelled with a reason.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="measures", verbose_name="个案")
    region_code = models.CharField("村", max_length=12)
    kind = models.CharField("措施", max_length=40)
    risk = models.CharField("针对的风险", max_length=20)
    department = models.CharField("责任部门", max_length=40)
    phase = models.CharField("性质", max_length=12, choices=[(PREVENTIVE, "事前预防"), (REMEDIAL, "事后帮扶")])
    title = models.CharField("内容", max_length=200)
    planned_on = models.DateField("计划日")
    due_on = models.DateField("应完成日", null=True)
    started_on = models.DateField("开始日", null=True)
    done_on = models.DateField("完成日", null=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    result = models.CharField("结果", max_length=200, blank=True)
    cancelled_on = models.DateField("取消日", null=True)
    cancel_reason = models.CharField("取消理由", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "帮扶措施"
        indexes = [
            # which cases have a standing measure against a risk, all at once
            models.Index(fields=["risk", "case"], name="measure_by_risk", condition=models.Q(cancelled_on=None)),
            # what every list of cases asks of each: is there a standing measure against a risk, or of a kind
            models.Index(
                fields=["case", "risk", "kind"], name="measure_standing", condition=models.Q(cancelled_on=None)
            ),
            models.Index(fields=["region_code", "department", "done_on"], name="measure_list"),
            # what is added up of measures: a sum reads this one alone
            models.Index(
                fields=["region_code", "kind", "department", "case", "planned_on", "done_on", "cancelled_on"],
                name="measure_sums",
            ),
        ]
