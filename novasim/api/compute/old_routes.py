"""Requests of the compute service that are of the past: passed on to other services, gone, or not simulated."""

from __future__ import annotations

from novasim.api.routes import Route

ALWAYS = 9999
IMAGE, KEY = "/images/{image_id}", "/images/{image_id}/metadata/{key}"
GROUPS, ADDRESSES = "/os-security-groups", "/os-floating-ips"
PASSED_ON = (  # method, path, handler, last microversion, schema
    ("GET", "/images", "old_images:index", 35, "images.list"),
    ("GET", "/images/detail", "old_images:detail", 35, "images.detail"),
    ("GET", IMAGE, "old_images:show", 35, ""),
    ("DELETE", IMAGE, "old_images:delete", 35, ""),
    ("GET", IMAGE + "/metadata", "old_images:metadata_index", 38, ""),
    ("POST", IMAGE + "/metadata", "old_images:metadata_add", 38, "image_metadata.create"),
    ("PUT", IMAGE + "/metadata", "old_images:metadata_replace", 38, "image_metadata.update_all"),
    ("GET", KEY, "old_images:metadata_show", 38, ""),
    ("PUT", KEY, "old_images:metadata_update", 38, "image_metadata.update"),
    ("DELETE", KEY, "old_images:metadata_delete", 38, ""),
    ("GET", "/os-volumes", "old_volumes:index", 35, "volumes.list"),
    ("POST", "/os-volumes", "old_volumes:create", 35, "volumes.create"),
    ("GET", "/os-volumes/detail", "old_volumes:index", 35, "volumes.detail"),
    ("GET", "/os-volumes/{volume_id}", "old_volumes:show", 35, ""),
    ("DELETE", "/os-volumes/{volume_id}", "old_volumes:delete", 35, ""),
    ("GET", "/os-snapshots", "old_volumes:snapshots_index", 35, "snapshots.list"),
    ("POST", "/os-snapshots", "old_volumes:snapshots_create", 35, "snapshots.create"),
    ("GET", "/os-snapshots/detail", "old_volumes:snapshots_index", 35, "snapshots.detail"),
    ("GET", "/os-snapshots/{snapshot_id}", "old_volumes:snapshots_show", 35, ""),
    ("DELETE", "/os-snapshots/{snapshot_id}", "old_volumes:snapshots_delete", 35, ""),
    ("GET", "/os-networks", "old_networks:index", 35, ""),
    ("GET", "/os-networks/{id}", "old_networks:show", 35, ""),
    ("GET", "/os-tenant-networks", "old_networks:of_project_index", 35, ""),
    ("GET", "/os-tenant-networks/{id}", "old_networks:of_project_show", 35, ""),
    ("GET", "/os-floating-ip-pools", "old_networks:pools", 35, ""),
    ("GET", ADDRESSES, "old_networks:addresses_index", 35, ""),
    ("POST", ADDRESSES, "old_networks:addresses_create", 35, "floating_ips.create"),
    ("GET", ADDRESSES + "/{id}", "old_networks:addresses_show", 35, ""),
    ("DELETE", ADDRESSES + "/{id}", "old_networks:addresses_delete", 35, ""),
    ("GET", GROUPS, "old_groups:index", 35, "security_groups.list"),
    ("POST", GROUPS, "old_groups:create", 35, "security_groups.create"),
    ("GET", GROUPS + "/{id}", "old_groups:show", 35, ""),
    ("PUT", GROUPS + "/{id}", "old_groups:update", 35, "security_groups.update"),
    ("DELETE", GROUPS + "/{id}", "old_groups:delete", 35, ""),
    ("POST", "/os-security-group-rules", "old_groups:rules_create", 35, "security_group_rules.create"),
    ("DELETE", "/os-security-group-rules/{id}", "old_groups:rules_delete", 35, ""),
    ("GET", "/os-hosts", "old_hosts:index", 42, "os_hosts.list"),
    ("GET", "/os-hosts/{name}", "old_hosts:show", 42, ""),
    ("PUT", "/os-hosts/{name}", "old_hosts:update", 42, "os_hosts.update"),
    ("GET", "/os-hosts/{name}/{verb}", "old_hosts:power", 42, ""),
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
    *(Route(method, path, "bygone:gone", until=until) for methods, path, until in GONE for method in methods.split()),
    *(Route(method, path, "bygone:not_simulated") for methods, path in OUTSIDE for method in methods.split()),
    Route("GET", "/extensions", "bygone:extensions", schema="extensions.list"),
    Route("GET", "/extensions/{alias}", "bygone:extension", schema="extensions.show"),
]
