"""
The values that a command parameter may have, from the cloud and from the tables, for completion and for suggestions.

Nothing here creates or changes a cloud.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import click

from novasim.api.resources import RESOURCES, list_items
from novasim.cli.session import Session

MAX_SERVERS = 1000

# Parameters whose name differs from the resource's noun.
ALIASES = {
    "availability_zone": "availability-zone",
    "fixed_network": "network",
    "group": "security-group",
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
    if name in TABLES:
        return TABLES[name](ctx)
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

    session = open_session(ctx)
    if session is None:
        return []
    everyone = RESOURCES["server"].admin_query if session.caller.is_admin else ()
    query = [("limit", str(MAX_SERVERS)), *everyone]  # with a limit, Nova leaves out servers without a name
    items = list_items(session, RESOURCES["server"], query, detail=True)
    action = ACTIONS.get(ctx.info_name or "")

    def is_refused(server: dict[str, Any]) -> bool:
        states = (("vm_state", server["OS-EXT-STS:vm_state"]), ("task_state", server["OS-EXT-STS:task_state"]))
        return action is not None and not all(action.accepts(attr, state) for attr, state in states)

    return [server["name"] for server in sorted(items, key=lambda server: (is_refused(server), server["name"]))]


def _list_statuses(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.status import STATUSES

    return sorted(STATUSES)


def _list_actions(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.actions import ACTIONS

    return sorted(ACTIONS)


def _list_topics(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.states import TASK_STATES
    from novasim.teach.words.subjects import read_subjects

    return [*_list_actions(ctx), *_list_statuses(ctx), *sorted(TASK_STATES), *read_subjects()]


def _list_microversions(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.microversions import NEWEST

    return [f"2.{minor}" for minor in range(NEWEST, 0, -1)]


def _list_callers(ctx: click.Context) -> list[str]:
    from novasim.records import User

    session = open_session(ctx)
    if session is None:
        return []
    with session.cloud.reading() as world:
        return sorted(user.name for user in world.tx.query(User))


TABLES: dict[str, Callable[[click.Context], Iterable[str]]] = {
    "action": _list_actions,
    "actions": _list_actions,
    "around": _list_statuses,
    "pinned": _list_microversions,
    "status": _list_statuses,
    "statuses": _list_statuses,
    "who": _list_callers,
    "word": _list_topics,
}


def open_session(ctx: click.Context) -> Session | None:
    """A session with the global options typed so far; None if there is no cloud yet, so that none is created."""
    options = ctx.find_root().params
    path = options.get("path")
    session = Session(os.path.expanduser(path) if path else None, options.get("who") or "demo", options.get("pinned"))
    return session if os.path.exists(session.path) else None
