"""残疾证: certificates with category and level, from issue to cancellation (残联)."""

from shouwang.intake.contract import CodeList, Column, Kind, Privacy

from ..dataset import Dataset
from .common import EXCHANGE, NAME, QUARTERLY, SPECIMEN_NUMBER

KINDS = CodeList(
    "残疾类别",
    {
        "视力": ("视力残疾", "1", "视残", "盲"),
        "听力": ("听力残疾", "2", "听残", "聋"),
        "言语": ("言语残疾", "3", "语言", "语言残疾", "哑"),
        "肢体": ("肢体残疾", "4", "肢残"),
        "智力": ("智力残疾", "5", "智残"),
        "精神": ("精神残疾", "6", "精残"),
        "多重": ("多重残疾", "7", "综合", "综合残疾"),
    },
)
LEVELS = CodeList(
    "残疾等级",
    {
        "1": ("一级", "一", "壹级", "1级", "Ⅰ级", "Ⅰ", "极重度"),
        "2": ("二级", "二", "贰级", "2级", "Ⅱ级", "Ⅱ", "重度"),
        "3": ("三级", "三", "叁级", "3级", "Ⅲ级", "Ⅲ", "中度"),
        "4": ("四级", "四", "肆级", "4级", "Ⅳ级", "Ⅳ", "轻度"),
    },
)

DATASET = Dataset(
    code="disability",
    label="残疾证",
    department="残联",
    description="残疾人证的类别、等级、发证和注销日期。",
    cites=(
        *EXCHANGE,
        *QUARTERLY,
        "hebei-xiangzhenfa-2022-14#1.2",
    ),
    columns=(
        Column(
            "残疾证号",
            "",
            Kind.CERTIFICATE,
            "残疾人证号：18 位身份证号加类别、等级各一位，补发的另加 B1 等；前 18 位用于匹配，不进入数据湖",
            is_required=True,
            aliases=("残疾人证号", "残疾证号码", "残疾人证号码", "证号", "残疾证编号", "残疾人证编号", "证件号码"),
            privacy=Privacy.SECRET,
            example=SPECIMEN_NUMBER + "42",
        ),
        NAME,
        Column(
            "残疾类别",
            "disability_kind",
            Kind.CODE,
            "七类残疾",
            is_required=True,
            may_be_empty=False,
            aliases=("残疾类型", "类别", "残疾种类"),
            codes=KINDS,
            privacy=Privacy.SENSITIVE,
            example="肢体",
        ),
        Column(
            "残疾等级",
            "disability_level",
            Kind.WHOLE,
            "1 至 4，1 最重；一级、Ⅰ级等写法都可以",
            is_required=True,
            may_be_empty=False,
            aliases=("残疾级别", "等级", "级别"),
            codes=LEVELS,
            privacy=Privacy.SENSITIVE,
            example="2",
        ),
        Column(
            "发证日期",
            "certified_on",
            Kind.DAY,
            "本证的发证（换证）日期",
            is_required=True,
            may_be_empty=False,
            aliases=("发证时间", "办证日期", "办证时间", "签发日期", "首次发证日期", "批准日期"),
            privacy=Privacy.PERSONAL,
            is_not_after_period=True,
            example="2022-06-10",
        ),
        Column(
            "注销日期",
            "cancelled_on",
            Kind.DAY,
            "已注销的证的注销日期；有效的证留空",
            aliases=("注销时间", "作废日期", "失效日期"),
            privacy=Privacy.PERSONAL,
            example="",
        ),
    ),
    natural_key=("certified_on",),
    supersession="同一人同一发证日期为同一张证，以所属月份新的文件为准；换发新证另成一行，旧证以注销日期结束",
    precedence="cancelled_on",
    tolerates_unsound_identity=True,
)
