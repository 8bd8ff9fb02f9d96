"""Events that may throw many households back at once, their special screening and its end (S0-C-29 to -31)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.casework.models import Signal
from shouwang.registry.models import Household


class LargeScaleEvent(models.Model):
    """An event in an area. ``kind`` is one of ``household.large_scale_risk_kinds``; closed once ``closed_on`` stands there."""

    kind = models.CharField("种类", max_length=30)
    title = models.CharField("事件", max_length=80)
    region_code = models.CharField("区域", max_length=12)
    areas = models.JSONField("受影响的区域", default=list, help_text="区划代码；空：整个区域")
    happened_on = models.DateField("发生日")
    source = models.CharField("信息来源", max_length=80)
    basis = models.CharField("受影响农户的依据", max_length=20)
    due_on = models.DateField("专项排查截止日", null=True, help_text="空：没有适用的时限参数")
    due_parameter = models.JSONField("时限依据", default=dict)
    closed_on = models.DateField("办结日", null=True)
    report = models.TextField("办结报告", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "规模性返贫风险事件"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, report="")
                | (models.Q(closed_on__isnull=False) & ~models.Q(report="")),
                name="event_closed_with_report",
                violation_error_message="办结须有报告",
            )
        ]
        indexes = [models.Index(fields=["region_code", "-happened_on"], name="large_scale_event_list")]


class ScreenedHousehold(models.Model):
    """A household on the screening list of an event. ``is_affected`` is empty until somebody asked."""

    event = models.ForeignKey(LargeScaleEvent, models.CASCADE, related_name="households", verbose_name="事件")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    fact = models.CharField("依据", max_length=120, blank=True)
    is_affected = models.BooleanField("受影响", null=True)
    checked_on = models.DateField("排查日", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="排查人")
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, related_name="+", verbose_name="反映")

    class Meta:
        verbose_name = "专项排查农户"
        constraints = [models.UniqueConstraint(fields=["event", "household"], name="screened_once_per_event")]
        indexes = [
            # how far a screening is, place by place: counted from this one alone
            models.Index(fields=["event", "region_code", "is_affected"], name="screened_list"),
            models.Index(
                fields=["event", "region_code"], name="screened_told", condition=models.Q(signal__isnull=False)
            ),
        ]


class EventEntry(models.Model):
    """What was done about an event: appended, never edited."""

    event = models.ForeignKey(LargeScaleEvent, models.CASCADE, related_name="entries", verbose_name="事件")
    what = models.CharField("事项", max_length=40)
    text = models.TextField("内容", blank=True)
    on = models.DateField("办理日")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "事件记录"
        indexes = [models.Index(fields=["event", "at"], name="event_entries")]


class EventUnit(models.Model):
    """A department that takes part in an event's screening: what it has to do, until when, and what it answered (S0-C-31)."""

    event = models.ForeignKey(LargeScaleEvent, models.CASCADE, related_name="units", verbose_name="事件")
    department = models.CharField("单位", max_length=40)
    duty = models.CharField("分工", max_length=200)
    due_on = models.DateField("完成期限", null=True)
    asked_on = models.DateField("交办日")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="交办人")
    answer = models.TextField("反馈", blank=True)
    answered_on = models.DateField("反馈日", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "参加排查的单位"
        constraints = [
            models.UniqueConstraint(fields=["event", "department"], name="event_unit_once"),
            models.CheckConstraint(
                condition=models.Q(answered_on=None, answer="")
                | (models.Q(answered_on__isnull=False) & ~models.Q(answer="")),
                name="event_unit_answer_has_a_day",
                violation_error_message="反馈须有内容和日期",
            ),
        ]
