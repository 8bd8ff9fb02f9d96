"""A lead explains itself: who, why, by which clause, against which value, from which row of which file, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from shouwang import policy
from shouwang.casework import actions as casework
from shouwang.casework import queries, signals
from shouwang.casework.models import Lead
from shouwang.feeds import actions as feeds
from shouwang.jobs import dispatching, worker
from shouwang.jobs.models import Job
from shouwang.organisation.scope import Scope
from shouwang.screening import actions as screening
from shouwang.screening.models import Finding

from .world import FAR_VILLAGE, JUNE, LAIYUAN, NOW, TODAY, World

Browse = Callable[[str], Client]


def lead_page(client: Client, lead: Lead) -> str:
    return client.get(reverse("lead", args=[lead.lead_no])).content.decode()


def test_the_reason_is_a_sentence_with_its_figures(world: World, browse: Browse) -> None:
    page = lead_page(browse("sun"), world.lead("甲建国"))
    assert "甲建国持有效的重度残疾证，家庭上年人均纯收入 5,000.00 元，低于 7,300.00 元 的监测标准" in page


def test_a_figure_that_only_rounding_brings_to_the_line_says_so(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    Finding.objects.filter(reasons__lead=lead).update(observed="7300.00")
    page = lead_page(browse("sun"), lead)
    assert "人均纯收入 7,300.00 元（四舍五入后的数，舍入前低于标准），低于 7,300.00 元 的监测标准" in page


def test_the_clause_its_summary_and_the_value_are_named_and_linked(world: World, browse: Browse) -> None:
    page = lead_page(browse("sun"), world.lead("甲建国"))
    clause = policy.load().clause("hebei-xiangzhenfa-2022-14#1.2")
    assert clause.summary in page
    assert f"{reverse('document', args=[clause.document_id])}#1.2" in page
    assert reverse("parameter", args=["household.monitoring_income_line"]) in page
    assert "7,300 元" in page


def test_the_row_behind_it_is_opened_from_the_file(world: World, browse: Browse) -> None:
    client = browse("sun")
    assert world.feed_batch
    page = lead_page(client, world.lead("甲建国"))
    address = reverse("evidence", args=["disability", world.feed_batch.pk, 2])
    assert "残联6月.csv" in page and address in page
    row = client.get(address).content.decode()
    assert "残联6月.csv" in row and "2019-03-01" in row and "残疾等级" in row


def test_the_due_day_names_the_clause_that_set_it(world: World, browse: Browse) -> None:
    page = lead_page(browse("sun"), world.lead("甲建国"))
    assert "2022年7月15日" in page and "还剩 8 天" in page
    assert "发现起 15 天" in page
    assert reverse("document", args=["hebei-xiangzhenfa-2022-14"]) in page


def test_lateness_follows_the_day_and_is_stored_nowhere(world: World, browse: Browse, monkeypatch) -> None:
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-16")
    assert "已超期 1 天" in lead_page(browse("sun"), world.lead("甲建国"))
    assert browse("sun").get(reverse("leads"), {"due": "late"}).context["page"].count == 2
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-15")
    assert "今天到期" in lead_page(browse("sun"), world.lead("甲建国"))
    assert browse("sun").get(reverse("leads"), {"due": "late"}).context["page"].count == 0
    assert browse("sun").get(reverse("leads"), {"due": "soon"}).context["page"].count == 2


def test_what_is_answered_from_the_record_says_so_with_the_reason(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    sun, zhao = browse("sun"), browse("zhao")
    sun.post(reverse("dispatch"), {"lead": [lead.pk]})
    cleared = {"version": 1, "taken_on": TODAY.isoformat(), "reason": "大儿子已接去同住"}
    assert (
        "无返贫风险"
        in zhao.post(reverse("lead_step", args=[lead.lead_no, "clear"]), cleared, follow=True).content.decode()
    )
    july, policies = dt.date(2022, 7, 31), policy.load()
    run = screening.run(region_code=LAIYUAN, as_of=july, policies=policies, by=world.accounts["sun"], now=NOW)
    assert casework.fold(run=run, opened_on=july, policies=policies).answered_count == 1
    page = lead_page(zhao, lead)
    assert "2022-07-31 再次发现，同一原因、没有变差，不再上门：无返贫风险：大儿子已接去同住" in page


def test_a_reason_that_left_stays_in_the_history(world: World, browse: Browse) -> None:
    assert world.feed_batch
    lead = world.lead("甲建国")
    feeds.revert(batch=world.feed_batch, by=None, reason="发错了文件", now=NOW)
    run = screening.run(region_code=LAIYUAN, as_of=JUNE, policies=policy.load(), by=None, now=NOW)
    casework.fold(run=run, opened_on=TODAY, policies=policy.load())
    page = lead_page(browse("sun"), lead)
    assert "依据已撤" in page and "数据更正后不再成立" in page
    client = browse("sun")
    assert client.get(reverse("leads")).context["page"].count == 0
    assert client.get(reverse("leads"), {"status": "withdrawn"}).context["page"].count == 2


def test_the_list_narrows_by_rule_place_and_text(world: World, browse: Browse) -> None:
    client = browse("sun")

    def heads(**asked: str) -> list[str]:
        return [lead.household.head_name for lead in client.get(reverse("leads"), asked).context["page"].rows]

    everyone = heads(order="village")
    assert everyone == ["甲建国", "丙海生"]
    assert heads(rule="household.severe_disability_low_income") == everyone
    assert heads(rule="household.housing_unsafe") == []
    assert heads(region="130630101000") == ["丙海生"]
    assert heads(q="甲") == ["甲建国"]
    assert heads(q=world.lead("丙海生").lead_no) == ["丙海生"]
    assert heads(q=world.households["丙海生"].household_no) == ["丙海生"]
    assert heads(q="建国") == [], "a search looks at the beginning of a name"


def test_a_lead_that_somebody_told_of_says_so_in_the_list_the_filter_and_the_file(world: World, browse: Browse) -> None:
    told = {
        "channel": "hotline",
        "household": world.households["丁玉兰"],
        "region_code": FAR_VILLAGE,
        "risk": "illness",
    }
    signals.receive(**told, told_on=TODAY, reference="R-1", by=None, now=NOW, policies=policy.load())
    client = browse("sun")
    for page in (
        client.get(reverse("leads"), {"rule": "hotline"}),
        client.get(reverse("not_included"), {"rule": "hotline"}),
    ):
        assert [lead.household.head_name for lead in page.context["page"].rows] == ["丁玉兰"]
        assert '<span class="tag plain">12317热线</span>' in page.content.decode()
    assert "为什么是这一户（1 项原因）" in lead_page(client, world.lead("丁玉兰"))
    rows = b"".join(client.get(reverse("export", args=["leads"]), {"format": "csv"}).streaming_content).decode()
    assert "12317热线" in next(line for line in rows.splitlines() if "丁玉兰" in line)


def test_an_empty_list_says_what_to_do_next(world: World, browse: Browse) -> None:
    Lead.objects.all().delete()
    assert "执行筛查" in browse("sun").get(reverse("leads")).content.decode()
    assert "清除条件" in browse("sun").get(reverse("leads"), {"q": "无此人"}).content.decode()


def test_asset_hints_are_questions_not_exclusions(world: World, browse: Browse) -> None:
    lead = world.lead("甲建国")
    assert world.feed_batch
    lead.questions = [
        {
            "person": "甲建国",
            "kind": "小汽车",
            "since": "2020-01-01",
            "value": "80000.00",
            "dataset": "asset_hint",
            "batch": world.feed_batch.pk,
            "row": 2,
        }
    ]
    lead.save()
    page = lead_page(browse("sun"), lead)
    assert "甲建国名下登记有小汽车" in page and "不是不纳入的理由" in page


def test_the_grid_worker_finds_the_day_in_plain_words(world: World, browse: Browse) -> None:
    before = browse("zhao").get(reverse("home")).content.decode()
    assert "甲建国" not in before, "what was not sent down waits for the county"
    browse("sun").post(reverse("dispatch"), {"all": "1"})
    page = browse("zhao").get(reverse("home")).content.decode()
    assert "7月7日要办的事" in page and "甲建国" in page and "入户核实" in page and "7月15日前办" in page
    assert "丙海生" not in page


def test_figures_on_the_home_page_are_links_to_exactly_their_rows(world: World, browse: Browse) -> None:
    client = browse("sun")
    home = client.get(reverse("home")).context
    for code, _, number in home["by_rule"]:
        assert client.get(reverse("leads"), {"rule": code}).context["page"].count == number
    for code, _, number, late in home["places"]:
        assert client.get(reverse("leads"), {"region": code}).context["page"].count == number
        assert client.get(reverse("leads"), {"region": code, "due": "late"}).context["page"].count == late
    assert sum(number for _, _, number, _ in home["places"]) == home["lateness"]["open"] == 2


def test_every_township_stands_on_the_home_page_even_without_leads(world: World, browse: Browse) -> None:
    names = [name for _, name, _, _ in browse("sun").get(reverse("home")).context["places"]]
    assert len(names) == 17


def test_a_map_names_its_source_and_links_to_its_rows(world: World, browse: Browse) -> None:
    page = browse("sun").get(reverse("home"))
    assert [row["number"] for row in page.context["map"]["shapes"]] == [2]
    assert "界线来源" in page.content.decode()


def test_a_long_list_goes_down_in_the_background_and_a_short_one_at_once(browse, monkeypatch) -> None:
    sun = browse("sun")
    monkeypatch.setattr(dispatching, "AT_ONCE", 1)
    first, second = (sun.post(reverse("dispatch"), {"all": "1"}) for _ in range(2))
    job = Job.objects.get(recipe=dispatching.RECIPE)
    assert first.url == second.url == reverse("job", args=[job.pk])
    assert "正在下派" in sun.get(reverse("leads")).content.decode()
    assert browse("li").get(first.url).status_code == 404
    worker.work(once=True)
    shown = sun.get(first.url).content.decode()
    assert f"已下派到村 {job_done(job)} 条" in shown and "回到线索" in shown
    assert "正在下派" not in sun.get(reverse("leads")).content.decode()


def job_done(job: Job) -> int:
    job.refresh_from_db()
    assert job.result["done"] == Lead.objects.filter(state="at_village", region_code__startswith="130630").count() > 1
    return job.result["done"]


def test_a_lead_whose_clock_stands_still_is_nowhere_late_and_goes_on_with_the_days_added(
    world: World, browse: Browse, monkeypatch
) -> None:
    lead = world.lead("甲建国")
    address, seen = reverse("lead_clock", args=[lead.lead_no]), {"version": lead.version}
    assert browse("zhao").post(address, {"reason": "法定事由"} | seen).status_code == 403
    assert browse("li").post(address, {"reason": "法定事由"} | seen).status_code == 404
    sun = browse("sun")
    assert "请写明中止时限的法定事由" in sun.post(address, {"reason": " "} | seen, follow=True).content.decode()
    sun.post(address, {"reason": "本户在外地治疗，按县办法第九条中止"} | seen)
    monkeypatch.setenv("SHOUWANG_TODAY", "2022-07-17")
    page = lead_page(sun, lead)
    assert "时限自 2022-07-07 中止：本户在外地治疗" in page and "中止前应于 2022年7月15日 办结" in page
    assert "已超期" not in page and "下派到村</button>" not in page
    late = sun.get(reverse("leads"), {"due": "late"}).content.decode()
    assert "丙海生" in late and "甲建国" not in late
    assert "时限中止" in sun.get(reverse("leads")).content.decode()
    late_count = queries.lateness(scope=Scope.of_region(LAIYUAN), today=dt.date(2022, 7, 17))["late"]
    assert late_count == Lead.objects.filter(region_code__startswith="130630", is_open=True).count() - 1
    sun.post(address, {"version": lead.version + 1})
    lead.refresh_from_db()
    assert (lead.due_on, lead.paused_on, "stood_on" in lead.due_parameter) == (dt.date(2022, 7, 25), None, False)
