"""What a sheet of the national system is: a contract with its key, and the columns that every sheet has."""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.intake.contract import Column, Contract, Kind, Privacy


@dataclass(frozen=True)
class RegisterSheet(Contract):
    """A sheet of the national system. Unknown columns are kept, encrypted: nobody has said that they may be shown."""

    key: str = ""  # the heading of the number that names a row
    key_name: str = ""  # the same in the staged relation
    # One number may stand in several files over the years; the title tells officers what a row is.
    row_label: str = ""

    def is_secret(self, heading: str) -> bool:
        """Whether the values under a heading are kept encrypted: secret columns, and those that the contract does not know."""
        return all(column.heading != heading or column.privacy is Privacy.SECRET for column in self.columns)


def text(heading: str, *aliases: str, privacy: Privacy = Privacy.OPEN, description: str = "") -> Column:
    """A column that is kept as it came."""
    return Column(heading, "", Kind.TEXT, description or heading, aliases=aliases, privacy=privacy)


def number(heading: str, name: str, *aliases: str, description: str = "") -> Column:
    """A column of numbers that are names and nobody else's business: telephones, accounts, certificates."""
    return Column(heading, name, Kind.KEY, description or heading, aliases=aliases, privacy=Privacy.SECRET)


def person_name(heading: str, name: str, *aliases: str, is_required: bool = False) -> Column:
    return Column(
        heading,
        name,
        Kind.NAME,
        heading,
        is_required=is_required,
        may_be_empty=not is_required,
        aliases=aliases,
        privacy=Privacy.PERSONAL,
    )


def key(heading: str, name: str, *aliases: str) -> Column:
    """A number of the national system that names a household or a person."""
    return Column(
        heading,
        name,
        Kind.KEY,
        f"全国系统的{heading}",
        is_required=True,
        may_be_empty=False,
        aliases=aliases,
        privacy=Privacy.PERSONAL,
        example="5306300000001",
    )


HOUSEHOLD_NO = key("户编号", "household_no", "户编码", "农户编号", "家庭编号", "户号")
PERSON_NO = key("人口编号", "person_no", "人编号", "人员编号", "人口编码", "成员编号")

# interfaces.md, Files in: 省 市 县 乡 村 come as names or as a 12-digit code.
PLACE = (
    Column("省", "province", Kind.TEXT, "省份名称", aliases=("省份", "省（自治区、直辖市）", "省名称")),
    Column("市", "city", Kind.TEXT, "地市名称", aliases=("地市", "市（州）", "市州", "地级市", "市名称")),
    Column(
        "县",
        "county",
        Kind.TEXT,
        "县（市、区）名称",
        aliases=("县区", "区县", "县（市、区）", "县市区", "县（区）", "县名称"),
    ),
    Column(
        "乡",
        "township",
        Kind.TEXT,
        "乡镇名称",
        aliases=("乡镇", "乡（镇）", "镇", "乡镇名称", "乡（镇、街道）", "乡镇街道"),
    ),
    Column(
        "村",
        "village",
        Kind.TEXT,
        "行政村名称或 12 位代码",
        aliases=("行政村", "村名", "村名称", "行政村名称", "村（社区）", "村委会"),
    ),
    Column(
        "行政区划代码",
        "place_code",
        Kind.TEXT,
        "12 位行政村代码",
        aliases=("区划代码", "行政村代码", "村代码", "村编码", "区划编码", "行政区划", "行政村编码"),
    ),
)
HEAD_NAME = person_name("户主姓名", "head_name", "户主", "户主名称")
HEAD_IDENTITY = number("户主证件号码", "head_identity", "户主身份证号", "户主身份证号码", "户主证件号")
HOUSEHOLD_TYPE = text(
    "户类型", "农户类型", "农户类别", "户类别", description="脱贫户、一般农户等；可在农户表，也可在监测对象表"
)
