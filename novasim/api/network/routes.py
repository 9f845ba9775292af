"""The requests of the network service and the functions that answer them."""

from __future__ import annotations

from novasim.api.routes import Route

_RESOURCES = {
    "networks": "networks:networks",
    "subnets": "networks:subnets",
    "ports": "ports:ports",
    "floatingips": "ports:floating_ips",
    "routers": "ports:routers",
    "security-groups": "security_groups:groups",
}

ROUTES = [
    *(
        Route(method, f"/v2.0/{plural}{below}", f"{handler}.{verb}")
        for plural, handler in _RESOURCES.items()
        for method, below, verb in (
            ("GET", "", "index"),
            ("POST", "", "create"),
            ("GET", "/{id}", "show"),
            ("PUT", "/{id}", "update"),
            ("DELETE", "/{id}", "delete"),
            ("PUT", "/{id}/tags", "set_tags"),
        )
    ),
    Route("PUT", "/v2.0/routers/{id}/add_router_interface", "ports:add_interface"),
    Route("PUT", "/v2.0/routers/{id}/remove_router_interface", "ports:remove_interface"),
    Route("GET", "/v2.0/security-group-rules", "security_groups:rules_index"),
    Route("POST", "/v2.0/security-group-rules", "security_groups:rules_create"),
    Route("GET", "/v2.0/security-group-rules/{id}", "security_groups:rules_show"),
    Route("DELETE", "/v2.0/security-group-rules/{id}", "security_groups:rules_delete"),
    Route("GET", "/v2.0/extensions", "extensions:index"),
    Route("GET", "/v2.0/extensions/{alias}", "extensions:show"),
]
