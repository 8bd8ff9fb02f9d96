"""The places of the program, in the order of the menu, and who may go there."""

from __future__ import annotations

from dataclasses import dataclass

from shouwang.organisation import roles
from shouwang.organisation.models import Account


@dataclass(frozen=True)
class Section:
    """One entry of the menu. ``permission`` empty: everybody who is signed in; several: any of them."""

    view: str
    label: str
    permissions: tuple[str, ...] = ()
    group: str = ""
    is_on_phone: bool = False  # among the places at the thumb


SECTIONS = (
    Section("home", "工作台", is_on_phone=True),
    Section("todo", "待办", (roles.SEE_CASES,), is_on_phone=True),
    Section("visits", "走访", (roles.VISIT,), is_on_phone=True),
    Section("leads", "线索", (roles.SEE_LEADS,), is_on_phone=True),
    Section("cases", "个案", (roles.SEE_CASES,)),
    Section("reports", "来访申报", (roles.TAKE_REPORTS,)),
    Section("coverage", "走访覆盖", (roles.SEE_FIGURES,)),
    Section("households", "农户档案", (roles.SEE_HOUSEHOLDS,), is_on_phone=True),
    Section("outlook", "增收台账", (roles.SEE_LEADS,)),
    Section("ledger", "收入台账", (roles.SEE_HOUSEHOLDS,)),
    Section("entitlements", "应享尽享", (roles.SEE_HOUSEHOLDS,)),
    Section("growth", "增收目标", (roles.SEE_FIGURES,)),
    Section("pushes", "推送和汇总", (roles.SEE_LEADS,), "工作"),
    Section("responsibilities", "责任人", (roles.SEE_HOUSEHOLDS,), "工作"),
    Section("changes", "自然变更", (roles.SEE_HOUSEHOLDS,), "工作"),
    Section("lists", "部门名单", (roles.SEE_CASES, roles.ANSWER_LISTS), "工作"),
    Section("events", "规模性风险", (roles.SEE_LEADS,), "工作"),
    Section("samples", "标注抽查", (roles.SEE_CASES,), "工作"),
    Section("metrics", "线索成效", (roles.SEE_LEADS,), "工作"),
    Section("files", "文件与批次", (roles.IMPORT_REGISTRY, roles.IMPORT_FEEDS), "数据"),
    Section("calendar", "报送日历", (roles.IMPORT_FEEDS,), "数据"),
    Section("decisions", "待认定", (roles.DECIDE_MATCHES,), "数据"),
    Section("screening", "筛查", (roles.RUN_SCREENING,), "数据"),
    Section("consultations", "会商", (roles.CONSULT, roles.SEE_FIGURES), "数据"),
    Section("checks", "档案检查", (roles.SEE_HOUSEHOLDS,), "数据"),
    Section("institutions", "机构和人员", (roles.SEE_STAFF,), "单位和账号"),
    Section("phones", "走访用的手机", (roles.MANAGE_ACCOUNTS, roles.MANAGE_STAFF), "单位和账号"),
    Section("accounts", "账号管理", (roles.MANAGE_ACCOUNTS,), "单位和账号", is_on_phone=True),
    Section("audit", "操作日志", (roles.SEE_AUDIT,), "单位和账号"),
    Section("documents", "文件条款", (roles.SEE_POLICIES,), "政策"),
    Section("parameters", "参数", (roles.SEE_POLICIES,), "政策"),
    Section("rules", "规则", (roles.SEE_POLICIES,), "政策"),
    Section("procedures", "程序", (roles.SEE_POLICIES,), "政策"),
    Section("fields", "字段", (roles.SEE_POLICIES,), "政策"),
)


PERMISSION_LABELS = {
    roles.SEE_LEADS: "查看线索",
    roles.SEE_HOUSEHOLDS: "查看农户档案",
    roles.UNMASK: "说明事由后查看完整证件号码",
    roles.EXPORT: "导出名单",
    roles.IMPORT_REGISTRY: "导入农户档案",
    roles.IMPORT_FEEDS: "导入部门数据",
    roles.DECIDE_MATCHES: "认定存疑的人员",
    roles.RUN_SCREENING: "执行筛查",
    roles.CONSULT: "登记会商记录",
    roles.DISPATCH_LEADS: "下发线索",
    roles.TAKE_REPORTS: "登记自主申报、热线和走访反映",
    roles.SEE_CASES: "查看办理过程",
    roles.VERIFY: "入户核实",
    roles.ORGANISE: "组织评议、公示和公告",
    roles.REVIEW: "乡级审核",
    roles.APPROVE: "县级确定",
    roles.PLAN_SUPPORT: "制定帮扶计划、登记帮扶措施",
    roles.ANSWER_LISTS: "回复本部门名单",
    roles.VISIT: "走访农户、登记变化",
    roles.SETTLE_VISITS: "核对走访中说法不一的项目",
    roles.CLOSE_VISITS: "走访月结",
    roles.SEE_FIGURES: "查看汇总数字",
    roles.SEE_STAFF: "查看机构和人员",
    roles.MANAGE_STAFF: "维护机构和人员",
    roles.MANAGE_ACCOUNTS: "管理账号",
    roles.SEE_AUDIT: "查看操作日志",
    roles.SEE_POLICIES: "查看文件、参数和规则",
}


def permissions_of(account: Account) -> list[str]:
    """What an account may do, in words."""
    return [label for permission, label in PERMISSION_LABELS.items() if account.may(permission)]


def open_to(account: Account) -> list[Section]:
    """The entries of the menu that an account finds."""
    return [section for section in SECTIONS if not section.permissions or any(map(account.may, section.permissions))]
