"""Callers by name: user, project and roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from novasim.errors import BadRequest, Forbidden, NotFound
from novasim.records import Caller, Group, Project, User
from novasim.simulation.world import Records
from novasim.suggestions import did_you_mean

# Roles that a role includes, as in Keystone's bootstrap: admin > manager > member > reader. Other roles include none.
IMPLIED = {"admin": ("reader", "member", "manager"), "manager": ("reader", "member"), "member": ("reader",)}
MAX_LISTED = 8  # names in the error for an unknown name

UserOrProject = TypeVar("UserOrProject", User, Project)


def find_caller(tx: Records, text: str) -> Caller:
    """
    Find the caller for USER or USER@PROJECT, each by name or id. A user's name may contain an @.

    Without a project: the user's default project, else the project with the user's name, else the user's only project.

    Raises:
        BadRequest: no user is named, the name is ambiguous, or the project must be named (400).
        NotFound: no such user or project (404).
        Forbidden: the user has no role in the project, or one of them is disabled (403).
    """
    user, project_text = _parse(tx, text)
    project = _get(tx, Project, project_text) if project_text else _find_default_project(tx, user)
    for record in (user, project):
        if not record.enabled:
            raise Forbidden(reason=f"The {_kind_name(type(record))} {record.name!r} is disabled.")
    if not (roles := list_role_names(tx, user, project.id)):
        raise Forbidden(
            reason=f"User {user.name!r} has no role in project {project.name!r}. {_describe_roles(tx, user)}",
            user_without_role=user.name,
            project=project.name,
        )
    return Caller(user.id, project.id, expand_roles(roles), user.name, project.name)


def list_role_names(tx: Records, user: User, scope: str) -> list[str]:
    """The names of the roles that a user has in a scope, a key of `User.roles`: assigned to them or to their groups."""
    names = user.roles.get(scope, [])
    if user.groups:
        names = [*names, *(name for group in list_groups(tx, user) for name in group.roles.get(scope, ()))]
    return names


def list_scopes(tx: Records, user: User) -> list[str]:
    """The scopes in which a user has roles, of their own first."""
    actors: list[User | Group] = [user, *list_groups(tx, user)]
    return list(dict.fromkeys(scope for actor in actors for scope, names in actor.roles.items() if names))


def list_groups(tx: Records, user: User) -> list[Group]:
    """The groups of a user."""
    groups = [tx.get(Group, id) for id in user.groups]
    return [group for group in groups if group is not None]


def expand_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles and the roles that they include, the included ones first."""
    named = [role.lower() if role.lower() in IMPLIED else role for role in roles]
    return tuple(dict.fromkeys([*(implied for role in named for implied in IMPLIED.get(role, ())), *named]))


def _parse(tx: Records, text: str) -> tuple[User, str]:
    user_text, _, project_text = text.rpartition("@") if "@" in text else (text, "", "")
    if "@" in text and (users := _find_all(tx, User, text)):
        return _require_one(users, text), ""
    if not user_text or text.endswith("@"):
        raise BadRequest(reason=f"{text!r} is not a caller; give USER or USER@PROJECT.")
    return _get(tx, User, user_text), project_text


def _find_default_project(tx: Records, user: User) -> Project:
    if user.default_project_id and (project := tx.get(Project, user.default_project_id)):
        return project
    projects = _list_projects(tx, user)
    candidates = [project for project in projects if project.name == user.name] or projects
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise BadRequest(reason=f"Name a project, as in {user.name}@{candidates[0].name}. {_describe_roles(tx, user)}")
    first = next((project.name for project in tx.query(Project) if project.enabled), "PROJECT")
    raise Forbidden(
        reason=f"User {user.name!r} has no role in any project.", user_without_role=user.name, project=first
    )


def _list_projects(tx: Records, user: User) -> list[Project]:
    """The projects in which the user has a role, in order of the assignments."""
    projects = [tx.get(Project, id) for id in list_scopes(tx, user)]
    return [project for project in projects if project is not None]


def _describe_roles(tx: Records, user: User) -> str:
    names = [project.name for project in _list_projects(tx, user)]
    return f"The user has roles in: {', '.join(names)}." if names else "The user has no roles at all."


def _get(tx: Records, kind: type[UserOrProject], text: str) -> UserOrProject:
    if records := _find_all(tx, kind, text):
        return _require_one(records, text)
    names = sorted({record.name for record in tx.query(kind)})
    names_sentence = f" Choose from: {', '.join(names)}." if 0 < len(names) <= MAX_LISTED else ""
    raise NotFound(reason=f"There is no {_kind_name(kind)} {text!r}.{did_you_mean(text, names, 1) or names_sentence}")


def _find_all(tx: Records, kind: type[UserOrProject], text: str) -> list[UserOrProject]:
    """The record with this id, else all with this name: names are unique only within a domain."""
    record = tx.get(kind, text)
    return [record] if record is not None else tx.query(kind, {"name": text})


def _require_one(records: list[UserOrProject], text: str) -> UserOrProject:
    if len(records) > 1:
        ids = ", ".join(sorted(record.id for record in records))
        kind = _kind_name(type(records[0]))
        raise BadRequest(reason=f"{text!r} is the name of {len(records)} {kind}s; give an id: {ids}.")
    return records[0]


def _kind_name(kind: type[User] | type[Project]) -> str:
    return kind.__name__.lower()
