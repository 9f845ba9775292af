"""Arguments of the console actions, and their responses."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.console_auth_tokens import create_console_url
from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest
from novasim.api.compute.servers.consoles import check_console_type, console_text
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.records import Server


def read_console_log(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read console-log: the number of last lines to show; all without a length."""
    length = (arguments or {}).get("length")
    return ActionRequest(read_facts(ctx, server), {"length": None if length in (None, "") else int(length)})


def respond_console_log(ctx: Context, server: Server, request: ActionRequest) -> Response:
    """Respond with the output of the guest."""
    return Response(200, {"output": console_text(server, (request.args or {})["length"])})


def read_console(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read console-url: the type of the console. Nova refuses every RDP console."""
    (key,) = ctx.body
    console_type = "rdp-html5" if key == "os-getRDPConsole" else arguments["type"]
    return ActionRequest(read_facts(ctx, server), {"type": console_type})


def check_console(ctx: Context, request: ActionRequest) -> None:
    """Refuse (400) a type that is unknown or disabled in this cloud."""
    check_console_type(ctx, (request.args or {})["type"])


def respond_console(ctx: Context, server: Server, request: ActionRequest) -> Response:
    """Respond with the type and URL of the console."""
    console_type = (request.args or {})["type"]
    return Response(200, {"console": {"type": console_type, "url": create_console_url(ctx, server, console_type)}})


_CONSOLE = ActionHandler(read_console, check=check_console, respond=respond_console)
HANDLERS = {
    "console-log": ActionHandler(read_console_log, respond=respond_console_log),
    "console-url-vnc": _CONSOLE,
    "console-url-spice": _CONSOLE,
    "console-url-rdp": _CONSOLE,
    "console-url-serial": _CONSOLE,
}
