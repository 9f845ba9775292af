"""
Servers rendered as JSON, kept until something changes that their representation shows.

After a change, a list of many servers is joined from what has been rendered before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from novasim.api.context import Context
from novasim.api.views import servers as views
from novasim.api.views.dependents import Dependents
from novasim.api.views.related import Related, Relation
from novasim.api.views.server_parts import Perspective, ViewContext
from novasim.jsonutils import shrink
from novasim.records import Server

if TYPE_CHECKING:
    from novasim.store.documents import Change

MAX_BYTES = 64 * 2**20  # of JSON in one cloud; all of it is dropped when there is more

SERVER = Relation(Server, "id")
Kind = Perspective | str
"""What a representation depends on besides stored documents. A summary depends on the endpoint alone."""
Texts = dict[str, bytes]
"""JSON of servers by id."""


class RenderedServers:
    """The JSON of servers, by kind and id: a materialized view of the store."""

    def __init__(self) -> None:
        self._drop_all()

    def apply(self, changes: Sequence[Change]) -> None:
        """Drop the servers whose representation can be different after the changes."""
        for id in self.find_affected(changes):
            for texts in self._texts.values():
                self._free_bytes += len(texts.pop(id, b""))

    def find_affected(self, changes: Sequence[Change]) -> set[str]:
        """The ids of the servers whose representation can be different after the changes."""
        return self._dependents.find_affected(changes)

    def get(self, kind: Kind) -> Texts:
        """The rendered servers of a kind."""
        return self._texts.setdefault(kind, {})

    def add(self, ctx: Context, kind: Kind, servers: Sequence[Server]) -> Texts:
        """Render servers, and keep the result. TypeError: orjson cannot encode one of them."""
        rendered = render(ctx, kind, servers, self._dependents)
        self._free_bytes -= sum(map(len, rendered.values()))
        if self._free_bytes < 0:
            self._drop_all()
        else:
            self.get(kind).update(rendered)
        return rendered

    def _drop_all(self) -> None:
        self._texts: dict[Kind, Texts] = {}
        self._dependents = Dependents()
        self._free_bytes = MAX_BYTES


def render(ctx: Context, kind: Kind, servers: Sequence[Server], dependents: Dependents) -> Texts:
    """Render servers, and record what their representations depend on. TypeError: orjson cannot encode one of them."""
    for server in servers:
        dependents.add(server.id, SERVER, server.id)
    if isinstance(kind, str):
        return {server.id: shrink(orjson.dumps(views.summary(kind, server))) for server in servers}
    view_ctx = ViewContext(kind, Related(ctx.world.tx, servers, dependents.add))
    return {server.id: shrink(orjson.dumps(views.list_entry(view_ctx, server))) for server in servers}


def render_page(ctx: Context, key: str, kind: Kind, ids: Sequence[str]) -> list[orjson.Fragment] | None:
    """
    Render a page of existing servers, in this order.

    Args:
        key: Of the materialized view.

    Returns:
        None if that is impossible: the page is then encoded as a whole.
    """
    with ctx.world.tx.materialized_views() as stored:
        if stored is None:
            return None
        rendered: RenderedServers = stored.get(key, RenderedServers)
        changes = ctx.world.tx.changes()
        stale = rendered.find_affected(changes) if changes else frozenset()
        known = rendered.get(kind)
        missing = [server for id in ids if id not in known or id in stale if (server := ctx.world.tx.get(Server, id))]
        try:
            # what a transaction has changed is not stored, so what is read from it is not kept
            more = render(ctx, kind, missing, Dependents()) if changes else rendered.add(ctx, kind, missing)
        except TypeError:
            return None
        return [orjson.Fragment(more[id] if id in more else known[id]) for id in ids]
