"""Users."""

from __future__ import annotations

import click

from novasim.cli.collection import change_item, create_item, noun_group
from novasim.cli.lookup import find_id
from novasim.cli.nouns.identity.role import assignment_path
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session

COLUMNS = {"ID": "id", "Name": "name", "Enabled": "enabled", "Default project": "default_project_id"}

user = noun_group(
    "user",
    "Users (administrators).",
    COLUMNS,
    example="ann",
    as_admin=True,
    delete_help="Delete users. The resources that they created remain in their projects.",
)


enable_option = click.option("--enable/--disable", "enabled", default=None, help="Whether the user can authenticate.")


@user.command("create")
@click.argument("name")
@click.option("--password", help="Password; it is stored as a hash.")
@click.option("--project", help="Default project (name or ID), in which the user gets --role.")
@click.option("--role", "role_name", default="member", show_default=True, help="Role in the default project.")
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
    Create a user, with a role in the default project if --project is given.

    Example: novasim --as admin user create ann --project demo --role reader
    """
    with session.transaction(writes=True):
        home = find_id(session, "project", project) if project else None
        body = {"name": name, "password": password, "default_project_id": home, "email": email, "enabled": enabled}
        item = create_item(session, "user", body)
        if home:
            session.request("PUT", assignment_path(session, role_name, item["id"], home), service="identity")
    session.show(item)


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
    Change the attributes of a user.

    Example: novasim --as admin user set ann --disable
    """
    home = find_id(session, "project", project) if project else None
    body = {"name": new_name, "password": password, "default_project_id": home, "email": email, "enabled": enabled}
    session.show(change_item(session, "user", name, body, "PATCH"))
