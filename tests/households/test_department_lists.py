"""Lists go out with the fewest columns and come back messy: rows are known by their mark, whatever was moved around."""

from __future__ import annotations

import csv
import datetime as dt
import random

import openpyxl
import pytest

from shouwang.foundation import secrets
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.households import department_lists, list_answers
from shouwang.households.models import ListRow, Measure
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import LAIYUAN, NOW

from . import places

JULY = dt.date(2022, 7, 20)
# written out: regions are asked of the database, which is not there yet while tests are collected
OURS = Scope(((LAIYUAN, "130631000000"),))
pytestmark = pytest.mark.django_db


@pytest.fixture
def sun():
    return factories.county_officer_sun()


def case(name, *risks):
    home = factories.make_household(region_code=places.VILLAGE, head_name=name)
    number = factories.identity_number()
    person = factories.make_person(household=home, name=name, number=number)
    person.secrets = secrets.load().encrypt_values({"证件号码": number})
    person.save()
    return places.case(household=home, risks=risks or ("illness",))


def send(cases, by, department="medical_insurance", **options):
    subjects = [department_lists.Subject(one.household, one) for one in cases]
    options = {"title": "参保核查", "purpose": "核查参保", "columns": ["person_name", "number", "village"]} | options
    return department_lists.send(
        department=department, region_code=LAIYUAN, subjects=subjects, by=by, today=JULY, now=NOW, **options
    )


@pytest.fixture
def made(sun):
    return send([case(name) for name in ("甲", "乙", "丙", "丁")], sun, answer_by_on=dt.date(2022, 7, 31))


def rows_of(tmp_path, made):
    path = tmp_path / "发出.xlsx"
    department_lists.write(made=made, path=path, by=None)
    return [[cell.value or "" for cell in row] for row in openpyxl.load_workbook(path).active]


def come_back(tmp_path, made, rows, name="回来.csv"):
    path = tmp_path / name
    if name.endswith(".csv"):
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(rows)
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    return list_answers.import_answers(made=made, path=path, by=None, today=JULY)


def answers():
    return {row.household.head_name: row.answer for row in ListRow.objects.select_related("household")}


def test_the_file_has_the_chosen_columns_a_mark_and_a_place_to_answer(tmp_path, made):
    heading, *rows = rows_of(tmp_path, made)
    assert heading == ["行码", "姓名", "证件号码", "村", "回复", "说明"]
    assert sorted(row[1] for row in rows) == ["丁", "丙", "乙", "甲"]
    assert all(len(row[2]) == 18 and isinstance(row[2], str) for row in rows)


@pytest.mark.parametrize("name", ["回来.csv", "回来.xlsx"])
def test_answers_find_their_rows_after_sorting_renaming_and_adding_columns(tmp_path, made, name):
    _, *rows = rows_of(tmp_path, made)
    told = {"甲": "已落实", "乙": "正在办理", "丙": "不符合条件", "丁": ""}
    random.Random(4).shuffle(rows)
    messy = [["某局反馈表", "", "", "", ""], ["序号", "对象", "办理情况", "身份", "编码"]]
    messy += [[str(n), row[1], told[row[1]], row[2], row[0].lower()] for n, row in enumerate(rows, 1)]
    done = come_back(tmp_path, made, messy, name)
    assert (done.answered_count, done.empty_count, done.refusals) == (3, 1, [])
    assert answers() == {"甲": "done", "乙": "doing", "丙": "cannot", "丁": ""}


def test_the_answers_are_found_by_what_stands_there_when_the_heading_says_nothing(tmp_path, made):
    _, *rows = rows_of(tmp_path, made)
    rows = [["a", "b", "c"], *([row[0], row[1], "已落实"] for row in rows)]
    assert come_back(tmp_path, made, rows).answered_count == 4


def test_what_cannot_be_taken_comes_back_and_the_rest_is_taken(tmp_path, made, sun):
    other = send([case("戊")], sun)
    heading, *rows = rows_of(tmp_path, made)
    foreign = ListRow.objects.get(list=other).mark
    rows[0][4], rows[1][4], rows[2][4] = "已落实", "办好了", "已落实"
    again = [*rows[2][:4], "正在办理", ""]
    strange = [foreign, *rows[3][1:4], "已落实", ""]
    nothing = ["", *rows[3][1:4], "已落实", ""]
    done = come_back(tmp_path, made, [heading, *rows, again, strange, nothing])
    assert done.answered_count == 2
    assert [(one.row_number, one.column, one.reason) for one in done.refusals] == [
        (3, "回复", "“办好了”不是可选的回复"),
        (6, "行码", "与第 4 行是同一行，回复不同"),
        (7, "行码", "不是这份名单的行"),
        (8, "行码", "没有行码"),
    ]
    assert ListRow.objects.get(list=other).answer == ""


def test_marks_typed_anew_totals_and_loose_spaces_are_understood(tmp_path, made):
    heading, *lines = rows_of(tmp_path, made)
    place = heading.index("回复")
    for line, mark, said in zip(
        lines, (str.lower, lambda mark: mark.replace("-", ""), lambda mark: mark.replace("-", "－")), ("已落实 ", "正在 办理", "已落实"),
        strict=False,
    ):  # fmt: skip
        line[0], line[place] = mark(line[0]), said
    total = ["合 计", *[""] * (len(heading) - 2), "3"]
    done = come_back(tmp_path, made, [heading, *lines, total])
    assert (done.answered_count, done.empty_count, done.refusals) == (3, 1, [])


