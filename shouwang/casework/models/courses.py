"""How far each lead came and how long it took, kept beside it so that sums over a city are read and not worked out."""

from __future__ import annotations

from django.db import models

from .leads import Lead


class LeadCourse(models.Model):
    """What the measures of leads add up: one line a lead, withdrawn ones left out.

    It says nothing of its own: ``casework.courses`` writes it in the transaction that changes the lead, its reasons, its case
    or the first measure, and ``casework.courses.differing`` works every line out anew. Days are whole days of a stretch that
    is over, NULL before.
    """

    lead = models.OneToOneField(Lead, models.CASCADE, primary_key=True, related_name="course", verbose_name="线索")
    region_code = models.CharField("村", max_length=12)
    opened_on = models.DateField("发现日")
    month = models.CharField("发现月份", max_length=7)
    causes = models.TextField("原因", blank=True, help_text="成立原因的规则和渠道代码，前后各有一个逗号")
    is_verified = models.BooleanField("已核实", default=False)
    is_confirmed = models.BooleanField("属实", default=False)
    is_included = models.BooleanField("纳入", default=False)
    verify_days = models.PositiveSmallIntegerField("发现至核实", null=True)
    include_days = models.PositiveSmallIntegerField("核实至纳入", null=True)
    measure_days = models.PositiveSmallIntegerField("纳入至首项措施", null=True)
    measured_on = models.DateField("首项措施开始日", null=True)

    class Meta:
        verbose_name = "线索进程"
        indexes = [
            # everything that is added up: a sum reads this one alone
            models.Index(
                fields=[
                    "region_code", "opened_on", "month", "causes", "is_verified", "is_confirmed", "is_included",
                    "verify_days", "include_days", "measure_days", "lead",
                ],
                name="course_sums",
            )
        ]  # fmt: skip
