"""The command list, with all filters of the API."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.lookup import find_id, project_id, server_id, user_id
from novasim.cli.options import output_options, pass_session
from novasim.cli.servers.list_filters import filter_options, filter_pairs
from novasim.cli.servers.views import image_names, list_all
from novasim.cli.session import Session
from novasim.lifecycle.microversions import NEWEST
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


@click.command("list")
@click.option("--name", help="Only servers whose name matches this regular expression.")
@click.option("--status", "statuses", multiple=True, help="Only servers in this status (may be repeated).")
@click.option("--flavor", help="Only servers of this flavor (name or ID).")
@click.option("--image", help="Only servers of this image (name or ID).")
@click.option("--host", help="Only servers on this host (administrators).")
@click.option("--ip", help="Only servers with an IPv4 address that matches this regular expression.")
@click.option("--ip6", help="Only servers with an IPv6 address that matches this regular expression.")
@click.option("--project", help="Only servers of this project, name or ID (administrators; implies --all-projects).")
@click.option("--all-projects", is_flag=True, help="Servers of all projects (administrators).")
@click.option("--user", help="Only servers of this user (name or ID).")
@click.option("--deleted", "removed", is_flag=True, help="Deleted servers instead (administrators).")
@click.option("--changes-since", help="Only servers changed at or after this time, such as 2026-01-31T00:00:00.")
@click.option("--changes-before", help="Only servers changed at or before this time.")
@click.option("--tags", help="Only servers with all of these tags (comma-separated).")
@click.option("--tags-any", help="Only servers with any of these tags.")
@click.option("--not-tags", help="Only servers that do not have all of these tags.")
@click.option("--not-tags-any", help="Only servers that have none of these tags.")
@click.option("--locked/--unlocked", default=None, help="Only locked, or only unlocked servers.")
@click.option("--availability-zone", help="Only servers in this availability zone.")
@click.option("--key-name", help="Only servers with this key pair.")
@click.option("--reservation-id", help="Only servers with this reservation ID.")
@filter_options
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
def list_servers(session: Session, /, is_long: bool, **options: Any) -> None:
    """
    List the servers of the project, newest first.

    Example: novasim list --status ACTIVE --sort name:asc
    """
    path = "/servers" if session.quiet else "/servers/detail"
    query = _query(session, options)
    if session.is_human_readable:
        _warn_about_ignored(session, query)
    servers = list_all(session, query, options["limit"], path)
    columns = COLUMNS | LONG if is_long else COLUMNS
    texts = _texts(session, servers) if session.is_human_readable and not session.quiet else ()
    session.write(view_list(servers, columns, texts=texts)._replace(shorten_ids=True))


def _warn_about_ignored(session: Session, query: list[tuple[str, str]]) -> None:
    """Say on stderr which filters Nova ignores, since the caller may not use them; Nova itself says nothing."""
    plain = ("name", "status", "flavor", "image", "ip", "sort_key", "sort_dir")  # which everyone may use
    if all(name in plain for name, _ in query):
        return
    from novasim.api.compute.servers.listing.filters import list_ignored
    from novasim.api.context import Context
    from novasim.api.request import Request

    minor = NEWEST if session.pinned is None else session.pinned
    with session.cloud.reading() as world:
        ignored = list_ignored(Context(Request(session.caller, "GET", "/servers", minor), world), tuple(query))
    if ignored:
        names = ", ".join(ignored)
        print_message(f"novasim: Nova ignores filters that {session.who} is not allowed to use: {names}.")
        print_message(f"  As administrator: {session.command_line(*session.words, who='admin')}")


TEXT_FILTERS = (
    "name",
    "host",
    "ip",
    "ip6",
    "changes_since",
    "changes_before",
    "tags",
    "tags_any",
    "not_tags",
    "not_tags_any",
    "availability_zone",
    "key_name",
    "reservation_id",
)


def _query(session: Session, options: dict[str, Any]) -> list[tuple[str, str]]:
    query = [(_filter_name(name), options[name]) for name in TEXT_FILTERS if options[name] is not None]
    query += filter_pairs(options)
    query += [("status", status) for status in options["statuses"]]
    query += [("flavor", find_id(session, "flavor", options["flavor"]))] if options["flavor"] else []
    query += [("image", find_id(session, "image", options["image"]))] if options["image"] else []
    query += [("project_id", project_id(session, options["project"]))] if options["project"] else []
    query += [("user_id", user_id(session, options["user"]))] if options["user"] else []
    query += [("all_tenants", "1")] if options["all_projects"] or options["project"] else []
    query += [("deleted", "True")] if options["removed"] else []
    query += [("locked", str(options["locked"]))] if options["locked"] is not None else []
    query += [("marker", server_id(session, options["marker"]))] if options["marker"] else []
    for order in options["orders"]:
        query += _sort_pairs(order)
    return query


def _sort_pairs(order: str) -> list[tuple[str, str]]:
    key, _, direction = order.partition(":")
    return [("sort_key", SORT_KEYS.get(key, key)), ("sort_dir", direction or "asc")]


def _filter_name(name: str) -> str:
    """The API's name of a filter. Some of them have hyphens, some underscores."""
    hyphenated = ("changes_since", "changes_before", "tags_any", "not_tags", "not_tags_any")
    return name.replace("_", "-") if name in hyphenated else name


def _texts(session: Session, servers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the table shows of each server instead of ids and numbers."""
    from novasim.render.servers import server_texts

    needs_names = any("original_name" not in server.get("flavor", {"original_name": ""}) for server in servers)
    flavors = {f["id"]: f["name"] for f in session.get("/flavors/detail")["flavors"]} if needs_names else {}
    images = image_names(session, servers)
    return [server_texts(server, images, flavors) for server in servers]
