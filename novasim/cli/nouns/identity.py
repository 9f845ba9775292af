"""Projects, users, and the roles of users in projects."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.errors.attempts import try_each
from novasim.cli.lookup import identity_id, segment
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError

PROJECTS = {"ID": "id", "Name": "name", "Enabled": "enabled", "Description": "description"}
USERS = {"ID": "id", "Name": "name", "Enabled": "enabled", "Default project": "default_project_id"}
ROLES = {"ID": "id", "Name": "name"}
ASSIGNMENTS = {"Role": "role", "User": "user", "Project": "project"}

enable_option = click.option("--enable/--disable", "enabled", default=None, help="Whether it can be used.")
user_option = click.option("--user", required=True, help="User (name or ID).")
project_option = click.option("--project", required=True, help="Project (name or ID).")


@click.group()
def project() -> None:
    """
    Projects, to which servers and quotas belong (administrators).

    Example: novasim --as admin project list
    """


@click.group()
def user() -> None:
    """
    Users, who act in projects (administrators).

    Example: novasim --as admin user list
    """


@click.group()
def role() -> None:
    """
    Roles: what users may do in a project. There are reader, member, manager, admin, service and your own.

    Example: novasim --as admin role assignments
    """


def _list(session: Session, kind: str, columns: dict[str, str]) -> None:
    session.show_list(session.get(f"/v3/{kind}s", service="identity")[f"{kind}s"], columns)


def _show(session: Session, kind: str, name: str) -> None:
    path = f"/v3/{kind}s/{_id(session, kind, name)}"
    session.show(session.get(path, service="identity")[kind])


def _create(session: Session, kind: str, name: str, **fields: Any) -> dict[str, Any]:
    body = {kind: {"name": name, **_given(fields)}}
    made: dict[str, Any] = session.request("POST", f"/v3/{kind}s", body, service="identity").body[kind]
    return made


def _change(session: Session, kind: str, of: str, /, **fields: Any) -> None:
    if not (changes := _given(fields)):
        raise UsageError(f"Nothing to set; see: novasim {kind} set --help")
    path = f"/v3/{kind}s/{_id(session, kind, of)}"
    session.show(session.request("PATCH", path, {kind: changes}, service="identity").body[kind])


def _delete(session: Session, kind: str, names: tuple[str, ...]) -> None:
    def delete(name: str) -> None:
        session.request("DELETE", f"/v3/{kind}s/{_id(session, kind, name)}", service="identity")

    try_each(session, names, delete)


def _id(session: Session, kind: str, name: str) -> str:
    return segment(kind, identity_id(session, kind, name))


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


@project.command("list")
@output_options
@pass_session
def list_projects(session: Session) -> None:
    """
    List all projects.

    Example: novasim --as admin project list -c Name
    """
    _list(session, "project", PROJECTS)


@project.command("show")
@click.argument("name")
@output_options
@pass_session
def show_project(session: Session, name: str) -> None:
    """
    Show one project.

    Example: novasim --as admin project show demo
    """
    _show(session, "project", name)


@project.command("create")
@click.argument("name")
@click.option("--description", help="What it is for.")
@enable_option
@output_options
@pass_session
def create_project(session: Session, name: str, description: str | None, enabled: bool | None) -> None:
    """
    Make a project; nobody has a role in it yet.

    Example: novasim --as admin project create class1
    """
    session.show(_create(session, "project", name, description=description, enabled=enabled))


@project.command("set")
@click.argument("name")
@click.option("--name", "new_name", help="New name.")
@click.option("--description", help="New description.")
@enable_option
@output_options
@pass_session
def set_project(
    session: Session, name: str, new_name: str | None, description: str | None, enabled: bool | None
) -> None:
    """
    Change a project.

    Example: novasim --as admin project set class1 --disable
    """
    _change(session, "project", name, name=new_name, description=description, enabled=enabled)


@project.command("delete")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@output_options
@pass_session
def delete_projects(session: Session, names: tuple[str, ...]) -> None:
    """
    Remove projects and the roles in them; their servers stay for administrators to remove.

    Example: novasim --as admin project delete class1
    """
    _delete(session, "project", names)


@user.command("list")
@output_options
@pass_session
def list_users(session: Session) -> None:
    """
    List all users.

    Example: novasim --as admin user list
    """
    _list(session, "user", USERS)


@user.command("show")
@click.argument("name")
@output_options
@pass_session
def show_user(session: Session, name: str) -> None:
    """
    Show one user.

    Example: novasim --as admin user show demo
    """
    _show(session, "user", name)


@user.command("create")
@click.argument("name")
@click.option("--password", help="Password; it is kept as a hash.")
@click.option("--project", help="Default project (name or ID), in which the user gets the role.")
@click.option("--role", "role_name", default="member", show_default=True, help="Role in that project.")
@click.option("--email", help="E-mail address.")
@enable_option
@output_options
@pass_session
def create_user(
    session: Session,
    name: str,
    password: str | None,
    project: str | None,
    role_name: str,
    email: str | None,
    enabled: bool | None,
) -> None:
    """
    Make a user, at once with a role in a project if one is named.

    Example: novasim --as admin user create ann --project demo --role reader
    """
    with session.transaction(writes=True):
        home = _id(session, "project", project) if project else None
        fields = {"password": password, "default_project_id": home, "email": email, "enabled": enabled}
        made = _create(session, "user", name, **fields)
        if home:
            _grant(session, "PUT", home, made["id"], role_name)
    session.show(made)


@user.command("set")
@click.argument("name")
@click.option("--name", "new_name", help="New name.")
@click.option("--password", help="New password.")
@click.option("--project", help="New default project (name or ID).")
@click.option("--email", help="New e-mail address.")
@enable_option
@output_options
@pass_session
def set_user(
    session: Session,
    name: str,
    new_name: str | None,
    password: str | None,
    project: str | None,
    email: str | None,
    enabled: bool | None,
) -> None:
    """
    Change a user.

    Example: novasim --as admin user set ann --disable
    """
    home = _id(session, "project", project) if project else None
    _change(
        session, "user", name, name=new_name, password=password, default_project_id=home, email=email, enabled=enabled
    )


@user.command("delete")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@output_options
@pass_session
def delete_users(session: Session, names: tuple[str, ...]) -> None:
    """
    Remove users; what they made stays with its project.

    Example: novasim --as admin user delete ann
    """
    _delete(session, "user", names)


@role.command("list")
@output_options
@pass_session
def list_roles(session: Session) -> None:
    """
    List all roles.

    Example: novasim --as admin role list
    """
    _list(session, "role", ROLES)


@role.command("create")
@click.argument("name")
@output_options
@pass_session
def create_role(session: Session, name: str) -> None:
    """
    Make a role of your own, for a policy file to ask for.

    Example: novasim --as admin role create operator
    """
    session.show(_create(session, "role", name))


@role.command("delete")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@output_options
@pass_session
def delete_roles(session: Session, names: tuple[str, ...]) -> None:
    """
    Remove roles, from everybody who has them.

    Example: novasim --as admin role delete operator
    """
    _delete(session, "role", names)


@role.command("add")
@click.argument("name", metavar="ROLE")
@user_option
@project_option
@pass_session
def add_role(session: Session, name: str, user: str, project: str) -> None:
    """
    Give a user a role in a project.

    Example: novasim --as admin role add manager --user demo --project demo
    """
    _grant(session, "PUT", _id(session, "project", project), _id(session, "user", user), name)


@role.command("remove")
@click.argument("name", metavar="ROLE")
@user_option
@project_option
@pass_session
def remove_role(session: Session, name: str, user: str, project: str) -> None:
    """
    Take a role in a project from a user.

    Example: novasim --as admin role remove manager --user demo --project demo
    """
    _grant(session, "DELETE", _id(session, "project", project), _id(session, "user", user), name)


def _grant(session: Session, method: str, project_id: str, user_id: str, role_name: str) -> None:
    path = f"/v3/projects/{project_id}/users/{user_id}/roles/{_id(session, 'role', role_name)}"
    session.request(method, path, service="identity")


@role.command("assignments")
@click.option("--user", help="Only this user's (name or ID).")
@click.option("--project", help="Only those in this project (name or ID).")
@output_options
@pass_session
def list_assignments(session: Session, user: str | None, project: str | None) -> None:
    """
    List who has which role in which project.

    Example: novasim --as admin role assignments --user demo
    """
    query = [("include_names", "True")]
    query += [("user.id", _id(session, "user", user))] if user else []
    query += [("scope.project.id", _id(session, "project", project))] if project else []
    found = session.get("/v3/role_assignments", query, service="identity")["role_assignments"]
    if session.is_human_readable:
        found = [
            {"role": each["role"]["name"], "user": each["user"]["name"], "project": each["scope"]["project"]["name"]}
            for each in found
        ]
    session.show_list(found, ASSIGNMENTS, "role")
