"""What a department's dataset is: a contract with whom its rows speak of and how a later row replaces an earlier one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from shouwang.intake.contract import Column, Contract, Kind, Privacy

# hengshui-2022-1#C.2.1 monthly, xuchang-2022#2 quarterly: the rhythm is a value of this parameter, by region.
MATCH_FREQUENCY = "feeds.data_match_frequency"


class Subject(Enum):
    """Whom a row speaks of, and so what is looked up in the register."""

    PERSON = "人员"  # by identity number and name
    HOUSEHOLDER = "农户（按户主）"  # the householder's identity number and name stand for the household
    HOUSEHOLD = "农户（按户编号）"
    VILLAGE = "行政村"
    COUNTY = "县"  # the whole county that a file is for, or the one that a row of a larger file names


# Columns that departments' files often carry besides: they help to find a person whose number is unsound and to split a
# file by county. They are read when they are there, never asked for and never written to the lake.
HELPERS = (
    Column(
        "县",
        "stated_county",
        Kind.TEXT,
        "所在县（市、区），用于把一份文件拆分到县",
        aliases=(
            "县区",
            "区县",
            "县市区",
            "县（市、区）",
            "所属县",
            "所属县区",
            "县名称",
            "行政区划",
            "统筹区",
            "参保地",
        ),
    ),
    Column("乡", "stated_township", Kind.TEXT, "所在乡镇", aliases=("乡镇", "乡镇街道", "镇", "所属乡镇", "乡镇名称")),
    Column(
        "村",
        "stated_village",
        Kind.TEXT,
        "所在村或住址，证件号码有误时用于查找候选",
        aliases=(
            "行政村",
            "村名",
            "村名称",
            "所在村",
            "所属村",
            "村委会",
            "户籍地址",
            "家庭住址",
            "家庭地址",
            "住址",
            "地址",
        ),
    ),
    Column(
        "出生日期",
        "stated_birth",
        Kind.TEXT,
        "出生日期，证件号码缺失时用于查找候选",
        aliases=("出生年月日", "出生年月", "生日"),
        privacy=Privacy.PERSONAL,
    ),
)
HELPER_NAMES = tuple(column.name for column in HELPERS)


@dataclass(frozen=True)
class Dataset(Contract):
    """A department's table. Two rows of the same subject with equal ``natural_key`` tell of the same thing."""

    department: str = ""
    subject: Subject = Subject.PERSON
    # The one sentence that officers and rule authors read about rows that speak of the same thing.
    supersession: str = "同一对象、同一关键列的行，内容不同的以所属月份新的文件为准"
    # A row whose key is empty is the same as another only when every column is.
    is_whole_row_without_key: bool = False
    # Which of two rows with the same key in one file stays: the greater value of this SQL expression, then the later row.
    precedence: str = ""
    # Rows say how things stood in the file's month and bear no day of their own: a look at an earlier month takes earlier
    # files only, and only replacements of that time.
    tells_of_its_month: bool = False
    # The parameter that says how often a file is due; empty for what is sent when something happens.
    frequency_parameter: str = MATCH_FREQUENCY
    # Kinds of change that bring people who are not in the register yet, as (column, values): a household number suffices.
    newcomers: tuple[str, tuple[str, ...]] = ("", ())

    @property
    def lake_columns(self) -> tuple[Column, ...]:
        """The columns that are written to the lake, in order; identity numbers and names are not among them."""
        return tuple(column for column in self.columns if column.name)

    @property
    def is_about_people(self) -> bool:
        """Whether rows carry an identity number and a name to match."""
        return self.subject in (Subject.PERSON, Subject.HOUSEHOLDER)

    @property
    def subject_key(self) -> str:
        """The lake column that names the subject; empty where it is the county, which the file's place says."""
        if self.subject is Subject.PERSON:
            return "person_key"
        if self.subject is Subject.COUNTY:
            return ""
        return "village_code" if self.subject is Subject.VILLAGE else "household_key"

    def for_reading(self) -> Dataset:
        """The same dataset with the helping columns, as files are read."""
        own = {heading for column in self.columns for heading in (column.heading, *column.aliases)}
        helpers = tuple(column for column in HELPERS if column.heading not in own) if self.is_about_people else ()
        return replace(self, columns=self.columns + helpers)
