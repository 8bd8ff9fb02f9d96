"""The log: who saw unmasked, exported, imported, ran or changed what."""

from __future__ import annotations

from django.db import models

from .accounts import Account


class AuditEvent(models.Model):
    """One line of the log. Lines are only ever added, and nothing is deleted.

    Each line carries the hash of the one before, so that a removed or altered line shows.
    """

    at = models.DateTimeField("时间")
    by = models.ForeignKey(Account, models.PROTECT, null=True, verbose_name="操作人", help_text="空：命令行")
    by_name = models.CharField("操作人姓名", max_length=80)
    action = models.CharField("动作", max_length=60)
    region_code = models.CharField("区域", max_length=12, blank=True)
    target = models.CharField("对象", max_length=120, blank=True)
    reason = models.CharField("事由", max_length=200, blank=True)
    detail = models.JSONField("详情", default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "操作日志"
        indexes = [
            models.Index(fields=["region_code", "-at"]),
            models.Index(fields=["target"]),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["by", "-id"], name="audit_of_account"),
            models.Index(fields=["action", "-id"], name="audit_of_action"),
        ]
