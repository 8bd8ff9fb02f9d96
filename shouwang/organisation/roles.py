"""What each kind of person may do, one readable class each."""

SEE_HOUSEHOLDS = "households.see"
UNMASK = "persons.unmask"
IMPORT_REGISTRY = "registry.import"
IMPORT_FEEDS = "feeds.import"
DECIDE_MATCHES = "feeds.decide"
RUN_SCREENING = "screening.run"
SEE_LEADS = "leads.see"
EXPORT = "leads.export"
SEE_POLICIES = "policies.see"
CONSULT = "consultations.record"  # write down what the departments of the county agreed on (会商)

DISPATCH_LEADS = "leads.dispatch"  # push leads down: city to county, county to township, township to village
LIST_PLACES = "supervision.list"  # put a place below on the list and take it off again (挂牌督办、摘牌)
TAKE_REPORTS = "reports.take"  # write down what a family, the hotline or a visitor says
SEE_CASES = "cases.see"
VERIFY = "cases.verify"  # go to the household and say what is true (网格员)
ORGANISE = "cases.organise"  # 民主评议、公示、公告：hold the meeting, put the notice up, take objections
REVIEW = "cases.review"  # 乡级审核
APPROVE = "cases.approve"  # 县级确定
PLAN_SUPPORT = "support.plan"  # draw up plans, arrange and record measures
ANSWER_LISTS = "lists.answer"  # a department's answers to the lists it is sent
VISIT = "visits.make"  # go from house to house and write down what changed (村两委、驻村工作队、包村干部)
SETTLE_VISITS = "visits.settle"  # decide where two visitors said different things
CLOSE_VISITS = "visits.close"  # close a month of visits; its figures then stand
SEE_REGISTERS = "registers.see"  # 台账; a department's liaison sees those of the own department only
KEEP_REGISTERS = "registers.keep"  # write in them, at the level that each register names
SEE_FIGURES = "figures.see"  # sums over a region, without households

SEE_STAFF = "staff.see"
MANAGE_STAFF = "staff.manage"
MANAGE_ACCOUNTS = "accounts.manage"
SEE_AUDIT = "audit.see"

# Never both in one person: who says what is true of a household does not decide about it, and who gives accounts out
# does not see households.
SEPARATED = (
    (VERIFY, REVIEW),
    (VERIFY, APPROVE),
    (REVIEW, APPROVE),
    (MANAGE_ACCOUNTS, SEE_HOUSEHOLDS),
    (MANAGE_ACCOUNTS, UNMASK),
    (MANAGE_ACCOUNTS, APPROVE),
)


class Role:
    """A role: a code, a name, what its people may do. Which households they see follows from their region alone."""

    code: str = ""
    label: str = ""
    explanation: str = ""  # the paragraph above for those whom it is about
    permissions: frozenset[str] = frozenset()
    levels: tuple[int, ...] = ()  # of the region an account of this role belongs to: 1 province … 5 village
    is_of_department: bool = False  # the account must name its department's unit
    needs_second_factor: bool = False
    session_hours: int = 8
    idle_minutes: int = 120


_READS = frozenset({SEE_HOUSEHOLDS, SEE_LEADS, SEE_CASES, SEE_REGISTERS, SEE_FIGURES, SEE_STAFF, SEE_POLICIES})


class CountyOfficer(Role):
    """县防贫中心数据员: receives the departments' files, keeps the register in step with the national system, runs the
    screening, pushes leads to the townships and decides cases for the county (县级确定). May see identity numbers
    unmasked, each time with a reason. Never verifies: what is true of a household comes from the village."""

    code = "county_officer"
    label = "县级数据员"
    explanation = "在县防贫中心接收各部门数据，使农户档案与全国系统一致，执行筛查，把线索下发到乡镇，并作县级确定。说明事由后可以查看完整证件号码。不做入户核实：户里的实情由村里说。"
    permissions = _READS | {
        UNMASK,
        IMPORT_REGISTRY,
        IMPORT_FEEDS,
        DECIDE_MATCHES,
        RUN_SCREENING,
        CONSULT,
        EXPORT,
        DISPATCH_LEADS,
        TAKE_REPORTS,
        APPROVE,
        MANAGE_STAFF,
        CLOSE_VISITS,
        KEEP_REGISTERS,
    }
    levels = (3,)


class TownshipClerk(Role):
    """乡镇防贫工作站工作人员: pushes the leads of the township to its villages, reviews what the villages found
    (乡级审核), draws up plans with the families and exports the township's lists. Sees numbers masked; may unmask with a
    reason, because the township answers queries from families."""

    code = "township_clerk"
    label = "乡镇工作人员"
    explanation = "在乡镇防贫工作站把线索下发到村，对村里核实的情况作乡级审核，与农户商定帮扶计划并登记措施，导出本乡镇名单，维护本乡镇的岗位和人员。证件号码平时脱敏，说明事由后可以查看。"
    permissions = _READS | {
        UNMASK,
        EXPORT,
        DISPATCH_LEADS,
        TAKE_REPORTS,
        ORGANISE,
        REVIEW,
        PLAN_SUPPORT,
        MANAGE_STAFF,
        VISIT,
        SETTLE_VISITS,
        KEEP_REGISTERS,
    }
    levels = (4,)


