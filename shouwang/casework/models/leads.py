"""Leads: one per household with all its reasons; and the months of data that somebody still has to collect."""

from __future__ import annotations

from django.db import models

from shouwang.registry.models import Household
from shouwang.screening.models import Finding

from .proceeding import Proceeding

# The three ways in (hebei-opinion-2021#2.2.10), told apart as far as anybody has to act differently.
RULE_CHANNEL = "screening"
CHANNELS = (
    ("screening", "部门比对"),
    ("department_push", "部门推送"),
    ("self_report", "扫码申报"),
    ("hotline", "12317热线"),
    ("desk", "窗口来访"),
    ("visit", "干部走访"),
    ("event", "专项排查"),
)


class Signal(models.Model):
    """What was said about a household by anybody but a rule: a report, a visitor, a department, an event.

    ``reference`` is the number under which its own room keeps it (a receipt, a batch and row); nothing personal stands here.
    """

    channel = models.CharField("渠道", max_length=20, choices=CHANNELS)
    household = models.ForeignKey(Household, models.PROTECT, related_name="signals", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    risk = models.CharField("风险", max_length=20, blank=True)
    told_on = models.DateField("反映日")
    reference = models.CharField("来源编号", max_length=60, blank=True)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "反映"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "reference", "household"],
                condition=~models.Q(reference=""),
                name="signal_received_once",
            )
        ]
        indexes = [models.Index(fields=["household", "-told_on"], name="signal_by_household")]


class Lead(Proceeding):
    """A household that somebody must look at, with every reason in one place and a statutory due day."""

    lead_no = models.CharField("线索编号", max_length=30, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="leads", verbose_name="农户")
    responsible_unit = models.CharField("责任单位", max_length=80)
    questions = models.JSONField("需要询问", default=list, help_text="资产线索等：入户时要问的，不是否定的理由")
    proposed_category = models.CharField(
        "建议的对象类别", max_length=20, blank=True, help_text="空：缺上年收入，无法建议"
    )
    rules = models.JSONField("规则", default=list, help_text="各原因的规则代码，去重排序")
    channels = models.JSONField("渠道", default=list, help_text="各原因的来源渠道，去重排序")
    findings = models.ManyToManyField(Finding, through="LeadReason", related_name="leads")

    class Meta:
        verbose_name = "线索"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(is_open=True),
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
            models.Index(fields=["region_code", "is_open", "due_on"], name="lead_list"),
            models.Index(fields=["region_code", "state", "due_on"], name="lead_by_state"),
            models.Index(fields=["region_code", "lead_no"], name="lead_by_number"),
            # the leads of a month or a year: the place first, so that a village does not read a city's days
            models.Index(fields=["region_code", "opened_on", "state"], name="lead_by_day"),
            # the lists and counts of every place read this one alone
            models.Index(
                fields=["region_code", "due_on", "lead_no", "state", "opened_on", "id", "is_open", "rules"],
                name="lead_open",
                condition=models.Q(is_open=True),
            ),
            models.Index(fields=["paused_on"], name="lead_paused", condition=models.Q(paused_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.lead_no

    @property
    def number(self) -> str:
        return self.lead_no


class LeadReason(models.Model):
    """One finding or signal on a lead: the day it joined, and the day it left because a later run no longer finds it.

    ``is_answered``: it came after the lead was settled and says nothing worse, so the record answered it.
    """

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="reasons", verbose_name="线索")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="reasons", verbose_name="发现")
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, related_name="reasons", verbose_name="反映")
    joined_on = models.DateField("并入日")
    left_on = models.DateField("撤出日", null=True)
    is_answered = models.BooleanField("已由记录回答", default=False)

    class Meta:
        verbose_name = "线索原因"
        constraints = [
            models.UniqueConstraint(fields=["lead", "finding"], name="finding_joins_lead_once"),
            models.UniqueConstraint(fields=["lead", "signal"], name="signal_joins_lead_once"),
            models.CheckConstraint(
                condition=models.Q(finding__isnull=True) ^ models.Q(signal__isnull=True), name="reason_is_one_thing"
            ),
        ]
        indexes = [
            models.Index(fields=["joined_on", "lead"], name="reason_answered", condition=models.Q(is_answered=True)),
            models.Index(fields=["lead", "finding"], name="reason_standing", condition=models.Q(left_on=None)),
        ]


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
        indexes = [
            models.Index(fields=["region_code", "done_on"]),
            models.Index(fields=["opened_on", "region_code"], name="collection_by_day"),
        ]
