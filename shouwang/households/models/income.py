"""The income ledger: dated lines that are appended and pointed back at, and what offices add beside them by hand."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.intake.models import Batch
from shouwang.registry.models import Household, Person

FEED, SHEET, VISIT, OFFICER = "feed", "sheet", "visit", "officer"
SOURCES = ((FEED, "部门数据"), (SHEET, "农户档案"), (VISIT, "走访"), (OFFICER, "工作人员登记"))
DEPARTMENT, PROVED, STATED, ESTIMATED = "department", "proved", "stated", "estimated"
CONFIDENCES = ((DEPARTMENT, "部门记录"), (PROVED, "有凭证"), (STATED, "本人陈述"), (ESTIMATED, "估算"))


class IncomeLine(models.Model):
    """One amount of one item in one month (``2022-06``) or, from the register's sheets, one year (``2021``).

    Never edited. A later line points back at the one that it replaces (``supersedes``), each line is replaced at most once; a
    line without an amount only takes the other one out. ``item`` is a code of ``households.income.items``; ``part`` is its
    part of income, and a line whose item is its part states the whole of that part. ``standing``: whose word counts where
    sources differ; ``told_in``: the month in which it was told.
    """

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="income_lines", verbose_name="农户", db_index=False
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员", db_index=False)
    region_code = models.CharField("村", max_length=12)
    period = models.CharField("月份", max_length=7)
    item = models.CharField("项目", max_length=40)
    part = models.CharField("分类", max_length=20)
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    source = models.CharField("来源", max_length=10, choices=SOURCES)
    standing = models.SmallIntegerField("来源等级")
    confidence = models.CharField("可信程度", max_length=12, choices=CONFIDENCES)
    told_in = models.CharField("说明月份", max_length=7)
    dataset = models.CharField("数据集", max_length=40, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", verbose_name="批次")
    row = models.PositiveIntegerField("行号", null=True)
    visit = models.CharField("走访", max_length=40, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_at = models.DateTimeField("记入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记入人", db_index=False
    )
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by", verbose_name="取代"
    )

    class Meta:
        verbose_name = "收入明细"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__isnull=False) | models.Q(supersedes__isnull=False),
                name="income_line_says_something",
                violation_error_message="没有金额的一行须指明取代哪一行",
            ),
            models.CheckConstraint(
                condition=models.Q(batch__isnull=True, row__isnull=True)
                | models.Q(batch__isnull=False, row__isnull=False),
                name="income_line_evidence_whole",
                violation_error_message="批次和行号须同时有或同时没有",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "period"], name="income_line_household"),
            models.Index(fields=["region_code", "recorded_at"], name="income_line_recorded"),
            models.Index(fields=["region_code"], name="income_line_told", condition=models.Q(source="visit")),
        ]


class IncomeMonth(models.Model):
    """What the lines of a household and month (or year) add up to today. Made anew from the lines whenever one is added.

    A part is NULL where nobody stated its whole; ``…_detail_fen`` is what its single items add up to.
    """

    household = models.ForeignKey(
        Household, models.CASCADE, related_name="income_months", verbose_name="农户", db_index=False
    )
    region_code = models.CharField("村", max_length=12)
    period = models.CharField("月份", max_length=7)
    wage_fen = models.BigIntegerField("工资性", null=True)
    business_fen = models.BigIntegerField("生产经营性", null=True)
    property_fen = models.BigIntegerField("财产性", null=True)
    transfer_fen = models.BigIntegerField("转移性", null=True)
    business_cost_fen = models.BigIntegerField("生产经营性支出", null=True)
    net_fen = models.BigIntegerField("纯收入", null=True)
    transfer_detail_fen = models.BigIntegerField("转移性明细合计", null=True)
    claim_fen = models.BigIntegerField("理赔", null=True)
    own_medical_fen = models.BigIntegerField("合规自付", null=True)
    line_count = models.PositiveIntegerField("行数")
    disputed_count = models.PositiveSmallIntegerField("说法不一", default=0)

    class Meta:
        verbose_name = "农户月度收入"
        constraints = [models.UniqueConstraint(fields=["household", "period"], name="income_month_once")]
        indexes = [models.Index(fields=["region_code", "period"], name="income_month_list")]


class LedgerState(models.Model):
    """Which batches of a county are in the ledger already, and as what: batch → fingerprint of what it says."""

    county_code = models.CharField("县", max_length=12, unique=True)
    fingerprints = models.JSONField("批次指纹", default=dict)
    recorded_at = models.DateTimeField("记入时间", null=True)

    class Meta:
        verbose_name = "台账进度"


class RiskPoint(models.Model):
    """减收风险点: something that takes a household's income away. Closed by a person with evidence, never by itself (laiyuan-2022-9#3.4)."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="risk_points", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    kind = models.CharField("种类", max_length=20)
    text = models.CharField("情况", max_length=200, blank=True)
    opened_on = models.DateField("发现日")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField("消除日", null=True)
    evidence = models.CharField("消除依据", max_length=200, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "减收风险点"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "kind"], condition=models.Q(closed_on=None), name="risk_point_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, evidence="")
                | (models.Q(closed_on__isnull=False) & ~models.Q(evidence="")),
                name="risk_point_closed_with_evidence",
                violation_error_message="消除风险点须写明依据",
            ),
        ]
        indexes = [models.Index(fields=["region_code", "closed_on"], name="risk_point_list")]


