"""Notices: what is put up in the village, with nothing on it but what may be shown."""

from __future__ import annotations

from django.db import models

from .cases import Case
from .proceeding import Event

PUBLICITY, ANNOUNCEMENT = "publicity", "announcement"


class Notice(models.Model):
    """A 公示 or 公告 about a case. ``content`` holds the permitted fields only: masked name, group, size, category, risk word.

    It is up from ``shown_from`` through ``shown_until`` and comes down by itself: whether it is up is derived from the day.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices", verbose_name="个案")
    event = models.OneToOneField(Event, models.PROTECT, related_name="notice", verbose_name="张贴记录")
    kind = models.CharField("种类", max_length=12, choices=[(PUBLICITY, "公示"), (ANNOUNCEMENT, "公告")])
    is_about_clearance = models.BooleanField("风险消除", default=False)
    region_code = models.CharField("村", max_length=12)
    content = models.JSONField("内容", default=dict)
    shown_from = models.DateField("自")
    shown_until = models.DateField("至")
    taken_down_on = models.DateField("提前撤下", null=True)

    class Meta:
        verbose_name = "公示公告"
        indexes = [models.Index(fields=["region_code", "shown_until"], name="notice_list")]
