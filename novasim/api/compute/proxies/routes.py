"""Routes of requests that Nova forwards to other services, that it has removed, or that are not simulated."""

from __future__ import annotations

from novasim.api.routes import Route

IMAGE, KEY = "/images/{image_id}", "/images/{image_id}/metadata/{key}"
GROUPS, ADDRESSES = "/os-security-groups", "/os-floating-ips"
FORWARDED = (  # method, path, handler, last microversion, schema
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
    ("GET", "/os-tenant-networks", "proxies.networks:tenant_index", 35, ""),
    ("GET", "/os-tenant-networks/{id}", "proxies.networks:tenant_show", 35, ""),
    ("GET", "/os-floating-ip-pools", "proxies.floating_ips:pools", 35, ""),
    ("GET", ADDRESSES, "proxies.floating_ips:index", 35, ""),
    ("POST", ADDRESSES, "proxies.floating_ips:create", 35, "floating_ips.create"),
    ("GET", ADDRESSES + "/{id}", "proxies.floating_ips:show", 35, ""),
    ("DELETE", ADDRESSES + "/{id}", "proxies.floating_ips:delete", 35, ""),
    ("GET", GROUPS, "proxies.security_groups:index", 35, "security_groups.list"),
    ("POST", GROUPS, "proxies.security_groups:create", 35, "security_groups.create"),
    ("GET", GROUPS + "/{id}", "proxies.security_groups:show", 35, ""),
    ("PUT", GROUPS + "/{id}", "proxies.security_groups:update", 35, "security_groups.update"),
    ("DELETE", GROUPS + "/{id}", "proxies.security_groups:delete", 35, ""),
    ("POST", "/os-security-group-rules", "proxies.security_group_rules:create", 35, "security_group_rules.create"),
    ("DELETE", "/os-security-group-rules/{id}", "proxies.security_group_rules:delete", 35, ""),
    ("GET", "/os-hosts", "hosts.os_hosts:index", 42, "os_hosts.list"),
    ("GET", "/os-hosts/{name}", "hosts.os_hosts:show", 42, ""),
    ("PUT", "/os-hosts/{name}", "hosts.os_hosts:update", 42, "os_hosts.update"),
    ("GET", "/os-hosts/{name}/{verb}", "hosts.os_hosts:power", 42, ""),
)

GONE = (  # methods, path
    ("GET POST", "/os-agents"),
    ("PUT DELETE", "/os-agents/{id}"),
    ("GET POST", "/os-cells"),
    ("GET", "/os-cells/capacities"),
    ("GET", "/os-cells/detail"),
    ("GET", "/os-cells/info"),
    ("POST", "/os-cells/sync_instances"),
    ("GET PUT DELETE", "/os-cells/{id}"),
    ("GET", "/os-cells/{id}/capacities"),
    ("POST", "/os-certificates"),
    ("GET", "/os-certificates/{id}"),
    ("GET POST", "/os-cloudpipe"),
    ("PUT", "/os-cloudpipe/{id}"),
    ("GET", "/os-fixed-ips/{id}"),
    ("GET", "/os-floating-ip-dns"),
    ("PUT DELETE", "/os-floating-ip-dns/{id}"),
    ("GET PUT DELETE", "/os-floating-ip-dns/{domain_id}/entries/{id}"),
    ("GET POST", "/os-floating-ips-bulk"),
    ("GET PUT", "/os-floating-ips-bulk/{id}"),
    ("GET", "/os-fping"),
    ("GET", "/os-fping/{id}"),
    ("POST", "/os-networks"),
    ("POST", "/os-networks/add"),
    ("DELETE", "/os-networks/{id}"),
    ("GET POST", "/os-security-group-default-rules"),
    ("GET DELETE", "/os-security-group-default-rules/{id}"),
    ("POST", "/os-tenant-networks"),
    ("DELETE", "/os-tenant-networks/{id}"),
    ("GET", "/servers/{server_id}/os-virtual-interfaces"),
    ("GET POST", "/servers/{server_id}/consoles"),
    ("GET DELETE", "/servers/{server_id}/consoles/{id}"),
)
GONE_ACTIONS = ("/os-fixed-ips/{id}/action", "/os-networks/{id}/action")

BAREMETAL = "/os-baremetal-nodes"
LEFT_TO_IRONIC = (("POST", BAREMETAL), ("DELETE", BAREMETAL + "/{id}"), ("POST", BAREMETAL + "/{id}/action"))

BOOT = "/os-volumes_boot"

NOT_SIMULATED = (  # method, path, last microversion
    ("GET", BAREMETAL, 35),
    ("GET", BAREMETAL + "/{id}", 35),
    ("POST", BOOT, 102),  # Nova itself fails there (500)
)

VOLUMES_BOOT = (  # an alias of /servers: method, path, handler, schema
    ("GET", BOOT, "servers.listing.pages:index", "servers.list"),
    ("GET", BOOT + "/detail", "servers.listing.pages:detail", "servers.detail"),
    ("GET", BOOT + "/{server_id}", "servers.show:show", "servers.show"),
    ("PUT", BOOT + "/{server_id}", "servers.update:update", "servers.update"),
    ("DELETE", BOOT + "/{server_id}", "servers.delete:delete", ""),
    ("POST", BOOT + "/{server_id}/action", "servers.actions:act", ""),
)

PROXY_ROUTES = [
    *(Route(method, path, handler, until=until, schema=schema) for method, path, handler, until, schema in FORWARDED),
    *(Route(method, path, "proxies.removed:refuse_removed") for methods, path in GONE for method in methods.split()),
    *(Route("POST", path, "proxies.removed:refuse_removed_action") for path in GONE_ACTIONS),
    *(Route(method, path, "proxies.removed:refuse_baremetal", until=35) for method, path in LEFT_TO_IRONIC),
    *(Route(method, path, "proxies.removed:not_simulated", until=until) for method, path, until in NOT_SIMULATED),
    *(Route(method, path, handler, until=102, schema=schema) for method, path, handler, schema in VOLUMES_BOOT),
    Route("GET", "/extensions", "proxies.extensions:index", schema="extensions.list"),
    Route("GET", "/extensions/{alias}", "proxies.extensions:show", schema="extensions.show"),
]
