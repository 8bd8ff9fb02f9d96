"""Runs of the screening and what they found. Findings are added, never edited."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.registry.models import Household, Person


class RuleResult(models.Model):
    """What one rule found in one county from one exact set of inputs.

    ``key`` is the hash of the rule's code, the parameter values it used, the day and the contents of its input files:
    the same inputs are computed once, and a changed input re-computes only what it touches.
    """

    key = models.CharField("输入指纹", max_length=64, unique=True)
    rule = models.CharField("规则", max_length=80)
    county_code = models.CharField("县", max_length=12)
    as_of = models.DateField("截至")
    outcome = models.CharField("结果", max_length=12, choices=[("computed", "已计算"), ("not_computed", "未计算")])
    missing = models.JSONField(
        "缺什么", default=list, help_text="[{kind, name, text}]：没有取值的参数、没有来文的数据集"
    )
    counts = models.JSONField(
        "计数", default=dict, help_text="{hit, judgement, provisional, not_computed: {原因: 户数}}"
    )
    parameters = models.JSONField("所用参数", default=dict, help_text="{name: {value, comparator, region, cites}}")
    inputs = models.JSONField("所用文件", default=list, help_text="[{dataset, batch, content_hash}]")
    file = models.CharField(
        "数据湖文件", max_length=200, blank=True, help_text="规则：未能计算的户及原因；推算表：表本身"
    )
    rule_version = models.CharField("规则版本", max_length=16)
    engine = models.CharField("引擎", max_length=10)
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = "规则结果"
        indexes = [models.Index(fields=["county_code", "as_of", "rule"])]


class Run(models.Model):
    """One screening of a region as of a day: which results it stands on, under which versions."""

    region_code = models.CharField("区域", max_length=12)
    as_of = models.DateField("截至")
    engine = models.CharField("引擎", max_length=10)
    policy_version = models.CharField("政策版本", max_length=16)
    code_version = models.CharField("程序版本", max_length=16)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    results = models.ManyToManyField(RuleResult, related_name="runs")
    counts = models.JSONField("计数", default=dict)

    class Meta:
        verbose_name = "筛查"
        indexes = [models.Index(fields=["region_code", "as_of", "-id"])]


class Finding(models.Model):
    """One household (or one member of it) that one rule points at, with the value, the threshold and the rows that show it."""

    result = models.ForeignKey(RuleResult, models.CASCADE, related_name="findings", verbose_name="规则结果")
    region_code = models.CharField("村", max_length=12)
    household = models.ForeignKey(Household, models.PROTECT, related_name="findings", verbose_name="农户")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="findings", verbose_name="人口")
    rule = models.CharField("规则", max_length=80)
    as_of = models.DateField("截至")
    status = models.CharField(
        "状态", max_length=12, choices=[("hit", "命中"), ("judgement", "需研判"), ("provisional", "暂定")]
    )
    observed = models.CharField("观察值", max_length=40, help_text="金额为两位小数的元")
    threshold = models.CharField("阈值", max_length=40, blank=True)
    comparator = models.CharField("比较", max_length=2, blank=True)
    present_count = models.PositiveSmallIntegerField("已有月数", null=True)
    expected_count = models.PositiveSmallIntegerField("应有月数", null=True)
    missing_months = models.JSONField("缺少的月份", default=list)
    evidence = models.JSONField("依据", default=list, help_text="[{dataset, batch, row}]")
    fingerprint = models.CharField("内容指纹", max_length=64, help_text="两次筛查得出的同一发现，指纹相同")

    class Meta:
        verbose_name = "发现"
        indexes = [
            models.Index(fields=["region_code", "as_of"], name="finding_by_region"),
            models.Index(fields=["household", "-as_of"], name="finding_by_household"),
        ]
