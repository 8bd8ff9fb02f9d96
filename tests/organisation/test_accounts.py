"""What a role may do is written in one place; an account without a living role may do nothing."""

import pytest
from django.core.exceptions import ValidationError

from shouwang.organisation import roles
from shouwang.organisation.models import Account

LAIYUAN = "130630000000"
ALL_PERMISSIONS = {value for name, value in vars(roles).items() if name.isupper() and isinstance(value, str)}

pytestmark = pytest.mark.django_db


def account(role: str, region_code: str = LAIYUAN) -> Account:
    return Account.objects.create_account(
        login=f"{role}-1", password="a long password", name="孙", role=role, region_code=region_code
    )


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_role_has_a_name_a_sentence_and_permissions_that_exist(role: type[roles.Role]) -> None:
    assert role.code and role.label and role.__doc__ and role.explanation and role.levels
    assert role.permissions and role.permissions <= ALL_PERMISSIONS


def test_no_two_roles_share_a_code() -> None:
    assert len({role.code for role in roles.ROLES}) == len(roles.ROLES)


def test_a_grid_worker_neither_unmasks_nor_exports_nor_imports() -> None:
    zhao = account("grid_worker")
    assert zhao.may(roles.SEE_LEADS) and zhao.may(roles.SEE_HOUSEHOLDS)
    for forbidden in (roles.UNMASK, roles.EXPORT, roles.IMPORT_FEEDS, roles.IMPORT_REGISTRY, roles.RUN_SCREENING):
        assert not zhao.may(forbidden)


def test_only_the_county_changes_the_register() -> None:
    assert [role for role in roles.ROLES if roles.IMPORT_REGISTRY in role.permissions] == [roles.CountyOfficer]


def test_matches_are_decided_where_departments_files_are_received() -> None:
    for role in roles.ROLES:
        assert (roles.DECIDE_MATCHES in role.permissions) == (roles.IMPORT_FEEDS in role.permissions)


def test_a_closed_account_may_do_nothing() -> None:
    sun = account("county_officer")
    sun.is_active = False
    assert not any(sun.may(permission) for permission in ALL_PERMISSIONS)


def test_a_role_that_is_no_more_may_do_nothing() -> None:
    sun = account("county_officer")
    sun.role = "abolished"
    assert not any(sun.may(permission) for permission in ALL_PERMISSIONS)


def test_a_permission_that_does_not_exist_is_nobodys() -> None:
    assert not account("county_officer").may("everything")


def test_an_account_needs_a_role_that_exists_and_a_login_of_its_own() -> None:
    with pytest.raises(ValidationError):
        account("emperor")
    account("supervisor")
    with pytest.raises(ValidationError):
        account("supervisor")


def test_a_password_is_never_kept_as_it_was_typed() -> None:
    sun = account("county_officer")
    assert "a long password" not in sun.password and sun.check_password("a long password")


@pytest.mark.parametrize("role", roles.ROLES)
def test_who_says_what_is_true_of_a_household_does_not_decide_about_it(role: type[roles.Role]) -> None:
    for one, other in roles.SEPARATED:
        assert not {one, other} <= role.permissions, role.label


def test_only_the_village_verifies_only_the_township_reviews_and_only_the_county_approves() -> None:
    def levels_of(permission: str) -> set[int]:
        return {level for role in roles.ROLES if permission in role.permissions for level in role.levels}

    assert (levels_of(roles.VERIFY), levels_of(roles.REVIEW), levels_of(roles.APPROVE)) == ({5}, {4}, {3})


def test_an_administrator_sees_no_household_no_lead_and_no_case() -> None:
    seen = {roles.SEE_HOUSEHOLDS, roles.SEE_LEADS, roles.SEE_CASES, roles.UNMASK, roles.EXPORT}
    assert not seen & roles.Administrator.permissions


def test_a_liaison_answers_lists_keeps_the_own_registers_and_sees_neither_households_nor_leads() -> None:
    assert roles.DepartmentLiaison.permissions == {
        roles.ANSWER_LISTS,
        roles.SEE_REGISTERS,
        roles.KEEP_REGISTERS,
        roles.SEE_POLICIES,
    }
