"""The push and collection cycle: a department's list that was pushed down, and what became of each of its rows (S0-C-11)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.casework.models import Lead, Signal
from shouwang.intake.models import Batch
from shouwang.registry.models import Household, Person

LEAD, ANSWERED, MONITORED = "lead", "answered", "monitored"


class Push(models.Model):
    """A whole file whose matched rows are to be looked at, county by county. ``repeated`` counts rows
    said twice and ``lost`` those that a correction took from somebody and gave to nobody, both by county."""

    batch = models.OneToOneField(Batch, models.PROTECT, related_name="push", verbose_name="批次")
    region_code = models.CharField("区域", max_length=12)
    pushed_on = models.DateField("推送日")
    due_on = models.DateField("汇总截止日", null=True, help_text="空：没有适用的时限参数")
    due_parameter = models.JSONField("时限依据", default=dict)
    repeated = models.JSONField("同一文件内重复", default=dict)
    lost = models.JSONField("更正后无人", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="推送人")
    at = models.DateTimeField("推送时间")

    class Meta:
        verbose_name = "推送"
        indexes = [models.Index(fields=["pushed_on", "region_code"], name="push_list")]


class PushedRow(models.Model):
    """A row that found its household: the lead that it joined, or the settled one that answers it.

    No lead: the household is monitored for this risk already. ``left_on``: its file was taken back.
    """

    push = models.ForeignKey(Push, models.PROTECT, related_name="rows", verbose_name="推送")
    row_number = models.PositiveIntegerField("行号")
    county_code = models.CharField("县", max_length=12)
    region_code = models.CharField("村", max_length=12)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="农户")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    risk = models.CharField("风险", max_length=20, blank=True)
    standing = models.CharField(
        "去向", max_length=12, choices=[(LEAD, "并入线索"), (ANSWERED, "已由记录回答"), (MONITORED, "已在监测")]
    )
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="pushed_rows", verbose_name="线索")
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, related_name="+", verbose_name="反映")
    left_on = models.DateField("撤出日", null=True)

    class Meta:
        verbose_name = "推送行"
        constraints = [
            models.UniqueConstraint(fields=["push", "row_number"], name="pushed_row_once"),
            models.CheckConstraint(
                condition=models.Q(standing=MONITORED, lead__isnull=True)
                | (~models.Q(standing=MONITORED) & models.Q(lead__isnull=False)),
                name="pushed_row_has_a_lead_unless_monitored",
                violation_error_message="并入线索的行须写明线索",
            ),
        ]
        indexes = [models.Index(fields=["push", "county_code", "standing"], name="pushed_row_sums")]
