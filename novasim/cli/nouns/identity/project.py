"""Projects."""

from __future__ import annotations

import click

from novasim.cli.collection import change_item, create_item, noun_group
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name", "Enabled": "enabled", "Description": "description"}

project = noun_group(
    "project",
    "Projects, which own servers and quotas (administrators).",
    COLUMNS,
    example="class1",
    as_admin=True,
    delete_help="Delete projects and the role assignments in them. Their servers remain.",
)


enable_option = click.option("--enable/--disable", "enabled", default=None, help="Whether the project can be used.")


@project.command("create")
@click.argument("name")
@click.option("--description", help="Description.")
@enable_option
@output_options
@pass_session
def create_project(session: Session, name: str, description: str | None, enabled: bool | None) -> None:
    """
    Create a project, without role assignments.

    Example: novasim --as admin project create class1
    """
    body = {"name": name, "description": description, "enabled": enabled}
    session.show(create_item(session, "project", body))


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
    Change the attributes of a project.

    Example: novasim --as admin project set class1 --disable
    """
    body = {"name": new_name, "description": description, "enabled": enabled}
    session.show(change_item(session, "project", name, body, "PATCH"))
