"""
What a shell offers when TAB is pressed: the catalog's commands, Click's options, and names from the current cloud.

Imported only while a shell asks. Nothing is created, changed or complained about here: no answer is the worst answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem, ShellComplete, _resolve_context, _resolve_incomplete

from novasim.api.resources import RESOURCES, Resource, list_items
from novasim.cli.session import Session
from novasim.errors import NovasimError

MOST = 1000


# Parameters of other names than the thing they mean.
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
OWN_NAME = ("name", "names")


def values(ctx: click.Context, param: click.Parameter) -> Iterable[str] | None:
    """What the parameter may be, from the cloud and the tables; None if that is Click's to answer."""
    asked = getattr(param, "name", None) or ""
    if asked in ("servers", "server"):
        return servers(ctx)
    if special := TABLES.get(asked):
        return special(ctx)
    noun = ctx.parent.info_name if ctx.parent and asked in OWN_NAME and ctx.info_name != "create" else None
    kind = noun or ALIASES.get(asked, asked.replace("_", "-"))
    return names(ctx, RESOURCES[kind]) if kind in RESOURCES else None


def names(ctx: click.Context, resource: Resource) -> list[str]:
    """The names of the resources of a kind that the caller may see."""
    session = session_of(ctx)
    return [] if session is None else [str(item[resource.name_key]) for item in list_items(session, resource)]


def servers(ctx: click.Context) -> list[str]:
    """The caller's servers, those first whose state lets the command be accepted."""
    from novasim.lifecycle.actions import ACTIONS

    session = session_of(ctx)
    if session is None:
        return []
    everybodys = [("all_tenants", "1")] if session.caller.is_admin else []
    found = session.get("/servers/detail", [("limit", str(MOST)), *everybodys])["servers"]
    action = ACTIONS.get(ctx.info_name or "")

    def refused(server: Any) -> bool:
        states = (("vm_state", server["OS-EXT-STS:vm_state"]), ("task_state", server["OS-EXT-STS:task_state"]))
        return action is not None and not all(action.accepts(attr, state) for attr, state in states)

    return [server["name"] for server in sorted(found, key=lambda server: (refused(server), server["name"]))]


def _statuses(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.status import STATUSES

    return sorted(STATUSES)


def _actions(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.actions import ACTIONS

    return sorted(ACTIONS)


def _topics(ctx: click.Context) -> list[str]:
    from novasim.lifecycle.states import TASK_STATES

    return [*_actions(ctx), *_statuses(ctx), *sorted(TASK_STATES)]


def _microversions(ctx: click.Context) -> list[str]:
    from novasim.api.microversions import NEWEST

    return [f"2.{minor}" for minor in range(NEWEST, 0, -1)]


def _callers(ctx: click.Context) -> list[str]:
    from novasim.records import User

    session = session_of(ctx)
    if session is None:
        return []
    with session.cloud.reading() as world:
        return sorted(user.name for user in world.tx.query(User))


TABLES: dict[str, Callable[[click.Context], Iterable[str]]] = {
    "action": _actions,
    "actions": _actions,
    "around": _statuses,
    "pinned": _microversions,
    "status": _statuses,
    "statuses": _statuses,
    "who": _callers,
    "word": _topics,
}


def session_of(ctx: click.Context) -> Session | None:
    """A session by the global options typed so far; None where there is no cloud yet, for none is made here."""
    asked = ctx.find_root().params
    session = Session(_expanded(asked.get("path")), asked.get("who") or "demo", asked.get("pinned"), False)
    return session if os.path.exists(session.path) else None


def _expanded(path: str | None) -> str | None:
    return os.path.expanduser(path) if path else None


class Completion(ShellComplete):
    """Click's completion, with names from the cloud where it has none."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        ctx = _resolve_context(self.cli, self.ctx_args, self.prog_name, args)
        asked, incomplete = _resolve_incomplete(ctx, args, incomplete)
        try:
            known = values(ctx, asked) if isinstance(asked, click.Parameter) else None
            if known is None:
                return asked.shell_complete(ctx, incomplete)
            return [CompletionItem(value) for value in known if value.startswith(incomplete)]
        except NovasimError:
            return []
