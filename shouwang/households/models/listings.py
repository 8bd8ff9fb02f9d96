"""挂牌督办: a county (or a place below) is put on the list by the level above, with a day, and taken off with evidence (S1-C-12)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

PROGRESS, EXTENSION = "progress", "extension"
ENTRY_KINDS = ((PROGRESS, "整改进展"), (EXTENSION, "调整期限"))


class Listing(models.Model):
    """One listing. ``trigger`` keeps the comparison as it stood that day; ``limit`` the parameter, or why the officer chose the day."""

    region_code = models.CharField("被挂牌的地方", max_length=12)
    by_region = models.CharField("挂牌单位", max_length=12)
    reason = models.CharField("事由", max_length=200)
    period = models.CharField("时期", max_length=7, blank=True)
    trigger = models.JSONField("触发条件", default=dict)
    number = models.CharField("文号", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40)
    listed_on = models.DateField("挂牌日")
    due_on = models.DateField("整改期限")
    limit = models.JSONField("期限依据", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="挂牌人")
    at = models.DateTimeField("登记时间")
    released_on = models.DateField("摘牌日", null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="摘牌人"
    )
    evidence = models.CharField("摘牌依据", max_length=300, blank=True)

    class Meta:
        verbose_name = "挂牌督办"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "by_region"],
                condition=models.Q(released_on=None),
                name="one_open_listing_per_place",
                violation_error_message="这个地方正在挂牌督办",
            ),
            models.CheckConstraint(
                condition=models.Q(released_on=None, evidence="")
                | (models.Q(released_on__isnull=False) & ~models.Q(evidence="")),
                name="listing_released_with_evidence",
                violation_error_message="摘牌须写明依据",
            ),
        ]
        indexes = [models.Index(fields=["region_code", "-listed_on"], name="listing_list")]


class ListingEntry(models.Model):
    """What the listed place says of its progress, or a day that was moved; appended, never edited."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="entries", verbose_name="挂牌")
    kind = models.CharField("种类", max_length=12, choices=ENTRY_KINDS)
    on = models.DateField("日期")
    text = models.CharField("内容", max_length=500)
    due_before = models.DateField("原期限", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "挂牌督办记录"
