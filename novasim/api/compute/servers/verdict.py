"""What stands against an action on a server now: everything, where a request is told only the first reason."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.actions import HANDLINGS
from novasim.api.compute.servers.facts import facts
from novasim.api.compute.servers.lookup import target_of
from novasim.api.context import Context
from novasim.errors import Gone, NoSuchRoute, NovaFault, PolicyRefusal
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import refusals
from novasim.records import Flavor, Server

RESIZE = ACTIONS["resize"]

# The arguments of a request that asks for nothing special, of the actions whose arguments are judged.
USUAL: dict[str, Any] = {
    "confirm-resize": None,
    "revert-resize": None,
    "restore": None,
    "unshelve": None,
    "rescue": None,
    "migrate": None,
    "evacuate": {},
    "create-image": {"name": "image"},
    "create-backup": {"name": "backup", "backup_type": "daily", "rotation": 1},
}


def reasons(ctx: Context, action: Action, server: Server) -> list[NovaFault]:
    """
    Every refusal that the caller of *ctx* would have for the action now, in the order in which Nova finds them.

    An empty list means that it would be accepted. Arguments are the usual ones; a resize is judged with the flavor
    that is likely to be accepted.
    """
    found: list[NovaFault] = []
    if not action.exists_at(ctx.minor):
        found.append(NoSuchRoute())
    if action.code == Gone.http:
        return [*found, Gone()]
    if not may(ctx, action, server):
        found.append(PolicyRefusal(rule=action.rule_for(None, ctx.minor)))
    try:
        known = _facts(ctx, action, server)
    except NovaFault as refusal:
        return [*found, *refusals(action, server, ctx.caller, facts(ctx, server)), refusal]
    return [*found, *refusals(action, server, ctx.caller, known)]


def may(ctx: Context, action: Action, server: Server) -> bool:
    """Whether the policy lets the caller do the action to the server."""
    return ctx.allowed(action.rule_for(None, ctx.minor), target_of(server))


def flavor_to_change_to(ctx: Context, server: Server) -> Flavor | None:
    """The flavor nearest in RAM to the server's own to which a resize would be accepted; None if there is none."""
    present = server.flavor.get("ram", 0)
    known = sorted(ctx.world.tx.query(Flavor), key=lambda flavor: (abs(flavor.ram - present), flavor.ram, flavor.id))
    return next((flavor for flavor in known if _fits(ctx, server, flavor)), None)


def _fits(ctx: Context, server: Server, flavor: Flavor) -> bool:
    known = _read(ctx, RESIZE, server, {"flavorRef": flavor.id})._replace(source_host=None)
    return all(check.holds(server, ctx.caller, known) for check in RESIZE.checks)


def _facts(ctx: Context, action: Action, server: Server) -> Facts:
    if action is RESIZE:
        flavor = flavor_to_change_to(ctx, server)
        return _read(ctx, action, server, {"flavorRef": flavor.id if flavor else server.flavor["id"]})
    return _read(ctx, action, server, USUAL[action.name]) if action.name in USUAL else facts(ctx, server)


def _read(ctx: Context, action: Action, server: Server, given: Any) -> Facts:
    read = HANDLINGS[action.name].read
    return read(ctx, server, given)[0] if read else facts(ctx, server)
