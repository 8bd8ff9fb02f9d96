"""Inspections (专项督查、专项检查): what was drawn with which seed, what was found on the spot, and how it was put right (S0-C-28, S0-C-35)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.registry.models import Household

from .support import Measure


class Inspection(models.Model):
    """One inspection of a region. ``population`` lists (key, place) of everything drawn from, so that anybody can draw again."""

    kind = models.CharField("种类", max_length=20)
    region_code = models.CharField("区域", max_length=12)
    from_on = models.DateField("自", null=True)
    until_on = models.DateField("至", null=True, help_text="空：没有文件规定时间")
    cites = models.JSONField("依据", default=list)
    size = models.PositiveIntegerField("抽取数")
    seed = models.CharField("随机种子", max_length=40)
    population = models.JSONField("抽样总体", default=list)
    drawn_on = models.DateField("抽取日")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="抽取人")
    at = models.DateTimeField("抽取时间")

    class Meta:
        verbose_name = "专项检查"
        indexes = [models.Index(fields=["region_code", "-drawn_on"], name="inspection_list")]


class InspectedItem(models.Model):
    """One sheet: what the records say (``told``), what was found (``findings``), and the rectification of what was wrong."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="items", verbose_name="检查")
    place = models.PositiveIntegerField("次序")
    region_code = models.CharField("区域代码", max_length=12)
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="inspected", verbose_name="措施")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="inspected", verbose_name="农户")
    told = models.JSONField("台账所载", default=dict)
    findings = models.JSONField("检查情况", default=dict)
    is_sound = models.BooleanField("没有问题", null=True)
    note = models.CharField("问题", max_length=200, blank=True)
    checked_on = models.DateField("检查日", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="检查人")
    rectify_by = models.DateField("整改期限", null=True)
    rectification = models.CharField("整改情况", max_length=200, blank=True)
    rectified_on = models.DateField("整改日", null=True)
    rectified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="整改人"
    )
    closed_on = models.DateField("销号日", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="销号人"
    )

    class Meta:
        verbose_name = "检查事项"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "place"], name="inspected_item_once"),
            models.CheckConstraint(
                condition=models.Q(is_sound__isnull=True, checked_on__isnull=True)
                | models.Q(is_sound__isnull=False, checked_on__isnull=False),
                name="inspection_result_has_a_day",
                violation_error_message="检查结果须有检查日",
            ),
            models.CheckConstraint(
                condition=~models.Q(is_sound=False) | models.Q(rectify_by__isnull=False),
                name="inspection_problem_has_a_due_day",
                violation_error_message="有问题的须有整改期限",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(rectified_on__isnull=False),
                name="inspection_closed_after_rectified",
                violation_error_message="整改后才能销号",
            ),
        ]
        indexes = [models.Index(fields=["inspection", "region_code"], name="inspected_items")]
