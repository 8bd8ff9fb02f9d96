"""台账: the rows of all declared registers as they stand, and every change that made them so."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.intake.models import Batch
from shouwang.registry.models import Household, Person

from .support import Measure

ADDED, CHANGED, ENDED, REOPENED, TAKEN_BACK, RESTORED = (
    "added",
    "changed",
    "ended",
    "reopened",
    "taken_back",
    "restored",
)
OPERATIONS = (
    (ADDED, "登记"),
    (CHANGED, "变更"),
    (ENDED, "结束"),
    (REOPENED, "恢复"),
    (TAKEN_BACK, "撤回"),
    (RESTORED, "随批次撤销而复原"),
)


class RegisterRow(models.Model):
    """One row of one register. ``values``: name of a declared column → its value (money in fen, days as ISO text).

    ``key`` says what makes two rows the same thing; it is free again when a row was taken back. ``from_on`` to ``until_on``
    (the last day), ``due_on``, ``status`` and ``amount_fen`` repeat the columns that the declaration names for them, so that
    lists are narrowed by an index. ``ended_on``: the first day on which the row no longer counts.
    """

    register = models.CharField("台账", max_length=40)
    region_code = models.CharField("区域", max_length=12)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="register_rows", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", verbose_name="所属")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="register_rows", verbose_name="措施")
    name = models.CharField("名称", max_length=120, blank=True)
    period = models.CharField("时期", max_length=7, blank=True)
    key = models.CharField("识别键", max_length=200)
    values = models.JSONField("内容", default=dict)
    status = models.CharField("状态", max_length=20, blank=True)
    from_on = models.DateField("起", null=True)
    until_on = models.DateField("止", null=True)
    due_on = models.DateField("到期日", null=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    ended_on = models.DateField("结束日", null=True)
    end_reason = models.CharField("结束原因", max_length=200, blank=True)
    is_taken_back = models.BooleanField("已撤回", default=False)
    version = models.PositiveIntegerField("版本", default=1)
    changed_at = models.DateTimeField("最近变更")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = "台账行"
        constraints = [
            models.UniqueConstraint(
                fields=["register", "key"],
                condition=models.Q(is_taken_back=False),
                name="register_row_once",
                violation_error_message="这一行已经登记过",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, end_reason="")
                | (models.Q(ended_on__isnull=False) & ~models.Q(end_reason="")),
                name="register_row_ended_with_reason",
                violation_error_message="结束一行须写明日期和原因",
            ),
        ]
        indexes = [
            models.Index(
                # lists, counts and most sums are answered from this alone
                fields=[
                    "register",
                    "region_code",
                    "id",
                    "ended_on",
                    "until_on",
                    "from_on",
                    "status",
                    "amount_fen",
                    "period",
                ],
                name="register_row_list",
                condition=models.Q(is_taken_back=False),
            ),
            models.Index(
                fields=["register", "period", "region_code", "id", "ended_on", "until_on"],
                name="register_row_period",
                condition=models.Q(is_taken_back=False),
            ),
            models.Index(
                fields=["register", "due_on", "region_code", "ended_on"],
                name="register_row_due",
                condition=models.Q(is_taken_back=False),
            ),
            models.Index(fields=["household", "register"], name="register_row_household"),
            models.Index(fields=["person", "register"], name="register_row_person"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.pk}"


class RegisterChange(models.Model):
    """What was done to a row, never edited: who, when, before → after of what changed, and why."""

    row = models.ForeignKey(RegisterRow, models.PROTECT, related_name="changes", verbose_name="台账行")
    operation = models.CharField("操作", max_length=10, choices=OPERATIONS)
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)
    reason = models.CharField("原因", max_length=200, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", verbose_name="批次")
    row_number = models.PositiveIntegerField("行号", null=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = "台账变更"
