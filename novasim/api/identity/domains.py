"""/v3/domains: there is one, Default."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.common import DOMAIN, listed, require_admin, url
from novasim.errors import NotFound


def index(ctx: Context) -> dict[str, Any]:
    """The only domain, unless the filter name asks for another."""
    require_admin(ctx, "list_domains")
    fits = ctx.query("name") in (None, DOMAIN["name"])
    return listed(ctx, "domains", [_view(ctx)] if fits else [])


def show(ctx: Context, domain_id: str) -> dict[str, Any]:
    """The domain by its id."""
    if domain_id != DOMAIN["id"]:
        raise NotFound(reason=f"Could not find domain: {domain_id}.")
    return {"domain": _view(ctx)}


def _view(ctx: Context) -> dict[str, Any]:
    return {**DOMAIN, "tags": [], "options": {}, "links": {"self": url(ctx, f"domains/{DOMAIN['id']}")}}
