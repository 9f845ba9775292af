"""The requests of the compute service and the functions that answer them."""

from __future__ import annotations

from novasim.api.routes import Route

ROUTES = [
    Route("GET", "/servers", "servers:index", schema="servers.list"),
    Route("GET", "/servers/detail", "servers:detail", schema="servers.detail"),
    Route("GET", "/servers/{server_id}", "servers:show", schema="servers.show"),
    Route("PUT", "/servers/{server_id}", "servers:update", schema="servers.update"),
    Route("GET", "/servers/{server_id}/ips", "addresses:addresses_index", schema="ips.list"),
    Route("GET", "/servers/{server_id}/ips/{label}", "addresses:addresses_show", schema="ips.show"),
]
