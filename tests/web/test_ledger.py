"""The income ledger's pages: down from the county to a cell's lines, the work on a household, entitlements, what-ifs and targets."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.households.income import collecting
from shouwang.households.models import ClosedMonth, GrowthMeasure, GrowthStatistic, IncomeLine, LoanSurvey, RiskPoint
from tests.factories import LAIYUAN, NOW
from tests.policy import files
from tests.screening.lake_world import County

from .world import NEIGHBOURS, OTHER_VILLAGE, OURS, TOWNSHIP, VILLAGE, World

Browse = Callable[[str], Client]
MONTHS = [f"2021-{month}" for month in (10, 11, 12)] + [f"2022-0{month}" for month in range(1, 7)]


@pytest.fixture
def told(world: World) -> World:
    """甲 earns 400 a month after 5,000 last year; 乙 lacks March."""
    county = County()
    county.households, county.village = dict(world.households), VILLAGE
    county.months("甲建国", MONTHS, 40_000)
    county.months("乙秀英", [month for month in MONTHS if month != "2022-03"], 40_000)
    collecting.collect(county_code=LAIYUAN, now=NOW)
    return world


def page(client: Client, name: str, *arguments: str, status: int = 200, **asked: str) -> str:
    answer = client.get(reverse(name, args=arguments), asked)
    assert answer.status_code == status
    return answer.content.decode()


def number(world: World, head: str = "甲建国") -> str:
    return world.households[head].household_no


def test_the_county_opens_to_the_township_the_village_the_household_and_the_line(told: World, browse: Browse) -> None:
    client = browse("sun")
    county = page(client, "ledger")
    assert f"region={TOWNSHIP}" in county and "1 户" in county
    assert f"region={VILLAGE}" in page(client, "ledger", region=TOWNSHIP)
    village = page(client, "ledger", region=VILLAGE)
    assert "甲建国" in village and "4,800.00" in village and "−200.00" in village and "9/9" in village
    sheet = page(client, "income_sheet", number(told))
    assert sheet.count(f"/ledger/households/{number(told)}/2022-06/wage") == 1
    assert "工资性收入" in sheet and "−200.00" in sheet and "近12个月人均纯收入" in sheet
    cell = page(client, "income_cell", number(told), "2022-06", "wage")
    line = IncomeLine.objects.get(household=told.households["甲建国"], period="2022-06", item="wage")
    assert f"/evidence/monthly_income/{line.batch_id}/{line.row}" in cell and "计入" in cell


def test_a_missing_month_is_said_and_never_shown_as_nought(told: World, browse: Browse) -> None:
    village = page(browse("sun"), "ledger", region=OTHER_VILLAGE)
    assert "缺 2022年3月" in village and "暂定" in village and "未计算" in village
    sheet = page(browse("sun"), "income_sheet", number(told, "乙秀英"))
    assert re.search(r'<td class="n"><span class="soon">缺</span></td>', sheet)


def test_a_stranger_finds_nothing_and_a_reader_cannot_write(told: World, browse: Browse) -> None:
    for login in ("li", "nowhere"):
        text = page(browse(login), "ledger", region=VILLAGE)
        assert not [head for head in OURS if head in text]
        page(browse(login), "income_sheet", number(told), status=404)
        page(browse(login), "income_cell", number(told), "2022-06", "wage", status=404)
        page(browse(login), "income_what_if", number(told), status=404)
        assert not [head for head in OURS if head in page(browse(login), "entitlements", region=LAIYUAN)]
    page(browse("sun"), "income_sheet", number(told, NEIGHBOURS), status=404)
    answer = browse("li").post(
        reverse("income_act", args=[number(told), "point"]), {"kind": "illness", "on": "2022-07-01"}
    )
    assert answer.status_code == 404
    answer = browse("zhou").post(
        reverse("income_act", args=[number(told), "point"]), {"kind": "illness", "on": "2022-07-01"}
    )
    assert answer.status_code == 403
    assert not RiskPoint.objects.exists()
    assert browse("zhao").get(reverse("export", args=["ledger"])).status_code == 403


def test_the_work_on_a_household_is_done_from_its_sheet(told: World, browse: Browse) -> None:
    qian, zhao = browse("qian"), browse("zhao")

    def act(client: Client, verb: str, **data: object) -> str:
        address = reverse("income_act", args=[number(told), verb])
        return client.post(address, data, follow=True).content.decode()

    assert "已登记减收风险点" in act(zhao, "point", kind="lost_work", text="停工", on="2022-07-01")
    point = RiskPoint.objects.get()
    assert "不能办理" in act(zhao, "plan", kind="public_welfare_post", owner="钱")
    assert not GrowthMeasure.objects.exists()
    assert "措施已记入台账" in act(qian, "plan", kind="public_welfare_post", owner="乡镇钱")
    assert "消除依据" in act(qian, "close-point", point=point.pk, evidence="", on="2022-07-02")
    assert "已消除" in act(qian, "close-point", point=point.pk, evidence="已上岗", on="2022-07-02")
    assert "已登记落实" in act(
        qian, "finish", measure=GrowthMeasure.objects.get().pk, result="7 月上岗", on="2022-07-07"
    )
    assert "已登记信贷需求" in act(zhao, "loan", wants="yes", barrier="project")
    assert LoanSurvey.objects.get().barrier == "project"
    assert "已登记更正" in act(qian, "correct", month="2022-06", item="wage", amount="500.00", reason="工资流水")
    cell = page(qian, "income_cell", number(told), "2022-06", "wage")
    assert "工资流水" in cell and "另一来源所说，未计入" in cell
    village = page(qian, "ledger", region=VILLAGE)
    assert "公益岗位" in village and "7 月上岗" in village


def test_as_known_on_a_day_shows_the_day_and_what_came_since(told: World, browse: Browse) -> None:
    browse("qian").post(
        reverse("income_act", args=[number(told), "correct"]),
        {"month": "2022-06", "item": "wage", "amount": "9999", "reason": "流水"},
    )
    now = page(browse("qian"), "income_sheet", number(told))
    assert "9,999.00" in now
    then = page(browse("qian"), "income_sheet", number(told), known="2022-07-02")
    grid = then[then.index('id="months"') : then.index('id="changed"')]
    assert "9,999.00" not in grid and "400.00" in grid
    assert "9,999.00" in then[then.index('id="changed"') : then.index('id="work"')]


def test_a_month_is_closed_once_by_the_township(told: World, browse: Browse) -> None:
    data = {"region": TOWNSHIP, "month": "2022-06"}
    assert browse("zhao").post(reverse("ledger_close"), data).status_code == 403
    assert "已月结" in browse("qian").post(reverse("ledger_close"), data, follow=True).content.decode()
    assert "已经月结" in browse("qian").post(reverse("ledger_close"), data, follow=True).content.decode()
    assert ClosedMonth.objects.get().region_code == TOWNSHIP


def test_the_file_holds_what_the_village_shows_in_the_columns_of_the_county(told: World, browse: Browse, home) -> None:
    def rows(login: str = "sun", **asked: str) -> list[dict[str, str]]:
        answer = browse(login).get(reverse("export", args=["ledger"]), {"format": "jsonl", **asked})
        return [json.loads(text) for text in b"".join(answer.streaming_content).decode().splitlines()]

    (row,) = rows(region=VILLAGE)
    assert (row["户主"], row["已采集月数"], row["比上年"], row["减收原因"]) == (
        "甲建国",
        "9/9",
        "-200.00",
        "工资性收入减少",
    )
    lacking = next(row for row in rows() if row["户主"] == "乙秀英")
    assert (lacking["缺少的月份"], lacking["推算全年人均纯收入"], lacking["比上年"]) == ("2022-03", "", "")
    assert [row["户主"] for row in rows(show="fallen")] == ["甲建国"]
    assert {row["户主"] for row in rows("qian")} == {"甲建国", "乙秀英"}
    assert not {row["户主"] for row in rows("li")} & set(OURS)
    policies = home / "policies"
    files.write(
        policies,
        {
            "documents/local-130630.yaml": 'title: 台账表样\nissuer: 县领导小组\nregion: "130630"\nissued_on: 2022-07-01\neffective_from: 2022-07-01\n',
            "parameters/income/ledger_columns.yaml": 'values:\n  - {region: "130630", from: 2022-07-01, value: [户主, 比上年, 备注], cite: local-130630}\n',
        },
    )
    try:
        assert rows(region=VILLAGE) == [{"户主": "甲建国", "比上年": "-200.00", "备注": ""}]
    finally:
        shutil.rmtree(policies)


def test_three_presets_answer_at_once(told: World, browse: Browse) -> None:
    bill = page(browse("zhao"), "income_what_if", number(told), preset="bill")
    assert "规则的回答" in bill and "收入不变" in bill
    home = page(browse("zhao"), "income_what_if", number(told), preset="home")
    assert "变动的月份" in home
    free = page(
        browse("zhao"), "income_what_if", number(told),
        **{"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-what": "wage", "form-0-yuan": "-100", "form-0-month": "2022-08"},
    )  # fmt: skip
    assert "工资性收入 -100.00 元／月" in free


def test_entitlements_count_and_list_the_same_people(told: World, browse: Browse) -> None:
    text = page(browse("sun"), "entitlements", policy="care_allowance", state="unknown")
    listed = text[text.index('id="list"') :]
    assert "甲建国" in listed and "丙海生" in listed and "没有收到" in listed
    assert browse("sun").get(reverse("export", args=["entitlements"]), {"format": "csv"}).status_code == 200


def test_a_published_figure_is_entered_with_its_source_and_held_against_the_target(told: World, browse: Browse) -> None:
    def enter(region: str, series: str, percent: str, source: str = "县统计局公报") -> str:
        data = {"region_code": region, "series": series, "period": "2022", "growth_percent": percent, "source": source}
        return browse("sun").post(reverse("growth"), data, follow=True).content.decode()

    assert "缺：" in page(browse("sun"), "growth")
    enter(LAIYUAN, "alleviated", "11.9")
    text = enter(LAIYUAN, "farmers", "12.0")
    assert "未完成" in text and "−0.1 个百分点" in text and "触发" in text
    enter(LAIYUAN, "farmers", "12.0", source="")
    assert GrowthStatistic.objects.count() == 2
    browse("qian").post(
        reverse("growth"),
        {"region_code": LAIYUAN, "series": "farmers", "period": "2022", "growth_percent": "1", "source": "公报"},
    )
    assert GrowthStatistic.objects.count() == 2, "a clerk enters none"
