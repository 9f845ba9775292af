"""Arguments of change-password."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.records import Server
from novasim.simulation.passwords import refusal_args


def read_change_password(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Whether the guest will refuse the password, which is not kept."""
    return ActionRequest(read_facts(ctx, server), refusal_args(ctx.world, arguments["adminPass"]))


HANDLERS = {"change-password": ActionHandler(read_change_password)}
