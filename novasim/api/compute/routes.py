"""The requests of the compute service and the functions that answer them."""

from __future__ import annotations

from novasim.api.routes import Route

SERVER = "/servers/{server_id}"

ROUTES = [
    Route("GET", "/servers", "server_list:index", schema="servers.list"),
    Route("POST", "/servers", "create:create", schema="servers.create"),
    Route("GET", "/servers/detail", "server_list:detail", schema="servers.detail"),
    Route("GET", SERVER, "servers:show", schema="servers.show"),
    Route("PUT", SERVER, "servers:update", schema="servers.update"),
    Route("DELETE", SERVER, "delete:delete"),
    Route("POST", SERVER + "/action", "actions:act"),
    Route("GET", SERVER + "/ips", "addresses:addresses_index", schema="ips.list"),
    Route("GET", SERVER + "/ips/{label}", "addresses:addresses_show", schema="ips.show"),
    Route("GET", SERVER + "/diagnostics", "consoles:diagnostics"),
    Route("POST", SERVER + "/remote-consoles", "consoles:remote_console", since=6, schema="remote_consoles.create"),
    Route("GET", SERVER + "/metadata", "metadata:index"),
    Route("POST", SERVER + "/metadata", "metadata:create", schema="server_metadata.create"),
    Route("PUT", SERVER + "/metadata", "metadata:update_all", schema="server_metadata.update_all"),
    Route("GET", SERVER + "/metadata/{key}", "metadata:show"),
    Route("PUT", SERVER + "/metadata/{key}", "metadata:update", schema="server_metadata.update"),
    Route("DELETE", SERVER + "/metadata/{key}", "metadata:delete"),
    Route("GET", SERVER + "/tags", "tags:index", since=26),
    Route("PUT", SERVER + "/tags", "tags:update_all", since=26, schema="server_tags.update_all"),
    Route("DELETE", SERVER + "/tags", "tags:delete_all", since=26),
    Route("GET", SERVER + "/tags/{tag}", "tags:show", since=26),
    Route("PUT", SERVER + "/tags/{tag}", "tags:update", since=26, schema="server_tags.update"),
    Route("DELETE", SERVER + "/tags/{tag}", "tags:delete", since=26),
    Route("GET", SERVER + "/os-volume_attachments", "volume_attachments:index", schema="volume_attachments.list"),
    Route("POST", SERVER + "/os-volume_attachments", "volume_attachments:create", schema="volume_attachments.create"),
    Route("GET", SERVER + "/os-volume_attachments/{volume_id}", "volume_attachments:show"),
    Route("PUT", SERVER + "/os-volume_attachments/{volume_id}", "volume_attachments:update",
          schema="volume_attachments.update"),
    Route("DELETE", SERVER + "/os-volume_attachments/{volume_id}", "volume_attachments:delete"),
    Route("GET", SERVER + "/os-interface", "interfaces:index"),
    Route("POST", SERVER + "/os-interface", "interfaces:create", schema="interfaces.create"),
    Route("GET", SERVER + "/os-interface/{port_id}", "interfaces:show"),
    Route("DELETE", SERVER + "/os-interface/{port_id}", "interfaces:delete"),
    Route("GET", SERVER + "/os-instance-actions", "instance_actions:index", schema="instance_actions.list"),
    Route("GET", SERVER + "/os-instance-actions/{request_id}", "instance_actions:show"),
    Route("GET", SERVER + "/os-server-password", "server_password:show"),
    Route("DELETE", SERVER + "/os-server-password", "server_password:clear"),
    Route("GET", SERVER + "/os-security-groups", "addresses_of_servers:groups_index"),
    Route("GET", "/os-services", "services:index", schema="services.list"),
    Route("PUT", "/os-services/{service_id}", "services:update", since=53, schema="services.update"),
    Route("PUT", "/os-services/{verb}", "services:update_by_host", until=52, schema="services.update"),
    Route("DELETE", "/os-services/{service_id}", "services:delete", since=53),
]  # fmt: skip
