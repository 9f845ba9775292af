"""Requests of the compute service that are of the past: passed on to other services, gone, or not simulated."""

from __future__ import annotations

from novasim.api.routes import Route

ALWAYS = 9999
IMAGE, KEY = "/images/{image_id}", "/images/{image_id}/metadata/{key}"
GROUPS, ADDRESSES = "/os-security-groups", "/os-floating-ips"
PASSED_ON = (  # method, path, handler, last microversion, schema
    ("GET", "/images", "proxies.images:index", 35, "images.list"),
    ("GET", "/images/detail", "proxies.images:detail", 35, "images.detail"),
    ("GET", IMAGE, "proxies.images:show", 35, ""),
    ("DELETE", IMAGE, "proxies.images:delete", 35, ""),
    ("GET", IMAGE + "/metadata", "proxies.images:metadata_index", 38, ""),
    ("POST", IMAGE + "/metadata", "proxies.images:metadata_add", 38, "image_metadata.create"),
    ("PUT", IMAGE + "/metadata", "proxies.images:metadata_replace", 38, "image_metadata.update_all"),
    ("GET", KEY, "proxies.images:metadata_show", 38, ""),
    ("PUT", KEY, "proxies.images:metadata_update", 38, "image_metadata.update"),
    ("DELETE", KEY, "proxies.images:metadata_delete", 38, ""),
    ("GET", "/os-volumes", "proxies.volumes:index", 35, "volumes.list"),
    ("POST", "/os-volumes", "proxies.volumes:create", 35, "volumes.create"),
    ("GET", "/os-volumes/detail", "proxies.volumes:index", 35, "volumes.detail"),
    ("GET", "/os-volumes/{volume_id}", "proxies.volumes:show", 35, ""),
    ("DELETE", "/os-volumes/{volume_id}", "proxies.volumes:delete", 35, ""),
    ("GET", "/os-snapshots", "proxies.volumes:snapshots_index", 35, "snapshots.list"),
    ("POST", "/os-snapshots", "proxies.volumes:snapshots_create", 35, "snapshots.create"),
    ("GET", "/os-snapshots/detail", "proxies.volumes:snapshots_index", 35, "snapshots.detail"),
    ("GET", "/os-snapshots/{snapshot_id}", "proxies.volumes:snapshots_show", 35, ""),
    ("DELETE", "/os-snapshots/{snapshot_id}", "proxies.volumes:snapshots_delete", 35, ""),
    ("GET", "/os-networks", "proxies.networks:index", 35, ""),
    ("GET", "/os-networks/{id}", "proxies.networks:show", 35, ""),
    ("GET", "/os-tenant-networks", "proxies.networks:of_project_index", 35, ""),
    ("GET", "/os-tenant-networks/{id}", "proxies.networks:of_project_show", 35, ""),
    ("GET", "/os-floating-ip-pools", "proxies.networks:pools", 35, ""),
    ("GET", ADDRESSES, "proxies.networks:addresses_index", 35, ""),
    ("POST", ADDRESSES, "proxies.networks:addresses_create", 35, "floating_ips.create"),
    ("GET", ADDRESSES + "/{id}", "proxies.networks:addresses_show", 35, ""),
    ("DELETE", ADDRESSES + "/{id}", "proxies.networks:addresses_delete", 35, ""),
    ("GET", GROUPS, "proxies.security_groups:index", 35, "security_groups.list"),
    ("POST", GROUPS, "proxies.security_groups:create", 35, "security_groups.create"),
    ("GET", GROUPS + "/{id}", "proxies.security_groups:show", 35, ""),
    ("PUT", GROUPS + "/{id}", "proxies.security_groups:update", 35, "security_groups.update"),
    ("DELETE", GROUPS + "/{id}", "proxies.security_groups:delete", 35, ""),
    ("POST", "/os-security-group-rules", "proxies.security_groups:rules_create", 35, "security_group_rules.create"),
    ("DELETE", "/os-security-group-rules/{id}", "proxies.security_groups:rules_delete", 35, ""),
    ("GET", "/os-hosts", "hosts.os_hosts:index", 42, "os_hosts.list"),
    ("GET", "/os-hosts/{name}", "hosts.os_hosts:show", 42, ""),
    ("PUT", "/os-hosts/{name}", "hosts.os_hosts:update", 42, "os_hosts.update"),
    ("GET", "/os-hosts/{name}/{verb}", "hosts.os_hosts:power", 42, ""),
)

GONE = (  # methods, path, last microversion
    ("GET POST", "/os-agents", ALWAYS),
    ("PUT DELETE", "/os-agents/{id}", ALWAYS),
    ("GET POST", "/os-cells", ALWAYS),
    ("GET PUT DELETE", "/os-cells/{id}", ALWAYS),
    ("POST", "/os-certificates", ALWAYS),
    ("GET", "/os-certificates/{id}", ALWAYS),
    ("GET POST", "/os-cloudpipe", ALWAYS),
    ("GET", "/os-fixed-ips/{id}", 35),
    ("POST", "/os-fixed-ips/{id}/action", 35),
    ("GET", "/os-floating-ip-dns", 35),
    ("GET POST", "/os-floating-ips-bulk", 35),
    ("GET", "/os-fping", 35),
    ("GET", "/os-fping/{id}", 35),
    ("GET POST", "/os-security-group-default-rules", 35),
    ("POST", "/os-networks", 35),
    ("POST", "/os-networks/add", 35),
    ("DELETE", "/os-networks/{id}", 35),
    ("POST", "/os-networks/{id}/action", 35),
    ("POST", "/os-tenant-networks", 35),
    ("DELETE", "/os-tenant-networks/{id}", 35),
    ("GET", "/servers/{server_id}/os-virtual-interfaces", 43),
    ("GET POST", "/servers/{server_id}/consoles", ALWAYS),
)

OUTSIDE = (  # methods, path
    ("POST", "/os-assisted-volume-snapshots"),
    ("DELETE", "/os-assisted-volume-snapshots/{id}"),
    ("GET", "/os-baremetal-nodes"),
    ("GET", "/os-baremetal-nodes/{id}"),
    ("GET", "/os-console-auth-tokens/{id}"),
    ("PUT", "/os-quota-class-sets/{class_name}"),
    ("GET POST", "/os-volumes_boot"),
)

OLD_ROUTES = [
    *(Route(method, path, handler, until=until, schema=schema) for method, path, handler, until, schema in PASSED_ON),
    *(
        Route(method, path, "proxies.removed:gone", until=until)
        for methods, path, until in GONE
        for method in methods.split()
    ),
    *(Route(method, path, "proxies.removed:not_simulated") for methods, path in OUTSIDE for method in methods.split()),
    Route("GET", "/extensions", "proxies.removed:extensions", schema="extensions.list"),
    Route("GET", "/extensions/{alias}", "proxies.removed:extension", schema="extensions.show"),
]
