"""Natural changes of members: who came, who left, why and when, and whether the national system knows (S0-C-24)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.intake.models import Batch
from shouwang.registry.models import Household, Person

TO_CONFIRM, CONFIRMED, ENTERED, REJECTED = "to_confirm", "confirmed", "entered", "rejected"
STATES = ((TO_CONFIRM, "待确认"), (CONFIRMED, "已确认"), (ENTERED, "已录入全国系统"), (REJECTED, "不属实"))
FROM_FEED, FROM_VISIT = "feed", "visit"


class NaturalChange(models.Model):
    """One person more or less in a household. ``month`` is that of the list which carries it.

    ``evidence_batch`` and ``evidence_row`` name the row of the department's file; a change told at a visit has none. Name and
    secrets are those of a newcomer, who is not in the register yet; of registered people the register has them.
    """

    month = models.CharField("月份", max_length=7)
    household = models.ForeignKey(Household, models.PROTECT, related_name="natural_changes", verbose_name="农户")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    region_code = models.CharField("村", max_length=12)
    kind = models.CharField("变动类型", max_length=20)
    effect = models.SmallIntegerField("增减", choices=[(1, "增加"), (-1, "减少")])
    changed_on = models.DateField("变动日期")
    size_before = models.PositiveSmallIntegerField("变动前人口", null=True)
    source = models.CharField("来源", max_length=10, choices=[(FROM_FEED, "部门数据"), (FROM_VISIT, "走访")])
    evidence_batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", verbose_name="批次")
    evidence_row = models.PositiveIntegerField("行号", null=True)
    state = models.CharField("状态", max_length=12, choices=STATES, default=TO_CONFIRM)
    note = models.CharField("说明", max_length=200, blank=True)
    name = models.CharField("新增人员姓名", max_length=60, blank=True)
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    secrets = models.BinaryField("新增人员证件号码（加密）", null=True, editable=False)
    is_evidence_withdrawn = models.BooleanField("依据已撤回", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "自然变更"
        constraints = [
            models.UniqueConstraint(fields=["evidence_batch", "evidence_row"], name="natural_change_once_per_row"),
            models.CheckConstraint(
                condition=models.Q(evidence_batch__isnull=True, evidence_row__isnull=True)
                | models.Q(evidence_batch__isnull=False, evidence_row__isnull=False),
                name="natural_change_evidence_whole",
                violation_error_message="批次和行号须同时有或同时没有",
            ),
        ]
        indexes = [
            models.Index(fields=["region_code", "month", "state"], name="natural_change_list"),
            models.Index(fields=["month", "region_code"], name="natural_change_month"),
        ]

    @property
    def size_after(self) -> int | None:
        """How many the household is after this change; unknown where the register has no count."""
        return None if self.size_before is None else max(0, self.size_before + self.effect)
