"""月度收入: a household's income and business costs of one month, collected by the village (乡村振兴局)."""

from shouwang.intake.contract import Column, Kind, Privacy

from ..dataset import Dataset, Subject


def _amount(heading: str, name: str, description: str, *aliases: str) -> Column:
    return Column(
        heading,
        name,
        Kind.MONEY,
        description,
        is_required=True,
        aliases=aliases,
        unit="元",
        privacy=Privacy.SENSITIVE,
        example="1,200",
    )


DATASET = Dataset(
    code="monthly_income",
    label="月度收入",
    department="乡村振兴局",
    description="脱贫户和监测对象每月的四类收入和生产经营支出，全年预估收入由此推算。没有采到的金额留空，不填 0。",
    cites=(
        "laiyuan-2022-9#2.1.3",
        "laiyuan-2022-9#2.2.1",
    ),
    subject=Subject.HOUSEHOLD,
    frequency_parameter="household.visit_frequency",  # collected on the monthly visit
    columns=(
        Column(
            "户编号",
            "household_no",
            Kind.KEY,
            "农户在全国系统的户编号",
            is_required=True,
            may_be_empty=False,
            aliases=("农户编号", "家庭编号", "户编码"),
            example="1306300000012345",
        ),
        Column(
            "月份",
            "month",
            Kind.MONTH,
            "收入所属的月份",
            is_required=True,
            may_be_empty=False,
            aliases=("收入月份", "所属月份", "年月", "采集月份", "统计月份"),
            example="2022-06",
        ),
        _amount("工资性收入", "wage_fen", "务工、公益岗位等", "工资收入", "务工收入"),
        _amount("生产经营性收入", "business_fen", "种植、养殖、经营等", "经营性收入", "生产经营收入", "家庭经营性收入"),
        _amount("财产性收入", "property_fen", "分红、流转、租金等", "财产收入"),
        _amount("转移性收入", "transfer_fen", "低保、补贴、养老金、赡养费等", "转移收入", "政策性收入"),
        _amount("生产经营性支出", "business_cost_fen", "生产经营的成本", "生产经营支出", "经营性支出", "经营支出"),
    ),
    natural_key=("month",),
    supersession="同一户同一月份，以所属月份新的文件为准",
)
