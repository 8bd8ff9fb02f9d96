"""Cases on pages: sent down, verified on a phone, decided by the right people, helped; forms that say what is wrong where it is."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.casework.models import Case, Event, Lead, Task
from shouwang.households.models import Measure
from shouwang.organisation.models import Unit
from tests import factories
from tests.households.casebook import ANSWERS

from .world import FAR_VILLAGE, OTHER_VILLAGE, TODAY, TOWNSHIP, VILLAGE, World

Browse = Callable[[str], Client]


def send(client: Client, proceeding: Lead | Case, step: str, **more: Any) -> Any:
    """Sends a step's form as its page would."""
    proceeding.refresh_from_db()
    kind, number = ("case", proceeding.case_no) if isinstance(proceeding, Case) else ("lead", proceeding.lead_no)
    data = {"version": proceeding.version, "taken_on": TODAY.isoformat()} | ANSWERS.get(step, {}) | more
    return client.post(reverse(f"{kind}_step", args=[number, step]), data, follow=True)


def text(answer: Any) -> str:
    return answer.content.decode()


def opened(world: World, browse: Browse, head_name: str = "甲建国", **confirmed: Any) -> Case:
    """A case whose lead was sent down and confirmed through the pages."""
    lead = world.lead(head_name)
    browse("sun").post(reverse("dispatch"), {"lead": [lead.pk]})
    send(browse("zhao"), lead, "confirm", **confirmed)
    return Case.objects.get(lead=lead)


STEPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("zhao", "review", {}),
    ("zhao", "publish", {"shown_until": TODAY.isoformat()}),
    ("zhao", "close_publicity", {}),
    ("qian", "township_review", {}),
    ("sun", "county_decision", {"object_category": "脱贫不稳定户"}),
)


def included(world: World, browse: Browse, **confirmed: Any) -> Case:
    case = opened(world, browse, **confirmed)
    for who, step, more in STEPS:
        answer = send(browse(who), case, step, **more)
        assert answer.status_code == 200, text(answer)
    case.refresh_from_db()
    assert case.state == "supported"
    return case


# ── sent down ────────────────────────────────────────────────────────────────
def test_marked_leads_go_down_and_the_rest_stays(world: World, browse: Browse) -> None:
    client = browse("sun")
    answer = client.post(reverse("dispatch"), {"lead": [world.lead("甲建国").pk]}, follow=True)
    assert "已下派到村 1 条" in text(answer)
    assert world.lead("甲建国").state == "at_village" and world.lead("丙海生").state == "open"


def test_all_of_a_filter_go_down_at_once(world: World, browse: Browse) -> None:
    page = text(browse("sun").get(reverse("leads"), {"region": "130630101000"}))
    assert "下派全部 1 条到村" in page
    asked = {"all": "1", "query": "region=130630101000"}
    assert "已下派到村 1 条" in text(browse("sun").post(reverse("dispatch"), asked, follow=True))
    assert world.lead("丙海生").state == "at_village" and world.lead("甲建国").state == "open"
    assert "下派全部" not in text(browse("sun").get(reverse("leads"), {"region": "130630101000"}))


def test_nobody_sends_down_what_lies_elsewhere_or_without_the_right(world: World, browse: Browse) -> None:
    key = world.lead("甲建国").pk
    assert "没有选中" in text(browse("li").post(reverse("dispatch"), {"lead": [key]}, follow=True))
    assert browse("zhao").post(reverse("dispatch"), {"lead": [key]}).status_code == 403
    assert "下派勾选的" not in text(browse("zhao").get(reverse("leads")))
    assert world.lead("甲建国").state == "open"


