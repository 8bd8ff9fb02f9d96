"""One field, one owner: a form that asks for what somebody already supplies does not load and says who does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shouwang import policy
from shouwang.foundation import workspace
from shouwang.households import fields
from shouwang.households.visits import forms
from shouwang.policy.defects import PolicyFilesError

pytestmark = pytest.mark.django_db
FORM = 'label: 本县走访表\nregion: "130630"\nfrom: 2022-07-07\nfields:\n'
DAY = dt.date(2022, 7, 18)


def loaded(tmp_path: Path, *lines: str) -> forms.Form:
    path = tmp_path / "own.yaml"
    path.write_text(FORM + "".join(f"  - {line}\n" for line in lines), encoding="utf-8")
    return forms.read([path], policies=policy.load())[0]


def refused(tmp_path: Path, *lines: str) -> str:
    with pytest.raises(PolicyFilesError) as caught:
        loaded(tmp_path, *lines)
    return str(caught.value)


CITE = "cite: laiyuan-2022-9#2.1.2"


@pytest.mark.parametrize(
    ("label", "owner"),
    [
        ("身份证号", "全国系统·人员信息"),
        ("姓 名", "全国系统·人员信息"),
        ("学历", "全国系统·人员信息"),
        ("与户主的关系", "全国系统·人员信息"),
        ("家庭人口", "全国系统·农户信息"),
        ("个人自付", "部门数据·医保局·医保结算"),
        ("残疾等级", "部门数据·残联"),
        ("鉴定等级", "部门数据"),
    ],
)
def test_a_form_that_asks_for_what_another_source_supplies_does_not_load_and_names_it(
    tmp_path: Path, label: str, owner: str
) -> None:
    sentence = refused(tmp_path, f"{{name: x, label: {label}, kind: text, {CITE}}}")
    assert owner in sentence and "不能再要求填写" in sentence and "own.yaml 第 5 行" in sentence


def test_nor_one_that_names_the_field_by_its_code(tmp_path: Path) -> None:
    assert "全国系统" in refused(tmp_path, f"{{field: person.文化程度, {CITE}}}")
    assert "随走访" in refused(tmp_path, f"{{field: monthly_income.工资性收入, {CITE}}}")


def test_a_new_field_needs_a_document_that_demands_it_there(tmp_path: Path) -> None:
    new = "name: grain, label: 家里存粮够不够, kind: flag"
    assert "没有写明哪份文件" in refused(tmp_path, f"{{{new}}}")
    assert "没有条款" in refused(tmp_path, f"{{{new}, cite: laiyuan-2022-9#99.9}}")
    assert "不适用于这个区域" in refused(tmp_path, f"{{{new}, cite: xuchang-2022-1#3.1.1.2}}")
    (entry,) = loaded(tmp_path, f"{{{new}, {CITE}}}").entries
    assert entry.asked.label == "家里存粮够不够" and entry.cites == ("laiyuan-2022-9#2.1.2",)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    sentence = refused(
        tmp_path, "{field: visit.nonsense}", f"{{name: a, label: 学历, kind: text, {CITE}, colour: red}}"
    )
    assert "没有写明哪份文件" in sentence and "没有名为" in sentence and "colour" in sentence and "文化程度" in sentence


def test_a_field_stands_in_a_form_once(tmp_path: Path) -> None:
    assert "写了两次" in refused(tmp_path, f"{{field: visit.problems, {CITE}}}", f"{{field: visit.problems, {CITE}}}")


def test_a_countys_own_form_joins_what_is_asked_there_and_nowhere_else() -> None:
    path = workspace.own_policies_folder() / "forms" / "own.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(FORM + f"  - {{name: grain, label: 家里存粮够不够, kind: flag, {CITE}}}\n", encoding="utf-8")
    policies = policy.load()

    def asked(village: str) -> set[str]:
        return {entry.asked.name for entry in forms.fields_of(region_code=village, on=DAY, policies=policies)}

    assert "grain" in asked("130630100201") and "grain" not in asked("130633100001")


def test_what_several_levels_demand_is_asked_once_under_the_highest_document() -> None:
    entries = {
        entry.asked.name: entry.cites
        for entry in forms.fields_of(region_code="130630100201", on=DAY, policies=policy.load())
    }
    assert entries["income_wage"] == ("hebei-xiangzhenfa-2022-14#3.2", "laiyuan-2022-9#2.1.2")
    assert not forms.fields_of(region_code="130630100201", on=dt.date(2022, 6, 1), policies=policy.load())


def test_every_field_of_every_sheet_dataset_and_visit_is_in_the_register_under_one_owner() -> None:
    register = fields.register()
    assert len(register) > 200
    assert register["person.证件号码"].privacy.value == "证件账号"
    labels = [field.label for field in register.values() if field.owner == fields.SHEET]
    assert len(labels) == len(set(labels)), "a heading of several sheets belongs to one"
    assert register["medical_settlement.个人自付"].frequency_parameter == "feeds.data_match_frequency"
    assert next(one.code for one in fields.search("务工所在")) == "person.务工所在地"


def test_the_forms_of_the_program_ask_for_nothing_that_is_known() -> None:
    for form in forms.load(policy.load()):
        for entry in form.entries:
            assert fields.asked_twice(entry.asked.label) is None and entry.cites
