"""core.access: who is let in as what, by the names in the settings; nobody by a name that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Access, read_names
from core.errors import UsageError
from core.people import Person, Role

_ACCESS = Access(
    readers=read_names("rui@school.example, @office.example", "R"),
    editors=read_names("Ed@School.Example,group:desk editors", "E"),
    admins=read_names("group:admins", "A"),
)
_WORDS = st.text(min_size=1, max_size=12)
_EMAILS = st.one_of(st.emails(), _WORDS, st.builds("{}@{}".format, _WORDS, st.sampled_from(["office.example", "x.y"])))


@pytest.mark.parametrize(
    ("email", "groups", "role"),
    [
        ("rui@school.example", [], Role.reader),
        ("RUI@SCHOOL.EXAMPLE", [], Role.reader),
        ("anybody@office.example", [], Role.reader),
        ("ed@school.example", [], Role.editor),
        ("anybody@office.example", ["desk editors"], Role.editor),
        ("", ["admins"], Role.admin),
        ("ed@school.example", ["admins", "others"], Role.admin),
        ("", [], None),
        ("anybody@sub.office.example", [], None),
        ("anybody@office.example.evil", [], None),
        ("anybody@evil@office.example", [], None),
        ("office.example", [], None),
        ("someone@school.example", ["Admins", "group:admins"], None),
        ("group:admins", [], None),
    ],
)
def test_the_highest_role_that_names_somebody(email: str, groups: list[str], role: Role | None) -> None:
    assert _ACCESS.choose_role(email, groups) is role


def test_an_e_mail_that_looks_like_a_group_is_none_and_a_letter_like_an_ascii_one_is_not_it() -> None:
    access = Access(
        readers=read_names("x@y.z", "R"), admins=read_names("group:admins@office.example,kim@k.example", "A")
    )
    assert access.choose_role("group:admins@office.example", []) is None
    assert access.choose_role("kim@\u212a.example", []) is None
    assert access.choose_role("Kim@K.example", []) is Role.admin


@given(_EMAILS, st.lists(_WORDS))
def test_who_is_not_named_reads_only_where_no_readers_are_named(email: str, groups: list[str]) -> None:
    nobody = Access(readers=frozenset({"@nowhere.example"}), editors=frozenset({"group:\0"}))
    assert nobody.choose_role(email, groups) in ({None} if "\0" not in groups else {None, Role.editor})
    assert Access().choose_role(email, groups) is Role.reader


@given(st.lists(st.emails(), min_size=1, max_size=4), st.data())
def test_who_is_named_is_let_in_whatever_the_case(named: list[str], data: st.DataObject) -> None:
    named = [email for email in named if "," not in email and not email.startswith("group:")]
    access = Access(readers=frozenset({"@nowhere.example"}), editors=read_names(" , ".join(named), "E"))
    for email in named:
        typed = data.draw(st.sampled_from([email, email.upper(), email.lower()]))
        assert access.choose_role(typed, []) is Role.editor


@given(st.text(max_size=30))
def test_a_setting_is_read_or_refused_by_the_name_of_its_variable(setting: str) -> None:
    try:
        names = read_names(setting, "POLICY_DESK_ADMINS")
    except UsageError as error:
        assert "POLICY_DESK_ADMINS" in str(error)
        assert "," in error.help
    else:
        assert all("@" in name or name.startswith("group:") for name in names)


def test_only_editors_and_admins_change_notices_and_only_admins_see_the_trail() -> None:
    people = [Person("k", "n", role) for role in Role]
    assert [(p.may_edit, p.may_administer) for p in people] == [(False, False), (True, False), (True, True)]