class GridWorker(Role):
    """村网格员: visits the households of the own village and says what is true (入户核实), writes down what families
    tell; sees numbers always masked; exports nothing and decides nothing."""

    code = "grid_worker"
    label = "村级网格员"
    explanation = "走访本村农户，入户核实线索，登记农户反映的情况。证件号码始终脱敏；不导出名单，不作审核和确定。"
    permissions = _READS | {VERIFY, ORGANISE, TAKE_REPORTS, VISIT, KEEP_REGISTERS}
    levels = (5,)
    session_hours = 12  # a day in the village with a phone
    idle_minutes = 240


class ResidentCadre(Role):
    """驻村干部: a member of the team that lives in the village; does there what the grid worker does, under the own name,
    so that one does not have to borrow the other's account."""

    code = "resident_cadre"
    label = "驻村干部"
    explanation = "驻村工作队成员，在村里与网格员做同样的事，用自己的账号，不必借用别人的。"
    permissions = GridWorker.permissions
    levels = (5,)
    session_hours = 12
    idle_minutes = 240


class DepartmentLiaison(Role):
    """部门联络员: the person in a county department (医保、残联、教育 …) who answers the lists that the centre sends to that
    department, and nobody else's, and keeps the department's own registers (台账). Sees no register of households, no leads
    and no cases: a list holds the few columns it needs."""

    code = "department_liaison"
    label = "部门联络员"
    explanation = "县直部门的联系人，回复县防贫中心发给本部门的名单，登记本部门的台账。看不到农户档案、线索、办理过程和别的部门的台账；名单上只有办事需要的几列。"
    permissions = frozenset({ANSWER_LISTS, SEE_REGISTERS, KEEP_REGISTERS, SEE_POLICIES})
    levels = (2, 3)
    is_of_department = True


class CountyLeader(Role):
    """县级分管领导: reads everything about the county, exceptions first, masked; who is responsible for what; who looked
    at what in the log. Runs, imports and decides nothing, so that no signature can be given in passing."""

    code = "county_leader"
    label = "县级分管领导"
    explanation = "查看全县情况，先看逾期和异常；证件号码脱敏；可以查看谁负责什么、谁看过什么。不执行、不导入、不审批。"
    permissions = _READS | {SEE_AUDIT}
    levels = (3,)


class CityOfficer(Role):
    """市乡村振兴局数据员: receives the province's warning files for several counties and pushes them down the same day;
    decides whom a row means that fits people of several counties; sees leads, cases and figures of the city. The county
    owns the work (县为主、市督办、省统筹): the city decides no case."""

    code = "city_officer"
    label = "市级数据员"
    explanation = "接收省里下发给几个县的预警名单并当天下发；认定同时像几个县人员的行；查看全市线索、办理过程和数字。工作以县为主、市督办、省统筹，市里不确定个案。"
    permissions = _READS | {IMPORT_FEEDS, DECIDE_MATCHES, RUN_SCREENING, EXPORT, DISPATCH_LEADS, LIST_PLACES}
    levels = (2,)


class Supervisor(Role):
    """市级、省级督导: sees figures, leads, cases and households of the region, masked; puts a county on the list and takes it
    off (挂牌督办); runs and imports nothing."""

    code = "supervisor"
    label = "督导人员"
    explanation = (
        "市级、省级督导查看辖区的数字、线索、办理过程和农户档案，证件号码脱敏；对县挂牌督办和摘牌；不执行、不导入。"
    )
    permissions = _READS | {LIST_PLACES}
    levels = (1, 2)


class ProvinceAnalyst(Role):
    """省级统计人员: sees sums and where staff is missing over the province (省统筹), and no household at all."""

    code = "province_analyst"
    label = "省级统计人员"
    explanation = "查看全省汇总数字和机构人员配备（省统筹），看不到任何农户。"
    permissions = frozenset({SEE_FIGURES, SEE_STAFF, SEE_POLICIES})
    levels = (1,)


class Administrator(Role):
    """管理员: gives out accounts, closes them, answers who may see what and why, reads the log. Sees no household, no lead
    and no case; must sign in with a second factor, because whoever holds this account could make others."""

    code = "administrator"
    label = "管理员"
    explanation = "发放、停用账号，回答谁能看到什么、为什么，查看操作日志。看不到农户、线索和办理过程；登录须二次验证，因为持有这个账号就能再开账号。"
    permissions = frozenset({MANAGE_ACCOUNTS, MANAGE_STAFF, SEE_STAFF, SEE_AUDIT, SEE_POLICIES})
    levels = (1, 2, 3)
    needs_second_factor = True
    session_hours = 4
    idle_minutes = 30


ROLES: tuple[type[Role], ...] = (
    CountyOfficer,
    TownshipClerk,
    GridWorker,
    ResidentCadre,
    DepartmentLiaison,
    CountyLeader,
    CityOfficer,
    Supervisor,
    ProvinceAnalyst,
    Administrator,
)


def role_named(code: str) -> type[Role]:
    """The role of this code; one that is no more may do nothing."""
    return next((role for role in ROLES if role.code == code), Role)
