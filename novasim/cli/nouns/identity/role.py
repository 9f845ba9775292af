"""Roles and role assignments."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.collection import create_item, noun_group
from novasim.cli.lookup import find_id, item_path
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name"}

role = noun_group(
    "role",
    "Roles of users in projects: reader, member, manager, admin, service and your own.",
    COLUMNS,
    example="operator",
    as_admin=True,
    delete_help="Delete roles and their assignments.",
    commands=("list", "delete"),
)


ASSIGNMENTS = {"Role": "role", "User": "user", "Project": "scope"}


user_option = click.option("--user", required=True, help="User (name or ID).")


project_option = click.option("--project", required=True, help="Project (name or ID).")


@role.command("create")
@click.argument("name")
@output_options
@pass_session
def create_role(session: Session, name: str) -> None:
    """
    Create a role, for use in a policy file.

    Example: novasim --as admin role create operator
    """
    session.show(create_item(session, "role", {"name": name}))


@role.command("add")
@click.argument("name", metavar="ROLE")
@user_option
@project_option
@pass_session
def add_role(session: Session, name: str, user: str, project: str) -> None:
    """
    Assign a role in a project to a user.

    Example: novasim --as admin role add manager --user demo --project demo
    """
    session.request("PUT", assignment_path(session, name, user, project), service="identity")


@role.command("remove")
@click.argument("name", metavar="ROLE")
@user_option
@project_option
@pass_session
def remove_role(session: Session, name: str, user: str, project: str) -> None:
    """
    Remove a role in a project from a user.

    Example: novasim --as admin role remove manager --user demo --project demo
    """
    session.request("DELETE", assignment_path(session, name, user, project), service="identity")


@role.command("assignments")
@click.option("--user", help="Only assignments of this user (name or ID).")
@click.option("--project", help="Only assignments in this project (name or ID).")
@output_options
@pass_session
def list_assignments(session: Session, user: str | None, project: str | None) -> None:
    """
    List role assignments: in projects, in domains and in the whole system.

    Example: novasim --as admin role assignments --user demo
    """
    query = [("include_names", "True")]
    query += [("user.id", find_id(session, "user", user))] if user else []
    query += [("scope.project.id", find_id(session, "project", project))] if project else []
    rows = session.get("/v3/role_assignments", query, service="identity")["role_assignments"]
    texts = [
        {"role": each["role"]["name"], "user": _actor_name(each), "scope": _scope_name(each["scope"])} for each in rows
    ]
    session.show_list(rows, ASSIGNMENTS, "role", texts)


def _actor_name(assignment: dict[str, Any]) -> str:
    """The name of the user, or of the group, who has a role."""
    user = assignment.get("user")
    return str(user["name"]) if user else f"group {assignment['group']['name']}"


def _scope_name(scope: dict[str, Any]) -> str:
    """The name of the project or domain in which a role is assigned, or "all projects" for the whole system."""
    return "all projects" if "system" in scope else str(next(iter(scope.values()))["name"])


def assignment_path(session: Session, role: str, user: str, project: str) -> str:
    """The path of the role of a user in a project, each by name or id. NotFound and Conflict as for `find_id`."""
    users = f"{item_path(session, 'project', project)}/users/{find_id(session, 'user', user)}"
    return f"{users}/roles/{find_id(session, 'role', role)}"
