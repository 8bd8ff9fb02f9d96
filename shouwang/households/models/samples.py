"""Sample checks of clearance marks: what was drawn, with which seed, and what was found on the spot (S0-C-23)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.casework.models import Case


class SampleDraw(models.Model):
    """One drawing. ``population`` lists the case numbers that were drawn from, so that anybody can draw again."""

    region_code = models.CharField("区域", max_length=12)
    from_on = models.DateField("消除日自")
    until_on = models.DateField("至（不含）")
    object_category = models.CharField("对象类别", max_length=20, blank=True)
    size = models.PositiveIntegerField("抽取件数")
    seed = models.CharField("随机种子", max_length=40)
    population = models.JSONField("抽样总体", default=list)
    drawn_on = models.DateField("抽取日")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="抽取人")
    at = models.DateTimeField("抽取时间")

    class Meta:
        verbose_name = "标注抽查"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gt=models.F("from_on")),
                name="sample_period_in_order",
                violation_error_message="消除日的起止不对",
            )
        ]
        indexes = [models.Index(fields=["region_code", "-drawn_on"], name="sample_list")]


class SampledCase(models.Model):
    """A case that was drawn. ``findings``: field → agree or differ; ``is_correct`` is empty until somebody was there."""

    draw = models.ForeignKey(SampleDraw, models.CASCADE, related_name="cases", verbose_name="抽查")
    case = models.ForeignKey(Case, models.PROTECT, related_name="sampled", verbose_name="个案")
    region_code = models.CharField("村", max_length=12)
    place = models.PositiveIntegerField("抽取次序")
    findings = models.JSONField("逐项核对", default=dict)
    is_correct = models.BooleanField("标注准确", null=True)
    note = models.CharField("说明", max_length=200, blank=True)
    checked_on = models.DateField("核对日", null=True)
    reopened_on = models.DateField("恢复监测日", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核对人")

    class Meta:
        verbose_name = "抽查个案"
        constraints = [
            models.UniqueConstraint(fields=["draw", "case"], name="case_drawn_once"),
            models.CheckConstraint(
                condition=models.Q(is_correct__isnull=True, checked_on__isnull=True)
                | models.Q(is_correct__isnull=False, checked_on__isnull=False),
                name="sample_result_has_a_day",
                violation_error_message="核对结果须有核对日",
            ),
        ]
