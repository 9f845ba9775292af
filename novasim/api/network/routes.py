"""The routes of the network service."""

from __future__ import annotations

from novasim.api.routes import NOT_SIMULATED, Route

_RESOURCES = {  # path: name in bodies, handler
    "networks": ("network", "networks:networks"),
    "subnets": ("subnet", "subnets:subnets"),
    "ports": ("port", "ports:ports"),
    "floatingips": ("floatingip", "floating_ips:floating_ips"),
    "routers": ("router", "routers:routers"),
    "security-groups": ("security_group", "security.groups:security_groups"),
    "subnetpools": ("subnetpool", "pools.subnet_pools:subnet_pools"),
}
_UNTAGGED = {"address-scopes": ("address_scope", "pools.scopes:address_scopes")}
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
_EMPTY = (  # resources without records
    "trunks",
    "address-groups",
    "rbac-policies",
    "qos/policies",
    "qos/rule-types",
    "segments",
    "network_segment_ranges",
    "metering/metering-labels",
    "metering/metering-label-rules",
    "flavors",
    "service_profiles",
    "service-providers",
    "local_ips",
    "ndp_proxies",
    "log/logs",
    "agents",
)
_REFUSED = (  # methods, path: requests that are not simulated
    ("GET DELETE", "auto-allocated-topology/{project}"),
    ("GET POST", "default-security-group-rules"),
    ("GET DELETE", "default-security-group-rules/{id}"),
    ("POST", "floatingips/{id}/port_forwardings"),
    ("POST", "routers/{id}/conntrack_helpers"),
    ("GET POST", "ports/{id}/bindings"),
    ("GET PUT DELETE", "ports/{id}/bindings/{host}"),
    ("POST", "networks/{id}/dhcp-agents"),
    ("POST", "routers/{id}/l3-agents"),
    ("PUT", "subnetpools/{id}/add_prefixes"),
    ("PUT", "subnetpools/{id}/remove_prefixes"),
    ("PUT", "subnetpools/{id}/onboard_network_subnets"),
    ("PUT", "routers/{id}/add_external_gateways"),
    ("PUT", "routers/{id}/update_external_gateways"),
    ("PUT", "routers/{id}/remove_external_gateways"),
)
_EMPTY_REQUESTS = (  # method, path below the resource's, method of the handlers
    ("GET", "", "index"),
    ("GET", "/{id}", "refuse_id"),
    ("PUT", "/{id}", "refuse_id"),
    ("DELETE", "/{id}", "refuse_id"),
)
_ROUTER = "/v2.0/routers/{id}"
_RULES = "/v2.0/security-group-rules"
_QUOTA = "/v2.0/quotas/{project}"


def _attribute_name(path: str) -> str:
    """The name of the handlers of a resource without records."""
    return path.replace("/", "_").replace("-", "_")


ROUTES = [
    *(
        Route(method, f"/v2.0/{plural}{below}", f"{handler}.{verb}", schema=schema.format(name))
        for plural, (name, handler) in _RESOURCES.items()
        for method, below, verb, schema in _REQUESTS
    ),
    *(
        Route(method, f"/v2.0/{plural}{below}", f"{handler}.{verb}", schema=schema.format(name))
        for plural, (name, handler) in _UNTAGGED.items()
        for method, below, verb, schema in _REQUESTS
        if "tags" not in below
    ),
    *(
        Route(method, f"/v2.0/{path}{below}", f"fixed_lists:HANDLERS.{_attribute_name(path)}.{verb}")
        for path in _EMPTY
        for method, below, verb in _EMPTY_REQUESTS
    ),
    *(Route("POST", f"/v2.0/{path}", NOT_SIMULATED) for path in _EMPTY),
    *(Route(method, f"/v2.0/{path}", NOT_SIMULATED) for methods, path in _REFUSED for method in methods.split()),
    Route("GET", "/v2.0/floatingips/{id}/port_forwardings", "fixed_lists:port_forwardings"),
    Route("GET", "/v2.0/routers/{id}/conntrack_helpers", "fixed_lists:conntrack_helpers"),
    Route("GET", "/v2.0/routers/{id}/l3-agents", "fixed_lists:l3_agents"),
    Route("GET", "/v2.0/networks/{id}/dhcp-agents", "fixed_lists:dhcp_agents"),
    Route("GET", "/v2.0/log/loggable-resources", "fixed_lists:loggable_resources"),
    Route("GET", "/v2.0/network-ip-availabilities", "ip_availability:index"),
    Route("GET", "/v2.0/network-ip-availabilities/{id}", "ip_availability:show"),
    Route("GET", "/v2.0/floatingip_pools", "ip_availability:list_floating_ip_pools"),
    Route("PUT", _ROUTER + "/add_router_interface", "routers:add_interface", schema="network.interface"),
    Route("PUT", _ROUTER + "/remove_router_interface", "routers:remove_interface", schema="network.interface"),
    Route("PUT", _ROUTER + "/add_extraroutes", "routers:add_routes", schema="network.routes"),
    Route("PUT", _ROUTER + "/remove_extraroutes", "routers:remove_routes", schema="network.routes"),
    Route("GET", _RULES, "security.rules:index"),
    Route("POST", _RULES, "security.rules:create", schema="network.create_security_group_rule"),
    Route("GET", _RULES + "/{id}", "security.rules:show"),
    Route("PUT", _RULES + "/{id}", "security.rules:update", schema="network.update_security_group_rule"),
    Route("DELETE", _RULES + "/{id}", "security.rules:delete"),
    Route("GET", "/v2.0/quotas", "quotas:index"),
    Route("GET", "/v2.0/quotas/tenant", "quotas:show_own_project"),
    Route("GET", "/v2.0/quotas/project", "quotas:show_own_project"),
    Route("GET", _QUOTA, "quotas:show"),
    Route("PUT", _QUOTA, "quotas:update", schema="network.update_quota"),
    Route("DELETE", _QUOTA, "quotas:delete"),
    Route("GET", _QUOTA + "/default", "quotas:show_defaults"),
    Route("GET", _QUOTA + "/details", "quotas:show_details"),
    Route("GET", "/v2.0/availability_zones", "extensions:list_zones"),
    Route("GET", "/v2.0/extensions", "extensions:index"),
    Route("GET", "/v2.0/extensions/{alias}", "extensions:show"),
]