def test_a_remark_with_a_number_or_a_disease_is_left_out_and_its_answer_is_not(tmp_path, made):
    heading, *lines = rows_of(tmp_path, made)
    for line, remark in zip(lines, ("七月起参保", "证件号码13063019470413900X不对", "肺癌未愈", ""), strict=True):
        line[heading.index("回复")], line[heading.index("说明")] = "已落实", remark
    done = come_back(tmp_path, made, [heading, *lines])
    assert done.answered_count == 4
    assert [one.reason for one in done.refusals] == [
        "不要写证件号码：回复已登记，说明没有登记",
        "不要写病名，写“因病”或“患病”就可以：回复已登记，说明没有登记",
    ]
    assert sorted(ListRow.objects.values_list("remark", flat=True)) == ["", "", "", "七月起参保"]
    assert not ListRow.objects.filter(answer="").exists()


def test_the_same_file_twice_answers_once_and_an_empty_cell_takes_nothing_back(tmp_path, made):
    heading, *rows = rows_of(tmp_path, made)
    filled = [[*row[:4], "已落实", "补贴已发"] for row in rows]
    assert come_back(tmp_path, made, [heading, *filled]).answered_count == 4
    again = come_back(tmp_path, made, [heading, *filled])
    assert (again.answered_count, again.same_count) == (0, 4)
    come_back(tmp_path, made, [heading, *rows])
    assert set(answers().values()) == {"done"}


@pytest.mark.parametrize("rows", [[["姓名", "回复"], ["甲", "已落实"]], [["行码"]]])
def test_a_file_without_marks_is_refused_as_a_whole(tmp_path, made, rows):
    with pytest.raises(UserError, match="没有名单的行码"):
        come_back(tmp_path, made, rows)


def test_what_is_proposed_follows_the_risk_and_the_open_measures(sun):
    ill, disabled = case("甲", "illness"), case("乙", "disability")
    measure = Measure.objects.create(
        case=disabled, region_code=disabled.region_code, kind="x", risk="disability", department="medical_insurance",
        phase="remedial", title="参保资助", planned_on=JULY, at=NOW,
    )  # fmt: skip
    found = department_lists.proposed(scope=OURS, department="medical_insurance")
    assert [(one.case, one.measure) for one in found] == [(disabled, measure), (ill, None)]
    assert [one.case for one in department_lists.proposed(scope=OURS, department="disabled_federation")] == [disabled]
    made = department_lists.send(
        department="medical_insurance", region_code=LAIYUAN, title="", purpose="参保", subjects=found,
        by=sun, today=JULY, now=NOW,
    )  # fmt: skip
    assert department_lists.proposed(scope=OURS, department="medical_insurance") == []
    ListRow.objects.filter(list=made).update(answer="doing", answered_on=JULY)
    assert len(department_lists.proposed(scope=OURS, department="medical_insurance")) == 2


def test_the_counts_of_all_departments_are_those_of_each(sun):
    def measure(case, department, **more):
        return Measure.objects.create(
            case=case, region_code=case.region_code, kind="x", risk="illness", department=department, phase="remedial",
            title="措施", planned_on=JULY, at=NOW, **more,
        )  # fmt: skip

    helped, cancelled, done, _bare, listed, two = (case(name) for name in "甲乙丙丁戊己")
    measure(helped, "medical_insurance")
    measure(cancelled, "medical_insurance", cancelled_on=JULY)
    measure(cancelled, "housing")  # somebody else's measure keeps nobody from asking
    measure(done, "medical_insurance", done_on=JULY)
    case("庚", "housing", "illness")
    send([listed], sun)
    on_list = department_lists.Subject(two.household, two, measure(two, "housing"))
    department_lists.send(
        department="housing",
        region_code=LAIYUAN,
        title="危房",
        purpose="核查",
        subjects=[on_list],
        by=sun,
        today=JULY,
        now=NOW,
    )
    scope = Scope.of(sun)
    counts = department_lists.proposed_counts(scope=scope)
    proposed = {code: department_lists.proposed(scope=scope, department=code) for code in department_lists.ASKED}
    assert {code: counts.get(code, 0) for code in proposed} == {code: len(found) for code, found in proposed.items()}
    of_insurance = {one.household.head_name for one in proposed["medical_insurance"]}
    assert {"甲", "乙", "丁"} <= of_insurance and not {"丙", "戊"} & of_insurance


def test_the_response_rate_counts_answered_and_late_rows(made):
    list_answers.answer(made=made, answers={made.rows.first().mark: ("done", "")}, by=None, today=JULY)
    (one,) = department_lists.responses(scope=OURS, today=dt.date(2022, 8, 1))
    assert (one.row_count, one.answered_count, one.late_count, one.percent) == (4, 1, 3, "25.0")
    (earlier,) = department_lists.responses(scope=OURS, today=dt.date(2022, 7, 31))
    assert earlier.late_count == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"purpose": " "}, "请写明用途"),
        ({"columns": ["phone"]}, "没有这些列：phone"),
        ({"department": "moon"}, "没有“moon”这个部门"),
    ],
)
def test_a_list_needs_a_purpose_known_columns_and_a_department(sun, wrong, sentence):
    with pytest.raises(UserError, match=sentence):
        send([case("甲")], sun, **wrong)


def test_nobody_sends_or_answers_for_elsewhere(made, sun):
    li = factories.neighbour_li()
    with pytest.raises(NotPermittedError):
        send([case("己")], li)
    with pytest.raises(NotPermittedError):
        list_answers.answer(made=made, answers={}, by=li, today=JULY)
    with pytest.raises(NotPermittedError):
        send([case("庚")], factories.grid_worker_zhao(places.VILLAGE))
    theirs = places.case(region_code="130633100201")
    with pytest.raises(NotPermittedError, match="辖区以外"):
        send([theirs], sun)
    assert department_lists.responses(scope=Scope.of(li), today=JULY) == []
