"""What a county is notified of enters the divisions whole or not at all, once, and keeps the history."""

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from shouwang.foundation.errors import UserError
from shouwang.jobs.command_line.regions import group
from shouwang.organisation.models import Account, AuditEvent
from shouwang.organisation.roles import TownshipClerk
from shouwang.organisation.scope import Scope
from shouwang.regions import actions, queries
from shouwang.regions.models import Edition, Region

from .conftest import LAIYUAN

TODAY = dt.date(2024, 6, 1)
LAIYUAN_TOWN, ZOUMAYI, SHUIBAO = "130630100000", "130630102000", "130630103000"
NANGUAN, XINJIE, DONGGUAN = "130630100203", "130630100201", "130630100200"

pytestmark = pytest.mark.usefixtures("divisions")


@pytest.fixture
def apply(tmp_path: Path):
    """Applies the given lines of a change file in YAML."""

    def apply_lines(*lines: str, today: dt.date = TODAY) -> list:
        path = tmp_path / "变更.yaml"
        path.write_text("".join(f"- {{{line}}}\n" for line in lines), encoding="utf-8")
        return actions.apply_changes(path, today=today)

    return apply_lines


def state() -> list[tuple]:
    return list(Region.objects.order_by("id").values_list())


def test_a_merged_village_stays_in_the_scope_of_where_it_went(apply) -> None:
    apply(f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', name: 南关村, to: '{XINJIE}', source: 涞政〔2024〕1号")
    assert queries.current(NANGUAN) == XINJIE
    assert Scope.of_region(XINJIE).covers(NANGUAN)
    assert Scope.of_region(LAIYUAN_TOWN).covers(NANGUAN)
    assert queries.ancestors(NANGUAN)[:3] == (NANGUAN, XINJIE, LAIYUAN_TOWN)
    assert NANGUAN not in {child.code for child in queries.children(LAIYUAN_TOWN)}


def test_a_village_merged_into_another_township_leaves_the_old_one(apply) -> None:
    over_there = "130630102200"
    apply(f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', to: '{over_there}', source: 涞政〔2024〕1号")
    assert Scope.of_region(over_there).covers(NANGUAN)
    assert Scope.of_region(ZOUMAYI).covers(NANGUAN)
    assert not Scope.of_region(LAIYUAN_TOWN).covers(NANGUAN)
    assert Scope.of_region(LAIYUAN_TOWN).ranges == (
        (LAIYUAN_TOWN, NANGUAN),
        ("130630100204", "130630101000"),
    )


def test_the_day_before_the_merger_everything_is_as_it_was(apply) -> None:
    apply(f"kind: merge, on: 2024-03-01, code: '{SHUIBAO}', name: 水堡镇, to: '{ZOUMAYI}', source: 涞政〔2024〕2号")
    before, after = dt.date(2024, 2, 29), dt.date(2024, 3, 1)
    village = "130630103201"
    assert queries.name(SHUIBAO, before) == "水堡镇"
    assert queries.full_name(village, before) == "河北省保定市涞源县水堡镇水堡村"
    assert queries.full_name(village, after) == "河北省保定市涞源县走马驿镇水堡村"
    assert village in {child.code for child in queries.children(SHUIBAO, before)}
    assert village in {child.code for child in queries.children(ZOUMAYI)}
    assert queries.ancestors(village, before)[1] == SHUIBAO
    with pytest.raises(UserError, match="不存在"):
        queries.region(SHUIBAO, after)


def test_the_clerk_of_a_township_that_was_merged_away_does_not_get_the_bigger_one(apply) -> None:
    apply(f"kind: merge, on: 2024-03-01, code: '{SHUIBAO}', to: '{ZOUMAYI}', source: 涞政〔2024〕2号")
    assert not Scope.of_region(SHUIBAO).covers("130630102200")
    assert Scope.of_region(ZOUMAYI).contains(SHUIBAO)


def test_a_township_that_gets_a_new_code_takes_its_villages_and_its_clerk_along(apply) -> None:
    qian = Account.objects.create_account(
        login="qian", password=None, name="乡镇钱", role=TownshipClerk.code, region_code=SHUIBAO
    )
    apply(
        f"kind: rename, on: 2024-03-01, code: '{SHUIBAO}', to: '130630199000', to_name: 水堡街道, source: 涞政〔2024〕3号"
    )
    assert queries.name("130630199201") == "水堡村"
    assert queries.current("130630103201") == "130630199201"
    scope = Scope.of(qian)
    assert scope.covers("130630199201") and scope.covers("130630103201")
    assert queries.region("130630199000").other_names == "水堡镇"
    assert queries.search("水堡镇", Scope.everything())[0].code == "130630199000"


def test_a_new_name_keeps_the_code_and_the_old_name_can_still_be_found(apply) -> None:
    apply(f"kind: rename, on: 2024-03-01, code: '{ZOUMAYI}', to_name: 走马镇, source: 涞政〔2024〕4号")
    assert queries.name(ZOUMAYI) == "走马镇"
    assert queries.name(ZOUMAYI, dt.date(2024, 2, 1)) == "走马驿镇"
    assert [region.code for region in queries.search("走马驿镇", Scope.everything())][:1] == [ZOUMAYI]
    assert [region.code for region in queries.search("zmz", Scope.of_region(LAIYUAN))][:1] == [ZOUMAYI]


def test_after_a_split_the_parts_see_what_they_took_and_the_old_code_stays_with_the_county(apply) -> None:
    villages = [child.code for child in queries.children(SHUIBAO)]
    first, second = villages[:3], villages[3:]
    line = f"kind: split, on: 2024-03-01, code: '{SHUIBAO}', source: 涞政〔2024〕5号, "
    apply(
        f"{line} to: '130630191000', to_name: 上水堡镇, takes: {first}",
        f"{line} to: '130630192000', to_name: 下水堡镇, takes: {second}",
    )
    assert [child.code for child in queries.children("130630191000")] == first
    assert all(Scope.of_region("130630192000").covers(code) for code in second)
    assert not Scope.of_region("130630192000").covers(first[0])
    assert not Scope.of_region("130630191000").covers(SHUIBAO)
    assert Scope.of_region(LAIYUAN).covers(SHUIBAO)


def test_a_split_that_forgets_a_village_is_refused(apply) -> None:
    villages = [child.code for child in queries.children(SHUIBAO)]
    with pytest.raises(UserError, match="还有 1 个下级没有去向"):
        apply(
            f"kind: split, on: 2024-03-01, code: '{SHUIBAO}', source: 文, to: '130630191000', to_name: 上, takes: {villages[1:]}"
        )


def test_a_village_transferred_to_another_township_moves_with_its_code(apply) -> None:
    apply(f"kind: transfer, on: 2024-03-01, code: '{NANGUAN}', to: '{ZOUMAYI}', source: 涞政〔2024〕6号")
    assert queries.full_name(NANGUAN) == "河北省保定市涞源县走马驿镇南关村"
    assert Scope.of_region(ZOUMAYI).covers(NANGUAN) and not Scope.of_region(LAIYUAN_TOWN).covers(NANGUAN)
    apply(f"kind: transfer, on: 2024-05-01, code: '{NANGUAN}', to: '{LAIYUAN_TOWN}', source: 涞政〔2024〕7号")
    assert Scope.of_region(LAIYUAN_TOWN).ranges == ((LAIYUAN_TOWN, "130630101000"),)
    assert not queries.region(NANGUAN).has_own_parent


def test_a_new_village_can_be_found_at_once(apply) -> None:
    apply(
        "kind: create, on: 2024-03-01, code: '130630100299', name: 幸福村, other_names: [易地搬迁点], source: 涞政〔2024〕8号"
    )
    assert queries.full_name("130630100299") == "河北省保定市涞源县涞源镇幸福村"
    assert queries.search("xfc", Scope.of_region(LAIYUAN))[0].code == "130630100299"
    assert queries.search("易地搬迁点", Scope.of_region(LAIYUAN))[0].code == "130630100299"


def test_a_file_applied_twice_changes_nothing(apply) -> None:
    lines = (
        f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', to: '{XINJIE}', source: 一",
        f"kind: rename, on: 2024-03-01, code: '{SHUIBAO}', to: '130630199000', source: 二",
        f"kind: transfer, on: 2024-04-01, code: '{DONGGUAN}', to: '{ZOUMAYI}', source: 三",
        "kind: create, on: 2024-04-01, code: '130630100299', name: 幸福村, source: 四",
        f"kind: rename, on: 2024-05-01, code: '{ZOUMAYI}', to_name: 走马镇, source: 五",
    )
    assert len(apply(*lines)) == 5
    before, editions = state(), Edition.objects.count()
    assert apply(*lines) == []
    assert state() == before and Edition.objects.count() == editions


@pytest.mark.parametrize(
    ("faulty", "sentence"),
    [
        (
            "kind: merge, on: 2024-03-01, code: '130630100999', to: '130630100201', source: 文",
            "第 3 行 代码 130630100999 不存在",
        ),
        (f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', to: '{ZOUMAYI}', source: 文", "第 3 行 .*不是同一层级"),
        (f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', to: '{NANGUAN}', source: 文", "第 3 行 不能并入自己"),
        (
            f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', name: 北关村, to: '{XINJIE}', source: 文",
            "现在叫南关村，不叫北关村",
        ),
        (f"kind: rename, on: 2024-03-01, code: '{SHUIBAO}', to: '{ZOUMAYI}', source: 文", "第 3 行 新代码 .* 已经有了"),
        (f"kind: transfer, on: 2024-03-01, code: '{SHUIBAO}', to: '{NANGUAN}', source: 文", "不是水堡镇的上级层级"),
        (f"kind: transfer, on: 2024-03-01, code: '{SHUIBAO}', to: '{LAIYUAN}', source: 文", "已经由涞源县管辖"),
        ("kind: transfer, on: 2013-01-01, code: '130682', to: '1306', source: 文", "不晚于它"),
        (f"kind: create, on: 2024-03-01, code: '{SHUIBAO}', name: 水堡, source: 文", "已经是水堡镇"),
        (f"kind: merge, on: 2040-03-01, code: '{NANGUAN}', to: '{XINJIE}', source: 文", "还没有到"),
        (f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', source: 文", "第 3 行 缺少去向代码"),
        (
            f"kind: merge, on: 2024-02-30, code: '{NANGUAN}', to: '{XINJIE}', source: 文",
            "第 3 行 日期“2024-02-30”无法识别",
        ),
        (f"kind: join, on: 2024-03-01, code: '{NANGUAN}', to: '{XINJIE}', source: 文", "第 3 行 类型“join”无法识别"),
        (f"kind: merge, on: 2024-03-01, code: 南关, to: '{XINJIE}', source: 文", "第 3 行 区划代码“南关”应为"),
        (f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', into: '{XINJIE}', source: 文", "第 3 行 不认识的项目 into"),
    ],
)
def test_one_faulty_line_leaves_everything_as_it_was_and_names_the_line(apply, faulty: str, sentence: str) -> None:
    before = state()
    with pytest.raises(UserError, match=sentence):
        apply(
            f"kind: merge, on: 2024-03-01, code: '{DONGGUAN}', to: '{XINJIE}', source: 一",
            "kind: create, on: 2024-03-01, code: '130630100298', name: 新村, source: 二",
            faulty,
        )
    assert state() == before
    assert Scope.of_region(XINJIE).ranges == ((XINJIE, "130630100202"),)


def test_every_faulty_line_is_named_at_once(apply) -> None:
    with pytest.raises(UserError) as refused:
        apply("kind: merge, on: 2024-03-01, code: '999999', to: '130630', source: 一", "kind: create, on: 2024-03-01")
    assert "第 2 行" in str(refused.value)
    with pytest.raises(UserError) as refused:
        apply(
            f"kind: merge, on: 2024-03-01, code: '{NANGUAN}', to: '130630100998', source: 一",
            f"kind: merge, on: 2024-03-01, code: '{XINJIE}', to: '130630100997', source: 二",
        )
    assert "第 1 行" in str(refused.value) and "第 2 行" in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheet_saved_as_csv_will_do(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "区划变更.csv"
    path.write_text(
        f"类型,日期,代码,名称,去向代码,去向名称,来源\n合并,2024年3月1日,{NANGUAN},南关村,{XINJIE},,涞政〔2024〕1号\n,,,,,,\n",
        encoding=encoding,
    )
    assert [change.source for change in actions.apply_changes(path, today=TODAY)] == ["涞政〔2024〕1号"]
    assert queries.current(NANGUAN) == XINJIE


def test_a_broken_yaml_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "变更.yaml"
    path.write_text("- {kind: merge, kind: merge}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"变更\.yaml 第 1 行：.*kind.*两次"):
        actions.apply_changes(path, today=TODAY)
    path.write_text("- {kind: merge\n- x\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"变更\.yaml 第 3 行：YAML 写法有误"):
        actions.apply_changes(path, today=TODAY)


# ── the command line ─────────────────────────────────────────────────────────────────────────────────────────────────


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(group, arguments)
    return result.exit_code, result.output


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "变更.csv"
    path.write_text(
        f"类型,日期,代码,去向代码,来源\n合并,2024-03-01,{NANGUAN},{XINJIE},涞政〔2024〕1号\n", encoding="utf-8"
    )
    before = state()
    status, output = call("apply-changes", str(path), "--dry-run")
    assert status == 0 and "将导入 1 项变更" in output
    assert state() == before and not AuditEvent.objects.exists()


def test_applying_tells_which_accounts_need_a_new_region_and_enters_the_log(tmp_path: Path) -> None:
    Account.objects.create_account(
        login="qian", password=None, name="乡镇钱", role=TownshipClerk.code, region_code=SHUIBAO
    )
    path = tmp_path / "变更.csv"
    path.write_text(
        f"类型,日期,代码,去向代码,来源\n合并,2024-03-01,{SHUIBAO},{ZOUMAYI},涞政〔2024〕2号\n", encoding="utf-8"
    )
    status, output = call("apply-changes", str(path))
    assert status == 0 and "账号 qian（乡镇钱）的管辖区域" in output
    assert AuditEvent.objects.get().action == "导入区划变更"
    status, output = call("apply-changes", str(path))
    assert status == 0 and "没有新的变更" in output
    assert AuditEvent.objects.count() == 1


def test_a_refused_file_ends_with_status_2_and_the_sentence(tmp_path: Path) -> None:
    path = tmp_path / "变更.csv"
    path.write_text("类型,日期,代码,去向代码,来源\n合并,2024-03-01,1,2,文\n", encoding="utf-8")
    status, output = call("apply-changes", str(path))
    assert status == 2 and "变更.csv：1 处有误" in output and "第 2 行" in output


def test_show_tells_the_history_of_a_code_that_is_no_more() -> None:
    status, output = call("show", "130625")
    assert status == 0
    assert "徐水县" in output and "2015-04-28 停用" in output and "徐水区 130609000000" in output


def test_search_answers_programs_in_json() -> None:
    status, output = call("search", "lyx", "--format", "json")
    assert status == 0 and '"130630000000"' in output


def test_an_unknown_code_is_one_sentence_and_status_2() -> None:
    status, output = call("show", "999999")
    assert status == 2 and "区划代码“999999”不存在" in output
