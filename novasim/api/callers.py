"""Who a caller named in words is: user, project, roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from novasim.errors import BadRequest, Forbidden, NotFound
from novasim.records import Caller, Project, User
from novasim.simulation.world import Records
from novasim.suggestions import did_you_mean

# What each role includes, as Keystone's bootstrap has it: admin > manager > member > reader. Others stand alone.
IMPLIED = {"admin": ("reader", "member", "manager"), "manager": ("reader", "member"), "member": ("reader",)}
FEW = 8  # so many names are still read when a name is not found

N = TypeVar("N", User, Project)


def caller_named(tx: Records, text: str) -> Caller:
    """
    The caller for USER or USER@PROJECT (names or ids; a user's name may itself contain an @).

    Without a project it is the user's default one, else the one of the same name, else the only one.

    Raises:
        BadRequest: no user is named, or the name fits several, or the project must be named (400).
        NotFound: no such user or project (404).
        Forbidden: the user has no role there, or one of them is disabled (403).
    """
    user, project_text = _user_and_project(tx, text)
    project = _one(tx, Project, project_text) if project_text else _usual_project(tx, user)
    for thing in (user, project):
        if not thing.enabled:
            raise Forbidden(reason=f"The {_word(type(thing))} {thing.name!r} is disabled.")
    if not user.roles.get(project.id):
        raise Forbidden(reason=f"User {user.name!r} has no role in project {project.name!r}. {_where(tx, user)}")
    return Caller(user.id, project.id, with_implied(user.roles[project.id]), user.name, project.name)


def with_implied(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles with those that they include, the smallest first."""
    given = [role.lower() if role.lower() in IMPLIED else role for role in roles]
    return tuple(dict.fromkeys([*(small for role in given for small in IMPLIED.get(role, ())), *given]))


def _user_and_project(tx: Records, text: str) -> tuple[User, str]:
    user_text, _, project_text = text.rpartition("@") if "@" in text else (text, "", "")
    if "@" in text and (whole := _all(tx, User, text)):
        return _only(whole, text), ""
    if not user_text or text.endswith("@"):
        raise BadRequest(reason=f"{text!r} names no caller; the form is USER or USER@PROJECT.")
    return _one(tx, User, user_text), project_text


def _usual_project(tx: Records, user: User) -> Project:
    if user.default_project_id and (home := tx.get(Project, user.default_project_id)):
        return home
    projects = _projects(tx, user)
    usual = [project for project in projects if project.name == user.name] or projects
    if len(usual) == 1:
        return usual[0]
    if usual:
        raise BadRequest(reason=f"Name a project, as in {user.name}@{usual[0].name}. {_where(tx, user)}")
    raise Forbidden(reason=f"User {user.name!r} has no role in any project.")


def _projects(tx: Records, user: User) -> list[Project]:
    """The projects in which the user has a role, in order of the assignments."""
    found = [tx.get(Project, id) for id, roles in user.roles.items() if roles]
    return [project for project in found if project is not None]


def _where(tx: Records, user: User) -> str:
    names = [project.name for project in _projects(tx, user)]
    return f"The user has roles in: {', '.join(names)}." if names else "The user has no roles at all."


def _one(tx: Records, kind: type[N], text: str) -> N:
    if found := _all(tx, kind, text):
        return _only(found, text)
    names = sorted({each.name for each in tx.query(kind)})
    hint = did_you_mean(text, names, 1) or (f" There are: {', '.join(names)}." if 0 < len(names) <= FEW else "")
    raise NotFound(reason=f"There is no {_word(kind)} {text!r}.{hint}")


def _all(tx: Records, kind: type[N], text: str) -> list[N]:
    """What has this id, else all that have this name; names are unique only within a domain."""
    found = tx.get(kind, text)
    return [found] if found is not None else tx.query(kind, {"name": text})


def _only(found: list[N], text: str) -> N:
    if len(found) > 1:
        ids = ", ".join(sorted(each.id for each in found))
        raise BadRequest(reason=f"{text!r} is the name of {len(found)} {_word(type(found[0]))}s; give an id: {ids}.")
    return found[0]


def _word(kind: type[User] | type[Project]) -> str:
    return kind.__name__.lower()
