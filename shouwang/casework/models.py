"""Leads: one per household with all its reasons; and the months of data that somebody still has to collect."""

from __future__ import annotations

from django.db import models

from shouwang.registry.models import Household
from shouwang.screening.models import Finding


class LeadState(models.TextChoices):
    OPEN = "open", "待核实"
    WITHDRAWN = "withdrawn", "依据已撤"


class Lead(models.Model):
    """A household that somebody must look at, with every reason in one place and a statutory due day.

    ``due_parameter`` names the value, region and clause that set the due day; a parameter changed later leaves it as it was.
    """

    lead_no = models.CharField("线索编号", max_length=30, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="leads", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    opened_on = models.DateField("发现日")
    due_on = models.DateField("应办结日", null=True, help_text="空：没有适用的时限参数")
    due_parameter = models.JSONField("时限依据", default=dict)
    status = models.CharField("状态", max_length=12, choices=LeadState, default=LeadState.OPEN)
    responsible_unit = models.CharField("责任单位", max_length=80)
    questions = models.JSONField("需要询问", default=list, help_text="资产线索等：入户时要问的，不是否定的理由")
    proposed_category = models.CharField(
        "建议的对象类别", max_length=20, blank=True, help_text="空：缺上年收入，无法建议"
    )
    rules = models.JSONField("规则", default=list, help_text="各原因的规则代码，去重排序")
    findings = models.ManyToManyField(Finding, through="LeadReason", related_name="leads")

    class Meta:
        verbose_name = "线索"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(status=LeadState.OPEN),
                name="one_open_lead_per_household",
                violation_error_message="同一农户只能有一条未了结的线索",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=True) | models.Q(due_on__gte=models.F("opened_on")),
                name="lead_due_after_opened",
                violation_error_message="应办结日不能早于发现日",
            ),
        ]
        indexes = [
            models.Index(fields=["region_code", "status", "due_on"], name="lead_list"),
            models.Index(fields=["region_code", "lead_no"], name="lead_by_number"),
        ]

    def __str__(self) -> str:
        return self.lead_no


class LeadReason(models.Model):
    """One finding on a lead: the day it joined, and the day it left because a later run on mended data no longer finds it."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="reasons", verbose_name="线索")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="reasons", verbose_name="发现")
    joined_on = models.DateField("并入日")
    left_on = models.DateField("撤出日", null=True)

    class Meta:
        verbose_name = "线索原因"
        constraints = [models.UniqueConstraint(fields=["lead", "finding"], name="finding_joins_lead_once")]


class CollectionTask(models.Model):
    """A month of a household's income that was not collected, without which no rule can conclude."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="collection_tasks", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    dataset = models.CharField("数据集", max_length=40)
    month = models.CharField("缺少的月份", max_length=7)
    opened_on = models.DateField("提出日")
    done_on = models.DateField("补齐日", null=True)

    class Meta:
        verbose_name = "补采任务"
        constraints = [models.UniqueConstraint(fields=["household", "dataset", "month"], name="month_asked_once")]
        indexes = [models.Index(fields=["region_code", "done_on"])]
