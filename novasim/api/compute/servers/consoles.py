"""URLs of consoles, and the console log."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.console_auth_tokens import create_console_url
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import raise_first_refusal
from novasim.records import Server
from novasim.simulation.time.tasks import start_task

OPTIONS = {  # by console type: the option that enables it
    "novnc": "vnc_enabled",
    "spice-html5": "spice_enabled",
    "spice-direct": "spice_enabled",
    "serial": "serial_console_enabled",
    "webmks": "mks_enabled",
}
TYPES = {  # by protocol
    "vnc": ("novnc", "xvpvnc"),
    "spice": ("spice-html5", "spice-direct"),
    "serial": ("serial",),
    "rdp": ("rdp-html5",),
    "mks": ("webmks",),
}

CONSOLE_TYPES = {
    "console-url": "novnc",
    "console-url-vnc": "novnc",
    "console-url-spice": "spice-html5",
    "console-url-rdp": "rdp-html5",
    "console-url-serial": "serial",
}  # by action: the type of the console for which `why` and advice check it


def create(ctx: Context, server_id: str) -> dict[str, Any]:
    """POST /servers/{server_id}/remote-consoles (from 2.6): the URL of a console. 400, 403, 404, 409."""
    action = ACTIONS["console-url"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    body = ctx.body["remote_console"]
    raise_first_refusal(action, server, ctx.caller, read_facts(ctx, server))
    if body["type"] not in TYPES[body["protocol"]]:
        raise BadRequest(reason=f"Invalid console type {body['type']}")
    check_console_type(ctx, body["type"])
    start_task(ctx.world, action, server, ctx.caller, {})
    return {"remote_console": {**body, "url": create_console_url(ctx, server, body["type"])}}


def check_console_type(ctx: Context, console_type: str) -> None:
    """Refuse (400) a console type that Nova no longer has, or that is disabled in this cloud."""
    if console_type == "xvpvnc":
        raise BadRequest(reason=f"Invalid console type {console_type}")
    if console_type == "rdp-html5":
        raise BadRequest(
            reason="The server could not comply with the request since it is either malformed or otherwise incorrect.",
            removed_console=console_type,
        )
    if not ctx.world.option(OPTIONS[console_type]):
        option = OPTIONS[console_type]
        raise BadRequest(reason=f"Unavailable console type {console_type}.", disabled_option=option)


def console_text(server: Server, length: int | None) -> str:
    """The output of the guest since its launch: the last *length* lines, all for None or a negative number."""
    lines = [
        f"[    0.000000] Linux version 6.1.0 (simulated), server {server.name}",
        f"[    0.000000] Command line: root=/dev/vda1 console=ttyS0 hostname={server.hostname}",
        f"[    0.412345] Memory: {server.flavor['ram']}M, {server.flavor['vcpus']} CPU(s)",
        "[    1.000000] Started login service.",
        f"{server.hostname} login: ",
    ]
    if length is not None and length >= 0:
        lines = lines[len(lines) - min(length, len(lines)) :]
    return "\n".join(lines)
