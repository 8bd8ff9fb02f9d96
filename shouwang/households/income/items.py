"""What a line of the ledger may be for: the parts of income, their items as county sheets list them, and what is only noted beside.

The list is that of a county's 收入明细表 (laiyuan-2022-9#2.1.3 compares item by item). A part's own code states the whole of it.
"""

from __future__ import annotations

from dataclasses import dataclass

WAGE, BUSINESS, PROPERTY, TRANSFER, COST = "wage", "business", "property", "transfer", "business_cost"
MEMO = "memo"
# The five parts of net income in the order of the national form; costs count against.
PARTS = {
    WAGE: "工资性收入",
    BUSINESS: "生产经营性收入",
    PROPERTY: "财产性收入",
    TRANSFER: "转移性收入",
    COST: "生产经营性支出",
}
PART_LABELS = PARTS | {MEMO: "不计入纯收入"}

CLAIM, OWN_MEDICAL = "memo.claim", "memo.own_medical"
# The only transfer that no department pays, and so the only one that a family is asked for.
ASKED_OF_FAMILY = "transfer.alimony"


@dataclass(frozen=True)
class Item:
    """``part``: which of the parts it belongs to. ``note``: why an amount is noted and not counted."""

    code: str
    label: str
    part: str
    note: str = ""

    @property
    def is_whole(self) -> bool:
        return self.code == self.part


def _of(part: str, **labels: str) -> list[Item]:
    return [Item(f"{part}.{name}", label, part) for name, label in labels.items()]


_ITEMS: tuple[Item, ...] = (
    *(Item(part, f"{label}合计", part) for part, label in PARTS.items()),
    *_of(
        WAGE,
        outwork="务工",
        department_post="行业部门公益岗",
        township_post="乡镇公益岗",
        village_post="村级公益岗",
        picking="自主采摘",
    ),
    *_of(BUSINESS, crops="种植", livestock="养殖", orchard="林果", other="其他经营"),
    *_of(
        PROPERTY,
        dividend="资产收益分红",
        land="土地流转",
        finance="金融贷款项目",
        entrusted="代种代养",
        other="其他财产性",
    ),
    *_of(
        TRANSFER,
        family_planning="计划生育金",
        dibao="低保金",
        tekun="特困供养金",
        pension="养老保险金",
        ecology="生态补偿",
        corn_soy="玉米大豆补贴",
        fertility="地力补贴",
        crop_insurance="大田保险",
        old_age="高龄补贴",
        veterans="优抚",
        disability="残疾补贴",
        education="教育补助",
        disaster="救灾",
        disabled_elderly="失能老人补贴",
        alimony="赡养费",
        heating="取暖补贴",
        prices="物价补贴",
        relief="社会救济",
        anti_poverty_insurance="防贫保险",
        donations="经常性捐赠赔偿",
        other="其他转移性",
    ),
    *_of(COST, crops="种植支出", livestock="养殖支出", orchard="林果支出", other="其他支出"),
    Item(CLAIM, "理赔收入", MEMO, "计入收入参考范围，不计入纯收入"),
    Item(OWN_MEDICAL, "合规自付支出", MEMO, "从收入参考范围中扣除"),
    Item("memo.own_schooling", "教育自付支出", MEMO, "刚性支出，不计入纯收入"),
    Item("memo.accident_loss", "意外事故自付损失", MEMO, "刚性支出，不计入纯收入"),
    Item("memo.disaster_loss", "受灾损失", MEMO, "不计入纯收入"),
    Item("memo.temporary_relief", "临时救助", MEMO, "一次性救助不计入纯收入"),
)

ITEMS: dict[str, Item] = {item.code: item for item in _ITEMS}


def label_of(code: str) -> str:
    """How an item is called; the code itself where it is unknown."""
    return ITEMS[code].label if code in ITEMS else code


def of_part(part: str) -> list[Item]:
    """The items of a part, its whole first."""
    return [item for item in _ITEMS if item.part == part]
