"""The command list, with all filters of the API."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.lookup import server_id
from novasim.cli.options import LazyCommand, output_options, pass_session, rare_options
from novasim.cli.servers.list_filters import build_list_filters, filter_pairs
from novasim.cli.servers.views import image_names, list_all, owner_names
from novasim.cli.session import Session
from novasim.render.output import print_message
from novasim.render.view import view_list

COLUMNS = {
    "ID": "id",
    "Name": "name",
    "Status": "status",
    "Task": "OS-EXT-STS:task_state",
    "Networks": "addresses",
    "Image": "image",
    "Flavor": "flavor",
}
LONG = {
    "Power": "OS-EXT-STS:power_state",
    "Zone": "OS-EXT-AZ:availability_zone",
    "Host": "OS-EXT-SRV-ATTR:host",
    "Locked": "locked",
    "Properties": "metadata",
    "Tags": "tags",
    "Created": "created",
    "Project": "tenant_id",
    "User": "user_id",
}
SORT_KEYS = {
    "name": "display_name",
    "id": "uuid",
    "created": "created_at",
    "updated": "updated_at",
    "image": "image_ref",
    "project": "project_id",
    "user": "user_id",
}


@click.command("list", cls=LazyCommand)
@click.option("--all-projects", is_flag=True, help="Servers of all projects (administrators).")
@click.option(
    "--sort",
    "orders",
    multiple=True,
    metavar="KEY[:DIR]",
    help="Sort key, such as name or created:desc (may be repeated).",
)
@click.option("--limit", type=int, help="Show at most this many servers.")
@click.option("--marker", help="Start after this server (the last one of the previous page).")
@click.option("--long", "is_long", is_flag=True, help="Show more columns.")
@output_options
@pass_session
@rare_options(build_list_filters)
def list_servers(session: Session, /, is_long: bool, **options: Any) -> None:
    """
    List the servers of the project, newest first.

    Example: novasim list --status ACTIVE --sort name:asc
    """
    path = "/servers" if session.quiet else "/servers/detail"
    query = _query(session, options)
    if session.is_human_readable:
        _warn_about_ignored(session, query)
    servers = list_all(session, query, options["limit"], path, options.get("items"))
    columns = COLUMNS | LONG if is_long or session.columns else COLUMNS
    texts = _texts(session, servers, columns) if session.is_human_readable and not session.quiet else ()
    view = view_list(servers, columns, texts=texts)
    session.write(view._replace(short_ids=view.ids))


def _warn_about_ignored(session: Session, query: list[tuple[str, str]]) -> None:
    """Say on stderr which filters Nova ignores, since the caller may not use them; Nova itself says nothing."""
    plain = ("name", "status", "flavor", "image", "ip", "sort_key", "sort_dir")  # which everyone may use
    if all(name in plain for name, _ in query):
        return
    from novasim.cli.selection.selected import find_ignored_filters

    if ignored := find_ignored_filters(session, query):
        names = ", ".join(ignored)
        print_message(f"novasim: Nova ignores filters that {session.who} is not allowed to use: {names}.")
        print_message(f"  As administrator: {session.command_line(*session.words, who='admin')}")


def _query(session: Session, options: dict[str, Any]) -> list[tuple[str, str]]:
    query = filter_pairs(session, options)
    query += [("marker", server_id(session, options["marker"]))] if options["marker"] else []
    for order in options["orders"]:
        query += _sort_pairs(order)
    return query


def _sort_pairs(order: str) -> list[tuple[str, str]]:
    key, _, direction = order.partition(":")
    return [("sort_key", SORT_KEYS.get(key, key)), ("sort_dir", direction or "asc")]


def _texts(session: Session, servers: list[dict[str, Any]], columns: dict[str, str]) -> list[dict[str, Any]]:
    """What the table shows of each server instead of ids and numbers."""
    from novasim.render.servers import server_texts

    needs_names = any("original_name" not in server.get("flavor", {"original_name": ""}) for server in servers)
    flavors = {f["id"]: f["name"] for f in session.get("/flavors/detail")["flavors"]} if needs_names else {}
    images = image_names(session, servers)
    owners = owner_names(session, servers) if "Project" in columns else {}
    return [server_texts(server, images, flavors, owners) for server in servers]
