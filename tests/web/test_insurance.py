"""Who has no insurance: counted once under the first category, subsidised as a document says, and sent to the department once."""

from __future__ import annotations

import io

import openpyxl
import pytest

from shouwang import policy
from shouwang.households import insurance
from shouwang.households.models import DepartmentList, ListRow
from shouwang.organisation.scope import Scope
from shouwang.screening.models import Finding, RuleResult
from tests.factories import LAIYUAN

from . import world as worlds


@pytest.fixture
def result(world):
    """甲建国 (低保) and 丙海生 (nothing) are not on the insurance list; 丁玉兰 is monitored and insured."""
    result = RuleResult.objects.get(rule="household.not_insured", county_code=LAIYUAN)
    for name in ("甲建国", "丙海生"):
        person = worlds.person(world, name)
        Finding.objects.create(
            result=result,
            region_code=person.household.region_code,
            household=person.household,
            person=person,
            rule=result.rule,
            as_of=result.as_of,
            status="hit",
            observed="没有参保记录",
            fingerprint=name,
        )
    poor = worlds.person(world, "甲建国")
    poor.columns = {**poor.columns, "是否享受低保": "是"}
    poor.save()
    return result


def rows(page):
    return [(row.person.name, row.label, row.subsidy) for row in page.context["rows"]]


def test_everybody_counts_once_and_a_subsidy_is_named_only_where_a_document_names_it(browse, result):
    page = browse("sun").get("/uninsured")
    assert rows(page) == [("甲建国", "低保对象", "定额"), ("丙海生", "脱贫人口", "")]
    shares = {one.category: (one.member_count, one.uninsured_count, one.percent) for one in page.context["shares"]}
    assert shares["dibao"] == (1, 1, "0.0")
    assert shares["monitored_object"] == (1, 0, "100.0")
    assert shares["tekun"] == (0, 0, "")
    assert sum(one.member_count for one in page.context["shares"]) == len(worlds.OURS)
    only = browse("sun").get("/uninsured", {"category": "alleviated_household"})
    assert [name for name, _, _ in rows(only)] == ["丙海生"]


def test_a_screenful_is_the_beginning_of_the_whole_list_and_its_count_is_that_of_the_share(result):
    asked = {"result": result, "scope": Scope.of_region(LAIYUAN), "policies": policy.load()}
    for share in insurance.shares(**asked):
        whole = insurance.uninsured(**asked, category=share.category)
        assert len(whole) == share.uninsured_count
    for category in ("", *insurance.CATEGORIES):
        whole = insurance.uninsured(**asked, category=category)
        for size in (1, 2, 9):
            page = insurance.screenful(**asked, category=category, size=size)
            assert (page.count, page.lines) == (len(whole), whole[:size])


def test_a_village_sees_its_own_and_the_neighbour_nobody_of_ours(browse, result):
    assert [name for name, _, _ in rows(browse("zhao").get("/uninsured"))] == ["甲建国"]
    assert not any(name in browse("li").get("/uninsured").content.decode() for name in worlds.OURS)
    assert browse("zhao").get("/uninsured/file").status_code == 403
    file = browse("qian").get("/uninsured/file")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    assert [row[2].value for row in book.active.iter_rows(min_row=2)] == ["甲建国"]


def test_the_department_gets_each_person_once_without_a_number(browse, world, result):
    sun = browse("sun")
    text = sun.post("/uninsured/send", follow=True).content.decode()
    made = DepartmentList.objects.get(purpose="参保动员")
    assert made.department == "medical_insurance" and "number" not in made.columns and made.answer_by_on is None
    assert sorted(ListRow.objects.values_list("about", flat=True)) == [
        "未参保，低保对象，定额资助",
        "未参保，脱贫人口",
    ]
    assert "未参保，低保对象，定额资助" in text
    again = sun.post("/uninsured/send", follow=True).content.decode()
    assert "名单是空的" in again and DepartmentList.objects.filter(purpose="参保动员").count() == 1
    assert browse("zhao").post("/uninsured/send").status_code == 403


def test_a_township_sends_only_its_own(browse, result):
    browse("qian").post("/uninsured/send")
    assert [row.household.head_name for row in ListRow.objects.select_related("household")] == ["甲建国"]


def test_without_the_department_s_list_nothing_is_computed(browse, result):
    RuleResult.objects.filter(pk=result.pk).update(
        outcome="not_computed", missing=[{"kind": "dataset", "name": "medical_insurance", "text": "没有参保名单"}]
    )
    text = browse("sun").get("/uninsured").content.decode()
    assert "未计算" in text and "没有参保名单" in text and "丙海生" not in text
    assert "未计算" in browse("sun").post("/uninsured/send", follow=True).content.decode()


def test_a_place_without_the_document_has_no_subsidy_class(result):
    assert insurance.subsidies(county_code="411002000000", on=worlds.JUNE, policies=policy.load()) == {}
