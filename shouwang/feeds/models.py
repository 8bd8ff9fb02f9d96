"""What is left to a person after a department's file was matched, what persons decided, and what departments agreed on."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.intake.models import Batch
from shouwang.registry.models import Person


class PendingRow(models.Model):
    """A row of a feed that found no certain person: doubtful with candidates, or unmatched with the reason.

    ``fact`` is the checked row, ready for the lake, encrypted until somebody decides.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="pending_rows", verbose_name="批次")
    region_code = models.CharField("区域", max_length=12)
    row_number = models.PositiveIntegerField("行号")
    kind = models.CharField("情形", max_length=10, choices=[("doubtful", "存疑"), ("unmatched", "未匹配")])
    reason = models.CharField("原因", max_length=200)
    candidates = models.JSONField("候选", default=list, help_text="[{person, score, reasons}]，按分数从高到低")
    pair_index = models.CharField(
        "来文身份盲索引", max_length=64, help_text="证件号码加姓名的盲索引：同样的来文不再问第二次"
    )
    fact = models.BinaryField("已检查的行（加密）")
    decided_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="认定为")
    is_decided = models.BooleanField("已认定", default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="认定人"
    )
    decided_at = models.DateTimeField("认定时间", null=True)

    class Meta:
        verbose_name = "待认定行"
        indexes = [
            models.Index(fields=["region_code", "is_decided", "kind"]),
            models.Index(fields=["batch", "row_number"]),
        ]


class MatchDecision(models.Model):
    """What somebody decided about one pair of incoming identity and person; it is never asked again.

    ``person`` empty: the incoming identity is none of the register's people.
    """

    pair_index = models.CharField("来文身份盲索引", max_length=64)
    region_code = models.CharField("区域", max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="认定为")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="认定人"
    )
    decided_at = models.DateTimeField("认定时间")

    class Meta:
        verbose_name = "匹配认定"
        constraints = [models.UniqueConstraint(fields=["pair_index", "region_code"], name="match_decided_once")]


class Consultation(models.Model):
    """One meeting of a county's departments about a month: who came, what was spoken of, what was concluded.

    ``material`` is what lay on the table, as known on that day: files that came and were late, leads by rule, the run. A record
    is never edited; a correction is a new one that names what it corrects.
    """

    region_code = models.CharField("县", max_length=12)
    month = models.CharField("会商月份", max_length=7)
    held_on = models.DateField("会商日期")
    chair = models.CharField("主持人", max_length=40, blank=True)
    units = models.JSONField("参加单位", default=list, help_text="[名称]")
    topics = models.TextField("议题")
    conclusions = models.TextField("研判结论", blank=True)
    material = models.JSONField("会商材料", default=dict, help_text="{run, came, late, leads}，登记时的情况")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name="更正的记录"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "会商记录"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "month", "held_on"],
                condition=models.Q(corrects=None),
                name="consultation_recorded_once",
                violation_error_message="这一天的会商已经登记过；要改请打开那条记录更正",
            )
        ]
        indexes = [models.Index(fields=["region_code", "-month"], name="consultation_by_month")]


class ConsultationDecision(models.Model):
    """One thing that a meeting decided: who does it, until when, and what came of it."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="decisions", verbose_name="会商记录")
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("事项", max_length=300)
    responsible_unit = models.CharField("责任单位", max_length=80)
    due_on = models.DateField("完成期限", null=True)
    done_on = models.DateField("完成日期", null=True)
    result = models.CharField("落实情况", max_length=300, blank=True)

    class Meta:
        verbose_name = "会商议定事项"
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="decision_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(done_on=None, result="") | (models.Q(done_on__isnull=False) & ~models.Q(result="")),
                name="decision_done_with_result",
                violation_error_message="完成日期和落实情况要一并填写",
            ),
        ]
