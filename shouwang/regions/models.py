"""Administrative divisions with validity dates, so that a merger keeps history; and what is kept by place so that it need not be counted again."""

from django.db import models


class Level(models.IntegerChoices):
    NATION = 0, "全国"
    PROVINCE = 1, "省级"
    CITY = 2, "市级"
    COUNTY = 3, "县级"
    TOWNSHIP = 4, "乡级"
    VILLAGE = 5, "村级"


class Region(models.Model):
    """One division under one code for one half-open period of time.

    ``code`` has 12 digits (province 2, city 2, county 2, township 3, village 3) and is itself a path. The few divisions
    that documents treat as belonging elsewhere than their code says (定州, 辛集, the counties of 雄安) carry
    ``has_own_parent``; everyone else's parent follows from the code.
    """

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=60, help_text="去掉省、市、县、乡、村等后缀，用于按名称匹配")
    initials = models.CharField("拼音首字母", max_length=200, help_text="名称的，空格，各别名的")
    other_names = models.CharField("别名", max_length=120, blank=True, help_text="文件中的其他叫法和曾用名，用顿号分开")
    level = models.PositiveSmallIntegerField("层级", choices=Level)
    parent_code = models.CharField("上级代码", max_length=12, blank=True)
    has_own_parent = models.BooleanField("上级与代码不同", default=False)
    is_functional_zone = models.BooleanField("功能区", default=False)
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期（不含）", null=True, blank=True)
    successor_code = models.CharField("并入或改为", max_length=12, blank=True)
    source = models.CharField("来源", max_length=120)

    class Meta:
        verbose_name = "行政区划"
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="region_code_once_per_start"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="region_valid_period_in_order",
                violation_error_message="区划的停用日期必须晚于启用日期",
            ),
        ]
        indexes = [
            models.Index(fields=["parent_code", "code"]),
            models.Index(fields=["initials"]),
            models.Index(fields=["short_name"]),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The outline of a division as GeoJSON geometry in CGCS2000 (EPSG:4490), with where it came from."""

    region_code = models.CharField("区划代码", max_length=12, unique=True)
    geometry = models.JSONField("边界")
    source = models.CharField("来源", max_length=200)
    approval_number = models.CharField("审图号", max_length=60, blank=True)

    class Meta:
        verbose_name = "区划边界"


class Edition(models.Model):
    """One time at which the divisions changed as a whole: the program's list was loaded, a file of changes or of
    boundaries was applied.

    The newest line's ``token`` tells every process whether what it remembers of the tree and the maps still holds.
    """

    token = models.CharField(max_length=32, unique=True)
    kind = models.CharField(
        "内容", max_length=10, choices=[("list", "程序自带名录"), ("changes", "变更文件"), ("boundaries", "边界文件")]
    )
    file_name = models.CharField("文件", max_length=200, blank=True)
    content_hash = models.CharField("文件指纹", max_length=64)
    counts = models.JSONField("行数", default=dict)
    applied_on = models.DateField("导入日期", null=True)

    class Meta:
        verbose_name = "区划版本"


class ChangeCount(models.Model):
    """How often rows of one source changed in one place (first nine digits): the sum of ``step`` over its lines only ever grows.

    Triggers write here (``watching``), in the transaction of the change itself. ``slot`` keeps writers apart: on PostgreSQL each
    transaction adds to a line of its own and waits for nobody; SQLite has one writer, who uses slot 0.
    """

    source = models.CharField("来源", max_length=40)
    place = models.CharField("地方", max_length=9)
    slot = models.BigIntegerField("写入者", default=0)
    step = models.BigIntegerField("次数", default=1)

    class Meta:
        verbose_name = "变动次数"
        constraints = [models.UniqueConstraint(fields=["source", "place", "slot"], name="change_count_once")]


class KeptSum(models.Model):
    """What a sum came to in one place when its sources stood at ``versions``; good exactly as long as they stand there."""

    name = models.CharField("合计", max_length=40)
    key = models.CharField("口径", max_length=32, help_text="日期、口径和程序版本的指纹")
    place = models.CharField("地方", max_length=9)
    versions = models.CharField("依据", max_length=400)
    figures = models.JSONField("数字", null=True, help_text="空：这里没有")

    class Meta:
        verbose_name = "存下的合计"
        constraints = [models.UniqueConstraint(fields=["name", "key", "place"], name="kept_sum_once")]
