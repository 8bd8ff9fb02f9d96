"""大病患者: who was diagnosed with one of the 30 major or 4 chronic diseases (卫健局)."""

from shouwang.intake.contract import Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, IDENTITY, NAME

DATASET = Dataset(
    code="major_disease",
    label="大病患者",
    department="卫健局",
    description="确诊三十种大病、四种慢性病的人员。病种是否在清单内由参数决定，这里照来文记录。",
    cites=(
        *EXCHANGE,
        "hebei-xiangzhenfa-2022-14#1.1",
    ),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "病种名称",
            "disease",
            Kind.TEXT,
            "确诊的病种",
            is_required=True,
            may_be_empty=False,
            aliases=("病种", "疾病名称", "大病病种", "患病名称", "诊断名称", "诊断", "所患疾病"),
            privacy=Privacy.SENSITIVE,
            example="肺癌",
        ),
        Column(
            "确诊日期",
            "diagnosed_on",
            Kind.DAY,
            "确诊的日期",
            is_required=True,
            may_be_empty=False,
            aliases=("确诊时间", "诊断日期", "诊断时间", "确诊日", "发病日期"),
            privacy=Privacy.SENSITIVE,
            is_not_after_period=True,
            example="2022-05-18",
        ),
        Column(
            "签约医生",
            "",
            Kind.TEXT,
            "家庭医生姓名；涉及他人，不进入数据湖",
            aliases=("家庭医生", "签约家庭医生", "责任医生"),
            privacy=Privacy.PERSONAL,
            example="李四",
        ),
    ),
    natural_key=("disease",),
    supersession="同一人的同一病种只算一次，确诊日期不同的以所属月份新的文件为准",
    tolerates_unsound_identity=True,
)
