"""Migrations of servers."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.lookup import project_id, server_id, user_id
from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.session import Session
from novasim.errors import NotFound
from novasim.render.view import view_list

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
HIDE_FIRST = ("Updated", "Created", "UUID")
TYPES = ("evacuation", "live-migration", "migration", "resize")


@click.group()
def migration() -> None:
    """
    Migrations of servers between hosts (administrators).

    Example: novasim --as admin migration list
    """


@migration.command("list")
@click.option("--server", help="Only migrations of this server (name or ID).")
@click.option("--host", help="Only migrations from or to this host.")
@click.option("--status", help="Only migrations in this status, such as finished or error.")
@click.option("--type", "kind", type=click.Choice(TYPES), help="Only migrations of this type.")
@click.option("--project", help="Only migrations requested by this project (name or ID).")
@click.option("--user", help="Only migrations requested by this user (name or ID).")
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
    filters = {
        "instance_uuid": server and server_id(session, server),
        "host": host,
        "status": status,
        "migration_type": kind,
        "project_id": project and project_id(session, project),
        "user_id": user and user_id(session, user),
    }
    query = [(name, value) for name, value in filters.items() if value]
    migrations = session.get("/os-migrations", query)["migrations"]
    servers = [each["instance_uuid"] for each in migrations]
    session.write(view_list(migrations, COLUMNS, "uuid")._replace(short_ids=servers, hide_first=HIDE_FIRST))


@migration.command("show")
@server_argument
@click.argument("id", required=False)
@output_options
@pass_session
def show_migration(session: Session, server: str, id: str | None) -> None:
    """
    Show the running migration of a server, or any other by its ID or UUID.

    Example: novasim --as admin migration show web1
    """
    path = f"/servers/{server_id(session, server)}/migrations"
    running = session.get(path)["migrations"]
    if found := [each for each in running if id is None or id in (str(each["id"]), each["uuid"])]:
        session.show(found[0])
        return
    session.show(_find_past(session, server, id))


@migration.command("force-complete")
@server_argument
@click.argument("id", required=False)
@pass_session
def force_complete(session: Session, server: str, id: str | None) -> None:
    """
    Force a live migration to complete, by pausing the guest.

    Example: novasim --as admin migration force-complete web1
    """
    session.request("POST", f"{_migration_path(session, server, id)}/action", {"force_complete": None})


@migration.command("abort")
@server_argument
@click.argument("id", required=False)
@pass_session
def abort(session: Session, server: str, id: str | None) -> None:
    """
    Abort a live migration. The server stays on its host.

    Example: novasim --as admin migration abort web1
    """
    session.request("DELETE", _migration_path(session, server, id))


def _migration_path(session: Session, server: str, id: str | None) -> str:
    """The path of a running migration. If no running migration has that id, the API refuses it."""
    path = f"/servers/{server_id(session, server)}/migrations"
    if id is None:
        running = session.get(path)["migrations"]
        if not running:
            raise NotFound(reason=f"{server} is not being migrated.")
        return f"{path}/{running[0]['id']}"
    numbers = [each["id"] for each in session.get(path)["migrations"] if each["uuid"] == id]
    return f"{path}/{numbers[0] if numbers else id}"


def _find_past(session: Session, server: str, id: str | None) -> dict[str, Any]:
    query = [("instance_uuid", server_id(session, server))]
    for each in session.get("/os-migrations", query)["migrations"]:
        if id is None or id in (str(each["id"]), each["uuid"]):
            migration: dict[str, Any] = each
            return migration
    raise NotFound(reason=f"{server} has no migration {id!r}." if id else f"{server} has no migrations.")
