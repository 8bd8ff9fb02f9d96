"""人口变动: births, deaths, marriages and moves: the natural changes of a month (公安局)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, IDENTITY, NAME

# hengshui-2022-1#C.2.4: added by birth, marriage and return; removed by death, marriage, move, army and prison.
ADDING_KINDS = ("出生", "迁入", "婚入", "退役返回", "刑满返回", "返回")
REMOVING_KINDS = ("死亡", "迁出", "婚出", "参军", "服刑", "失踪")

KINDS = CodeList(
    "变动类型",
    {
        "出生": ("新生儿", "新出生", "出生登记", "新增出生", "生育"),
        "迁入": ("户口迁入", "户籍迁入", "迁移迁入", "户籍转入", "收养"),
        "婚入": ("婚嫁入", "嫁入", "结婚迁入", "婚迁入", "入赘"),
        "退役返回": ("退伍", "退役", "复员", "退伍返乡"),
        "刑满返回": ("刑满释放", "刑释", "刑满"),
        "返回": ("返乡", "回迁", "回归", "失踪返回"),
        "死亡": ("去世", "死亡注销", "死亡销户", "亡故", "病故"),
        "迁出": ("户口迁出", "户籍迁出", "迁移迁出", "户籍转出", "搬迁迁出"),
        "婚出": ("婚嫁出", "嫁出", "出嫁", "结婚迁出", "婚迁出"),
        "参军": ("入伍", "服役", "应征入伍"),
        "服刑": ("入狱", "收监", "在押", "判刑"),
        "失踪": ("失联", "宣告失踪", "下落不明"),
    },
)

DATASET = Dataset(
    code="population_change",
    label="人口变动",
    department="公安局",
    description="户籍变动、死亡、服刑等自然变更。新增人口尚未入档，凭户编号归户。",
    cites=(
        *EXCHANGE,
        "hengshui-2022-1#C.2.4.6",
    ),
    columns=(
        IDENTITY,
        NAME,
        Column(
            "变动类型",
            "change_kind",
            Kind.CODE,
            "增加或减少的原因",
            is_required=True,
            may_be_empty=False,
            aliases=("变更类型", "变动原因", "变更原因", "变动类别", "增减原因", "户籍变动类型"),
            codes=KINDS,
            privacy=Privacy.PERSONAL,
            example="死亡",
        ),
        Column(
            "变动日期",
            "changed_on",
            Kind.DAY,
            "变动发生的日期",
            is_required=True,
            may_be_empty=False,
            aliases=("变动时间", "变更日期", "变更时间", "发生日期", "死亡日期", "注销日期"),
            privacy=Privacy.PERSONAL,
            is_not_after_period=True,
            example="2022-06-18",
        ),
        Column(
            "户编号",
            "household_no",
            Kind.KEY,
            "农户在全国系统的户编号；新增人口凭它归户",
            aliases=("农户编号", "家庭编号", "户编码"),
            example="1306300000012345",
        ),
    ),
    natural_key=("change_kind", "changed_on"),
    supersession="同一人、同一类型、同一变动日期只算一次，以所属月份新的文件为准",
    newcomers=("change_kind", ADDING_KINDS),
    tolerates_unsound_identity=True,
)
