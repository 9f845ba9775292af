"""Shared parts of services, endpoints and regions, some of which every simulated cloud has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from novasim.api.context import Context
from novasim.errors import NotFound, NotSimulated
from novasim.records import Record

R = TypeVar("R", bound=Record)
Object = dict[str, Any]


def get_view_or_404(views: list[Object], kind: str, id: str) -> Object:
    """
    Return the view with an id.

    Raises:
        NotFound: there is no such one (404).
    """
    for view in views:
        if view["id"] == id:
            return view
    raise NotFound(reason=f"Could not find {kind}: {id}.")


def get_added(ctx: Context, record: type[R], kind: str, id: str, list_views: Callable[[Context], list[Object]]) -> R:
    """
    Return a service, endpoint or region that an administrator added.

    Raises:
        NotFound: it does not exist (404). NotSimulated: it is part of every simulated cloud (501).
    """
    if added := ctx.world.tx.get(record, id):
        return added
    view = get_view_or_404(list_views(ctx), kind, id)
    name = view.get("name", id)
    raise NotSimulated(reason=f"The {kind} {name} is part of every simulated cloud and cannot be changed.")
