"""How somebody gets in: a link that works once, and a second factor beside the password."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from .accounts import Account


class Invitation(models.Model):
    """A link with which somebody sets the own password. Only its fingerprint is kept: who reads the database cannot use it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="invitations", verbose_name="账号")
    token_hash = models.CharField("链接指纹", max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="发出人", help_text="空：命令行"
    )
    created_at = models.DateTimeField("发出时间")
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("使用时间", null=True)
    revoked_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        verbose_name = "邀请"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="invitation_period_in_order",
                violation_error_message="邀请的截止时间必须晚于发出时间",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
                violation_error_message="邀请不能既已使用又已作废",
            ),
        ]
        indexes = [models.Index(fields=["account", "-id"])]

    def __str__(self) -> str:
        return f"{self.account_id}"


class SecondFactor(models.Model):
    """The secret that an account shares with an authenticator on a telephone. Not in force before its first right code."""

    account = models.OneToOneField(Account, models.PROTECT, related_name="second_factor", verbose_name="账号")
    secret = models.BinaryField("密钥", editable=False)
    created_at = models.DateTimeField("设置时间")
    confirmed_at = models.DateTimeField("启用时间", null=True)
    # The half minute of the last accepted code: the same code never opens twice.
    last_step = models.BigIntegerField("最近验证码序号", default=0)
    failed_count = models.PositiveIntegerField("连续输错次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)

    class Meta:
        verbose_name = "二次验证"

    def __str__(self) -> str:
        return f"{self.account_id}"


class RecoveryCode(models.Model):
    """A code that opens once in place of the telephone. Only its keyed fingerprint is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes", verbose_name="账号")
    code_hash = models.CharField("恢复码指纹", max_length=64, editable=False)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "恢复码"
        constraints = [models.UniqueConstraint(fields=["account", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.account_id}"
