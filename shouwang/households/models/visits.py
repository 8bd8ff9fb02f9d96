"""Visits as phones and pages send them: what was sent, who was seen, what had changed, what two people said differently."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shouwang.casework.models import Event
from shouwang.registry.models import Household

CONFIRMATION, VISIT, STEP, UNDO = "confirmation", "visit", "step", "undo"
RECORD_KINDS = ((CONFIRMATION, "无变化"), (VISIT, "走访"), (STEP, "办理"), (UNDO, "撤回"))
ONSITE, PHONE = "onsite", "phone"
METHODS = ((ONSITE, "入户"), (PHONE, "电话"))
# Valid results that go back to whoever the data came from.
RESULTS = (("died", "已去世"), ("moved", "已迁出"), ("not_found", "查无此人"), ("wrong_data", "数据有误"))
APPLIED, SAME, OPEN, TAKEN, KEPT, UNDONE = "applied", "same", "open", "taken", "kept", "undone"
CHANGE_STATES = (
    (APPLIED, "已记入"),
    (SAME, "与现有一致"),
    (OPEN, "待乡镇核对"),
    (TAKEN, "核对后采用"),
    (KEPT, "核对后不采用"),
    (UNDONE, "已撤回"),
)


class Device(models.Model):
    """One phone, registered by one account for one village. ``code`` is made by the phone and cannot be guessed.

    ``session_hash`` and ``session_mark`` belong to its own signing in: see ``visits.phone_sessions``.
    """

    code = models.UUIDField("设备编号", unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="devices", verbose_name="账号")
    region_code = models.CharField("村", max_length=12)
    label = models.CharField("名称", max_length=60, blank=True)
    registered_at = models.DateTimeField("登记时间")
    heard_at = models.DateTimeField("最近同步", null=True)
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("作废原因", max_length=200, blank=True)
    emptied_at = models.DateTimeField("已清空时间", null=True, help_text="手机自己报告")
    session_hash = models.CharField("手机登录指纹", max_length=64, blank=True, editable=False)
    session_mark = models.CharField("登录时账号的标记", max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "手机"
        indexes = [models.Index(fields=["region_code", "account"], name="device_list")]


class SentRecord(models.Model):
    """One record as it arrived, under the id that the phone or page made: the same id is never acted on twice.

    ``digest`` is a keyed hash of its content. ``of`` is what an undo takes back, which may arrive after it. ``event`` is what a
    step of a lead or case became; a photo of it belongs there.
    """

    id = models.UUIDField("编号", primary_key=True)
    kind = models.CharField("种类", max_length=12, choices=RECORD_KINDS)
    digest = models.CharField("内容指纹", max_length=64)
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+", verbose_name="手机", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁", db_index=False
    )
    region_code = models.CharField("村", max_length=12)
    made_at = models.DateTimeField("手机上的时间")
    received_at = models.DateTimeField("收到时间")
    of = models.UUIDField("撤回哪一条", null=True)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, related_name="+", verbose_name="办理记录", db_index=False
    )
    result = models.CharField("结果", max_length=10)
    message = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "同步记录"
        indexes = [
            models.Index(fields=["of"], name="sent_undo", condition=models.Q(of__isnull=False)),
            models.Index(fields=["by", "made_at"], name="sent_by_account"),
        ]


class Visit(models.Model):
    """A household was seen, or called, on a day. Never edited; an undo sets ``undone_at`` and nothing else.

    ``typed_count`` is how many fields somebody had to fill in: none for a confirmation.
    """

    record = models.OneToOneField(SentRecord, models.PROTECT, primary_key=True, related_name="visit")
    household = models.ForeignKey(Household, models.PROTECT, related_name="visits", verbose_name="农户")
    region_code = models.CharField("村", max_length=12)
    on = models.DateField("走访日")
    month = models.CharField("月份", max_length=7)
    kind = models.CharField("种类", max_length=12, choices=RECORD_KINDS[:2])
    method = models.CharField("方式", max_length=8, choices=METHODS)
    result = models.CharField("快捷结果", max_length=12, choices=RESULTS, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    typed_count = models.PositiveSmallIntegerField("填写项数", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits", verbose_name="走访人")
    by_name = models.CharField("走访人姓名", max_length=80)
    undone_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "走访"
        indexes = [
            # whoever was seen in a place and month, and what came of it, is read here alone
            models.Index(
                fields=["month", "region_code", "method", "household", "on", "kind", "typed_count", "result", "record"],
                name="visit_seen",
                condition=models.Q(undone_at=None),
            ),
            models.Index(
                fields=["month", "kind", "region_code"], name="visit_by_kind", condition=models.Q(undone_at=None)
            ),
            models.Index(fields=["household", "-on"], name="visit_of_household"),
            models.Index(fields=["by", "-on"], name="visit_by_account"),
        ]


class VisitChange(models.Model):
    """One field that a visit found changed: what was seen before, what is now, what stood there when it arrived.

    The newest applied or taken line of a household, field and period is what is known. ``group`` ties the lines of one thing
    together (a member's change takes four fields); ``effects`` name what it set off (ledger lines, a natural change, a signal).
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="changes", verbose_name="走访")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="农户", db_index=False)
    region_code = models.CharField("村", max_length=12)
    field = models.CharField("项目", max_length=60)
    period = models.CharField("所属月份", max_length=7, blank=True)
    base = models.JSONField("看到的值", null=True)
    value = models.JSONField("新值")
    found = models.JSONField("到达时的值", null=True)
    found_change = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField("状态", max_length=8, choices=CHANGE_STATES)
    effects = models.JSONField("引起的", default=dict)
    at = models.DateTimeField("记录时间")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("核对时间", null=True)
    reason = models.CharField("核对说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "走访变化"
        constraints = [
            models.UniqueConstraint(fields=["visit", "field"], name="visit_change_once"),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True)
                | models.Q(settled_at__isnull=False, settled_by__isnull=False),
                name="visit_change_settled_whole",
                violation_error_message="核对人和核对时间须同时有或同时没有",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "field", "period", "-id"], name="visit_change_known"),
            models.Index(fields=["region_code"], name="visit_change_open", condition=models.Q(state="open")),
        ]


class Photo(models.Model):
    """A picture that somebody chose to take; no visit needs one. Kept encrypted, with nothing in it but the picture."""

    id = models.UUIDField("编号", primary_key=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos", verbose_name="走访")
    region_code = models.CharField("村", max_length=12)
    digest = models.CharField("指纹", max_length=64)
    size = models.PositiveIntegerField("字节")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "照片"


class VisitMonth(models.Model):
    """A county's month of visits as it was closed: whom the scope named, who was seen, by village and grid, with the values behind."""

    region_code = models.CharField("县", max_length=12)
    month = models.CharField("月份", max_length=7)
    figures = models.JSONField("数字", default=dict)
    parameters = models.JSONField("依据", default=dict)
    closed_at = models.DateTimeField("结账时间")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="结账人")

    class Meta:
        verbose_name = "走访月结"
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "month"],
                name="visit_month_closed_once",
                violation_error_message="这个月已经结账",
            )
        ]


class MissedVisit(models.Model):
    """A household of a closed month whom nobody had seen: the blind spots, by name, as they stood."""

    month = models.ForeignKey(VisitMonth, models.CASCADE, related_name="missed", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", db_index=False)
    region_code = models.CharField("村", max_length=12)
    grid = models.BigIntegerField("网格员", null=True)

    class Meta:
        verbose_name = "未走访户"
        indexes = [models.Index(fields=["month", "region_code"], name="missed_list")]
