"""Columns that many datasets share: who a row speaks of."""

from __future__ import annotations

from shouwang.intake.contract import Column, Kind, Privacy

# Ten departments screen and exchange with the county each month; 许昌 compares five of them each quarter.
EXCHANGE = ("hengshui-2022-1#C.2.1.1", "hengshui-2022-1#C.2.1.6", "hebei-xiangzhenfa-2022-14#1.6")
GUARANTEES = ("hengshui-2022-1#C.4.2.2",)  # 三保障 and drinking water
QUARTERLY = ("xuchang-2022-1#3.1.2.1",)

# The specimen number printed in the standard GB 11643; it belongs to nobody.
SPECIMEN_NUMBER = "11010519491231002X"

IDENTITY = Column(
    "证件号码",
    "",
    Kind.IDENTITY,
    "居民身份证号码，18 位；旧 15 位号码自动升位。只用于与农户档案匹配，不进入数据湖",
    is_required=True,
    aliases=(
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号码",
        "居民身份证号",
        "居民身份证号码",
        "证件号",
        "身份证",
        "身份证件号码",
        "有效证件号码",
        "个人证件号码",
        "人员证件号码",
        "参保人身份证号",
        "参保人证件号码",
        "患者身份证号",
        "患者身份证号码",
        "学生身份证号",
        "学生身份证件号",
        "务工人员身份证号",
        "本人身份证号",
    ),
    privacy=Privacy.SECRET,
    example=SPECIMEN_NUMBER,
)
NAME = Column(
    "姓名",
    "",
    Kind.NAME,
    "与证件号码一起核对；不一致的行由人认定，不进入数据湖",
    is_required=True,
    aliases=(
        "名字",
        "人员姓名",
        "个人姓名",
        "患者姓名",
        "参保人姓名",
        "参保人",
        "学生姓名",
        "救助对象姓名",
        "保障对象姓名",
        "残疾人姓名",
        "务工人员姓名",
        "本人姓名",
    ),
    privacy=Privacy.PERSONAL,
    example="张三",
)
HOUSEHOLDER_IDENTITY = Column(
    "户主证件号码",
    "",
    Kind.IDENTITY,
    "户主的居民身份证号码，用于找到农户，不进入数据湖",
    is_required=True,
    aliases=(
        "户主身份证号",
        "户主身份证号码",
        "户主身份证",
        "户主公民身份号码",
        "户主证件号",
        *IDENTITY.aliases,
        "证件号码",
    ),
    privacy=Privacy.SECRET,
    example=SPECIMEN_NUMBER,
)
HOUSEHOLDER_NAME = Column(
    "户主姓名",
    "",
    Kind.NAME,
    "与户主证件号码一起核对，不进入数据湖",
    is_required=True,
    aliases=("户主", "户主名字", "房主姓名", "农户姓名", "姓名"),
    privacy=Privacy.PERSONAL,
    example="张三",
)
