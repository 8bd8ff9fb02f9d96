"""Who is there: units of five levels and departments, their posts, the people and the terms in which they held a post.

定岗 is a post of a unit, 定责 its responsibility, 定人 an appointment with its days (S0-C-34).
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q


class UnitKind(models.TextChoices):
    BUREAU = "bureau", "乡村振兴局"  # of the province or city
    COUNTY_CENTRE = "county_centre", "县防贫中心"
    TOWNSHIP_STATION = "township_station", "乡镇工作站"
    VILLAGE = "village", "村"
    DEPARTMENT = "department", "部门"


class PostKind(models.TextChoices):
    GRID_WORKER = "grid_worker", "网格员"
    MONITORING_CONTACT = "monitoring_contact", "监测联系人"
    VILLAGE_TEAM = "village_team", "驻村工作队员"
    VILLAGE_OFFICER = "village_officer", "村干部"
    STATION_OFFICER = "station_officer", "工作站工作人员"
    CENTRE_OFFICER = "centre_officer", "防贫中心工作人员"
    LIAISON = "liaison", "部门联络员"
    LEADER = "leader", "负责人"
    OTHER = "other", "其他"


class Unit(models.Model):
    """An office or village at one place. A unit that is no more keeps its row, with the day from which it was none."""

    name = models.CharField("单位名称", max_length=80)
    kind = models.CharField("单位类型", max_length=20, choices=UnitKind)
    department = models.CharField("部门", max_length=30, blank=True, help_text="只有部门填写")
    region_code = models.CharField("区域", max_length=12)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "name"],
                condition=Q(closed_on__isnull=True),
                name="unit_name_once_per_region",
                violation_error_message="这个区域已有同名单位",
            ),
            models.CheckConstraint(
                condition=(Q(kind="department") & ~Q(department="")) | (~Q(kind="department") & Q(department="")),
                name="unit_department_has_a_code",
                violation_error_message="部门须选择是哪个部门；其他单位不选",
            ),
        ]
        indexes = [models.Index(fields=["kind", "region_code"]), models.Index(fields=["region_code", "name"])]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post of a unit with what whoever holds it answers for; it stays when people change, and may stand vacant."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    kind = models.CharField("岗位类型", max_length=20, choices=PostKind)
    title = models.CharField("岗位", max_length=40)
    responsibility = models.CharField("职责", max_length=200, blank=True)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title"],
                condition=Q(closed_on__isnull=True),
                name="post_title_once_per_unit",
                violation_error_message="这个单位已有同名岗位",
            ),
        ]
        indexes = [models.Index(fields=["kind", "unit"])]

    def __str__(self) -> str:
        return self.title


class StaffMember(models.Model):
    """A person who works for a unit (not a registered villager). The telephone number is kept encrypted."""

    name = models.CharField("姓名", max_length=40)
    sex = models.CharField("性别", max_length=1, blank=True, choices=[("男", "男"), ("女", "女")])
    secrets = models.BinaryField("密存字段", null=True, editable=False)
    phone_index = models.CharField("电话盲索引", max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "工作人员"
        indexes = [models.Index(fields=["name"]), models.Index(fields=["phone_index"])]

    def __str__(self) -> str:
        return self.name


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_office(self, on: dt.date) -> AppointmentQuerySet:
        """Those whose term includes a day."""
        return self.filter(Q(from_on__lte=on), Q(until_on__isnull=True) | Q(until_on__gt=on))


class Appointment(models.Model):
    """One person in one post for one half-open term: ``until_on`` is the first day on which somebody no longer holds it."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name="岗位")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="appointments", verbose_name="工作人员")
    from_on = models.DateField("任职日期")
    until_on = models.DateField("离任日期", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["post", "staff"],
                condition=Q(until_on__isnull=True),
                name="appointment_once_at_a_time",
                violation_error_message="这名工作人员已在这个岗位上",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
                name="appointment_term_in_order",
                violation_error_message="离任日期必须晚于任职日期",
            ),
        ]
        indexes = [models.Index(fields=["post", "from_on"]), models.Index(fields=["staff", "from_on"])]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.post_id}"
