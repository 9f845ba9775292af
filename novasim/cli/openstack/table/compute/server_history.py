"""The commands `server event`, `server migration` and `server group`."""

from __future__ import annotations

import re

from novasim.cli.openstack.call import Call, CommandError, Item, Query
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import create, delete, flag, list_all, opt, show, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

EVENTS = "Request ID, Server ID|instance_uuid, Action, Start Time"
EVENTS_LONG = f"{EVENTS}, Message, Project ID, User ID"
EVENT = "action events||dicts id|request_id message project_id request_id start_time user_id"
EVENT_MINOR, MIGRATION_MINOR = 84, 80
MIGRATIONS = (
    "Id|id, UUID, Source Node, Dest Node, Source Compute, Dest Compute, Dest Host, Status, Server UUID|instance_uuid,"
    " Old Flavor|old_instance_type_id, New Flavor|new_instance_type_id, Type|migration_type, Created At, Updated At"
)
MIGRATION = (
    "ID, Server UUID, Status, Source Compute, Source Node, Dest Compute, Dest Host, Dest Node, Memory Total Bytes,"
    " Memory Processed Bytes, Memory Remaining Bytes, Disk Total Bytes, Disk Processed Bytes, Disk Remaining Bytes,"
    " Created At, Updated At, UUID, User ID, Project ID"
)
GROUPS = "ID, Name, Policy"
GROUPS_LONG = f"{GROUPS}, Members||list, Project Id, User Id"
GROUP = "id members||list name policy project_id rules||dict user_id"
POLICIES = "{affinity,anti-affinity,soft-affinity,soft-anti-affinity}"
PAGE = "[--limit <#limit>] [--marker <marker>] [--max-items <#count>]"
SINCE = "[--changes-since <time>] [--changes-before <time>]"


def list_events(call: Call) -> Output:
    """List the actions on a server, also on one that has been deleted."""
    try:
        id = call.find_id("server", call.args.server)
    except CommandError:
        id = call.args.server
    query = [*_times(call), ("limit", call.args.limit), ("marker", call.args.marker)]
    path = f"/servers/{id}/os-instance-actions"
    events = call.send("GET", path, query=query, minor=EVENT_MINOR).body["instanceActions"]
    return show_items(events[: call.args.max_items], EVENTS_LONG if call.args.long else EVENTS)


def _times(call: Call) -> Query:
    return [("changes-since", call.args.changes_since), ("changes-before", call.args.changes_before)]


def show_event(call: Call) -> Output:
    """Show one action on a server."""
    id = call.find_id("server", call.args.server)
    path = f"/servers/{id}/os-instance-actions/{call.args.request_id}"
    event = call.send("GET", path, minor=EVENT_MINOR).body["instanceAction"]
    keys = "details event finish_time host host_id result start_time traceback".split()
    events = [{key: each.get("hostId" if key == "host_id" else key) for key in keys} for each in event["events"]]
    return show_item({**event, "events": events}, EVENT)


def list_migrations(call: Call) -> Output:
    """List migrations."""
    args = call.args
    query = [
        *_times(call),
        ("host", args.host),
        ("status", args.status),
        ("migration_type", {"cold-migration": "migration"}.get(args.type, args.type)),
        ("limit", args.limit),
        ("marker", args.marker),
        *((key, call.find_id(kind, text)) for key, kind, text in _owners(call) if text),
    ]
    migrations = call.send("GET", "/os-migrations", query=query, minor=MIGRATION_MINOR).body["migrations"]
    columns = MIGRATIONS
    if args.project:
        columns = columns.replace(", Created At", ", Project|project_id, Created At")
    if args.user:
        columns = columns.replace(", Created At", ", User|user_id, Created At")
    return show_items(migrations[: args.max_items], columns)


def _owners(call: Call) -> list[tuple[str, str, str | None]]:
    args = call.args
    return [
        ("instance_uuid", "server", args.server),
        ("project_id", "project", args.project),
        ("user_id", "user", args.user),
    ]


def _migration_path(call: Call) -> str:
    """The path of a live migration in progress, by ID or UUID."""
    path = f"/servers/{call.find_id('server', call.args.server)}/migrations"
    name = call.args.migration
    if not re.fullmatch(r"\d+|[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", name):
        raise CommandError("The <migration> argument must be an ID or UUID")
    if name.isdigit():
        return f"{path}/{name}"
    for each in call.send("GET", path, minor=MIGRATION_MINOR).body["migrations"]:
        if each["uuid"] == name:
            return f"{path}/{each['id']}"
    server = path.split("/")[2]
    raise CommandError(f"In-progress live migration {name} is not found for server {server}")


def show_migration(call: Call) -> Output:
    """Show a live migration in progress."""
    migration: Item = call.send("GET", _migration_path(call), minor=MIGRATION_MINOR).body["migration"]
    return show_item(migration, MIGRATION)


def abort_migration(call: Call) -> None:
    """Abort a live migration in progress."""
    call.send("DELETE", _migration_path(call), minor=MIGRATION_MINOR)


def force_migration(call: Call) -> None:
    """Force a live migration in progress to complete."""
    call.send("POST", f"{_migration_path(call)}/action", {"force_complete": None}, minor=MIGRATION_MINOR)


ROWS = (
    Row(
        "server event list",
        f"<server> [--long] {SINCE} {PAGE}",
        "List the actions on a server.",
        list_events,
        LIST,
    ),
    Row("server event show", "<server> <request-id>", "Show an action on a server.", show_event, OBJECT),
    Row(
        "server migration list",
        "[--server <server>] [--host <host>] [--status <status>]"
        f" [--type {{evacuation,live-migration,cold-migration,resize}}] {PAGE} {SINCE} [--project <project>]"
        " [--project-domain <project-domain>] [--user <user>] [--user-domain <user-domain>]",
        "List migrations.",
        list_migrations,
        LIST,
    ),
    Row("server migration show", "<server> <migration>", "Show a live migration in progress.", show_migration, OBJECT),
    Row("server migration abort", "<server> <migration>", "Abort a live migration.", abort_migration),
    Row("server migration force complete", "<server> <migration>", "Force a live migration.", force_migration),
    Row(
        "server group list",
        "[--all-projects] [--long] [--limit <#limit>] [--offset <#offset>] [--max-items <#count>]",
        "List server groups.",
        list_all(
            "server group",
            GROUPS,
            GROUPS_LONG,
            {"all_projects": flag("all_projects"), "limit": opt("limit"), "offset": opt("offset")},
        ),
        LIST,
    ),
    Row("server group show", "<server-group>", "Show a server group.", show("server group", GROUP), OBJECT),
    Row(
        "server group create",
        f"<name> [--policy {POLICIES}] [--rule <key=value>]...",
        "Create a server group.",
        create("server group", {"name": opt("name"), "policy": opt("policy", "affinity"), "rules": opt("rule")}, GROUP),
        OBJECT,
    ),
    Row(
        "server group delete",
        "<server-group>...",
        "Delete server groups.",
        delete("server group", "server group"),
    ),
)
