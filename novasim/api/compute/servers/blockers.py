"""Everything that blocks an action on a server now. A request reports only the first refusal."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.arguments import get_handler
from novasim.api.compute.servers.arguments.defaults import list_default_facts
from novasim.api.compute.servers.consoles import CONSOLE_TYPES, check_console_type
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


def find_blockers(ctx: Context, action: Action, server: Server) -> list[NovaFault]:
    """
    Every refusal that the caller of *ctx* would get for the action now, in Nova's order; empty if it is accepted.

    The arguments are defaults. A resize is checked with the flavor that `suggest_flavor` finds. The volume, network,
    security group or floating IP of a request is one that would be accepted, if there is one.
    """
    blockers: list[NovaFault] = []
    if is_cell_down(ctx.world, server.host):
        return [CellDown(server=server.id, host=server.host)]
    if not action.exists_at(ctx.minor):
        blockers.append(NoSuchRoute())
    if action.success_code == Gone.http:
        return [*blockers, Gone()]
    if not is_permitted(ctx, action, server):
        blockers.append(PolicyRefusal(rule=action.rule_for(None, ctx.minor)))
    try:
        facts = _read_facts(ctx, action, server)
    except NovaFault as refusal:
        return [*blockers, *refusals(action, server, ctx.caller, read_facts(ctx, server)), refusal]
    return [*blockers, *refusals(action, server, ctx.caller, facts), *_check_console(ctx, action)]


def _check_console(ctx: Context, action: Action) -> list[NovaFault]:
    """The refusal of the console type of an action, which Nova checks after the states; empty for other actions."""
    try:
        if action.name in CONSOLE_TYPES:
            check_console_type(ctx, CONSOLE_TYPES[action.name])
    except NovaFault as refusal:
        return [refusal]
    return []


def is_permitted(ctx: Context, action: Action, server: Server) -> bool:
    """Whether the policy permits the action on the server to the caller."""
    return ctx.is_allowed(action.rule_for(None, ctx.minor), target_of(server))


def suggest_flavor(ctx: Context, server: Server) -> Flavor | None:
    """The flavor with the most similar RAM to which a resize would be accepted; None without such a flavor."""
    ram = server.flavor.get("ram", 0)
    flavors = sorted(ctx.world.tx.query(Flavor), key=lambda flavor: (abs(flavor.ram - ram), flavor.ram, flavor.id))
    return next((flavor for flavor in flavors if _accepts_flavor(ctx, server, flavor)), None)


def _accepts_flavor(ctx: Context, server: Server, flavor: Flavor) -> bool:
    facts = _facts_with(ctx, RESIZE, server, {"flavorRef": flavor.id})._replace(source_host=None)
    return _accepts(ctx, RESIZE, server, facts)


def _read_facts(ctx: Context, action: Action, server: Server) -> Facts:
    if action is RESIZE:
        flavor = suggest_flavor(ctx, server)
        return _facts_with(ctx, action, server, {"flavorRef": flavor.id if flavor else server.flavor["id"]})
    choices = list_default_facts(ctx, action, server)
    return next((facts for facts in choices if _accepts(ctx, action, server, facts)), choices[0])


def _accepts(ctx: Context, action: Action, server: Server, facts: Facts) -> bool:
    return all(check.holds(server, ctx.caller, facts) for check in (*action.first_checks, *action.checks))


def _facts_with(ctx: Context, action: Action, server: Server, arguments: Any) -> Facts:
    return get_handler(action.name).read_request(ctx, server, arguments).facts
