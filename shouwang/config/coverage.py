"""What implements each duty of the documents so far. ``shouwang policy coverage`` and the documents' pages print this table.

Names are dotted paths below ``shouwang`` (module or attribute) or files below ``docs/``; a test holds that each exists. A duty
that is done in part says what is missing and stays open.
"""

from __future__ import annotations

from shouwang.policy.coverage import Claim

_RULES = "households.rules."
_DERIVED = "households.derived."
_REGISTERS = "households.registers.declared."

CLAIMS: dict[str, Claim] = {
    # ── 衡农组〔2022〕1号 ────────────────────────────────────────────────────
    "S0-Z-01": Claim(("policy.documents", "policy.coverage", "web.views.documents")),
    "S0-C-01": Claim(
        ("registry.sheets.person", "registry.sheets.household", "households.facts.HouseholdFacts.watched_households",
         "households.responsibilities.lacking", "web.views.responsibilities", "households.visits.plans.unplanned", "web.views.visit_plans"),
    ),
    "S0-C-02": Claim(("registry.sheets.monitored", "households.categories.proposed", _DERIVED + "low_income")),
    "S0-C-04": Claim(("feeds.datasets", "feeds.calendar", "web.views.calendar")),
    "S0-C-05": Claim(("feeds.actions.import_file", "feeds.queries", "households.pushes.push", "web.views.pushes")),
    "S0-C-06": Claim(
        ("casework.verification", "casework.runner.act_together", "jobs.dispatching.work", "web.views.lead_steps", "web.views.app", "households.visits.stepping", "households.visits.pictures.keep", "households.step_photos.attach", "web.views.step_photos"),
    ),
    "S0-C-07": Claim(
        ("casework.reminders.told", "casework.forecast.by_place", "casework.supervision.ask", "households.pressing.reminding", "jobs.papers.note",
         "web.views.reminders", "web.views.supervisions"),
    ),
    "S0-C-08": Claim(("households.push_figures.roll_up", "households.push_figures.file_rows", "web.views.pushes")),
    "S0-C-09": Claim(
        ("feeds.matching", "screening.actions.run", "feeds.calendar", "feeds.consulting", "web.views.consultations")
    ),
    "S0-C-10": Claim(("organisation.roles", "organisation.scope.Scope", "organisation.queries.who_may_see")),
    "S0-C-11": Claim(("households.pushes.push", "households.push_figures.roll_up", "web.views.pushes")),
    "S0-C-12": Claim(("households.visits.coverage.of_county", "households.visits.receiving.take", "households.visits.closing.close", "households.visits.overview.of_counties", "web.views.visits", "web.views.coverage")),
    "S0-C-13": Claim(
        ("households.visits.campaigns", "households.visits.campaigns.low_income", "web.views.coverage.campaign_list"),
    ),
    "S0-C-14": Claim(("households.visits.campaigns.progress", "web.views.coverage.campaign_list")),
    "S0-C-17": Claim(("door.actions.receive", "door.queries.progress", "web.views.door", "web.views.reports")),
    "S0-C-18": Claim(("door.figures.by_channel", "door.answering.answer", "web.views.report_figures")),
    "S0-C-19": Claim(("households.procedure", "casework.runner.act", "casework.clocks.due", "households.obstacles.lateness_explained", "web.views.cases")),
    "S0-C-20": Claim(("households.obstacles.measure_planned", "households.measures.plan")),
    "S0-C-21": Claim(("households.metrics.table", "households.metrics.rows", "web.views.metrics")),
    "S0-C-22": Claim(("households.clearance", "households.clearance_items.all_passed", "web.views.cases")),
    "S0-C-23": Claim(("households.sampling.draw", "households.sampling.reopen", "web.views.samples")),
    "S0-C-24": Claim(
        ("households.natural_changes", "households.change_lists.national_rows", "web.views.changes"),
    ),
    "S0-C-25": Claim(("households.measures.proposed", "households.kinds.has_labour", "casework.risks", "web.case_page")),
    "S0-C-26": Claim(("web.case_page", "web.views.cases.case", "jobs.papers.case_papers.household_file", "jobs.papers.case_papers.household_text")),
    "S0-C-27": Claim(("households.obstacles.plan_covers_risks", "households.measures.uncovered")),
    "S0-C-28": Claim(("households.inspections.draw", "households.inspections.rectify", "households.models.support", "web.views.inspections")),
    "S0-C-29": Claim(
        ("households.large_scale.register", "households.event_triggers.triggers", "feeds.datasets.disaster_loss",
         "feeds.datasets.produce_price", "households.produce_prices", "households.producers", "web.views.events", "web.views.event_triggers"),
    ),
    "S0-C-30": Claim(("households.large_scale", "web.views.events")),
    "S0-C-31": Claim(
        ("households.large_scale.register", "households.event_units.assign", "web.views.events", "web.views.event_units"),
    ),
    "S0-C-34": Claim(
        ("organisation.models.units", "organisation.institutions", "jobs.rosters", "web.views.institutions",
         "households.assigning", "households.responsibilities.coverage", "web.views.responsibilities"),
    ),
    "S0-C-35": Claim(
        ("organisation.institutions.gaps", "households.inspections.draw", "web.views.institutions", "web.views.inspections"),
    ),
    "S0-C-36": Claim(("organisation.institutions.staff_counts", "web.staffing", "households.responsibilities.loads")),
    "S0-C-46": Claim((_RULES + "child_not_in_school", "feeds.datasets.enrolment")),
    "S0-C-37": Claim(
        ("households.catalogue", _REGISTERS + "project_beneficiaries", "web.views.registers"),
    ),
    "S0-C-38": Claim(
        ("households.registers.sources.able_with_land", _REGISTERS + "trainings", _REGISTERS + "leading_links", "web.views.registers.missing"),
    ),
    "S0-C-39": Claim(
        ("households.catalogue", _REGISTERS + "farm_supplies", _REGISTERS + "unsold_produce", "web.views.registers"),
    ),
    "S0-C-40": Claim(
        ("households.catalogue", _REGISTERS + "employment_subsidies", _REGISTERS + "workshops", "households.registers.sources.works_outside"),
    ),
    "S0-C-41": Claim(
        ("households.catalogue", _REGISTERS + "trainings", "web.views.registers"),
    ),
    "S0-C-42": Claim(
        ("households.catalogue", _REGISTERS + "public_posts", _REGISTERS + "post_holders", "web.views.registers.missing"),
    ),
    "S0-C-43": Claim(
        ("households.catalogue", _REGISTERS + "loans", "households.income.loans", "households.registers.queries.due_counts"),
        missing="台账、到期和逾期提示、需求排查已有；贷款条件由金融部门核对，文件没有给出，不自动认定",
    ),
    "S0-C-44": Claim(
        ("households.catalogue", _REGISTERS + "health_help", "feeds.datasets.major_disease"),
    ),
    "S0-C-47": Claim(
        ("households.catalogue", _REGISTERS + "education_aid", "web.views.registers.missing"),
    ),
    "S0-C-48": Claim(
        ("households.catalogue", _RULES + "housing_unsafe", _REGISTERS + "house_works", "web.views.registers.missing"),
    ),
    "S0-C-49": Claim(
        ("households.catalogue", _RULES + "water_unsafe", _REGISTERS + "water_points", _REGISTERS + "water_shortages"),
    ),
    "S0-C-50": Claim(
        ("households.catalogue", _REGISTERS + "distributions", "web.views.registers"),
    ),
    "S0-C-51": Claim(
        ("households.catalogue", _REGISTERS + "referrals", "households.registers.sources.policies_missing"),
    ),
    "S0-C-52": Claim(
        ("households.catalogue", _REGISTERS + "assistance_fund", "households.registers.sources.fund_conditions"),
    ),
    "S0-C-53": Claim(
        ("households.catalogue", _REGISTERS + "helpers", "web.views.registers"),
        missing="帮扶方、地点、内容、折合金额和惠及监测对象户数已登记；尚缺惠及了哪几户的名单",
    ),
    "S0-C-54": Claim(
        ("households.catalogue", _REGISTERS + "prevention_fund", _REGISTERS + "insurance_schemes", _REGISTERS + "insurance_claims"),
    ),
    "S0-C-55": Claim(
        ("households.catalogue", _REGISTERS + "points", _REGISTERS + "village_rules"),
    ),
    "S0-C-45": Claim(
        ("households.insurance.shares", _RULES + "not_insured", _REGISTERS + "new_insured", "web.views.insurance"),
        missing="参保率、未参保名单、办理登记和发给医保局的名单已有；办理时限文件没有给出，参数录入前不生成限期任务",
    ),
    "S0-C-58": Claim(("registry.actions", "registry.exporting", "registry.history")),
    "S0-C-59": Claim(
        ("feeds.calendar", "feeds.queries", "screening.actions.run", "households.department_lists", "households.list_answers"),
    ),
    "S0-C-61": Claim(("docs/explanation/companion.md",)),
    "S0-C-62": Claim(
        ("households.fields.register", "households.visits.forms.read", "households.visits.burden", "web.views.fields", "web.views.burden"),
    ),
    # ── 冀乡振发〔2022〕14号 ─────────────────────────────────────────────────
    "S1-C-01": Claim(("households.metrics.table", "web.views.metrics")),
    "S1-C-02": Claim(("feeds.matching", "screening.actions.run", "casework.actions.fold")),
    "S1-C-03": Claim(
        (_RULES + "major_illness_cost", _RULES + "severe_disability_low_income", _RULES + "sudden_hardship",
         _RULES + "spending_exceeds_income", "casework.actions.fold", "casework.queries.not_included", "web.views.leads.not_included"),
    ),
    "S1-C-04": Claim((_RULES + "major_illness_cost",)),
    "S1-C-05": Claim((_RULES + "severe_disability_low_income",)),
    "S1-C-06": Claim((_RULES + "sudden_hardship", "households.categories.proposed")),
    "S1-C-07": Claim((_RULES + "spending_exceeds_income",)),
    "S1-C-08": Claim(("casework.clocks.due", "households.schedules.schedule", "households.obstacles.lateness_explained", "web.views.todo")),
    "S1-C-09": Claim(("casework.verification", "households.outcomes.open_green_channel", "households.measures.start", "web.views.cases")),
    "S1-C-10": Claim(("households.measures.unmet", "households.measures.proposed", "households.catalogue")),
    # ── 涞源县〔2022〕9号 ────────────────────────────────────────────────────
    "S1-C-11": Claim(("households.income.ledger", "households.income.risk_points.plan", "web.views.ledger")),
    "S1-C-12": Claim(
        ("households.income.growth.supervision", "households.listings.candidates", "households.listings.put_on", "web.views.listings", "jobs.papers.listing_notice"),
    ),
    "S1-C-15": Claim(("households.visits.effects.set_off", "households.visits.forms", "web.views.visits.visit")),
    "S1-C-14": Claim(("households.visits.population.demand", "households.visits.coverage", "web.views.coverage")),
    "S2-A-02": Claim(("households.income.growth.targets", "web.views.growth")),
    "S2-B-01": Claim(("households.visits.coverage.of_county", "households.visits.closing", "web.views.coverage")),
    "S2-B-02": Claim(("households.visits.asked", "households.visits.forms", "web.views.visits.visit")),
    "S2-B-03": Claim(
        ("feeds.datasets.monthly_income", "households.income.collecting", "households.income.figures.compare", "households.income.figures.compare_items", "web.views.income_sheet")
    ),
    "S2-B-04": Claim(("web.views.visits.sheet", "households.visits.known", "households.models.visits.Visit")),
    "S2-B-05": Claim(("households.visits.effects.set_off", "casework.signals.receive")),
    "S2-B-06": Claim(("households.ownership.of_tasks", "web.views.todo", "web.case_page", "organisation.models", "households.department_lists.send")),
    "S2-B-07": Claim((_RULES + "income_falling",)),
    "S2-B-08": Claim((_RULES + "income_below_line", "casework.actions.fold")),
    "S2-B-09": Claim((_RULES + "income_below_alleviated_average",)),
    "S2-B-10": Claim((_RULES + "transfer_share_high",)),
    "S2-B-11": Claim((_RULES + "no_labour_low_income",)),
    "S2-B-12": Claim(("households.income.ledger", "web.views.ledger", "jobs.exports.ledger", "web.views.outlook")),
    "S2-B-13": Claim(("households.facts.HouseholdFacts.collected", _RULES + "projected", "casework.models.CollectionTask", "jobs.told_months.hand_in")),
    "S2-B-14": Claim((_DERIVED + "income_outlook", "web.views.outlook", "households.income.figures")),
    "S2-B-15": Claim(("households.income.places.labour_coverage", "web.views.ledger")),
    "S2-B-16": Claim(
        (_REGISTERS + "leading_links", "households.registers.sources.business_income_per_head", "households.registers.figures.answers"),
    ),
    "S2-B-17": Claim(
        (_REGISTERS + "distributions", "web.views.registers.missing"),
        missing="按劳动能力登记分配形式、查出没有差异化分配的无劳动能力户已有；差异化的标准文件没有给出，不自动算分配额",
    ),
    "S2-B-18": Claim((_REGISTERS + "shares", "web.views.registers")),
    "S2-B-19": Claim((_REGISTERS + "labour", "web.views.registers")),
    "S2-B-20": Claim((_REGISTERS + "workshops", _REGISTERS + "employment_subsidies")),
    "S2-B-21": Claim((_REGISTERS + "post_holders", "households.registers.figures.answers")),
    "S2-B-22": Claim((_REGISTERS + "trainings", "web.views.registers")),
    "S2-B-24": Claim((_REGISTERS + "unsold_produce", "web.views.registers")),
    "S2-B-23": Claim(("households.income.loans", "web.views.entitlements")),
    "S2-B-25": Claim(("households.income.entitlement_policies", "web.views.entitlements")),
    "S2-B-26": Claim(("households.income.entitlement_policies", "web.views.entitlements")),
    "S2-B-27": Claim(
        ("households.income.entitlement_policies", _RULES + "spending_exceeds_income", "web.views.entitlements")
    ),
    "S2-B-28": Claim(("households.income.entitlements", "jobs.exports.entitlements", "households.department_lists")),
    "S2-C-04": Claim(
        ("households.returns.measure_figures.figures", "households.returns.queries.reminding", "households.returns.actions", "web.views.returns", "jobs.papers.sent"),
    ),
    "S2-C-05": Claim(
        ("households.inspection_kinds.KINDS", "households.inspection_populations.proposed", "households.inspections.by_place",
         "jobs.papers.income_bulletin", "web.views.inspections"),
    ),
    "S2-C-06": Claim(("households.income.risk_points", "web.views.income_sheet")),
    "S2-C-07": Claim(("jobs.exports.ledger.headings",)),
    # ── 河北省实施意见 ───────────────────────────────────────────────────────
    "S3-B-03": Claim(("policy.resolution",)),
    "S3-B-04": Claim(("registry.sheets.monitored", "screening.rule.Rule")),
    "S3-B-05": Claim(
        ("households.visits.campaigns", "web.views.coverage.campaign_list", "households.reviews.next_review", "web.views.cases"),
        missing="年度和季度动态管理按户给出结果；个案页有复查日，间隔文件没有给出，录入前写“未计算”",
    ),
    "S3-B-06": Claim(
        (_DERIVED + "focus_people",), missing="大病重病、重度残疾、孤儿和事实无人抚养儿童、社会救助人员已标出；留守儿童、困境儿童、困难老人没有文件写明口径，写“未计算”"
    ),
    "S3-B-07": Claim(("households.visits.asked", "households.visits.known")),
    "S3-B-08": Claim(
        ("casework.clocks.due", "casework.actions.fold", "households.routing", "households.department_lists.proposed"),
    ),
    "S3-B-09": Claim(("feeds.datasets", "registry.actions", "organisation.scope.Scope")),
    "S3-B-10": Claim(("feeds.queries", "screening.what_if.what_if", "households.metrics.table")),
    "S3-B-11": Claim(("registry.history", "registry.snapshots")),
    "S3-B-12": Claim(
        ("casework.actions.fold", "casework.signals.receive", "households.visits.effects.set_off", "web.views.visits", "door.figures.three_ways", "web.views.report_figures"),
    ),
    "S3-B-13": Claim(("households.identification", "casework.runner.act", "web.views.cases", "households.step_photos.attach", "web.views.step_photos")),
    "S3-B-14": Claim(
        ("households.assigning", "households.responsibilities.lacking", "web.views.responsibilities"),
    ),
    "S3-B-15": Claim(("households.models.support", "households.catalogue")),
    "S3-B-16": Claim(("households.measures.proposed", "households.measures.without_development")),
    "S3-B-17": Claim(("households.measures.proposed", "households.catalogue")),
    "S3-B-22": Claim(
        (_RULES + "not_insured", "feeds.datasets.medical_insurance", "households.insurance.shares", "households.insurance.send", "web.views.insurance"),
    ),
    # ── 许昌市〔2022〕1号 ────────────────────────────────────────────────────
    "S4-A-02": Claim(("households.income.growth.targets", "web.views.growth")),
    "S4-C-01": Claim(("policy.resolution", "policy.reference")),
    "S4-C-02": Claim(("households.visits.population.households", "households.visits.coverage", "web.views.coverage")),
    "S4-C-03": Claim(
        ("households.visits.closing.close", "households.month_figures.of_place", "households.returns.actions.send", "jobs.papers.month_report",
         "jobs.papers.month_bulletin", "web.views.monthly"),
    ),
    "S4-C-04": Claim(("feeds.calendar", "feeds.matching", "screening.actions.run")),
    "S4-C-05": Claim(("casework.verification", "casework.runner.act_together", "jobs.dispatching.work", "web.views.lead_steps")),
    "S4-C-06": Claim(("casework.queries.not_included", "web.views.leads.not_included")),
    "S4-C-07": Claim(("households.identification", "households.obstacles.contact_is_named", "casework.tasks")),
    "S4-C-08": Claim(("households.identification", "households.obstacles.plan_covers_risks", "casework.tasks")),
    "S4-C-09": Claim(
        ("households.visits.population.demand", "households.visits.coverage.of_county", "web.views.coverage"),
        missing="每月走访次数按文件取值，入户才算、电话不算；到场只有本人登记和可选照片，不采集位置",
    ),
    "S4-C-10": Claim(
        ("households.visits.help_days.calendar", "web.views.coverage.campaign_list"),
        missing="本月帮扶日和当天入户的人由走访得出；没有单独签到，“双十”的事项文件未给出",
    ),
    "S4-C-11": Claim(
        ("households.measures.proposed", "households.measures.unmet", "households.responsibilities.lacking",
         "households.registers.declared.village_pairings", "households.pairings.of_village"),
    ),
    "S4-C-12": Claim(("households.measures.unmet", "web.views.cases")),
    "S4-C-13": Claim(("households.department_lists.send", "households.list_answers", "web.views.department_lists")),
    "S4-C-15": Claim(
        ("households.archive.comparing.differences", "households.archive.actions.settle", "households.visits.campaigns", "web.views.archive"),
    ),
    "S4-C-14": Claim(("households.visits.campaigns", "web.views.coverage.campaign_list")),
}  # fmt: skip
