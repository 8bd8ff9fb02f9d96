"""Who and what exists: households and persons, with the national system's four sheets behind them."""

from __future__ import annotations

from django.db import models

from shouwang.intake.models import Batch


class SheetRecord(models.Model):
    """One row of a national-system sheet as it stands now, and where it came from.

    ``columns`` keeps every insensitive column as text under its heading, so that an export gives the same data back.
    ``secrets`` keeps the sensitive ones (identity numbers, phones, bank accounts) in one ciphertext.
    ``digest`` is a keyed hash of the whole row: equal rows are found in sets. ``period`` is the month of the file that
    last set the row; an older file never overwrites it.
    """

    region_code = models.CharField("区域", max_length=12)
    period = models.CharField("所属月份", max_length=7)
    columns = models.JSONField("原列", default=dict)
    secrets = models.BinaryField("敏感列（加密）", null=True)
    digest = models.CharField("行指纹", max_length=64)
    # Without an index of their own: a hundred and eighty thousand rows are written at once, and a batch is seldom asked for.
    first_batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", verbose_name="首次来自", db_index=False
    )
    first_row = models.PositiveIntegerField("首次行号", null=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", verbose_name="最近来自", db_index=False
    )
    row_number = models.PositiveIntegerField("最近行号", null=True)
    missing_since = models.CharField("自何月起文件中没有", max_length=7, blank=True)
    is_withdrawn = models.BooleanField("不在册", default=False, help_text="随批次撤销，或注销")
    closed_since = models.CharField("自何月起注销", max_length=7, blank=True)

    class Meta:
        abstract = True


IN_FORCE = models.Q(is_withdrawn=False)


class Household(SheetRecord):
    """A rural household under its national-system number (户编号)."""

    household_no = models.CharField("户编号", max_length=40, unique=True)
    head_name = models.CharField("户主姓名", max_length=60)
    household_type = models.CharField("户类型", max_length=20, blank=True, help_text="脱贫户、一般农户")
    registered_size = models.PositiveSmallIntegerField("家庭人口数", null=True)
    is_stub = models.BooleanField("仅由人口表建立", default=False)

    class Meta:
        verbose_name = "农户"
        indexes = [
            # Lists and counts are answered from these alone: a register row is long, and a million of them are not read.
            # SQLite looks the condition up in the row unless its column stands in the index.
            models.Index(
                fields=["region_code", "household_no", "household_type", "missing_since", "is_withdrawn"],
                name="household_list",
                condition=IN_FORCE,
            ),
            models.Index(
                fields=["household_type", "region_code", "household_no"], name="household_by_type", condition=IN_FORCE
            ),
            # PostgreSQL finds the beginning of a name only in an index that is told to look for it
            models.Index(
                fields=["head_name", "region_code", "is_withdrawn"],
                name="household_by_head",
                opclasses=["varchar_pattern_ops", "varchar_ops", "bool_ops"],
            ),
            models.Index(fields=["missing_since", "region_code"], name="household_missing", condition=IN_FORCE),
        ]

    def __str__(self) -> str:
        return self.head_name


class Person(SheetRecord):
    """A registered person under the national-system number (人口编号)."""

    person_no = models.CharField("人口编号", max_length=40, unique=True)
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="persons", verbose_name="所在户", db_index=False
    )
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=4, blank=True)
    born_on = models.DateField("出生日期", null=True)
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    labour_capacity = models.CharField("劳动技能", max_length=20, blank=True)
    identity_index = models.CharField("证件盲索引", max_length=64, blank=True)

    class Meta:
        verbose_name = "人口"
        indexes = [
            models.Index(fields=["region_code", "person_no"], name="person_list", condition=IN_FORCE),
            # what is asked of a household's people as sums: who can work, who is the head
            models.Index(
                fields=["household", "is_withdrawn", "labour_capacity", "relation"], name="person_of_household"
            ),
            models.Index(fields=["identity_index"], name="person_by_identity"),
            models.Index(
                fields=["name", "region_code"],
                name="person_by_name",
                condition=IN_FORCE,
                opclasses=["varchar_pattern_ops", "varchar_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Monitoring(SheetRecord):
    """A household's row in the monitored-object sheet: category, risks, since when, cleared or not."""

    household = models.OneToOneField(Household, models.PROTECT, related_name="monitoring", verbose_name="农户")
    object_category = models.CharField("监测对象类别", max_length=20, blank=True)
    risks = models.JSONField("致贫返贫风险", default=list)
    identified_month = models.CharField("识别监测时间", max_length=7, blank=True)
    is_cleared = models.BooleanField("风险已消除", default=False)
    cleared_month = models.CharField("消除监测时间", max_length=7, blank=True)

    class Meta:
        verbose_name = "监测对象"
        indexes = [models.Index(fields=["region_code", "object_category"], name="monitoring_list")]


class OutWork(SheetRecord):
    """A person's row in the out-work sheet."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="out_work", verbose_name="人口")
    is_working = models.BooleanField("已务工", null=True)
    place = models.CharField("务工所在地", max_length=120, blank=True)

    class Meta:
        verbose_name = "外出务工"


class Change(models.Model):
    """What one batch changed in one record, field by field: ``{heading: [before, after]}``, encrypted.

    Field-level history, provenance and reversal all come from here. New records have no line: their ``first_batch`` says it.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="changes", verbose_name="批次")
    sheet = models.CharField("表", max_length=12)
    record_id = models.BigIntegerField("记录")
    row_number = models.PositiveIntegerField("行号", null=True)
    operation = models.CharField(
        "操作",
        max_length=10,
        choices=[("changed", "变更"), ("missing", "文件中没有"), ("revived", "恢复"), ("closed", "注销")],
    )
    before_state = models.JSONField("变更前的批次与月份", default=dict)
    fields = models.BinaryField("字段变化（加密）", null=True)

    class Meta:
        verbose_name = "档案变更"
        indexes = [models.Index(fields=["sheet", "record_id"]), models.Index(fields=["batch"])]


class Coverage(models.Model):
    """A village that a file covered: the whole village stood in it, so what it does not name was not there that month.

    An older file never overwrites what a newer one said of the same village.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="coverage", verbose_name="批次")
    sheet = models.CharField("表", max_length=12)
    region_code = models.CharField("村", max_length=12)
    period = models.CharField("所属月份", max_length=7)

    class Meta:
        verbose_name = "文件覆盖的村"
        indexes = [models.Index(fields=["sheet", "region_code"])]
