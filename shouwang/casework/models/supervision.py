"""What was said about lateness: who took note of a reminder, and which unit was asked in writing to move what is late (督办)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .proceeding import Task


class ReminderSeen(models.Model):
    """Somebody took note of a task's reminder (已知悉). The reminder itself is derived from the day; a higher rung reminds again."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="seen", verbose_name="待办")
    rung = models.CharField("提醒", max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="知悉人")
    at = models.DateTimeField("知悉时间")

    class Meta:
        verbose_name = "提醒知悉"
        constraints = [models.UniqueConstraint(fields=["task", "rung", "by"], name="reminder_seen_once")]


class Supervision(models.Model):
    """A unit is asked in writing to move what is late in it, and to answer by a day. Answered by the unit, closed by who asked."""

    region_code = models.CharField("被督办的单位", max_length=12)
    asked_by_region = models.CharField("督办单位", max_length=12)
    number = models.CharField("文号", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40)
    asked_on = models.DateField("督办日")
    reply_by = models.DateField("反馈期限")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="督办人")
    at = models.DateTimeField("登记时间")
    answer = models.TextField("反馈", blank=True)
    answered_on = models.DateField("反馈日", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="反馈人"
    )
    closed_on = models.DateField("办结日", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办结人"
    )

    class Meta:
        verbose_name = "督办"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "asked_by_region"],
                condition=models.Q(closed_on=None),
                name="one_open_supervision_per_unit",
                violation_error_message="对这个单位的督办还没有办结",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_on=None, answer="")
                | (models.Q(answered_on__isnull=False) & ~models.Q(answer="")),
                name="supervision_answer_has_a_day",
                violation_error_message="反馈须有内容和日期",
            ),
        ]
        indexes = [models.Index(fields=["region_code", "-asked_on"], name="supervision_list")]


class SupervisedTask(models.Model):
    """A task that was late when a unit was asked about it. Whether it was done since is read from the task."""

    supervision = models.ForeignKey(Supervision, models.CASCADE, related_name="items", verbose_name="督办")
    task = models.ForeignKey(Task, models.CASCADE, related_name="supervised", verbose_name="待办")

    class Meta:
        verbose_name = "督办事项"
        constraints = [models.UniqueConstraint(fields=["supervision", "task"], name="task_supervised_once")]
