"""Requests that are always refused: removed from Nova (410), left to Ironic (400), not simulated (501)."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.errors import BadRequest, Gone

IRONIC_COMMANDS = {"add_interface": "port-create", "remove_interface": "port-delete"}


def refuse_removed(ctx: Context, **_: str) -> None:
    """Removed from Nova at every microversion. 410."""
    raise Gone()


def refuse_removed_action(ctx: Context, **_: str) -> None:
    """An action that was removed from Nova at every microversion. 400, 410."""
    _action_of(ctx, ("disassociate",) if "/os-networks/" in ctx.request.path else ("reserve", "unreserve"))
    raise Gone()


def refuse_baremetal(ctx: Context, **_: str) -> None:
    """POST, DELETE /os-baremetal-nodes. 400. Source: baremetal_nodes.py _no_ironic_proxy."""
    command = "node-delete" if ctx.request.method == "DELETE" else "node-create"
    if ctx.request.path.endswith("/action"):
        command = IRONIC_COMMANDS[_action_of(ctx, tuple(IRONIC_COMMANDS))]
    raise BadRequest(reason=f"Command not supported. Please use Ironic command {command} to perform this action.")


def _action_of(ctx: Context, names: tuple[str, ...]) -> str:
    """The action that a body names. Raises BadRequest: none of *names*. Source: wsgi.py Resource.get_method."""
    if not isinstance(ctx.body, dict) or not ctx.body:
        raise BadRequest(reason="Malformed request body")
    name = str(next(iter(ctx.body)))
    if name not in names:
        raise BadRequest(reason=f"There is no such action: {name}")
    return name


def not_simulated(ctx: Context, **_: str) -> None:
    """Part of Nova, not of the simulation. 501."""
    from novasim.api.compute.routes import ROUTES
    from novasim.api.not_simulated import not_simulated

    simulated = [(route.method, route.path) for route in ROUTES if not route.handler.startswith("proxies.removed:")]
    raise not_simulated("compute", ctx.request.method, ctx.request.path, simulated)