# ── verified ─────────────────────────────────────────────────────────────────
def test_the_grid_worker_finds_three_results_and_the_clerk_none_of_them(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    browse("sun").post(reverse("dispatch"), {"lead": [lead.pk]})
    page = text(browse("zhao").get(reverse("lead", args=[lead.lead_no])))
    assert "上门核实的结果" in page
    assert all(
        f'action="{reverse("lead_step", args=[lead.lead_no, step])}' in page
        for step in ("confirm", "clear", "give_back")
    )
    assert "上门核实的结果" not in text(browse("qian").get(reverse("lead", args=[lead.lead_no])))


def test_a_confirmed_risk_leads_to_the_case(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    browse("sun").post(reverse("dispatch"), {"lead": [lead.pk]})
    answer = send(browse("zhao"), lead, "confirm", risks=["disability", "illness"])
    case = Case.objects.get(lead=lead)
    assert answer.redirect_chain[-1][0] == reverse("case", args=[case.case_no])
    assert case.risks == ["illness", "disability"] or case.risks == ["disability", "illness"]
    assert "因残" in text(answer) and "召开民主评议" in text(answer)


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    browse("sun").post(reverse("dispatch"), {"lead": [lead.pk]})
    answer = send(browse("zhao"), lead, "give_back", kind="wrong_data", reason="")
    assert answer.status_code == 400
    form = answer.context["offers"][0].form
    assert form.errors == {"reason": ["请填写"]}
    assert 'value="wrong_data" id="give_back_kind_3" checked' in " ".join(text(answer).split())
    assert world.lead("甲建国").state == "at_village"


def test_an_answered_lead_says_who_answered_what(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    browse("sun").post(reverse("dispatch"), {"lead": [lead.pk]})
    answer = send(browse("zhao"), lead, "clear", reason="子女已接走赡养")
    assert "无返贫风险" in text(answer) and "子女已接走赡养" in text(answer) and "网格员赵" in text(answer)
    listed = browse("sun").get(reverse("not_included"))
    assert listed.context["reasons"][lead.pk] == "无返贫风险：子女已接走赡养"


# ── two at once ──────────────────────────────────────────────────────────────
def test_whoever_comes_second_is_told_what_happened_meanwhile(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    seen = case.version
    send(browse("zhao"), case, "review")
    colleague = Client()
    colleague.force_login(factories.make_account(name="驻村高", role="resident_cadre", region_code=VILLAGE))
    answer = colleague.post(
        reverse("case_step", args=[case.case_no, "review"]),
        {"version": seen, "taken_on": TODAY.isoformat()} | ANSWERS["review"],
        follow=True,
    )
    assert "网格员赵刚刚办理，现在是“公示”，您这次提交没有生效" in text(answer)
    assert Event.objects.filter(case=case, step="review").count() == 1


# ── the page of a case ───────────────────────────────────────────────────────
def test_each_level_is_offered_its_own_steps(world: World, browse: Browse) -> None:
    case = opened(world, browse)

    def offered(login: str) -> list[str]:
        return [offer.step.code for offer in browse(login).get(reverse("case", args=[case.case_no])).context["offers"]]

    assert offered("zhao") == ["review", "review_against", "add_risk"]
    assert offered("qian") == ["review", "review_against", "open_green_channel"]
    assert offered("sun") == ["refuse"]
    assert browse("li").get(reverse("case", args=[case.case_no])).status_code == 404


def test_what_is_in_the_way_stands_there_as_a_sentence(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    send(browse("zhao"), case, "review")
    answer = send(browse("zhao"), case, "close_publicity")
    assert answer.status_code == 400 and "还没有张贴公示" in text(answer)
    send(browse("zhao"), case, "publish", shown_until="2022-07-20")
    page = text(browse("zhao").get(reverse("case", args=[case.case_no])))
    assert "公示到 2022-07-20 才期满" in page


def test_only_what_applies_is_asked_for(world: World, browse: Browse, monkeypatch) -> None:
    case = opened(world, browse)
    for login, step, more in STEPS[:4]:
        send(browse(login), case, step, **more)

    def asked() -> list[str]:
        offers = browse("sun").get(reverse("case", args=[case.case_no])).context["offers"]
        return [field.name for field in next(one for one in offers if one.step.code == "county_decision").form.asked]

    assert asked() == ["object_category", "category_reason", "decision_no"]
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-16")
    assert asked()[-1] == "late_reason"


def test_whoever_decides_has_the_grounds_before_the_eyes(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    page = text(browse("sun").get(reverse("case", args=[case.case_no])))
    assert "甲建国持有效的重度残疾证，家庭上年人均纯收入 5,000.00 元，低于 7,300.00 元 的监测标准" in page
    assert "看条款和来源行" in page


def test_whoever_sends_what_is_not_theirs_or_not_yet_due_is_told_why(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    early = send(browse("qian"), case, "township_review")
    assert early.status_code == 400 and "现在是“待民主评议”，还不能“乡级审核”" in text(early)
    wrong = send(browse("zhao"), case, "refuse", reason="条件好")
    assert wrong.status_code == 400 and "您的角色不能办“不予纳入”" in text(wrong)
    for version in ("", "abc", "9" * 30):
        assert "没有生效" in text(send(browse("zhao"), case, "review", version=version))
    case.refresh_from_db()
    assert case.state == "to_review"


def test_a_button_pressed_twice_is_done_once_and_frightens_nobody(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    before = {"version": case.version}
    assert "已办：民主评议通过" in text(send(browse("zhao"), case, "review", **before))
    again = text(send(browse("zhao"), case, "review", **before))
    assert "已办：民主评议通过（纳入）。现在是“公示”" in again and "没有生效" not in again
    assert Event.objects.filter(case=case, step="review").count() == 1
    other = text(send(browse("zhao"), case, "review", **before, minutes="另一次会议"))
    assert "没有生效" in other
    colleague = factories.make_account(name="驻村高", role="resident_cadre", region_code=VILLAGE)
    client = Client()
    client.force_login(colleague)
    assert "没有生效" in text(send(client, case, "review", **before))


def test_the_wrong_day_comes_back_with_the_sentence_and_what_was_written(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    answer = send(browse("zhao"), case, "review", taken_on="2022-06-01", minutes="大家都同意")
    assert answer.status_code == 400
    assert "办理日 2022-06-01 早于上一步" in text(answer) and "大家都同意" in text(answer)


def test_the_page_tells_the_whole_story_in_words(world: World, browse: Browse) -> None:
    case = included(world, browse)
    page = text(browse("sun").get(reverse("case", args=[case.case_no])))
    for words in (
        "民主评议通过（纳入）",
        "同意纳入（票）",
        "张贴公示",
        "乡镇钱",
        "县级确定纳入",
        "脱贫不稳定户",
        "甲*国",
        "下派到村",
    ):
        assert words in page
    assert [box.stage for box in browse("sun").get(reverse("case", args=[case.case_no])).context["boxes"]] == [
        "done", "done", "done", "done", "done", "now",
    ]  # fmt: skip


def test_the_schedule_says_until_when_the_notice_must_be_up(world: World, browse: Browse, home) -> None:
    from tests.households.casebook import set_locally

    limits = "{democratic_review: 3 day, publicity: 6 day, township_review: 2 day, county_decision: 1 day}"
    set_locally("130630", case__publicity_minimum_days="5 day", case__step_limits=limits)
    try:
        case = opened(world, browse)
        schedule = browse("zhao").get(reverse("case", args=[case.case_no])).context["schedule"]
        assert case.due_on == dt.date(2022, 7, 15)
        assert schedule.publish_by == dt.date(2022, 7, 7)
        assert not schedule.is_too_late_to_publish
    finally:
        for path in (home / "policies").rglob("*.yaml"):
            path.unlink()


def test_the_form_of_the_way_out_asks_for_the_county_s_own_items(world: World, browse: Browse, home) -> None:
    from tests.households.casebook import set_locally

    own = """[{code: house_safe, label: 住房安全有保障, evidence: 鉴定等级}, {code: work_steady, label: 有稳定就业, evidence: 合同},
      {code: schooling_kept, label: 适龄子女在校, evidence: 学籍}]"""
    case = included(world, browse)
    case.household.persons.update(labour_capacity="普通劳动力")
    address = reverse("case", args=[case.case_no])
    usual = text(browse("zhao").get(address))
    assert "文件未列出具体项目，采用默认项" in usual and 'name="risk_gone_evidence"' in usual
    set_locally("130630", case__elimination_checks=own)
    try:
        page = text(browse("zhao").get(address))
        assert "采用默认项" not in page and "共 3 项" in page and "鉴定等级" in page
        assert page.count('_evidence" cols') == 3 and "risk_gone" not in page
        assert "适龄子女在校" in text(browse("zhao").get(reverse("procedure", args=["case"])))
        refused = text(send(browse("zhao"), case, "ask_clearance"))  # a page from before the list was set
        assert "“risk_gone”不在当地 2022-07-07 的清单里" in refused and "有稳定就业、适龄子女在校" in refused
        case.refresh_from_db()
        assert case.state == "supported"
        data = {name: text for code in ("house_safe", "work_steady", "schooling_kept")
                for name, text in ((code, "passed"), (f"{code}_evidence", f"看过{code}"))}  # fmt: skip
        sent = {"version": case.version, "taken_on": TODAY.isoformat(), **data}
        for _ in range(2):  # the second press is the first one's echo
            shown = text(
                browse("zhao").post(reverse("case_step", args=[case.case_no, "ask_clearance"]), sent, follow=True)
            )
        case.refresh_from_db()
        assert case.state == "out_review" and "适龄子女在校：依据" in shown and "看过schooling_kept" in shown
        assert "《本地办法》" in shown
    finally:
        for path in (home / "policies").rglob("*.yaml"):
            path.unlink()
    later = text(browse("zhao").get(address))
    assert "适龄子女在校：依据" in later and "《本地办法》" in later, "the list is gone, what was asked is kept"


def test_the_county_stops_and_starts_the_clock(world: World, browse: Browse, monkeypatch) -> None:
    case = opened(world, browse)
    address = reverse("case_clock", args=[case.case_no])
    assert browse("zhao").post(address, {"reason": "外出"}).status_code == 403
    answer = browse("sun").post(address, {"reason": "户主住院，无法核实", "version": case.version}, follow=True)
    assert "时限已中止" in text(answer) and "户主住院" in text(answer)
    assert browse("zhao").get(reverse("case", args=[case.case_no])).context["offers"] == []
    assert not browse("zhao").get(reverse("todo")).context["rows"]
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-10")
    browse("sun").post(address, {})
    case.refresh_from_db()
    assert case.due_on == dt.date(2022, 7, 18) and case.paused_on is None


# ── measures ─────────────────────────────────────────────────────────────────
def test_a_proposal_is_taken_with_one_press_and_carried_out(world: World, browse: Browse) -> None:
    case = included(world, browse, risks=["illness"])
    client = browse("qian")
    page = client.get(reverse("case", args=[case.case_no]))
    proposal = page.context["proposals"][0]
    kind = proposal["kinds"][0][0]
    client.post(reverse("measure_plan", args=[case.case_no]), {"kind": kind.code, "risk": proposal["risk"]})
    client.post(reverse("measure_plan", args=[case.case_no]), {"kind": kind.code, "risk": proposal["risk"]})
    measure = Measure.objects.get(case=case)
    assert measure.kind == kind.code
    address = reverse("measure_change", args=[case.case_no, measure.pk, "finish"])
    answer = client.post(address, {"on": TODAY.isoformat(), "amount": "1234.50", "result": "已到账"}, follow=True)
    assert "1,234.50" in text(answer) and "已到账" in text(answer)
    measure.refresh_from_db()
    assert measure.amount_fen == 123_450


def test_those_who_do_not_plan_find_no_buttons_and_no_door(world: World, browse: Browse) -> None:
    case = included(world, browse)
    for login in ("zhao", "sun"):
        assert "measure" not in text(browse(login).get(reverse("case", args=[case.case_no]))).replace(
            'id="measures"', ""
        )
        asked = {"kind": "dibao", "risk": "illness"}
        assert browse(login).post(reverse("measure_plan", args=[case.case_no]), asked).status_code == 403


def test_a_wrong_amount_or_day_is_said(world: World, browse: Browse) -> None:
    case = included(world, browse)
    client = browse("qian")
    client.post(reverse("measure_plan", args=[case.case_no]), {"kind": "dibao", "risk": "illness"})
    address = reverse("measure_change", args=[case.case_no, Measure.objects.get().pk, "finish"])
    assert "确保该值大于或等于0" in text(client.post(address, {"amount": "-1", "result": "好"}, follow=True))
    early = client.post(address, {"on": "2022-07-01", "result": "好"}, follow=True)
    assert "早于 2022-07-07" in text(early)
    assert Measure.objects.get().done_on is None


# ── lists ────────────────────────────────────────────────────────────────────
def test_the_list_narrows_by_what_matters(world: World, browse: Browse, monkeypatch) -> None:
    case = opened(world, browse, risks=["disaster"], disaster_kind="洪涝", green_channel="on")
    client = browse("sun")

    def count(**asked: str) -> int:
        return client.get(reverse("cases"), asked).context["page"].count

    assert count() == count(special="green") == count(risk="disaster") == count(q="甲") == count(q=case.case_no) == 1
    assert count(status="identifying") == count(region=TOWNSHIP) == 1
    assert count(special="late") == count(risk="water") == count(status="supported") == count(special="unmet") == 0
    assert browse("li").get(reverse("cases")).context["page"].count == 0
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-16")
    assert count(special="late") == 1


def test_what_is_exported_is_what_is_listed(world: World, browse: Browse) -> None:
    opened(world, browse)
    answer = browse("sun").get(reverse("export", args=["cases"]), {"format": "jsonl"})
    rows = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert [(row["户主"], row["状态"], row["风险"]) for row in rows] == [("甲建国", "待民主评议", "因病")]
    empty = browse("sun").get(reverse("export", args=["cases"]), {"format": "jsonl", "status": "supported"})
    assert b"".join(empty.streaming_content) == b""


def test_everybody_finds_what_waits_for_them_by_due_day(world: World, browse: Browse) -> None:
    case = opened(world, browse)

    def waiting(login: str, **asked: str) -> list[tuple[str, str]]:
        rows = browse(login).get(reverse("todo"), asked).context["rows"]
        return [(row["task"].household.head_name, row["label"]) for row in rows]

    assert waiting("zhao") == [("甲建国", "召开民主评议")]
    assert waiting("qian") == []
    assert waiting("sun") == [("丙海生", "下派线索")]
    send(browse("zhao"), case, "review")
    assert [label for _, label in waiting("zhao")] == ["张贴公示"]
    assert waiting("li") == [("外德成", "下派线索")]


def test_what_has_no_due_day_stands_behind_what_has_one(world: World, browse: Browse) -> None:
    first, second = (lead.pk for lead in Lead.objects.filter(region_code__startswith="130630").order_by("pk")[:2])
    Task.objects.filter(lead=first, is_open=True).update(due_on=None)
    work = browse("sun").get(reverse("home")).context["work"]
    assert [row["task"].lead_id for row in work][-1] == first and second in [row["task"].lead_id for row in work[:-1]]


def test_what_is_late_below_names_who_has_to_move_it(world: World, browse: Browse, monkeypatch) -> None:
    opened(world, browse)
    assert browse("qian").get(reverse("todo")).context["below_count"] == 0
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-18")
    page = browse("qian").get(reverse("todo"))
    assert page.context["below_count"] == 1 and "下级有 1 项已超期" in text(page)
    late = browse("qian").get(reverse("todo"), {"whose": "below"})
    (row,) = late.context["rows"]
    assert row["label"] == "召开民主评议" and row["unit"] == row["village"]
    assert "已超期 3 天" in text(late)


def test_figures_of_the_first_page_are_links_to_exactly_their_rows(world: World, browse: Browse, monkeypatch) -> None:
    opened(world, browse)
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-18")
    client = browse("sun")
    home = client.get(reverse("home")).context
    for name, number in home["cases"].items():
        assert client.get(reverse("cases"), {"status": name}).context["page"].count == number
    assert home["cases"]["identifying"] == 1
    assert client.get(reverse("todo")).context["page"].count == home["work_count"] == 1
    assert client.get(reverse("todo"), {"late": "1"}).context["page"].count == home["work_late_count"] == 1
    assert home["below"] == [(TOWNSHIP, "涞源镇", 1)]
    for code, _, number in home["below"]:
        assert client.get(reverse("todo"), {"whose": "below", "region": code}).context["page"].count == number


def test_a_form_comes_with_the_risks_that_the_lead_speaks_of(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    browse("sun").post(reverse("dispatch"), {"lead": [lead.pk]})
    page = " ".join(text(browse("zhao").get(reverse("lead", args=[lead.lead_no]))).split())
    assert 'value="disability" id="confirm_risks_1" checked' in page
    assert 'value="illness" id="confirm_risks_0" checked' not in page


# ── the manual ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize("code", ["verification", "case"])
def test_the_manual_is_printed_from_the_table(world: World, browse: Browse, code: str) -> None:
    from shouwang.casework import procedure

    page = text(browse("zhao").get(reverse("procedure", args=[code])))
    table = procedure.get(code)
    assert all(state.label in page for state in table.states)
    assert all(step.label in page for step in table.steps)
    assert "15 天" in page and "网格员" in page
    assert browse("zhao").get(reverse("procedure", args=["nothing"])).status_code == 404


def test_a_resident_cadre_of_another_village_sees_no_case_of_ours(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    world.accounts["other"] = factories.make_account(name="驻村吴", role="resident_cadre", region_code=OTHER_VILLAGE)
    assert browse("other").get(reverse("case", args=[case.case_no])).status_code == 404
    assert browse("other").post(reverse("case_step", args=[case.case_no, "review"]), {}).status_code == 404
    assert browse("other").get(reverse("cases")).context["page"].count == 0
    assert VILLAGE != OTHER_VILLAGE != FAR_VILLAGE and Task.objects.filter(case=case).exists()


def test_a_disease_is_never_called_by_its_name(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    browse("sun").post(reverse("dispatch"), {"lead": [lead.pk]})
    answer = send(browse("zhao"), lead, "clear", reason="胃癌已治愈，子女赡养")
    assert answer.status_code == 400 and "不要写病名" in text(answer) and "胃癌已治愈" in text(answer)
    assert world.lead("甲建国").state == "at_village"
    send(browse("zhao"), lead, "clear", reason="病已治愈，子女赡养")
    assert world.lead("甲建国").state == "no_risk"


def test_an_object_shows_its_review_day_as_not_computed_while_no_document_gives_the_interval(
    world: World, browse: Browse
) -> None:
    case = included(world, browse)
    page = text(browse("sun").get(reverse("case", args=[case.case_no])))
    assert "复查日" in page and "未计算" in page and "household.review_interval" in page


# ── who leads and who answers ────────────────────────────────────────────────
def test_a_task_names_the_department_that_leads_and_the_unit_that_answers(world: World, browse: Browse) -> None:
    case = opened(world, browse)
    page = text(browse("zhao").get(reverse("case", args=[case.case_no])))
    assert "牵头部门：乡村振兴局，责任单位：涞源镇" in page
    Unit.objects.create(name="涞源镇防贫工作站", kind="township_station", region_code=TOWNSHIP)
    listed = text(browse("zhao").get(reverse("todo")))
    assert "牵头部门" in listed and "涞源镇防贫工作站" in listed
    Task.objects.filter(case=case).update(step="settle_plan", level="township")
    assert "医保局" in text(browse("qian").get(reverse("todo"))), "the departments of its risks take part"
    Task.objects.filter(case=case).update(step="county_decision", level="county")
    assert "责任单位：涞源县" in text(browse("sun").get(reverse("case", args=[case.case_no])))
