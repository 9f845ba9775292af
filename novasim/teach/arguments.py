"""The arguments that a plan supplies with an action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from novasim.api.compute.servers.arguments.defaults import ARGUMENTS
from novasim.api.compute.servers.blockers import suggest_flavor
from novasim.api.context import Context
from novasim.lifecycle.action import Action
from novasim.records import Server
from novasim.simulation.volumes import is_volume_backed


class Arguments(NamedTuple):
    """The arguments of a request, and the options of the command that have the same effect."""

    request: Any
    options: dict[str, str]


Supplied = tuple[dict[str, Any], dict[str, str]]  # by name: arguments of the request, options of the command


def find_arguments(ctx: Context, action: Action, server: Server, end: str = "") -> Arguments | None:
    """
    Find arguments with which an action can be requested.

    Args:
        ctx: The context in which the request is handled. end: the vm_state to reach, for actions that take it.

    Returns:
        None if there are none: no other flavor fits, or the image is unknown.
    """
    request: dict[str, Any] = dict([action.selector]) if action.selector else {}
    options: dict[str, str] = {}
    if action.end_argument:
        request[action.end_argument] = options[action.end_argument] = end
    for name in action.plan_arguments:
        supplied = _SUPPLIERS[name](ctx, server)
        if supplied is None:
            return None
        request |= supplied[0]
        options |= supplied[1]
    return Arguments(request or ARGUMENTS.get(action.name), options)


def _find_flavor(ctx: Context, server: Server) -> Supplied | None:
    flavor = suggest_flavor(ctx, server)
    return ({"flavorRef": flavor.id}, {"flavor": flavor.name}) if flavor else None


def _find_image(ctx: Context, server: Server) -> Supplied | None:
    """The server's own image, which is the default of the command; a server that boots from a volume has none."""
    return None if is_volume_backed(server) else ({"imageRef": server.image_id}, {})


def _find_shared_storage(ctx: Context, server: Server) -> Supplied:
    """Required before microversion 2.14; the command supplies it by itself."""
    return ({"onSharedStorage": "False"} if ctx.minor < 14 else {}), {}


_SUPPLIERS: dict[str, Callable[[Context, Server], Supplied | None]] = {
    "flavorRef": _find_flavor,
    "imageRef": _find_image,
    "onSharedStorage": _find_shared_storage,
}
