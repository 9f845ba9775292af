"""Arguments of rescue, and its response."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.api.request import Response
from novasim.records import Server
from novasim.simulation import volumes


def read_rescue(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read rescue: the rescue image, if the request names one, and the password of the rescue system."""
    arguments = arguments or {}
    ref = arguments.get("rescue_image_ref")
    password = arguments.get("adminPass") or ctx.world.ids.password(ctx.world.option("password_length"))
    image = find_image(ctx, ref) if ref else None
    attached = tuple(volumes.list_volumes(ctx.world, server))
    facts = read_facts(ctx, server, image_ref=ref, image=image, attached_volumes=attached)
    return ActionRequest(facts, {"image": ref}, password)


def respond_rescue(ctx: Context, server: Server, request: ActionRequest) -> Response:
    """Respond with the password of the rescue system."""
    return Response(200, {"adminPass": request.secret})


HANDLERS = {"rescue": ActionHandler(read_rescue, respond=respond_rescue)}
