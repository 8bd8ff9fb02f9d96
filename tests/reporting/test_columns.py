"""The columns in which a unit wants a list are chosen, kept by name, and used again."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.jobs import checking, exports
from shouwang.organisation.models import AuditEvent
from shouwang.organisation.scope import Scope
from shouwang.registry import checks
from shouwang.registry.checks.pack import Setting
from shouwang.reporting import actions, queries
from shouwang.reporting.columns import Arrangement, Chosen
from shouwang.reporting.models import ColumnTemplate
from shouwang.reporting.scanner import SensitiveContentError
from tests import factories

pytestmark = pytest.mark.django_db
HEADINGS = exports.EXPORTS["households"].headings
WANTED = [Chosen("户主", "姓名"), Chosen("户编号"), Chosen("", "救助情况")]


def keep(by, **changes) -> ColumnTemplate:
    values = {
        "list_name": "households",
        "unit": "县医疗保障局",
        "name": "救助核对",
        "region_code": factories.LAIYUAN,
        "headings": HEADINGS,
        "chosen": WANTED,
        "by": by,
        "now": factories.NOW,
    }
    return actions.keep_columns(**{**values, **changes})


def test_a_list_comes_in_the_columns_order_and_names_that_were_kept(tmp_path: Path) -> None:
    household, sun = factories.make_household(head_name="张建国"), factories.county_officer_sun()
    template, scope = keep(sun), Scope.of(sun)

    chosen = queries.column_template(scope=scope, list_name="households", pk=template.pk)
    exports.write_list(
        tmp_path / "a.xlsx", name="households", scope=scope, filters={}, file_format="xlsx", chosen=chosen
    )

    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True))
    assert rows == [("姓名", "户编号", "救助情况"), ("张建国", household.household_no, "")]


def test_the_same_name_again_replaces_the_columns_and_both_are_logged() -> None:
    sun = factories.county_officer_sun()
    keep(sun)
    keep(sun, chosen=[Chosen("户主")])

    assert ColumnTemplate.objects.get().columns == [["户主", ""]]
    assert AuditEvent.objects.filter(action="保存列模板").count() == 2


def test_forgetting_twice_does_no_harm() -> None:
    sun = factories.county_officer_sun()
    template = keep(sun)

    actions.forget_columns(template=template, by=sun)
    actions.forget_columns(template=template, by=sun)

    assert not ColumnTemplate.objects.exists()
    assert AuditEvent.objects.filter(action="删除列模板").count() == 1


def test_the_neighbour_sees_uses_and_changes_nothing() -> None:
    sun, li = factories.county_officer_sun(), factories.neighbour_li()
    template = keep(sun)

    assert list(queries.column_templates(scope=Scope.of(li), list_name="households")) == []
    with pytest.raises(UserError, match="没有这个列模板"):
        queries.column_template(scope=Scope.of(li), list_name="households", pk=template.pk)
    with pytest.raises(NotPermittedError):
        keep(li)
    with pytest.raises(NotPermittedError):
        actions.forget_columns(template=template, by=li)
    assert ColumnTemplate.objects.get().kept_by == sun


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([Chosen("银行卡号")], "没有“银行卡号”这一列"),
        ([Chosen("户主", "姓名"), Chosen("户编号", "姓名")], "用了两次"),
        ([Chosen("")], "没有列名"),
    ],
)
def test_columns_that_do_not_fit_are_refused(chosen: list[Chosen], message: str) -> None:
    with pytest.raises(UserError, match=message):
        Arrangement(HEADINGS, chosen)


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "jsonl"])
def test_a_list_with_a_number_where_none_belongs_is_not_written(file_format: str, tmp_path: Path) -> None:
    number = factories.identity_number()
    factories.make_household(head_name=f"张建国{number}")

    with pytest.raises(SensitiveContentError, match="“户主”列（身份证号码）") as stopped:
        exports.write_list(
            tmp_path / f"a.{file_format}",
            name="households",
            scope=Scope.everything(),
            filters={},
            file_format=file_format,
        )

    assert number not in str(stopped.value)
    assert [one for one in tmp_path.iterdir() if one.is_file()] == []


def test_a_batch_whose_file_name_holds_a_telephone_is_listed_with_it_masked(tmp_path: Path) -> None:
    batch = factories.make_batch()
    batch.file_name = "13812341234报送.xlsx"
    batch.save()

    exports.write_list(tmp_path / "a.csv", name="batches", scope=Scope.everything(), filters={}, file_format="csv")

    assert "138****1234报送.xlsx" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")


def test_a_question_of_the_register_that_quotes_a_telephone_goes_out_masked(tmp_path: Path) -> None:
    asked = checks.Question("phones", "130630100201", "4110230000000010", "张建国", "", "", "联系电话13812341234重复")
    pack = [checks.Asked("phones", Setting("电话重复", next(iter(checks.SEVERITIES))), 1)]
    answer = checks.Answer(factories.LAIYUAN, factories.NOW.date(), checks=pack, questions=[asked])

    checking.write_report(answer, tmp_path / "a.xlsx")

    cells = [cell.value for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["问题清单"] for cell in row]
    assert "联系电话138****1234重复" in cells and "4110230000000010" in cells
