"""The farmer's door: what families report, the code on each village's wall, and how often the door was knocked at."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.registry.models import Household

from .difficulties import CHOICES


class Channel(models.TextChoices):
    """The ways that hengshui-2022-1#C.2.3 names, and the visitor at the desk."""

    SCAN = "scan", "扫码申报"
    APP = "app", "手机APP"
    HOTLINE = "hotline", "12317热线"
    DESK = "desk", "窗口来访"


class Outcome(models.TextChoices):
    INCLUDED = "included", "已纳入监测帮扶"
    HELPED = "helped", "已落实帮扶，不需纳入监测"
    NOT_INCLUDED = "not_included", "未纳入监测"
    NOT_HERE = "not_here", "不是本地登记的农户"


REFUSED = (Outcome.NOT_INCLUDED, Outcome.NOT_HERE)


class RefusalReason(models.TextChoices):
    NO_RISK = "no_risk", "入户核实没有发现致贫返贫风险"
    OUTSIDE_RANGE = "outside_range", "家庭收入和支出情况不在监测范围"
    SOLVED = "solved", "困难已经解决"
    DIFFERENT = "different", "实际情况与申报的不一致"
    NOT_REGISTERED = "not_registered", "户籍和住所都不在本地"
    NOT_FOUND = "not_found", "按申报的信息找不到这一户"
    OTHER = "other", "其他（在说明里写清楚）"


OPEN = models.Q(merged_into__isnull=True, answered_at__isnull=True)


class SelfReport(models.Model):
    """One report of a family in trouble, by itself or by another, whichever way it came.

    ``secrets`` keeps phone, identity_number, description and reporter_name in one ciphertext, ``answer`` the text, reason and
    how_to_object of the answer. Whoever asks for progress must have both the receipt and the end of the phone number:
    ``progress_index`` is the keyed hash of the two, so that a wrong one of either finds just as little as nothing at all.
    A report that says the same as one still open is merged into it; its progress follows that one.
    """

    receipt_no = models.CharField("受理编号", max_length=8, unique=True)
    progress_index = models.CharField("查询指纹", max_length=64, unique=True)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    region_code = models.CharField("村", max_length=12)
    is_for_other = models.BooleanField("替别人申报", default=False)
    householder_name = models.CharField("户主姓名", max_length=30)
    difficulty = models.CharField("困难", max_length=20, choices=CHOICES)
    secrets = models.BinaryField("申报内容（加密）")
    phone_index = models.CharField("手机盲索引", max_length=64)
    identity_index = models.CharField("证件盲索引", max_length=64, blank=True)
    form_nonce = models.CharField("表单编号", max_length=32, unique=True, null=True)
    received_on = models.DateField("收到日", help_text="期限从这一天起算")
    received_at = models.DateTimeField("收到时间")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="self_reports", verbose_name="农户"
    )
    matched_at = models.DateTimeField("对上农户的时间", null=True)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="认定人",
        help_text="空而已对上：按证件号码和姓名自动对上",
    )  # fmt: skip
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers", verbose_name="并入")
    objects_to = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="objection", verbose_name="对哪一件有异议"
    )
    outcome = models.CharField("结果", max_length=20, choices=Outcome, blank=True)
    refusal = models.CharField("不纳入的原因", max_length=20, choices=RefusalReason, blank=True)
    answer = models.BinaryField("答复（加密）", null=True)
    answered_on = models.DateField("答复日", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )

    class Meta:
        verbose_name = "自主申报"
        constraints = [
            # One open question per family: two that arrive at the same moment cannot both be the first.
            models.UniqueConstraint(
                fields=["region_code", "phone_index", "householder_name"], condition=OPEN, name="one_open_report",
                violation_error_message="这一户已有一件正在办理的申报",
            ),
            models.UniqueConstraint(
                fields=["household"], condition=OPEN & models.Q(household__isnull=False),
                name="one_open_report_per_household", violation_error_message="这一户已有一件正在办理的申报",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, outcome="", answer__isnull=True)
                | models.Q(answered_at__isnull=False, answer__isnull=False) & ~models.Q(outcome=""),
                name="report_answer_whole", violation_error_message="答复须有结果、内容和时间",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=REFUSED) | ~models.Q(refusal=""),
                name="refused_with_reason", violation_error_message="不纳入须写明原因",
            ),
            models.CheckConstraint(
                condition=models.Q(household__isnull=True) | models.Q(matched_at__isnull=False),
                name="matched_household_with_time", violation_error_message="对上农户须有时间",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["region_code", "received_on"], name="report_list"),
            models.Index(fields=["householder_name", "region_code"], name="report_by_head"),
        ]

    def __str__(self) -> str:
        return self.receipt_no


class VillageDoor(models.Model):
    """The code on a village's wall. A renewed code leaves the old one behind, so that whoever scans it is told kindly."""

    token = models.CharField("村码", max_length=20, unique=True)
    region_code = models.CharField("村", max_length=12)
    opened_at = models.DateTimeField("启用时间")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="启用人"
    )
    closed_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "村码"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_door_per_village",
                violation_error_message="一个村只能有一张在用的码",
            )
        ]


class KnockCount(models.Model):
    """How often something was asked in one stretch of time; all processes count here. ``key`` is a keyed hash, no address."""

    key = models.CharField("计数对象", max_length=64)
    begins_at = models.DateTimeField("时段开始")
    count = models.PositiveIntegerField("次数")

    class Meta:
        verbose_name = "访问计数"
        constraints = [models.UniqueConstraint(fields=["key", "begins_at"], name="knocks_counted_once")]
        indexes = [models.Index(fields=["begins_at"], name="knocks_by_time")]
