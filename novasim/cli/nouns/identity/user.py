"""Users."""

from __future__ import annotations

import click

from novasim.cli.collection import change_item, create_item, noun_group
from novasim.cli.lookup import find_id
from novasim.cli.nouns.identity.role import assignment_path
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.render.output import print_message

COLUMNS = {"ID": "id", "Name": "name", "Enabled": "enabled", "Default project": "default_project_id"}

user = noun_group(
    "user",
    "Users (administrators).",
    COLUMNS,
    example="ann",
    as_admin=True,
    delete_help="Delete users. The resources that they created remain in their projects.",
)


DEFAULT_ROLE = "member"

enable_option = click.option("--enable/--disable", "enabled", default=None, help="Whether the user can authenticate.")


@user.command("create")
@click.argument("name")
@click.option("--password", help="Password; it is stored as a hash.")
@click.option("--project", help="Default project (name or ID), in which the user gets --role.")
@click.option("--role", "role_name", show_default=DEFAULT_ROLE, help="Role in the default project.")
@click.option("--email", help="E-mail address.")
@enable_option
@output_options
@pass_session
def create_user(
    session: Session,
    name: str,
    password: str | None,
    project: str | None,
    role_name: str | None,
    email: str | None,
    enabled: bool | None,
) -> None:
    """
    Create a user, with a role in the default project if --project is given.

    Example: novasim --as admin user create ann --project demo --role reader
    """
    if role_name and not project:
        raise UsageError("--role is a role in the default project; name that with --project.")
    with session.transaction(writes=True):
        home = find_id(session, "project", project) if project else None
        body = {"name": name, "password": password, "default_project_id": home, "email": email, "enabled": enabled}
        item = create_item(session, "user", body)
        if home:
            path = assignment_path(session, role_name or DEFAULT_ROLE, item["id"], home)
            session.request("PUT", path, service="identity")
    session.show(item)
    if not password:
        _report_missing_password(session, name)


def _report_missing_password(session: Session, name: str) -> None:
    from novasim.teach.commands import arrange_words

    words = arrange_words(["user", "set"], [name], ["--password", "PASSWORD"])
    line = session.command_line(*words, who=session.who)
    print_message(f"novasim: {name} has no password, so a token request over HTTP gets 401. To set one: {line}")


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
