"""Callers by name: USER or USER@PROJECT, with names or ids."""

from __future__ import annotations

import pytest

from novasim.api.callers import expand_roles, find_caller
from novasim.errors import BadRequest, Forbidden, NotFound
from novasim.records import Project, Record, User
from novasim.store.memory import MemoryStore
from tests import each_case
from tests.play import Play

PEOPLE: list[Record] = [
    Project(id="p-web", name="web"),
    Project(id="p-mail", name="mail"),
    Project(id="p-old", name="old", enabled=False),
    Project(id="p-anna", name="anna"),
    Project(id="p-two-1", name="two"),
    Project(id="p-two-2", name="two", domain_id="other"),
    User(id="u-home", name="home", default_project_id="p-mail", roles={"p-web": ["admin"], "p-mail": ["reader"]}),
    User(id="u-lost", name="lost", default_project_id="p-gone", roles={"p-web": ["reader"]}),
    User(id="u-anna", name="anna", roles={"p-web": ["reader"], "p-anna": ["manager"]}),
    User(id="u-only", name="only", roles={"p-old": [], "p-mail": ["service"]}),
    User(id="u-many", name="many", roles={"p-web": ["reader"], "p-mail": ["member"]}),
    User(id="u-none", name="none"),
    User(id="u-away", name="away", enabled=False, roles={"p-web": ["member"]}),
    User(id="u-mail", name="carl@example.com", roles={"p-web": ["member"], "p-old": ["member"]}),
    User(id="u-twin-1", name="twin", roles={"p-web": ["member"]}),
    User(id="u-twin-2", name="twin", domain_id="other", roles={"p-web": ["member"]}),
    User(id="twin", name="named-like-an-id", roles={"p-web": ["member"]}),
    User(id="u-bad-home", name="bad-home", default_project_id="p-web", roles={"p-mail": ["member"]}),
]


def resolve_caller(text: str):
    store = MemoryStore()
    with store.write() as tx:
        for record in PEOPLE:
            if text != "twin@web" or record.id != "twin":
                tx.put(record)
    with store.read() as tx:
        return find_caller(tx, text)


@each_case(
    ("text", "user", "project", "roles"),
    [
        ("home", "u-home", "p-mail", "reader"),
        ("u-home", "u-home", "p-mail", "reader"),
        ("home@web", "u-home", "p-web", "reader member manager admin"),
        ("u-home@p-web", "u-home", "p-web", "reader member manager admin"),
        ("lost", "u-lost", "p-web", "reader"),
        ("anna", "u-anna", "p-anna", "reader member manager"),
        ("only", "u-only", "p-mail", "service"),
        ("many@mail", "u-many", "p-mail", "reader member"),
        ("carl@example.com@web", "u-mail", "p-web", "reader member"),
        ("twin", "twin", "p-web", "reader member"),
        ("u-twin-2", "u-twin-2", "p-web", "reader member"),
    ],
)
def test_a_name_identifies_user_project_and_roles(text, user, project, roles):
    caller = resolve_caller(text)
    assert (caller.user_id, caller.project_id, caller.roles) == (user, project, tuple(roles.split()))


def test_a_caller_has_the_names_of_user_and_project():
    caller = resolve_caller("u-home@p-web")
    assert (caller.user_name, caller.project_name) == ("home", "web")


@each_case(
    ("text", "fault", "said"),
    [
        ("hom", NotFound, "There is no user 'hom'. Did you mean home?"),
        ("zzz@web", NotFound, "There is no user 'zzz'."),
        ("home@wep", NotFound, "There is no project 'wep'. Did you mean web?"),
        ("home@zzz", NotFound, "There is no project 'zzz'. Choose from: anna, mail, old, two, web."),
        ("home@anna", Forbidden, "User 'home' has no role in project 'anna'. The user has roles in: web, mail."),
        ("none@web", Forbidden, "User 'none' has no role in project 'web'. The user has no roles at all."),
        ("none", Forbidden, "User 'none' has no role in any project."),
        ("bad-home", Forbidden, "User 'bad-home' has no role in project 'web'. The user has roles in: mail."),
        ("away", Forbidden, "The user 'away' is disabled."),
        ("carl@example.com@old", Forbidden, "The project 'old' is disabled."),
        (
            "carl@example.com",
            BadRequest,
            "Name a project, as in carl@example.com@web. The user has roles in: web, old.",
        ),
        ("many", BadRequest, "Name a project, as in many@web. The user has roles in: web, mail."),
        ("twin@web", BadRequest, "'twin' is the name of 2 users; give an id: u-twin-1, u-twin-2."),
        ("home@two", BadRequest, "'two' is the name of 2 projects; give an id: p-two-1, p-two-2."),
        ("", BadRequest, "'' is not a caller; give USER or USER@PROJECT."),
        ("@web", BadRequest, "'@web' is not a caller; give USER or USER@PROJECT."),
        ("home@", BadRequest, "'home@' is not a caller; give USER or USER@PROJECT."),
        ("@", BadRequest, "'@' is not a caller; give USER or USER@PROJECT."),
    ],
)
def test_an_unknown_or_ambiguous_name_is_refused_with_a_reason(text, fault, said):
    with pytest.raises(fault) as refusal:
        resolve_caller(text)
    assert type(refusal.value) is fault
    assert str(refusal.value) == said


def test_an_empty_cloud_suggests_no_names():
    with MemoryStore().write() as tx, pytest.raises(NotFound, match=r"^There is no user 'demo'\.$"):
        find_caller(tx, "demo")


@each_case(
    ("given", "all_of_them"),
    [
        ("reader", "reader"),
        ("member", "reader member"),
        ("manager", "reader member manager"),
        ("admin", "reader member manager admin"),
        ("service", "service"),
        ("admin reader", "reader member manager admin"),
        ("auditor member", "reader member auditor"),
        ("Admin Auditor", "reader member manager admin Auditor"),
        ("", ""),
    ],
)
def test_roles_imply_lesser_roles(given, all_of_them):
    assert set(expand_roles(given.split())) == set(all_of_them.split())
    assert len(expand_roles(given.split())) == len(all_of_them.split())


def test_the_default_cloud_has_a_member_and_an_administrator():
    with Play().store.read() as tx:
        demo, admin = find_caller(tx, "demo"), find_caller(tx, "admin")
    assert (demo.user_name, demo.project_name, demo.roles) == ("demo", "demo", ("reader", "member"))
    assert (admin.user_name, admin.project_name, admin.is_admin) == ("admin", "admin", True)
