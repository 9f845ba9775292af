"""
The values that a command parameter may have, for completion and for suggestions.

Names of resources come from the cloud, all others from tables. Nothing here creates or changes a cloud.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from novasim.api.resources import RESOURCES, list_items
from novasim.cli.session import Session
from novasim.cli.sessions import create_session
from novasim.cli.shell.tables import TABLES, command_words
from novasim.remote import is_remote

if TYPE_CHECKING:
    from novasim.records import Project, User

MAX_SERVERS = 1000
TIMEOUT = 1.0  # seconds to wait for a server

# Parameters whose name differs from the resource's noun.
ALIASES = {
    "availability_zone": "availability-zone",
    "fixed_network": "network",
    "group": "security-group",
    "groups": "security-group",
    "hypervisor_hostname": "host",
    "key_name": "keypair",
    "networks": "network",
    "security_group": "security-group",
    "security_groups": "security-group",
    "server_group": "server-group",
    "snapshot": "volume-snapshot",
    "zone": "availability-zone",
}


def list_candidates(ctx: click.Context, param: click.Parameter) -> Iterable[str] | None:
    """
    The possible values of a parameter; None to use Click's own completion.

    Raises:
        NovasimError: the cloud cannot be read, or the caller is not allowed to see the resources.
    """
    name = param.name or ""
    if name in ("servers", "server"):
        return list_servers(ctx)
    path = " ".join(command_words(ctx))
    if table := READERS.get((path, name)) or READERS.get(name) or TABLES.get((path, name)) or TABLES.get(name):
        return table(ctx)
    is_own_name = name in ("name", "names") and ctx.info_name != "create"
    noun = ctx.parent.info_name if is_own_name and ctx.parent else ALIASES.get(name, name.replace("_", "-"))
    return list_names(ctx, noun) if noun in RESOURCES else None


def list_names(ctx: click.Context, noun: str) -> list[str]:
    """The names of the resources of a kind that the caller may see."""
    session, resource = open_session(ctx), RESOURCES[noun]
    return [] if session is None else [str(item[resource.name_key]) for item in list_items(session, resource)]


def list_servers(ctx: click.Context) -> list[str]:
    """The names of the caller's servers; first those whose state allows the command."""
    from novasim.lifecycle.actions import ACTIONS

    items = _list_server_details(ctx)
    action = ACTIONS.get(ctx.info_name or "")

    def is_refused(server: dict[str, Any]) -> bool:
        states = (("vm_state", server["OS-EXT-STS:vm_state"]), ("task_state", server["OS-EXT-STS:task_state"]))
        return action is not None and not all(action.accepts(attr, state) for attr, state in states)

    return [server["name"] for server in sorted(items, key=lambda server: (is_refused(server), server["name"]))]


def _list_users(ctx: click.Context) -> list[str]:
    from novasim.records import User

    return _list_record_names(ctx, User)


def list_projects(ctx: click.Context) -> list[str]:
    """The names of all projects."""
    from novasim.records import Project

    return _list_record_names(ctx, Project)


def _list_record_names(ctx: click.Context, kind: type[User] | type[Project]) -> list[str]:
    """Names that any caller may need, as before a caller is chosen."""
    session = open_session(ctx)
    if session is None:
        return []
    with session.cloud.reading() as world:
        return sorted(each.name for each in world.tx.query(kind))


def list_tags(ctx: click.Context) -> list[str]:
    """The tags of the caller's servers."""
    return sorted({tag for server in _list_server_details(ctx) for tag in server.get("tags", ())})


def _list_properties(ctx: click.Context) -> list[str]:
    """The metadata items of the caller's servers, as KEY=VALUE."""
    servers = _list_server_details(ctx)
    return sorted({f"{key}={value}" for server in servers for key, value in server.get("metadata", {}).items()})


def _list_server_details(ctx: click.Context) -> list[dict[str, Any]]:
    session = open_session(ctx)
    if session is None:
        return []
    everyone = RESOURCES["server"].admin_query if session.caller.is_admin else ()
    query = [("limit", str(MAX_SERVERS)), *everyone]  # with a limit, Nova leaves out servers without a name
    return list_items(session, RESOURCES["server"], query, detail=True)


def _list_faults(ctx: click.Context) -> list[str]:
    from novasim.control.faults import list_faults

    session = open_session(ctx)
    return [each["name"] or each["id"] for each in list_faults(session.cloud)] if session else []


def _list_students(ctx: click.Context) -> list[str]:
    """The students of the classroom of --room, or else of this folder."""
    from novasim.cli.classroom.options import open_room

    return list(open_room(ctx.params.get("folder")).content.students)


def _list_states(ctx: click.Context, is_backup: bool) -> list[str]:
    kind = "backup" if is_backup else "saved"
    return [state["name"] for state in _new_session(ctx).states.list_states() if state["kind"] == kind]


READERS: dict[str | tuple[str, str], Callable[[click.Context], Iterable[str]]] = {
    "items": _list_properties,
    "tag_names": list_tags,
    ("", "who"): _list_users,
    ("classroom reset", "names"): _list_students,
    ("classroom words", "names"): _list_students,
    ("cloud load", "name"): partial(_list_states, is_backup=False),
    ("cloud restore", "backup"): partial(_list_states, is_backup=True),
    ("fault remove", "names"): _list_faults,
    ("fault show", "name"): _list_faults,
}  # by the name of a parameter, or by command and parameter


def open_session(ctx: click.Context) -> Session | None:
    """A session with the global options typed so far; None if there is no cloud yet, so that none is created."""
    session = _new_session(ctx)
    return session if session.exists() else None


def _new_session(ctx: click.Context) -> Session:
    options = ctx.find_root().params
    path = options.get("path")
    named = path if path is None or is_remote(path) else os.path.expanduser(path)
    return create_session(named, options.get("who") or "demo", options.get("pinned"), timeout=TIMEOUT)
