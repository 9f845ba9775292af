"""The routes of the volume service."""

from __future__ import annotations

from novasim.api.routes import Route

BASE = "/v3/{project}"
VOLUME = BASE + "/volumes/{volume_id}"
SNAPSHOT = BASE + "/snapshots/{snapshot_id}"
TYPE = BASE + "/types/{type_id}"
ATTACHMENT = BASE + "/attachments/{attachment_id}"
QUOTA = BASE + "/os-quota-sets/{target}"

ROUTES = [
    Route("GET", BASE + "/volumes", "volumes:index"),
    Route("POST", BASE + "/volumes", "volumes:create", schema="volume.create"),
    Route("GET", BASE + "/volumes/detail", "volumes:detail"),
    Route("GET", BASE + "/volumes/summary", "volumes:show_summary", since=12),
    Route("GET", VOLUME, "volumes:show"),
    Route("PUT", VOLUME, "volumes:update", schema="volume.update"),
    Route("DELETE", VOLUME, "volumes:delete"),
    Route("POST", VOLUME + "/action", "actions:act", schema="volume.action"),
    Route("GET", VOLUME + "/metadata", "metadata:index"),
    Route("POST", VOLUME + "/metadata", "metadata:add", schema="volume.metadata"),
    Route("PUT", VOLUME + "/metadata", "metadata:replace", schema="volume.metadata"),
    Route("GET", VOLUME + "/metadata/{key}", "metadata:show"),
    Route("PUT", VOLUME + "/metadata/{key}", "metadata:update", schema="volume.meta"),
    Route("DELETE", VOLUME + "/metadata/{key}", "metadata:delete"),
    Route("GET", BASE + "/snapshots", "snapshots:index"),
    Route("POST", BASE + "/snapshots", "snapshots:create", schema="volume.create_snapshot"),
    Route("GET", BASE + "/snapshots/detail", "snapshots:detail"),
    Route("GET", SNAPSHOT, "snapshots:show"),
    Route("PUT", SNAPSHOT, "snapshots:update", schema="volume.update_snapshot"),
    Route("DELETE", SNAPSHOT, "snapshots:delete"),
    Route("POST", SNAPSHOT + "/action", "snapshots:act", schema="volume.action"),
    Route("GET", SNAPSHOT + "/metadata", "snapshots:list_metadata"),
    Route("POST", SNAPSHOT + "/metadata", "snapshots:set_metadata", schema="volume.metadata"),
    Route("PUT", SNAPSHOT + "/metadata", "snapshots:set_metadata", schema="volume.metadata"),
    Route("DELETE", SNAPSHOT + "/metadata/{key}", "snapshots:delete_metadata"),
    Route("GET", BASE + "/types", "types:index"),
    Route("POST", BASE + "/types", "types:create", schema="volume.create_type"),
    Route("GET", TYPE, "types:show"),
    Route("PUT", TYPE, "types:update", schema="volume.update_type"),
    Route("DELETE", TYPE, "types:delete"),
    Route("GET", TYPE + "/extra_specs", "types:list_extra_specs"),
    Route("POST", TYPE + "/extra_specs", "types:set_extra_specs", schema="volume.extra_specs"),
    Route("GET", TYPE + "/extra_specs/{key}", "types:show_extra_spec"),
    Route("DELETE", TYPE + "/extra_specs/{key}", "types:delete_extra_spec"),
    Route("GET", TYPE + "/os-volume-type-access", "types:list_access"),
    Route("POST", TYPE + "/action", "types:act", schema="volume.action"),
    Route("GET", BASE + "/attachments", "attachments:index", since=27),
    Route("POST", BASE + "/attachments", "attachments:create", schema="volume.create_attachment", since=27),
    Route("GET", BASE + "/attachments/detail", "attachments:detail", since=27),
    Route("GET", ATTACHMENT, "attachments:show", since=27),
    Route("PUT", ATTACHMENT, "attachments:update", schema="volume.update_attachment", since=27),
    Route("POST", ATTACHMENT + "/action", "attachments:act", schema="volume.action", since=44),
    Route("DELETE", ATTACHMENT, "attachments:delete", since=27),
    Route("GET", BASE + "/limits", "quotas:show_limits"),
    Route("GET", QUOTA, "quotas:show"),
    Route("PUT", QUOTA, "quotas:update", schema="volume.update_quota"),
    Route("DELETE", QUOTA, "quotas:delete"),
    Route("GET", QUOTA + "/defaults", "quotas:show_defaults"),
    Route("GET", BASE + "/os-quota-class-sets/{name}", "quotas:show_class"),
    Route("GET", BASE + "/os-availability-zone", "services:list_zones"),
    Route("GET", BASE + "/os-services", "services:index"),
    Route("GET", BASE + "/scheduler-stats/get_pools", "services:list_pools"),
    Route("GET", BASE + "/extensions", "services:list_extensions"),
    Route("GET", BASE + "/os-volume-transfer", "services:list_transfers"),
    Route("GET", BASE + "/os-volume-transfer/detail", "services:list_transfers"),
    Route("GET", BASE + "/volume-transfers", "services:list_transfers"),
    Route("GET", BASE + "/volume-transfers/detail", "services:list_transfers"),
]
