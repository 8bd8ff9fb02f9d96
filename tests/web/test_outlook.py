"""The income ledger: places, households, classes and missing months as a screening left them; and the same on a household's page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse

from shouwang import policy
from shouwang.households import outlook
from shouwang.screening import actions as screening
from shouwang.screening.models import RuleResult, Run
from shouwang.web import lists
from tests.factories import LAIYUAN, NOW
from tests.screening.lake_world import County

from .world import JUNE, OTHER_TOWNSHIP, OURS, TOWNSHIP, VILLAGE, World

Browse = Callable[[str], Client]
MONTHS = [f"2021-{month}" for month in (10, 11, 12)] + [f"2022-0{month}" for month in range(1, 7)]
FALLING = "household.income_falling"


@pytest.fixture
def told(world: World) -> Run:
    """甲 loses 200 yuan of 5,000, 乙 lacks March, 丙 gains, of 丁 nothing was collected."""
    county = County()
    county.households = dict(world.households)
    county.months("甲建国", MONTHS, 40_000)
    county.months("乙秀英", [month for month in MONTHS if month != "2022-03"], 40_000)
    county.months("丙海生", MONTHS, 2_000_000)
    return screening.run(region_code=LAIYUAN, as_of=JUNE, policies=policy.load(), by=None, now=NOW)


def page(client: Client, **asked: str) -> str:
    answer = client.get(reverse("outlook"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def heads(text: str) -> list[str]:
    """The households of the list, in its order."""
    return re.findall(r'#outlook">([^<]+)</a>', text)


def line(text: str, head: str) -> str:
    """One household's row without markup."""
    row = text.partition(f'#outlook">{head}</a>')[2].partition("</tr>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


# laiyuan-2022-9#2.2.7, laiyuan-2022-9#2.2.8
def test_the_largest_drop_comes_first_with_its_classes_and_what_cannot_be_told_comes_last(
    told: Run, browse: Browse
) -> None:
    text = page(browse("sun"))
    assert heads(text) == ["甲建国", "丙海生", "乙秀英", "丁玉兰"]
    falling = line(text, "甲建国")
    assert "5,000.00 3,600.00 9/9月 4,800.00 −200.00 −4.0%" in falling
    assert "甲 收入下降" in falling and "乙 推算收入低于监测标准" in falling and "低于 7,300.00 元" in falling
    assert "主要是工资性：−200.00 元/户" in falling
    assert "+235,000.00 +4700.0%" in line(text, "丙海生") and "不在五类" in line(text, "丙海生")


# laiyuan-2022-9#2.2.7
def test_a_missing_month_is_missing_and_never_nothing_earned(told: Run, browse: Browse) -> None:
    text = page(browse("sun"))
    lacking = line(text, "乙秀英")
    assert "8/9月" in lacking and "暂定" in lacking and "未计算：缺 3月" in lacking and "−" not in lacking
    nothing = line(text, "丁玉兰")
    assert (
        "0/9月" in nothing and "未计算：没有采集到月收入" in nothing and "0.00" not in nothing.replace("5,000.00", "")
    )
    assert heads(page(browse("sun"), group="incomplete")) == ["乙秀英", "丁玉兰"]


def test_the_sums_of_a_place_open_its_rows(told: Run, browse: Browse) -> None:
    client = browse("sun")
    text = page(client)
    row = text.partition(">涞源镇</a>")[2].partition("</tr>")[0]
    figures = re.findall(r'href="([^"]+)">([\d,]+)</a>', row)
    assert [number for _, number in figures] == ["2", "1", "1", "1", "1"], "households, 甲, 乙, 丙, not computed"
    for address, number in figures:
        opened = client.get(reverse("outlook") + address.replace("&amp;", "&")).content.decode()
        assert len(heads(opened)) == int(number)
    assert "丁 转移性收入占比过高" in text and "参数没有取值" in text
    assert reverse("parameter", args=["household.transfer_share_limit"]) in text


def test_one_drills_down_from_the_city_to_the_village(told: Run, browse: Browse) -> None:
    city = page(browse("zhou"))
    assert ">涞源县</a>" in city and not heads(city), "households are listed within a county"
    assert f"region={LAIYUAN}" in city
    assert heads(page(browse("zhou"), region=LAIYUAN))
    assert heads(page(browse("sun"), region=OTHER_TOWNSHIP)) == ["丙海生", "丁玉兰"]
    village = page(browse("sun"), region=VILLAGE)
    assert heads(village) == ["甲建国"] and f"region={TOWNSHIP}" in village, "the way back up"


def test_the_list_filters_searches_and_sorts(told: Run, browse: Browse, world: World) -> None:
    client = browse("sun")
    assert heads(page(client, group=FALLING)) == ["甲建国"]
    assert heads(page(client, group="any")) == ["甲建国"]
    assert heads(page(client, group="none")) == ["丙海生", "乙秀英", "丁玉兰"]
    assert heads(page(client, q="丙海")) == ["丙海生"]
    assert heads(page(client, q=world.households["丁玉兰"].household_no)) == ["丁玉兰"]
    assert heads(page(client, order="-change"))[:2] == ["丙海生", "甲建国"]
    assert heads(page(client, order="-collected"))[2:] == ["乙秀英", "丁玉兰"]
    assert heads(page(client, order="nonsense; DROP TABLE"))[0] == "甲建国"


@pytest.mark.parametrize("order", ["change", "-change", "percent", "-projected", "village"])
def test_page_by_page_nobody_is_left_out_or_comes_twice(
    told: Run, browse: Browse, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    client = browse("sun")
    whole = heads(page(client, order=order))
    monkeypatch.setattr(lists, "PAGE_SIZE", 1)
    forward, asked = [], {"order": order}
    while True:
        text = page(client, **asked)
        forward += heads(text)
        after = re.search(r"after=(\d+)[^>]*rel=\"next\"", text)
        if not after:
            break
        asked = {"order": order, "after": after[1]}
    assert forward == whole and len(whole) == 4
    before = re.search(r"before=(\d+)[^>]*rel=\"prev\"", text)
    assert before and heads(page(client, order=order, before=before[1])) == [whole[2]]


def test_everybody_sees_their_own_place_and_neighbour_li_nobody_of_ours(told: Run, browse: Browse) -> None:
    assert heads(page(browse("qian"))) == ["甲建国", "乙秀英"]
    assert heads(page(browse("zhao"))) == ["甲建国"]
    for stranger in ("li", "nowhere"):
        assert not [head for head in OURS if head in page(browse(stranger))]
        assert not [head for head in OURS if head in page(browse(stranger), region=LAIYUAN)]
    assert heads(page(browse("qian"), region=OTHER_TOWNSHIP)) == []
    assert "共 1 户" in page(browse("zhao")), "counts keep to the scope"


def test_the_file_holds_what_the_list_shows(told: Run, browse: Browse) -> None:
    def rows(login: str, **asked: str) -> list[dict[str, str]]:
        answer = browse(login).get(reverse("export", args=["outlook"]), {"format": "jsonl", **asked})
        return [json.loads(text) for text in b"".join(answer.streaming_content).decode().splitlines()]

    found = rows("sun")
    assert [row["户主"] for row in found] == heads(page(browse("sun")))
    assert found[0]["归类"].startswith("甲 收入下降；乙") and found[0]["比上年"] == "-200.00"
    assert found[0]["比上年%"] == "-4.0" and found[0]["工资性比上年（户）"] == "-200.00"
    lacking = next(row for row in found if row["户主"] == "乙秀英")
    assert lacking["缺少的月份"] == "2022-03" and lacking["推算全年人均纯收入"] == "" and lacking["比上年"] == ""
    assert lacking["未计算的原因"] == "缺 3月"
    assert [row["户主"] for row in rows("sun", group=FALLING)] == ["甲建国"]
    assert [row["户主"] for row in rows("qian")] == ["甲建国", "乙秀英"]
    assert rows("li") == []
    assert browse("zhao").get(reverse("export", args=["outlook"])).status_code == 403


def test_before_anything_was_worked_out_the_page_says_what_to_do_next(world: World, browse: Browse) -> None:
    assert "没有收到月度收入" in page(browse("sun")), "the run is there, the months are not"
    RuleResult.runs.through.objects.all()._raw_delete("default")
    text = page(browse("sun"))
    assert "还没有推算过收入" in text and f'href="{reverse("screening")}">去筛查' in text
    clerk = page(browse("qian"))
    assert "县级数据员" in clerk and "去筛查" not in clerk


def test_a_households_page_shows_its_year_month_by_month(told: Run, browse: Browse, world: World) -> None:
    client = browse("sun")

    def household(head: str) -> str:
        return client.get(reverse("household", args=[world.households[head].household_no])).content.decode()

    falling = household("甲建国")
    assert "推算全年人均 <b>4,800.00 元</b>" in falling and "−200.00 元（−4.0%）" in falling
    assert falling.count('<dd><a href="/evidence/monthly_income/') == 9
    lacking = household("乙秀英")
    assert "未计算：缺 3月" in lacking
    assert re.search(r'class="missing"><dt>2022年3月</dt><dd>缺', lacking)
    assert 'id="outlook"' in household("丁玉兰"), "watched, though nothing was collected"


# hebei-opinion-2021#2.2.4
def test_a_households_page_marks_whom_to_keep_an_eye_on(told: Run, browse: Browse, world: World) -> None:
    assert world.feed_batch
    text = browse("sun").get(reverse("household", args=[world.households["甲建国"].household_no])).content.decode()
    assert f'href="/evidence/disability/{world.feed_batch.pk}/2" title="重点关注，看依据的行">重度残疾</a>' in text
    other = browse("sun").get(reverse("household", args=[world.households["乙秀英"].household_no])).content.decode()
    assert "重点关注" not in other


def test_list_and_ledger_round_the_same_income_to_the_same_fen() -> None:
    """Nine months of 5,474.99 yuan are 7,299.99 a year, whichever page says so; two of three members' fen are not lost either."""
    alone = {"collected_net_fen": 547_499, "annual_months": 12, "expected": 9, "members": 1, "last_net_fen": 730_000}
    assert str(outlook.projected_per_head(alone | {"change_fen": -1})) == "7299.99"
    assert str(outlook.change_per_head(alone | {"change_fen": -1})) == "-0.01"
    three = alone | {"collected_net_fen": 3_236_999, "members": 3, "change_fen": 1}
    exact = Fraction(3_236_999 * 12, 9 * 3 * 100)
    assert abs(Fraction(str(outlook.projected_per_head(three))) - exact) <= Fraction(5, 1000)
    assert outlook.projected_per_head(alone | {"collected_net_fen": None}) is None
