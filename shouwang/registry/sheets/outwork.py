"""外出务工信息: the out-work sheet of the national system (domain 2.10)."""

from dataclasses import replace

from shouwang.intake.contract import Privacy

from .sheet import HOUSEHOLD_NO, PERSON_NO, PLACE, RegisterSheet, number, person_name, text

PERSONAL = Privacy.PERSONAL

SHEET = RegisterSheet(
    code="outwork",
    label="外出务工信息",
    description="全国防返贫监测信息系统导出的外出务工信息表，一人一行。",
    columns=(
        *PLACE,
        replace(HOUSEHOLD_NO, is_required=False, may_be_empty=True),
        PERSON_NO,
        person_name("姓名", "name", "成员姓名"),
        number("证件号码", "identity_text", "身份证号", "身份证号码"),
        replace(text("是否已务工", "是否务工", "是否外出务工", privacy=PERSONAL), name="has_gone", is_required=True),
        text("是否计划外出务工", "是否有外出务工意愿", privacy=PERSONAL),
        text("务工所在地", "务工地点", privacy=PERSONAL),
        text("务工企业名称", "务工单位", "务工企业", privacy=PERSONAL),
        text("开始时间", "务工开始时间", "外出时间", privacy=PERSONAL),
        text("结束时间", "务工结束时间", "返乡时间", privacy=PERSONAL),
        text("年度交通费补助", "交通费补助", "交通补助", privacy=PERSONAL),
    ),
    cites=("hengshui-2022-1#C.4.4",),
    keeps_unknown_columns=True,
    key="人口编号",
    key_name="person_no",
    row_label="人",
)
