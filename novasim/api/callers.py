"""Who a caller named in words is: user, project, roles."""

from __future__ import annotations

from typing import TypeVar

from novasim.errors import Forbidden, NotFound
from novasim.records import Caller, Project, User
from novasim.simulation.world import Records

IMPLIED = {"admin": ("reader", "member"), "manager": ("reader", "member"), "member": ("reader",)}
N = TypeVar("N", User, Project)


def caller_named(tx: Records, text: str) -> Caller:
    """
    The caller for USER or USER@PROJECT (names or ids).

    Without a project it is the user's default one, else the one of the same name, else the only one.

    Raises:
        NotFound: no such user or project (404). Forbidden: the user has no role there (403).
    """
    user_text, _, project_text = text.partition("@")
    user = _find(tx, User, user_text, "user")
    project = _find(tx, Project, project_text or _usual_project(tx, user), "project")
    roles = user.roles.get(project.id)
    if not roles:
        raise Forbidden(reason=f"User {user.name} has no role in project {project.name}.")
    return Caller(user.id, project.id, with_implied(roles), user.name, project.name)


def with_implied(roles: list[str]) -> tuple[str, ...]:
    """Roles with those that they include, as Keystone's defaults have it."""
    implied = [small for role in roles for small in IMPLIED.get(role, ())]
    return tuple(dict.fromkeys([*implied, *roles]))


def _usual_project(tx: Records, user: User) -> str:
    if user.default_project_id:
        return user.default_project_id
    if tx.find(Project, name=user.name) or not user.roles:
        return user.name
    return next(iter(user.roles))


def _find(tx: Records, kind: type[N], text: str, word: str) -> N:
    found = tx.get(kind, text)
    if found is not None:
        return found
    for named in tx.find(kind, name=text):
        return named
    names = ", ".join(sorted(each.name for each in tx.all(kind)))
    raise NotFound(reason=f"There is no {word} {text!r}; there are: {names}.")
