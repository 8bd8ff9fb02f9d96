"""Every declared register by one table of tests: its examples, its file there and back, its scope, its history; nothing known is asked."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from shouwang import policy
from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.households import catalogue as measures
from shouwang.households import fields
from shouwang.households.models import RegisterChange, RegisterRow
from shouwang.households.registers import (
    actions,
    contracts,
    eligible,
    figures,
    importing,
    queries,
)
from shouwang.households.registers.catalogue import BY_CODE, REGISTERS
from shouwang.households.registers.declaration import ABOUT, NO_PERIOD, Ask
from shouwang.households.registers.subjects import Subject
from shouwang.intake import template
from shouwang.intake.contract import Kind, Privacy
from shouwang.jobs import exports
from shouwang.organisation.departments import BY_CODE as DEPARTMENTS
from shouwang.organisation.scope import Scope
from tests import factories
from tests.factories import LAIYUAN, NOW, YIXIAN

from .office import FAR_VILLAGE, TODAY, Office, file, good_case, office, this_period

EVERY = pytest.mark.parametrize("register", REGISTERS, ids=lambda one: one.code)
pytestmark = pytest.mark.django_db


@pytest.fixture
def here(monkeypatch) -> Office:
    monkeypatch.setenv("SHOUWANG_TODAY", TODAY.isoformat())
    return office()


def ask(register, **changed) -> Ask:
    asked = Ask(register, Scope.of_region(LAIYUAN), TODAY, this_period(register), policy.load(), LAIYUAN)
    return replace(asked, **changed)


@EVERY
def test_a_declaration_names_only_what_exists(register):
    policies = policy.load()
    names = [column.name for column in register.columns]
    assert not set(names) & {"count", "households", "period", "part_of", "name", "group"}, "words of the machine"
    assert len(set(names)) == len(names) and register.about in ABOUT and register.department in DEPARTMENTS
    assert all(policies.clause(one) for one in register.cites)
    for citation in (one for figure in (*register.figures, *register.eligible) for one in figure.cites):
        assert policies.clause(citation), citation
    assert set(register.key) <= set(names) and set(register.from_measure) <= set(names)
    assert all(
        one in names for one in (register.starts, register.ends, register.due, register.status, register.amount) if one
    )
    assert set(register.known) <= set(fields.register()), "what is looked up has an owner"
    assert set(register.measures) <= set(measures.CATALOGUE)
    assert not register.part_of or register.part_of in BY_CODE
    codes = [figure.code for figure in register.figures]
    for figure in register.figures:
        assert {one for one in (figure.share_of, figure.minus) if one} <= set(codes)
        assert figure.worked_out or figure.of in ("count", "households", *names)
        assert not figure.parameter or figure.parameter in policies.parameters
        assert set(figure.where) <= {"group", *(column.name for column in register.filters)}


@EVERY
def test_nothing_that_somebody_knows_is_typed_and_no_number_of_a_person(register):
    for column in register.columns:
        owner = fields.asked_twice(column.heading)
        assert owner is None, f"{column.heading} belongs to {owner and owner.owner_label}"
        assert column.kind not in (Kind.IDENTITY, Kind.CERTIFICATE, Kind.NAME) and column.privacy is not Privacy.SECRET


def _examples():
    return [
        pytest.param(register, case, id=f"{register.code}: {case.label}")
        for register in REGISTERS
        for case in register.cases
    ]


@pytest.mark.parametrize("register,case", _examples())
def test_the_examples_hold(here, register, case):
    def write():
        for place, values in enumerate(case.rows):
            here.add(register, values, place)

    if case.refused:
        with pytest.raises(UserError, match=case.refused):
            write()
        return
    write()
    found = {one.figure.code: one.text for one in figures.answers(ask(register))}
    assert {code: found[code] for code in case.figures} == dict(case.figures)


@EVERY
def test_a_filled_template_comes_in_once_without_its_bad_row_and_goes_out_again(here, register, tmp_path):
    sun, rows = here.accounts["sun"], list(good_case(register).rows)
    path = file(tmp_path, register, here, rows)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.append(lines[1].replace(lines[1].split(",")[0], "999999999999", 1))  # somebody whom nobody knows here
    path.write_text("\n".join(lines), encoding="utf-8")
    made = importing.plan(register=register, path=path, region_code=LAIYUAN, by=sun, today=TODAY)
    assert (made.counts["new"], made.counts["refused"]) == (len(rows), 1)
    refused = made.refusals[0]
    assert refused.row_number == len(rows) + 2 and refused.suggestion and "999999999999" in refused.cells
    before = RegisterRow.objects.filter(register=register.code).count()
    batch, is_new = importing.apply(made=made, path=path, file_name=path.name, by=sun, today=TODAY, now=NOW)
    assert is_new and RegisterRow.objects.filter(register=register.code).count() == before + len(rows)
    assert importing.apply(made=made, path=path, file_name=path.name, by=sun, today=TODAY, now=NOW) == (batch, False)
    importing.revert(batch=batch, register=register, reason="来文有误", by=sun, now=NOW)
    assert queries.rows(register, scope=here.scope, wanted={"state": "all"}, on=TODAY).count() == before


def test_the_rows_of_another_file_change_what_they_change_and_nothing_else(here, tmp_path):
    register, sun = BY_CODE["labour"], here.accounts["sun"]
    rows = list(good_case(register).rows)

    def taken(rows, name):
        path = file(tmp_path, register, here, rows, name)
        made = importing.plan(register=register, path=path, region_code=LAIYUAN, by=sun, today=TODAY)
        return importing.apply(made=made, path=path, file_name=name, by=sun, today=TODAY, now=NOW)[0]

    taken(rows, "六月.csv")
    july = taken([rows[0], {**rows[1], "status": "本地务工"}], "七月.csv")
    assert (july.counts["same"], july.counts["changed"]) == (1, 1)
    importing.revert(batch=july, register=register, reason="名单有误", by=sun, now=NOW)
    assert {row.status for row in RegisterRow.objects.filter(register="labour")} == {"外出务工", "未就业"}, "as before"


@EVERY
def test_the_neighbour_sees_nothing_and_writes_nothing(here, register):
    row = here.add(register, good_case(register).rows[0])
    theirs = Scope.of(here.accounts["li"])
    assert not queries.rows(register, scope=theirs, wanted={"state": "all"}, on=TODAY).exists()
    assert queries.row(register, scope=theirs, pk=row.pk) is None
    assert all(one.value in (0, None) for one in figures.answers(ask(register, scope=theirs, region_code=YIXIAN)))
    with pytest.raises(NotPermittedError):
        actions.end(row=row, register=register, on=TODAY, reason="不是本县", version=1, by=here.accounts["li"], now=NOW)
    assert not queries.rows(register, scope=Scope(()), wanted={"state": "all"}, on=TODAY).exists(), "no region, nothing"


@EVERY
def test_what_was_done_to_a_row_stays_written(here, register):
    row = here.add(register, good_case(register).rows[0], by=here.accounts["sun"])
    actions.end(
        row=row,
        register=register,
        on=TODAY.replace(day=8),
        reason="不再需要",
        version=1,
        by=here.accounts["sun"],
        now=NOW,
    )
    actions.take_back(row=row, register=register, reason="登记错了", version=2, by=here.accounts["sun"], now=NOW)
    steps = queries.history(register, row)
    assert [step.change.operation for step in steps] == ["taken_back", "ended", "added"]
    assert steps[-1].lines and all(step.change.by == here.accounts["sun"] for step in steps)
    assert RegisterRow.objects.filter(pk=row.pk).exists(), "never deleted"
    assert here.add(register, good_case(register).rows[0]).pk != row.pk, "and may be written down anew"


@EVERY
def test_its_list_leaves_as_a_file_with_every_column(here, register):
    here.add(register, good_case(register).rows[0])
    name = f"register_{register.code}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        count = exports.write_list(path, name=name, scope=here.scope, filters={"state": "all"}, file_format="csv")
        heading = path.read_text(encoding="utf-8-sig").splitlines()[0]
        assert exports.write_list(path, name=name, scope=Scope.of_region(YIXIAN), filters={}, file_format="csv") == 0
    assert count == 1
    assert all(column.heading in heading for column in register.columns)


@EVERY
def test_the_blank_file_explains_its_columns(register, tmp_path):
    template.write(contracts.contract(register), tmp_path / "blank.xlsx")
    assert (tmp_path / "blank.xlsx").stat().st_size > 0


@EVERY
def test_who_is_missing_is_said_or_why_it_cannot_be(here, register):
    for one in register.eligible:
        found = eligible.missing(one, ask(register))
        assert found.stopped or all(candidate.why for candidate in found.candidates)


def test_no_two_registers_share_a_code():
    assert len(BY_CODE) == len(REGISTERS)


@EVERY
def test_a_period_is_demanded_where_there_is_one(here, register):
    if register.period == NO_PERIOD:
        return
    with pytest.raises(UserError, match="没有写明"):
        here.add(register, {**good_case(register).rows[0], "period": ""})


def test_a_family_of_the_next_county_is_nobody(here, tmp_path):
    """Their number in our file does not say whether it exists."""
    register = BY_CODE["unsold_produce"]
    theirs = factories.make_household(region_code=FAR_VILLAGE, head_name="外德成")
    here.homes.insert(0, theirs)
    path = file(tmp_path, register, here, list(good_case(register).rows)[:1])
    plan = importing.plan(register=register, path=path, region_code=LAIYUAN, by=here.accounts["sun"], today=TODAY)
    assert plan.refusals[0].reason == f"本辖区没有户编号 {theirs.household_no}"
    with pytest.raises(NotPermittedError):
        here.add(register, good_case(register).rows[0], subject=Subject.of_household(theirs), by=here.accounts["sun"])


def test_an_added_row_has_one_line_of_history(here):
    here.add(BY_CODE["labour"], good_case(BY_CODE["labour"]).rows[0])
    assert RegisterChange.objects.count() == 1
