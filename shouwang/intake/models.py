"""Files at the door: what was received, what of it was refused, and how a sender's headings were understood."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class BatchState(models.TextChoices):
    RECEIVED = "received", "已接收"
    APPLIED = "applied", "已生效"
    REFUSED = "refused", "整体退回"
    REVERTED = "reverted", "已撤销"


class Batch(models.Model):
    """One file as it was received: from whom, for which place and period, and what became of its rows.

    ``counts`` holds the sums that the page shows; their parts always add up to ``rows``.
    """

    purpose = models.CharField(
        "用途", max_length=10, choices=[("registry", "农户档案"), ("feed", "部门数据"), ("register", "台账")]
    )
    dataset = models.CharField("数据集", max_length=40)
    region_code = models.CharField("区域", max_length=12, help_text="文件所属的县；没有区域的文件谁也看不到")
    period = models.CharField("所属月份", max_length=7)
    sender = models.CharField("报送单位", max_length=80, blank=True)
    file_name = models.CharField("文件名", max_length=200)
    file_hash = models.CharField("文件指纹", max_length=64)
    file_size = models.PositiveBigIntegerField("字节数")
    state = models.CharField("状态", max_length=10, choices=BatchState, default=BatchState.RECEIVED)
    counts = models.JSONField("行数", default=dict)
    notices = models.JSONField("提示", default=list, help_text="如：未识别的列、使用了往期档案")
    headings = models.JSONField("表头", default=list, help_text="文件的原表头，按列序")
    columns = models.JSONField("标准列名", default=list, help_text="与原表头逐列对应；空：未识别的列")
    received_at = models.DateTimeField("接收时间")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="接收人"
    )
    applied_at = models.DateTimeField("生效时间", null=True)
    reverted_at = models.DateTimeField("撤销时间", null=True)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    reverted_reason = models.CharField("撤销原因", max_length=200, blank=True)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", verbose_name="拆分自")

    class Meta:
        verbose_name = "批次"
        indexes = [
            models.Index(fields=["region_code", "dataset", "period"]),
            models.Index(fields=["file_hash"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "dataset", "region_code", "period", "file_hash"],
                condition=models.Q(state__in=["received", "applied"], split_from=None),
                name="batch_once_per_file",
                violation_error_message="这个文件已经导入过",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=BatchState.APPLIED) | models.Q(applied_at__isnull=False),
                name="batch_applied_has_time",
                violation_error_message="已生效的批次必须有生效时间",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=BatchState.REVERTED) | models.Q(reverted_at__isnull=False),
                name="batch_reverted_has_time",
                violation_error_message="已撤销的批次必须有撤销时间",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.pk} 批 {self.file_name}"


class RefusedRow(models.Model):
    """A row that was not taken: the row as it came (encrypted), the place, the reason and a suggestion."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="refused_rows")
    row_number = models.PositiveIntegerField("行号", help_text="在原文件中的行号，从 1 起")
    column = models.CharField("列", max_length=60, blank=True)
    reason = models.CharField("原因", max_length=300)
    suggestion = models.CharField("建议", max_length=300, blank=True)
    cells = models.BinaryField("原行（加密）")

    class Meta:
        verbose_name = "退回行"
        indexes = [models.Index(fields=["batch", "row_number"])]


class RememberedHeadings(models.Model):
    """How one sender's headings for a dataset were understood, so that the question is asked once."""

    dataset = models.CharField("数据集", max_length=40)
    sender = models.CharField("报送单位", max_length=80, blank=True)
    heading = models.CharField("来文列名", max_length=120)
    column = models.CharField("标准列名", max_length=60, blank=True, help_text="空：这一列不要")

    class Meta:
        verbose_name = "表头对应"
        constraints = [models.UniqueConstraint(fields=["dataset", "sender", "heading"], name="heading_remembered_once")]


class LakeFile(models.Model):
    """A Parquet file that a batch put into the lake. It counts while its batch is in force, and for nobody after."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lake_files", verbose_name="批次")
    dataset = models.CharField("数据集", max_length=40, help_text="部门数据集，或 registry_person 等档案快照")
    region_code = models.CharField("县", max_length=12)
    period = models.CharField("所属月份", max_length=7)
    path = models.CharField("路径", max_length=200, unique=True, help_text="相对于数据湖文件夹")
    content_hash = models.CharField("内容指纹", max_length=64, help_text="筛查据此判断输入是否变化")
    row_count = models.PositiveIntegerField("行数")

    class Meta:
        verbose_name = "数据湖文件"
        indexes = [models.Index(fields=["region_code", "dataset", "period"])]
