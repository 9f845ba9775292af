"""The commands `group`, for groups of users."""

from __future__ import annotations

from novasim.cli.openstack.call import Call
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.kinds import KINDS
from novasim.cli.openstack.operations import build, create_or_find, find_id_or_keep, opt, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row, Run
from novasim.render.output import print_message

COLUMNS = "ID, Name"
LONG = f"{COLUMNS}, Domain ID, Description"
FIELDS = "description domain_id id name"
DOMAINS = "[--group-domain <group-domain>] [--user-domain <user-domain>]"
CHANGES = {"name": opt("name"), "description": opt("description")}


def list_groups(call: Call) -> Output:
    """List groups; with --user those that a user is in."""
    args = call.args
    if args.user:
        user = find_id_or_keep(call, "user", args.user, args.user_domain)
        groups = call.send("GET", f"/v3/users/{user}/groups", service="identity").body["groups"]
    else:
        groups = call.list("group", [("domain_id", call.find_id("domain", args.domain))] if args.domain else [])
    return show_items(groups, LONG if args.long else COLUMNS)


def show_group(call: Call) -> Output:
    """Show a group."""
    domain = [("domain_id", call.find_id("domain", call.args.domain))] if call.args.domain else []
    return show_item(call.find("group", call.args.group, domain), FIELDS)


def create_group(call: Call) -> Output:
    """Create a group, or show the one of that name with --or-show."""
    args = call.args
    body = {"name": args.group_name, **({"description": args.description} if args.description else {})}
    body |= {"domain_id": call.find_id("domain", args.domain)} if args.domain else {}
    return show_item(create_or_find(call, "group", args.group_name, body), FIELDS)


def set_group(call: Call) -> None:
    """Change a group."""
    id = find_id_or_keep(call, "group", call.args.group, call.args.domain)
    if changes := build(call, CHANGES):
        call.update("group", id, changes, "PATCH")


def delete_groups(call: Call) -> None:
    """Delete groups."""
    for name in call.args.group:
        with call.attempt(f"Failed to delete group with name or ID '{name}'"):
            call.delete("group", find_id_or_keep(call, "group", name, call.args.domain))
    call.check_failures(len(call.args.group), "groups failed to delete")


def change_members(method: str, words: str) -> Run:
    """Add users to a group, or remove them. *words* say what has not been done when it fails."""

    def run(call: Call) -> None:
        args = call.args
        group = find_id_or_keep(call, "group", args.group, args.group_domain)
        for name in args.user:
            with call.attempt(f"{name} {words} group {args.group}"):
                user = find_id_or_keep(call, "user", name, args.user_domain)
                call.send(method, f"{KINDS['group'].path}/{group}/users/{user}", service="identity")
        call.check_failures(len(args.user), f"users {words} group {args.group}")

    return run


def check_member(call: Call) -> None:
    """Say whether a user is in a group: on stdout if so, otherwise on stderr. The real client never fails."""
    args = call.args
    user = find_id_or_keep(call, "user", args.user, args.user_domain, must_exist=False)
    group = find_id_or_keep(call, "group", args.group, args.group_domain, must_exist=False)
    path = f"{KINDS['group'].path}/{group}/users/{user}"
    if call.try_send("HEAD", path, service="identity").fault:
        print_message(f"{args.user} not in group {args.group}")
    else:
        call.write_line(f"{args.user} in group {args.group}")


ROWS = (
    Row(
        "group list",
        "[--domain <domain>] [--user <user>] [--user-domain <user-domain>] [--long]",
        "List groups of users.",
        list_groups,
        LIST,
    ),
    Row("group show", "<group> [--domain <domain>]", "Show a group.", show_group, OBJECT),
    Row(
        "group create",
        "<group-name> [--domain <domain>] [--description <description>] [--or-show]",
        "Create a group of users.",
        create_group,
        OBJECT,
    ),
    Row(
        "group set",
        "<group> [--domain <domain>] [--name <name>] [--description <description>]",
        "Change a group.",
        set_group,
    ),
    Row("group delete", "<group>... [--domain <domain>]", "Delete groups.", delete_groups),
    Row("group add user", f"<group> <user>... {DOMAINS}", "Add users.", change_members("PUT", "not added to")),
    Row(
        "group remove user",
        f"<group> <user>... {DOMAINS}",
        "Remove users.",
        change_members("DELETE", "not removed from"),
    ),
    Row("group contains user", f"<group> <user> {DOMAINS}", "Say whether a user is in a group.", check_member),
)
