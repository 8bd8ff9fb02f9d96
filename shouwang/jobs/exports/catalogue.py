"""Which lists can be handed out as files, by whom, and under which headings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from shouwang.households.registers.catalogue import REGISTERS
from shouwang.organisation import roles
from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope

from . import casebook, cells, entitlements, ledger, organisation, outlook, registers, rows
from .rows import Filters


@dataclass(frozen=True)
class Export:
    """A list: its name on files, who may take it, its rows under a filter, its headings, and the cells of a chunk of rows."""

    label: str
    permission: str
    rows: Callable[[Scope, Filters], QuerySet[Any] | list[Any]]
    headings: Sequence[str]
    cells: Callable[[Sequence[Any]], Iterable[Sequence[str]]]
    headings_of: Callable[[Scope, Filters], Sequence[str]] | None = None  # where a county sets its own columns
    also: str = ""  # a second permission, for what not everybody who exports may see
    in_full: Collection[str] = ()  # headings whose telephones are what the list is for
    free_text: Collection[str] = ()  # headings of what people wrote freely: masked, for nobody can change it any more

    def is_open_to(self, account: Account) -> bool:
        return account.may(self.permission) and (not self.also or account.may(self.also))


EXPORTS: dict[str, Export] = {
    "leads": Export(
        "线索",
        roles.EXPORT,
        rows.leads,
        ("线索编号", "户主", "户编号", "县", "乡镇", "村", "原因", "发现日", "应办结日", "状态", "责任单位"),
        cells.of_leads,
    ),
    "cases": Export(
        "个案",
        roles.EXPORT,
        casebook.cases,
        (
            "个案编号",
            "户主",
            "户编号",
            "县",
            "乡镇",
            "村",
            "状态",
            "风险",
            "类别",
            "绿色通道",
            "发现日",
            "应办结日",
            "纳入日",
            "消除日",
        ),
        casebook.of_cases,
        also=roles.SEE_CASES,
    ),
    "not_included": Export(
        "未纳入的线索",
        roles.EXPORT,
        casebook.not_included,
        ("线索编号", "户主", "户编号", "县", "乡镇", "村", "原因", "发现日", "没有纳入的理由"),
        casebook.of_not_included,
        also=roles.SEE_CASES,
        free_text=("没有纳入的理由",),
    ),
    "reports": Export(
        "自主申报",
        roles.EXPORT,
        rows.reports,
        (
            "受理编号",
            "户主",
            "县",
            "乡镇",
            "村",
            "渠道",
            "困难",
            "收到日",
            "办到哪一步",
            "户编号",
            "并入",
            "结果",
            "不纳入的原因",
            "答复日",
        ),
        cells.of_reports,
        also=roles.TAKE_REPORTS,
    ),
    "households": Export(
        "农户",
        roles.EXPORT,
        rows.households,
        ("户编号", "户主", "县", "乡镇", "村", "户类型", "监测对象类别", "人口", "档案月份", "自何月起文件中没有"),
        cells.of_households,
    ),
    "collection": Export(
        "待补采月份",
        roles.EXPORT,
        rows.collection,
        ("户主", "户编号", "县", "乡镇", "村", "数据", "缺少的月份", "提出日"),
        cells.of_collection,
    ),
    "batches": Export(
        "批次",
        roles.EXPORT,
        rows.batches,
        ("批次", "数据", "区域", "所属月份", "报送单位", "文件名", "行数", "状态", "接收时间", "接收人"),
        cells.of_batches,
        free_text=("报送单位", "文件名"),
    ),
    "findings": Export(
        "发现",
        roles.EXPORT,
        rows.findings,
        ("户编号", "户主", "人员", "县", "乡镇", "村", "规则", "状态", "观察值", "比较", "标准", "截至", "依据行数"),
        cells.of_findings,
    ),
    "gaps": Export(
        "未能计算的农户",
        roles.EXPORT,
        rows.gaps,
        ("户编号", "户主", "人员", "县", "乡镇", "村", "缺什么"),
        cells.of_gaps,
    ),
    "income_outlook": Export(
        "收入推算",
        roles.EXPORT,
        rows.derived_rows,
        ("户编号", "户主", "县", "乡镇", "村", "人口", "上年人均纯收入", "已采集月数", "推算全年人均纯收入"),
        cells.of_income_outlook,
    ),
    "ledger": Export(
        "增收帮扶台账",
        roles.EXPORT,
        ledger.rows,
        ledger.HEADINGS,
        ledger.cells_of,
        headings_of=ledger.headings,
        free_text=("帮扶措施", "帮扶结果"),
    ),
    "entitlements": Export(
        "应享未享",
        roles.EXPORT,
        entitlements.rows,
        entitlements.HEADINGS,
        entitlements.cells_of,
    ),
    "outlook": Export(
        "收入推算名单",
        roles.EXPORT,
        outlook.rows,
        outlook.HEADINGS,
        outlook.cells_of,
    ),
    "focus_people": Export(
        "重点关注人员",
        roles.EXPORT,
        rows.derived_rows,
        ("姓名", "户编号", "户主", "县", "乡镇", "村", "关注原因"),
        cells.of_focus_people,
    ),
    "pending": Export(
        "待认定行",
        roles.DECIDE_MATCHES,
        rows.pending,
        ("数据", "文件名", "行号", "姓名", "证件号码", "情形", "原因"),
        cells.of_pending,
        free_text=("文件名", "原因"),
    ),
    "staff": Export(
        "机构人员",
        roles.MANAGE_STAFF,
        organisation.staff,
        ("姓名", "性别", "县", "乡镇", "村", "单位", "岗位", "岗位类型", "职责", "联系电话", "任职日期", "离任日期"),
        organisation.of_staff,
        in_full=("联系电话",),
    ),
    "institution_gaps": Export(
        "机构人员缺口",
        roles.MANAGE_STAFF,
        organisation.institution_gaps,
        ("区划代码", "县", "乡镇", "村"),
        organisation.of_gaps,
    ),
    "audit": Export(
        "操作日志",
        roles.SEE_AUDIT,
        organisation.audit,
        ("序号", "时间", "操作人", "登录名", "动作", "区域", "对象", "事由", "详情", "本行指纹"),
        organisation.of_audit,
        free_text=("对象", "事由", "详情"),
    ),
}

# One list for each declared register (households.registers).
EXPORTS |= {
    registers.name_of(one): Export(
        one.label,
        roles.EXPORT,
        registers.rows_of(one),
        registers.headings(one),
        registers.cells_of(one),
        also=roles.SEE_REGISTERS,
        free_text=registers.free_text(one),
    )
    for one in REGISTERS
}