class GrowthMeasure(models.Model):
    """A measure to raise a household's income, inside a case or not: what, by whom, since when, with what result."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="growth_measures", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    kind = models.CharField("措施", max_length=40, help_text="households.catalogue 的代码")
    title = models.CharField("内容", max_length=200)
    owner = models.CharField("责任人", max_length=60)
    risk_point = models.ForeignKey(RiskPoint, models.PROTECT, null=True, related_name="measures")
    planned_on = models.DateField("制定日")
    done_on = models.DateField("落实日", null=True)
    result = models.CharField("结果", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "增收措施"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True, result="")
                | (models.Q(done_on__isnull=False) & ~models.Q(result="")),
                name="growth_measure_done_with_result",
                violation_error_message="落实的措施须写明结果",
            )
        ]
        indexes = [
            models.Index(fields=["region_code", "planned_on"], name="growth_measure_list"),
        ]


class LoanSurvey(models.Model):
    """应贷尽贷: one asking of a household about a small loan, appended; the newest counts (laiyuan-2022-9#2.3.3)."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="loan_surveys", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    asked_on = models.DateField("询问日")
    wants = models.BooleanField("有意愿")
    barrier = models.CharField("障碍", max_length=12, blank=True)
    lent_on = models.DateField("放款日", null=True)
    lent_fen = models.BigIntegerField("放款金额（分）", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "小额信贷需求"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lent_on__isnull=True, lent_fen__isnull=True)
                | models.Q(lent_on__isnull=False, lent_fen__isnull=False),
                name="loan_lent_whole",
                violation_error_message="放款日和放款金额须同时有或同时没有",
            )
        ]
        indexes = [models.Index(fields=["region_code", "household", "-asked_on", "-id"], name="loan_survey_newest")]


class GrowthStatistic(models.Model):
    """One published figure that growth targets are held against: whose income grew by how much, who says so. The newest entry counts."""

    region_code = models.CharField("区域", max_length=12)
    series = models.CharField("谁的收入", max_length=24)
    period = models.CharField("时期", max_length=7, help_text="2022 或 2022-Q2")
    growth = models.DecimalField("增速", max_digits=9, decimal_places=6, null=True)
    income_fen = models.BigIntegerField("人均收入（分）", null=True)
    source = models.CharField("数据来源", max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "收入统计数"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(growth__isnull=False) | models.Q(income_fen__isnull=False),
                name="growth_statistic_says_something",
                violation_error_message="增速和人均收入至少要有一项",
            )
        ]
        indexes = [models.Index(fields=["region_code", "series", "period", "-id"], name="growth_statistic_newest")]


class ClosedMonth(models.Model):
    """A place's ledger of a month as it stood when the month was closed: the figures, and the moment that reproduces them."""

    region_code = models.CharField("区域", max_length=12)
    month = models.CharField("月份", max_length=7)
    known_at = models.DateTimeField("截至时刻")
    figures = models.JSONField("数字", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "台账月结"
        constraints = [models.UniqueConstraint(fields=["region_code", "month"], name="ledger_closed_once")]
