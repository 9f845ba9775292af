"""Migrations: the moves of servers, looked at, hurried, called off."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.lookup import project_id, server_id, user_id
from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.session import Session
from novasim.errors import NotFound

COLUMNS = {
    "ID": "id",
    "UUID": "uuid",
    "Server": "instance_uuid",
    "Type": "migration_type",
    "Status": "status",
    "From": "source_compute",
    "To": "dest_compute",
    "Created": "created_at",
    "Updated": "updated_at",
}
TYPES = ("evacuation", "live-migration", "migration", "resize")


@click.group()
def migration() -> None:
    """
    Moves of servers from host to host (administrators).

    Example: novasim --as admin migration list
    """


@migration.command("list")
@click.option("--server", help="Only this server's (name or ID).")
@click.option("--host", help="Only those from or to this host.")
@click.option("--status", help="Only those in this status, such as finished or error.")
@click.option("--type", "kind", type=click.Choice(TYPES), help="Only those of this type.")
@click.option("--project", help="Only those asked for by this project (name or ID).")
@click.option("--user", help="Only those asked for by this user (name or ID).")
@output_options
@pass_session
def list_migrations(
    session: Session,
    server: str | None,
    host: str | None,
    status: str | None,
    kind: str | None,
    project: str | None,
    user: str | None,
) -> None:
    """
    List migrations, the newest first.

    Example: novasim --as admin migration list --status running
    """
    asked = {
        "instance_uuid": server and server_id(session, server),
        "host": host,
        "status": status,
        "migration_type": kind,
        "project_id": project and project_id(session, project),
        "user_id": user and user_id(session, user),
    }
    query = [(name, value) for name, value in asked.items() if value]
    session.show_list(session.get("/os-migrations", query)["migrations"], COLUMNS, "uuid")


@migration.command("show")
@server_argument
@click.argument("id", required=False)
@output_options
@pass_session
def show_migration(session: Session, server: str, id: str | None) -> None:
    """
    Show one migration of a server: the one under way, or by its ID or UUID any other.

    Example: novasim --as admin migration show web1
    """
    path = f"/servers/{server_id(session, server)}/migrations"
    under_way = session.get(path)["migrations"]
    if found := [each for each in under_way if id is None or id in (str(each["id"]), each["uuid"])]:
        session.show(found[0])
        return
    session.show(_past(session, server, id))


@migration.command("force-complete")
@server_argument
@click.argument("id", required=False)
@pass_session
def force_complete(session: Session, server: str, id: str | None) -> None:
    """
    Pause the guest so that a live migration comes to its end at once.

    Example: novasim --as admin migration force-complete web1
    """
    session.request("POST", f"{_path_of(session, server, id)}/action", {"force_complete": None})


@migration.command("abort")
@server_argument
@click.argument("id", required=False)
@pass_session
def abort(session: Session, server: str, id: str | None) -> None:
    """
    Call a live migration off; the server stays where it is.

    Example: novasim --as admin migration abort web1
    """
    session.request("DELETE", _path_of(session, server, id))


def _path_of(session: Session, server: str, id: str | None) -> str:
    """The path of a migration under way; another one's number is left to the API to refuse."""
    path = f"/servers/{server_id(session, server)}/migrations"
    if id is None:
        under_way = session.get(path)["migrations"]
        if not under_way:
            raise NotFound(reason=f"{server} is not being migrated.")
        return f"{path}/{under_way[0]['id']}"
    numbers = [each["id"] for each in session.get(path)["migrations"] if each["uuid"] == id]
    return f"{path}/{numbers[0] if numbers else id}"


def _past(session: Session, server: str, id: str | None) -> dict[str, Any]:
    query = [("instance_uuid", server_id(session, server))]
    for each in session.get("/os-migrations", query)["migrations"]:
        if id is None or id in (str(each["id"]), each["uuid"]):
            found: dict[str, Any] = each
            return found
    raise NotFound(reason=f"{server} has no migration {id!r}." if id else f"{server} was never migrated.")
