"""档、账、实三方比对: what the archive, the platform and the newest visit say differently about a household, until it is settled (S4-C-15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.registry.models import Household

BETWEEN_ACCOUNTS, AGAINST_REALITY = "accounts", "reality"
KINDS = ((BETWEEN_ACCOUNTS, "账账不符"), (AGAINST_REALITY, "账实不符"))
# How a difference ended.
ARCHIVE_MENDED, SYSTEM_MENDED, EXPLAINED, GONE = "archive", "system", "explained", "gone"
SETTLEMENTS = (
    (ARCHIVE_MENDED, "已改全国系统和档案"),
    (SYSTEM_MENDED, "已改本系统"),
    (EXPLAINED, "核对属实，不用改"),
    (GONE, "再次比对已一致"),
)


class ArchiveComparison(models.Model):
    """One comparison of a county: when, up to which month of the register, and what came out."""

    county_code = models.CharField("县", max_length=12)
    made_at = models.DateTimeField("比对时间")
    made_on = models.DateField("比对日")
    register_period = models.CharField("档案月份", max_length=7, blank=True)
    household_count = models.PositiveIntegerField("比对户数")
    counts = models.JSONField("结果", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="比对人")

    class Meta:
        verbose_name = "三方比对"
        indexes = [models.Index(fields=["county_code", "-made_at"], name="archive_comparison_list")]


class ArchiveDifference(models.Model):
    """One thing on which the three do not agree. What each said stays as it was found; empty means that it says nothing of it."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="archive_differences", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    item = models.CharField("项目", max_length=24)
    kind = models.CharField("种类", max_length=10, choices=KINDS)
    archive = models.CharField("档案（全国系统）", max_length=200, blank=True)
    system = models.CharField("本系统", max_length=200, blank=True)
    reality = models.CharField("实际（走访）", max_length=200, blank=True)
    seen_on = models.DateField("走访日", null=True)
    found_on = models.DateField("发现日")
    settled_on = models.DateField("核对日", null=True)
    settled_as = models.CharField("结果", max_length=10, choices=SETTLEMENTS, blank=True)
    how = models.CharField("核对说明", max_length=200, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核对人"
    )

    class Meta:
        verbose_name = "三方差异"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "item"], condition=models.Q(settled_on=None), name="archive_difference_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_on=None, settled_as="") | (models.Q(settled_on__isnull=False) & ~models.Q(settled_as="")),
                name="archive_difference_settled_whole",
                violation_error_message="核对须有日期和结果",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["region_code", "settled_on"], name="archive_difference_list")]
