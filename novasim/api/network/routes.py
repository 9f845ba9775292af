"""The routes of the network service."""

from __future__ import annotations

from novasim.api.routes import Route

_RESOURCES = {  # path: name in bodies, handler
    "networks": ("network", "networks:networks"),
    "subnets": ("subnet", "subnets:subnets"),
    "ports": ("port", "ports:ports"),
    "floatingips": ("floatingip", "floating_ips:floating_ips"),
    "routers": ("router", "routers:routers"),
    "security-groups": ("security_group", "security_groups:security_groups"),
}
_REQUESTS = (  # method, path below the resource's, method of the resource, schema
    ("GET", "", "index", ""),
    ("POST", "", "create", "network.create_{}"),
    ("GET", "/{id}", "show", ""),
    ("PUT", "/{id}", "update", "network.update_{}"),
    ("DELETE", "/{id}", "delete", ""),
    ("GET", "/{id}/tags", "list_tags", ""),
    ("PUT", "/{id}/tags", "replace_tags", "network.set_tags"),
    ("DELETE", "/{id}/tags", "delete_tags", ""),
    ("GET", "/{id}/tags/{tag}", "check_tag", ""),
    ("PUT", "/{id}/tags/{tag}", "add_tag", ""),
    ("DELETE", "/{id}/tags/{tag}", "delete_tag", ""),
)
_ROUTER = "/v2.0/routers/{id}"
_RULES = "/v2.0/security-group-rules"
_QUOTA = "/v2.0/quotas/{project}"

ROUTES = [
    *(
        Route(method, f"/v2.0/{plural}{below}", f"{handler}.{verb}", schema=schema.format(name))
        for plural, (name, handler) in _RESOURCES.items()
        for method, below, verb, schema in _REQUESTS
    ),
    Route("PUT", _ROUTER + "/add_router_interface", "routers:add_interface", schema="network.interface"),
    Route("PUT", _ROUTER + "/remove_router_interface", "routers:remove_interface", schema="network.interface"),
    Route("PUT", _ROUTER + "/add_extraroutes", "routers:add_routes", schema="network.routes"),
    Route("PUT", _ROUTER + "/remove_extraroutes", "routers:remove_routes", schema="network.routes"),
    Route("GET", _RULES, "security_group_rules:index"),
    Route("POST", _RULES, "security_group_rules:create", schema="network.create_security_group_rule"),
    Route("GET", _RULES + "/{id}", "security_group_rules:show"),
    Route("PUT", _RULES + "/{id}", "security_group_rules:update", schema="network.update_security_group_rule"),
    Route("DELETE", _RULES + "/{id}", "security_group_rules:delete"),
    Route("GET", "/v2.0/quotas", "quotas:index"),
    Route("GET", "/v2.0/quotas/tenant", "quotas:show_own_project"),
    Route("GET", "/v2.0/quotas/project", "quotas:show_own_project"),
    Route("GET", _QUOTA, "quotas:show"),
    Route("PUT", _QUOTA, "quotas:update", schema="network.update_quota"),
    Route("DELETE", _QUOTA, "quotas:delete"),
    Route("GET", _QUOTA + "/default", "quotas:show_defaults"),
    Route("GET", _QUOTA + "/details", "quotas:show_details"),
    Route("GET", "/v2.0/availability_zones", "extensions:list_zones"),
    Route("GET", "/v2.0/agents", "extensions:list_agents"),
    Route("GET", "/v2.0/extensions", "extensions:index"),
    Route("GET", "/v2.0/extensions/{alias}", "extensions:show"),
]
