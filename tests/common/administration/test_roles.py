"""The shipped roles are those of domain S.1, and none of them knows a section or class that is not there."""

from __future__ import annotations

from common.administration.roles import ROLES, text_of
from common.kit.kinds import P3
from common.kit.rights import Action, Permission, Scope, Section, permissions

BY_CODE = {role.code: role for role in ROLES}
FIRST = {"admission_secretary", "admission_clerk", "admission_reader", "org_admin"}


def may(code: str, section: Section, action: Action) -> set[str]:
    held = BY_CODE[code].permissions
    return {p.pd.value for p in held if p.section is section and p.action is action}


def test_every_line_of_the_matrix_is_shipped_and_the_first_codes_stay() -> None:
    """23 lines; the commission's is two roles, the learner's three; the commission's reader was there before."""
    assert len(BY_CODE) == len(ROLES) == 23 + 1 + 2 + 1
    assert BY_CODE.keys() >= FIRST


def test_a_role_reads_back_as_it_is_stored() -> None:
    for role in ROLES:
        assert permissions(tuple(role.text.split())) == role.permissions
        assert text_of(role.permissions) == role.text
        assert len(role.text) <= 8000


def test_whoever_writes_or_signs_also_reads() -> None:
    for role in ROLES:
        for p in role.permissions:
            assert Permission(p.section, Action.READ, p.pd) in role.permissions, (role.code, p)


def test_cells_of_the_matrix_are_what_they_say() -> None:
    assert may("director", Section.DEAN, Action.READ) == {"P0", "P1", "P2", "P3"}
    assert may("director", Section.DEAN, Action.WRITE) == set()
    assert may("director", Section.DEAN, Action.SIGN) == {"P0", "P1", "P2", "P3"}
    assert may("military_officer", Section.DEAN_MILITARY, Action.WRITE) == {"P0", "P1", "P2", "P3"}
    assert may("military_officer", Section.DEAN, Action.READ) == set()
    assert may("org_admin", Section.ADMISSIONS, Action.READ) == {"P0"}


def test_restricted_data_is_for_named_roles_only() -> None:
    seeing = {role.code for role in ROLES if any(p.pd is P3 for p in role.permissions)}
    assert seeing == {
        "director", "deputy_upbringing", "social_teacher", "hr_officer", "admission_secretary",
        "military_officer",
    }  # fmt: skip


def test_who_has_a_cabinet_only_is_never_given_the_whole_college() -> None:
    for code in ("student", "parent", "applicant", "employer", "teacher"):
        assert BY_CODE[code].scope is Scope.SELF
