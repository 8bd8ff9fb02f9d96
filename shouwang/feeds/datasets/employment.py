"""就业失业: who works where since when, and who lost work (人社局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, IDENTITY, NAME

STATUSES = CodeList(
    "就业状态",
    {
        "就业": ("在业", "已就业", "在岗", "务工", "外出务工", "单位就业", "正常", "在职", "1"),
        "灵活就业": ("零工", "散工", "季节性务工", "自由职业"),
        "自主创业": ("创业", "个体经营", "个体工商户"),
        "公益性岗位": ("公益岗", "公益岗位", "乡村公益性岗位", "公岗"),
        "失业": ("登记失业", "已失业", "失业登记", "下岗", "离职", "返乡失业", "2"),
        "未就业": ("无业", "待业", "未务工", "无就业", "待就业"),
        "退休": ("已退休", "离退休"),
    },
)

DATASET = Dataset(
    code="employment",
    label="就业失业",
    department="人社局",
    description="务工就业和失业登记，一段就业一行；结束日期或失业登记表示失去工作。",
    cites=(
        *EXCHANGE,
        "hebei-xiangzhenfa-2022-14#1.3",
    ),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "就业状态",
            "employment_status",
            Kind.CODE,
            "就业、公益性岗位、失业等",
            is_required=True,
            may_be_empty=False,
            aliases=("就业情况", "务工状态", "就业失业状态", "状态", "务工情况"),
            codes=STATUSES,
            privacy=Privacy.PERSONAL,
            example="就业",
        ),
        Column(
            "开始日期",
            "started_on",
            Kind.DAY,
            "这段就业（或失业）开始的日期",
            is_required=True,
            may_be_empty=False,
            aliases=(
                "开始时间",
                "务工开始时间",
                "就业日期",
                "就业时间",
                "入职日期",
                "失业日期",
                "登记日期",
                "起始日期",
            ),
            privacy=Privacy.PERSONAL,
            is_not_after_period=True,
            example="2022-02-15",
        ),
        Column(
            "务工地点",
            "work_place",
            Kind.TEXT,
            "在哪里务工",
            aliases=("务工所在地", "就业地点", "务工地", "就业地", "工作地点"),
            privacy=Privacy.PERSONAL,
            example="河北省保定市",
        ),
        Column(
            "单位名称",
            "employer",
            Kind.TEXT,
            "用人单位",
            aliases=("务工企业名称", "用人单位", "就业单位", "企业名称", "务工单位", "工作单位"),
            privacy=Privacy.PERSONAL,
            example="某建筑公司",
        ),
        Column(
            "结束日期",
            "ended_on",
            Kind.DAY,
            "这段就业结束的日期；仍在职的留空",
            aliases=("结束时间", "务工结束时间", "离职日期", "终止日期", "解除日期"),
            privacy=Privacy.PERSONAL,
            example="",
        ),
    ),
    natural_key=("started_on", "employer"),
    supersession="同一人、同一开始日期、同一单位为同一段就业，以所属月份新的文件为准（如补上结束日期）",
    tolerates_unsound_identity=True,
)
