"""What is left to a person after a department's file was matched, and what persons decided."""

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
