"""Lists that go out to departments with the fewest columns, and their answers row by row (S4-C-13)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.casework.models import Case
from shouwang.registry.models import Household, Person

DONE, DOING, CANNOT, WRONG = "done", "doing", "cannot", "wrong"
ANSWERS = ((DONE, "已落实"), (DOING, "正在办理"), (CANNOT, "不符合条件"), (WRONG, "信息有误"))


class DepartmentList(models.Model):
    """One list to one department. ``columns`` are codes of ``households.list_columns``, no more than the purpose needs."""

    department = models.CharField("部门", max_length=30)
    region_code = models.CharField("区域", max_length=12)
    title = models.CharField("名单", max_length=80)
    purpose = models.CharField("用途", max_length=200)
    columns = models.JSONField("列", default=list)
    sent_on = models.DateField("发出日")
    answer_by_on = models.DateField("请于何日前回复", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发出人")
    at = models.DateTimeField("发出时间")

    class Meta:
        verbose_name = "部门名单"
        indexes = [models.Index(fields=["department", "region_code", "-sent_on"], name="department_list")]


class ListRow(models.Model):
    """One row: whom it is about, and what the department answered. ``mark`` names the row in files that come back."""

    list = models.ForeignKey(DepartmentList, models.CASCADE, related_name="rows", verbose_name="名单")
    mark = models.CharField("行码", max_length=20, unique=True)
    region_code = models.CharField("村", max_length=12)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name="个案")
    measure = models.ForeignKey("Measure", models.PROTECT, null=True, related_name="+", verbose_name="措施")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="农户")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    about = models.CharField("事项", max_length=60, blank=True, help_text="与个案、措施无关的名单：为了什么")
    answer = models.CharField("回复", max_length=10, choices=ANSWERS, blank=True)
    remark = models.CharField("说明", max_length=200, blank=True)
    answered_on = models.DateField("回复日", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="回复人"
    )

    class Meta:
        verbose_name = "名单行"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="", answered_on__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_on__isnull=False)),
                name="list_answer_has_a_day",
                violation_error_message="回复须有回复日",
            )
        ]
        indexes = [models.Index(fields=["list", "answer"], name="list_answers")]
