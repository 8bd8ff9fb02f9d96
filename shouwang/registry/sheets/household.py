"""农户信息: the household sheet of the national system (domain 2.10; 53 columns)."""

from shouwang.intake.contract import Column, Kind, Privacy

from .sheet import HEAD_IDENTITY, HEAD_NAME, HOUSEHOLD_NO, HOUSEHOLD_TYPE, PLACE, RegisterSheet, number, text

PERSONAL, SENSITIVE = Privacy.PERSONAL, Privacy.SENSITIVE


def _income(heading: str, name: str, *aliases: str) -> Column:
    """One of the five parts of income: screening computes with it, so a cell that is no amount refuses the row."""
    return Column(heading, name, Kind.MONEY, heading, aliases=aliases, unit="元", privacy=SENSITIVE, example="1234.50")


def _amount(heading: str, *aliases: str) -> Column:
    return text(heading, *aliases, privacy=SENSITIVE)


SHEET = RegisterSheet(
    code="household",
    label="农户信息",
    description="全国防返贫监测信息系统导出的农户信息表，一户一行；收入是“年度”那一年的收入。",
    columns=(
        *PLACE,
        HOUSEHOLD_NO,
        text("户主编号", "户主人口编号", privacy=PERSONAL),
        Column(
            "户主姓名",
            "head_name",
            Kind.NAME,
            "户主姓名",
            is_required=True,
            may_be_empty=False,
            aliases=HEAD_NAME.aliases,
            privacy=PERSONAL,
        ),
        HEAD_IDENTITY,
        text("家庭人口数", "家庭人口", "家庭人数", "人口数", "人数", privacy=PERSONAL),
        text("是否危房户", "危房户", privacy=PERSONAL),
        _amount("人均纯收入", "家庭人均纯收入"),
        _amount("年收入", "家庭年收入"),
        text("是否解决安全饮用水", "安全饮水是否解决", privacy=PERSONAL),
        Column("年度", "income_year", Kind.YEAR, "收入所属的年份", aliases=("数据年度",), example="2021"),
        text("村办公电话"),
        text("开户银行名称", "开户银行", privacy=PERSONAL),
        number("银行卡号", "bank_account", "银行账号", "一卡通账号", "社保卡银行账号"),
        text("识别标准"),
        text("主要致贫原因", "致贫原因", privacy=SENSITIVE),
        text("次要致贫原因", "其他致贫原因", privacy=SENSITIVE),
        _income("工资性收入", "wage_fen", "工资收入"),
        _income("生产经营性收入", "business_fen", "经营性收入", "生产经营收入", "家庭经营性收入"),
        _income("财产性收入", "property_fen", "财产收入"),
        _income("转移性收入", "transfer_fen", "转移收入"),
        _amount("计划生育金", "计生金"),
        _amount("低保金"),
        _amount("五保金", "特困供养金"),
        _amount("养老保险金", "养老金"),
        _amount("生态补偿金"),
        _amount("其他转移性收入"),
        _income("生产经营性支出", "business_cost_fen", "经营性支出", "生产经营支出", "家庭经营性支出"),
        _amount("纯收入", "家庭纯收入"),
        _amount("资产收益扶贫分红收入", "资产收益分红收入", "资产收益帮扶分红收入"),
        _amount("其他财产性收入"),
        text("耕地面积（亩）", "耕地面积", privacy=PERSONAL),
        text("水面面积", "水面面积（亩）", privacy=PERSONAL),
        text("是否加入农民专业合作组织", "是否加入农民专业合作社", privacy=PERSONAL),
        text("退耕还林面积（亩）", "退耕还林面积", privacy=PERSONAL),
        text("林果面积（亩）", "林果面积", privacy=PERSONAL),
        text("牧草地面积", "牧草地面积（亩）", privacy=PERSONAL),
        text("林地面积（亩）", "林地面积", privacy=PERSONAL),
        text("是否通生产用电", privacy=PERSONAL),
        text("是否通生活用电", privacy=PERSONAL),
        text("是否通广播电视", privacy=PERSONAL),
        text("与村主干路距离", "与村主干路距离（公里）", privacy=PERSONAL),
        text("入户路类型", privacy=PERSONAL),
        text("住房面积", "住房面积（平方米）", privacy=PERSONAL),
        text("是否有卫生厕所", privacy=PERSONAL),
        text("主要燃料类型", privacy=PERSONAL),
        text("危房级别", "危房等级", privacy=PERSONAL),
        text("是否有龙头企业带动", privacy=PERSONAL),
        text("是否有创业致富带头人带动", privacy=PERSONAL),
        HOUSEHOLD_TYPE,
    ),
    cites=("hengshui-2022-1#C.4.4",),
    keeps_unknown_columns=True,
    key="户编号",
    key_name="household_no",
    row_label="户",
)
