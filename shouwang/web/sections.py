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
    is_above_villages: bool = False  # a village has nothing to do there: not in its menu, but open where a link leads


@dataclass(frozen=True)
class Group:
    """Entries of the menu under one heading; unfolded where the daily work is, and where we are."""

    label: str
    sections: tuple[Section, ...]
    is_open: bool


DAILY, VISITING, INCOME, SUPPORT, RESULTS, DATA, POLICY, OFFICES = (
    "日常",
    "走访",
    "收入",
    "帮扶",
    "成效",
    "数据",
    "政策",
    "单位和账号",
)
SECTIONS = (
    Section("home", "工作台", (), DAILY, is_on_phone=True),
    Section("todo", "待办", (roles.SEE_CASES,), DAILY, is_on_phone=True),
    Section("reminders", "提醒", (roles.SEE_CASES,), DAILY),
    Section("supervisions", "督办", (roles.SEE_CASES,), DAILY),
    Section("listings", "挂牌督办", (roles.SEE_FIGURES,), DAILY, is_above_villages=True),
    Section("leads", "线索", (roles.SEE_LEADS,), DAILY, is_on_phone=True),
    Section("cases", "个案", (roles.SEE_CASES,), DAILY),
    Section("households", "农户档案", (roles.SEE_HOUSEHOLDS,), DAILY, is_on_phone=True),
    Section("reports", "来访申报", (roles.TAKE_REPORTS,), DAILY),
    Section("visits", "走访", (roles.VISIT,), VISITING, is_on_phone=True),
    Section("coverage", "走访覆盖", (roles.SEE_FIGURES,), VISITING),
    Section("outlook", "收入推算", (roles.SEE_LEADS,), INCOME),
    Section("ledger", "增收台账", (roles.SEE_HOUSEHOLDS,), INCOME),
    Section("entitlements", "应享尽享", (roles.SEE_HOUSEHOLDS,), INCOME),
    Section("growth", "增收目标", (roles.SEE_FIGURES,), INCOME, is_above_villages=True),
    Section("responsibilities", "责任人", (roles.SEE_HOUSEHOLDS,), SUPPORT),
    Section("changes", "自然变更", (roles.SEE_HOUSEHOLDS,), SUPPORT),
    Section("registers", "台账", (roles.SEE_REGISTERS,), SUPPORT),
    Section("lists", "部门名单", (roles.SEE_CASES, roles.ANSWER_LISTS), SUPPORT, is_above_villages=True),
    Section("pushes", "推送和汇总", (roles.SEE_LEADS,), SUPPORT, is_above_villages=True),
    Section("notices", "公示公告", (roles.SEE_CASES,), SUPPORT),
    Section("papers", "文书", (roles.APPROVE, roles.EXPORT), SUPPORT),
    Section("events", "规模性风险", (roles.SEE_LEADS,), SUPPORT),
    Section("samples", "标注抽查", (roles.SEE_CASES,), SUPPORT, is_above_villages=True),
    Section("inspections", "专项检查", (roles.SEE_CASES,), SUPPORT),
    Section("metrics", "线索成效", (roles.SEE_LEADS,), RESULTS, is_above_villages=True),
    Section("monthly", "月报和通报", (roles.SEE_FIGURES,), RESULTS),
    Section("returns", "上报", (roles.SEE_FIGURES, roles.ANSWER_LISTS), RESULTS, is_above_villages=True),
    Section("files", "文件与批次", (roles.IMPORT_REGISTRY, roles.IMPORT_FEEDS), DATA),
    Section("calendar", "报送日历", (roles.IMPORT_FEEDS,), DATA),
    Section("decisions", "待认定", (roles.DECIDE_MATCHES,), DATA),
    Section("screening", "筛查", (roles.RUN_SCREENING,), DATA),
    Section("consultations", "会商", (roles.CONSULT, roles.SEE_FIGURES), DATA, is_above_villages=True),
    Section("checks", "档案检查", (roles.SEE_HOUSEHOLDS,), DATA, is_above_villages=True),
    Section("archive", "三方比对", (roles.SEE_HOUSEHOLDS,), DATA),
    Section("documents", "文件条款", (roles.SEE_POLICIES,), POLICY),
    Section("parameters", "参数", (roles.SEE_POLICIES,), POLICY, is_above_villages=True),
    Section("rules", "规则", (roles.SEE_POLICIES,), POLICY),
    Section("procedures", "程序", (roles.SEE_POLICIES,), POLICY, is_above_villages=True),
    Section("fields", "字段", (roles.SEE_POLICIES,), POLICY, is_above_villages=True),
    Section("institutions", "机构和人员", (roles.SEE_STAFF,), OFFICES),
    Section("phones", "走访用的手机", (roles.MANAGE_ACCOUNTS, roles.MANAGE_STAFF), OFFICES),
    Section("accounts", "账号管理", (roles.MANAGE_ACCOUNTS,), OFFICES, is_on_phone=True),
    Section("audit", "操作日志", (roles.SEE_AUDIT,), OFFICES),
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
    roles.LIST_PLACES: "挂牌督办和摘牌",
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
    roles.SEE_REGISTERS: "查看台账",
    roles.KEEP_REGISTERS: "登记台账",
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
    in_village = bool(account.region_code) and not account.region_code.endswith("000")
    found = [section for section in SECTIONS if not (in_village and section.is_above_villages)]
    return [section for section in found if not section.permissions or any(map(account.may, section.permissions))]


def grouped(sections: list[Section], here: str) -> list[Group]:
    """The same under their headings, in the order of the menu."""
    labels = dict.fromkeys(section.group for section in sections)
    return [
        Group(label, inside, label == DAILY or any(section.view == here for section in inside))
        for label in labels
        if (inside := tuple(section for section in sections if section.group == label))
    ]
