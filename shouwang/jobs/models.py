"""Work that takes longer than a page waits: who asked for it, how far it is, how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class JobState(models.TextChoices):
    WAITING = "waiting", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class Job(models.Model):
    """One piece of work. A worker claims it by a conditional update and shows life by its heartbeat; work whose worker
    died is claimed again, so every recipe may run twice without harm."""

    recipe = models.CharField("工作", max_length=40)
    arguments = models.JSONField("参数", default=dict)
    region_code = models.CharField("区域", max_length=12)
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.WAITING)
    step = models.CharField("进行到", max_length=120, blank=True)
    done_count = models.PositiveBigIntegerField("已完成", default=0)
    total_count = models.PositiveBigIntegerField("共", default=0)
    result = models.JSONField("结果", default=dict)
    message = models.TextField("说明", blank=True, help_text="未完成时：什么原因、下一步")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    heartbeat_at = models.DateTimeField("最近心跳", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)

    class Meta:
        verbose_name = "后台工作"
        indexes = [models.Index(fields=["state", "id"])]
