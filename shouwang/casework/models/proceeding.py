"""What every proceeding has in common: a state that only the runner changes, the events behind it, and the tasks it asks for."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.registry.models import Household

LEVELS = (("village", "村"), ("township", "乡镇"), ("county", "县"), ("city", "市"))


class Proceeding(models.Model):
    """A lead or a case on its way through a procedure.

    ``state`` and ``version`` are written by the runner alone. ``due_parameter`` names the value, region and clause that set
    the due day; a parameter changed later leaves it as it was. Late is derived from ``due_on``, never stored.
    """

    region_code = models.CharField("村", max_length=12)
    opened_on = models.DateField("发现日")
    due_on = models.DateField("应办结日", null=True, help_text="空：没有适用的时限参数")
    due_parameter = models.JSONField("时限依据", default=dict)
    procedure = models.CharField("程序", max_length=30)
    state = models.CharField("状态", max_length=30)
    version = models.PositiveIntegerField("版本", default=0)
    is_open = models.BooleanField("未了结", default=True, help_text="随状态，由程序写入")
    closed_on = models.DateField("了结日", null=True)
    paused_on = models.DateField("中止日", null=True, help_text="有值：时限暂停计算")
    pause_reason = models.CharField("中止事由", max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def number(self) -> str:
        raise NotImplementedError


class Event(models.Model):
    """One step that was taken: never edited. ``data`` is what the step asked for, in words that may be shown to its readers."""

    lead = models.ForeignKey("casework.Lead", models.CASCADE, null=True, related_name="events", verbose_name="线索")
    case = models.ForeignKey("casework.Case", models.CASCADE, null=True, related_name="events", verbose_name="个案")
    sequence = models.PositiveIntegerField("序号")
    step = models.CharField("步骤", max_length=40)
    from_state = models.CharField("原状态", max_length=30)
    to_state = models.CharField("新状态", max_length=30)
    on = models.DateField("办理日")
    at = models.DateTimeField("记录时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    by_name = models.CharField("办理人姓名", max_length=80)
    data = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = "办理记录"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lead__isnull=True) ^ models.Q(case__isnull=True), name="event_of_one_proceeding"
            ),
            models.UniqueConstraint(fields=["lead", "sequence"], name="lead_event_once"),
            models.UniqueConstraint(fields=["case", "sequence"], name="case_event_once"),
        ]
        indexes = [models.Index(fields=["step", "on"], name="event_by_step")]


class Task(models.Model):
    """A step that somebody is expected to take: at which level, not before and not after which day.

    Done when its step was taken; lapsed when the proceeding went another way.
    """

    lead = models.ForeignKey("casework.Lead", models.CASCADE, null=True, related_name="tasks", verbose_name="线索")
    case = models.ForeignKey("casework.Case", models.CASCADE, null=True, related_name="tasks", verbose_name="个案")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    step = models.CharField("步骤", max_length=40)
    level = models.CharField("由谁办", max_length=10, choices=LEVELS)
    opened_on = models.DateField("提出日")
    due_on = models.DateField("应办结日", null=True)
    due_parameter = models.JSONField("时限依据", default=dict)
    is_open = models.BooleanField("未办", default=True)
    done_on = models.DateField("办结日", null=True, help_text="空而不再未办：程序走了别的路")

    class Meta:
        verbose_name = "待办"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lead__isnull=True) ^ models.Q(case__isnull=True), name="task_of_one_proceeding"
            ),
            models.UniqueConstraint(
                fields=["lead", "step"], condition=models.Q(is_open=True), name="one_open_task_per_lead_step"
            ),
            models.UniqueConstraint(
                fields=["case", "step"], condition=models.Q(is_open=True), name="one_open_task_per_case_step"
            ),
        ]
        indexes = [
            # what waits, by level and place: lists and counts read this one alone
            models.Index(
                fields=["level", "region_code", "due_on", "step", "lead", "case", "is_open"],
                name="task_list",
                condition=models.Q(is_open=True),
            ),
            models.Index(fields=["step", "region_code", "done_on"], name="task_done"),
            # how much was done in some weeks, by place and level of work
            models.Index(fields=["done_on", "region_code", "level", "is_open"], name="task_done_lately"),
            models.Index(fields=["level", "opened_on", "region_code", "lead", "case"], name="task_opened"),
        ]
