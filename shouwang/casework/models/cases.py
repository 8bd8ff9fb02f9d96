"""A case: one episode of a household's risk, from its confirmation to its closure (一户一案)."""

from __future__ import annotations

from django.db import models

from shouwang.registry.models import Household

from .leads import Lead
from .proceeding import Proceeding


class Case(Proceeding):
    """One household, one episode. A household that falls again after closure gets a new case.

    ``options`` are the procedure's optional steps that the region asks for (``case.identification_steps``), fixed when the
    case was opened. ``risks`` are the standing risk words of domain 2.3; ``entry_rules`` and ``object_category`` are two
    questions (X10): by which of the province's conditions it came in, and what it is called in the national system.
    """

    case_no = models.CharField("个案编号", max_length=30, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="cases", verbose_name="农户")
    lead = models.OneToOneField(Lead, models.PROTECT, null=True, related_name="case", verbose_name="来自线索")
    episode = models.PositiveSmallIntegerField("第几次", default=1)
    options = models.JSONField("当地步骤", default=list)
    risks = models.JSONField("致贫返贫风险", default=list)
    entry_rules = models.JSONField("纳入情形", default=list)
    proposed_category = models.CharField("建议的对象类别", max_length=20, blank=True)
    object_category = models.CharField("监测对象类别", max_length=20, blank=True)
    is_green_channel = models.BooleanField("绿色通道", default=False)
    included_on = models.DateField("纳入日", null=True)
    cleared_on = models.DateField("风险消除日", null=True)

    class Meta:
        verbose_name = "个案"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(is_open=True),
                name="one_open_case_per_household",
                violation_error_message="同一农户只能有一件未了结的个案",
            )
        ]
        indexes = [
            models.Index(fields=["region_code", "state", "due_on"], name="case_list"),
            models.Index(fields=["region_code", "case_no"], name="case_by_number"),
            models.Index(fields=["region_code", "included_on", "cleared_on"], name="case_by_day"),
            models.Index(
                fields=["region_code", "due_on", "case_no", "state", "included_on", "is_open", "risks"],
                name="case_open",
                condition=models.Q(is_open=True),
            ),
            models.Index(fields=["paused_on"], name="case_paused", condition=models.Q(paused_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.case_no

    @property
    def number(self) -> str:
        return self.case_no
