"""Everything that blocks an action on a server now. A request reports only the first refusal."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.references import find_host
from novasim.api.compute.servers.arguments import get_handler
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import target_of
from novasim.api.context import Context
from novasim.errors import CellDown, Gone, NoSuchRoute, NovaFault, PolicyRefusal
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import refusals
from novasim.records import Flavor, Server
from novasim.simulation.hosts.cells import is_cell_down

RESIZE = ACTIONS["resize"]

# Default arguments of the actions whose arguments are checked, except resize.
ARGUMENTS: dict[str, Any] = {
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


def find_blockers(ctx: Context, action: Action, server: Server) -> list[NovaFault]:
    """
    Every refusal that the caller of *ctx* would get for the action now, in Nova's order; empty if it is accepted.

    The arguments are defaults. A resize is checked with the flavor that `suggest_flavor` finds.
    """
    blockers: list[NovaFault] = []
    if is_cell_down(ctx.world, server.host):
        return [CellDown(server=server.id, host=server.host)]
    if not action.exists_at(ctx.minor):
        blockers.append(NoSuchRoute())
    if action.code == Gone.http:
        return [*blockers, Gone()]
    if not is_permitted(ctx, action, server):
        blockers.append(PolicyRefusal(rule=action.rule_for(None, ctx.minor)))
    try:
        facts = _read_facts(ctx, action, server)
    except NovaFault as refusal:
        return [*blockers, *refusals(action, server, ctx.caller, read_facts(ctx, server)), refusal]
    return [*blockers, *refusals(action, server, ctx.caller, facts)]


def is_permitted(ctx: Context, action: Action, server: Server) -> bool:
    """Whether the policy permits the action on the server to the caller."""
    return ctx.is_allowed(action.rule_for(None, ctx.minor), target_of(server))


def suggest_flavor(ctx: Context, server: Server) -> Flavor | None:
    """Of the flavors to which a resize would be accepted, the nearest in RAM to the server's own; None without any."""
    ram = server.flavor.get("ram", 0)
    flavors = sorted(ctx.world.tx.query(Flavor), key=lambda flavor: (abs(flavor.ram - ram), flavor.ram, flavor.id))
    return next((flavor for flavor in flavors if _accepts_flavor(ctx, server, flavor)), None)


def _accepts_flavor(ctx: Context, server: Server, flavor: Flavor) -> bool:
    facts = _facts_with(ctx, RESIZE, server, {"flavorRef": flavor.id})._replace(source_host=None)
    return all(check.holds(server, ctx.caller, facts) for check in RESIZE.checks)


def _read_facts(ctx: Context, action: Action, server: Server) -> Facts:
    if action is RESIZE:
        flavor = suggest_flavor(ctx, server)
        return _facts_with(ctx, action, server, {"flavorRef": flavor.id if flavor else server.flavor["id"]})
    if action.name in ARGUMENTS:
        return _facts_with(ctx, action, server, ARGUMENTS[action.name])
    if action.name == "detach-volume":
        return read_facts(ctx, server, source_host=find_host(ctx, server.host))
    return read_facts(ctx, server)


def _facts_with(ctx: Context, action: Action, server: Server, arguments: Any) -> Facts:
    return get_handler(action.name).read_request(ctx, server, arguments).facts
