"""The routes of the volume service."""

from __future__ import annotations

from novasim.api.routes import NOT_SIMULATED, Route
from novasim.api.volume.empty import KINDS, MANAGEABLE

BASE = "/v3/{project}"
VOLUME = BASE + "/volumes/{volume_id}"
SNAPSHOT = BASE + "/snapshots/{snapshot_id}"
TYPE = BASE + "/types/{type_id}"
ATTACHMENT = BASE + "/attachments/{attachment_id}"
QOS_SPECS = BASE + "/qos-specs/{qos_specs_id}"
BACKUP = BASE + "/backups/{backup_id}"
GROUP = BASE + "/groups/{group_id}"
GROUP_SNAPSHOT = BASE + "/group_snapshots/{group_snapshot_id}"
GROUP_TYPE = BASE + "/group_types/{group_type_id}"
QUOTA = BASE + "/os-quota-sets/{target}"
TRANSFERS = ("/os-volume-transfer", 0), ("/volume-transfers", 55)  # path, first microversion

# Requests of the real service that are refused (501): methods, path, first microversion.
REFUSED = (
    ("POST", "/backups/import_record", 0),
    ("GET", "/backups/{backup_id}/export_record", 0),
    ("POST", "/consistencygroups", 0),
    ("POST", "/consistencygroups/create_from_src", 0),
    ("POST", "/cgsnapshots", 0),
    ("POST", "/os-volume-manage", 0),
    ("POST", "/manageable_volumes", 8),
    ("POST", "/os-snapshot-manage", 0),
    ("POST", "/manageable_snapshots", 8),
    ("POST", "/workers/cleanup", 24),
    ("PUT", "/clusters/{verb}", 7),
    ("PUT", "/os-services/freeze", 0),
    ("PUT", "/os-services/thaw", 0),
    ("PUT", "/os-services/failover_host", 0),
    ("PUT", "/os-services/failover", 26),
    ("PUT", "/os-services/set-log", 32),
    ("PUT", "/os-services/get-log", 32),
    ("PUT", "/os-hosts/{host}", 0),
    ("PUT", "/default-types/{target}", 62),
)

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
    Route("GET", SNAPSHOT + "/metadata/{key}", "snapshots:show_metadata"),
    Route("PUT", SNAPSHOT + "/metadata/{key}", "snapshots:update_metadata", schema="volume.meta"),
    Route("DELETE", SNAPSHOT + "/metadata/{key}", "snapshots:delete_metadata"),
    Route("GET", BASE + "/types", "types:index"),
    Route("POST", BASE + "/types", "types:create", schema="volume.create_type"),
    Route("GET", TYPE, "types:show"),
    Route("PUT", TYPE, "types:update", schema="volume.update_type"),
    Route("DELETE", TYPE, "types:delete"),
    Route("GET", TYPE + "/extra_specs", "types:list_extra_specs"),
    Route("POST", TYPE + "/extra_specs", "types:set_extra_specs", schema="volume.extra_specs"),
    Route("GET", TYPE + "/extra_specs/{key}", "types:show_extra_spec"),
    Route("PUT", TYPE + "/extra_specs/{key}", "types:update_extra_spec", schema="volume.extra_spec"),
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
    Route("PUT", BASE + "/os-quota-class-sets/{name}", "quotas:update_class", schema="volume.update_quota_class"),
    Route("GET", BASE + "/os-availability-zone", "services:list_zones"),
    Route("GET", BASE + "/os-services", "services:index", uses_clock=True),
    Route("PUT", BASE + "/os-services/enable", "services:enable", schema="volume.set_service"),
    Route("PUT", BASE + "/os-services/disable", "services:disable", schema="volume.set_service"),
    Route(
        "PUT",
        BASE + "/os-services/disable-log-reason",
        "services:disable_with_reason",
        schema="volume.disable_service",
    ),
    Route("GET", BASE + "/scheduler-stats/get_pools", "services:list_pools"),
    Route("GET", BASE + "/capabilities/{host}", "services:show_capabilities"),
    Route("GET", BASE + "/extensions", "extensions:index"),
    Route("GET", BASE + "/extensions/{alias}", "extensions:show"),
    Route("GET", BASE + "/os-hosts", "services:list_hosts", uses_clock=True),
    Route("GET", BASE + "/resource_filters", "services:list_filters", since=33),
    Route("GET", VOLUME + "/encryption", "type_encryption:show_of_volume"),
    Route("GET", TYPE + "/encryption", "type_encryption:index"),
    Route("POST", TYPE + "/encryption", "type_encryption:create", schema="volume.create_encryption"),
    Route("GET", TYPE + "/encryption/{key}", "type_encryption:show"),
    Route("PUT", TYPE + "/encryption/{key}", "type_encryption:update", schema="volume.update_encryption"),
    Route("DELETE", TYPE + "/encryption/{key}", "type_encryption:delete"),
    Route("GET", BASE + "/qos-specs", "qos_specs:index"),
    Route("POST", BASE + "/qos-specs", "qos_specs:create", schema="volume.create_qos_specs"),
    Route("GET", QOS_SPECS, "qos_specs:show"),
    Route("PUT", QOS_SPECS, "qos_specs:update", schema="volume.update_qos_specs"),
    Route("DELETE", QOS_SPECS, "qos_specs:delete"),
    Route("PUT", QOS_SPECS + "/delete_keys", "qos_specs:delete_keys", schema="volume.delete_qos_keys"),
    Route("GET", QOS_SPECS + "/associations", "qos_specs:list_associations"),
    Route("GET", QOS_SPECS + "/associate", "qos_specs:associate", changes=True),
    Route("GET", QOS_SPECS + "/disassociate", "qos_specs:disassociate", changes=True),
    Route("GET", QOS_SPECS + "/disassociate_all", "qos_specs:disassociate_all", changes=True),
]
ROUTES += [
    Route("GET", BASE + "/backups", "backups:index"),
    Route("POST", BASE + "/backups", "backups:create", schema="volume.create_backup"),
    Route("GET", BASE + "/backups/detail", "backups:detail"),
    Route("GET", BACKUP, "backups:show"),
    Route("PUT", BACKUP, "backups:update", schema="volume.update_backup", since=9),
    Route("DELETE", BACKUP, "backups:delete"),
    Route("POST", BACKUP + "/restore", "backups:restore", schema="volume.restore_backup"),
    Route("POST", BACKUP + "/action", "backups:act", schema="volume.action"),
    Route("GET", BASE + "/groups", "groups.groups:index", since=13),
    Route("POST", BASE + "/groups", "groups.groups:create", schema="volume.create_group", since=13),
    Route("GET", BASE + "/groups/detail", "groups.groups:detail", since=13),
    Route("POST", BASE + "/groups/action", "groups.actions:create_from_source", schema="volume.copy_group", since=14),
    Route("GET", GROUP, "groups.groups:show", since=13),
    Route("PUT", GROUP, "groups.groups:update", schema="volume.update_group", since=13),
    Route("POST", GROUP + "/action", "groups.actions:act", schema="volume.group_action", since=13),
    Route("GET", BASE + "/group_snapshots", "groups.snapshots:index", since=14),
    Route("POST", BASE + "/group_snapshots", "groups.snapshots:create", schema="volume.snapshot_group", since=14),
    Route("GET", BASE + "/group_snapshots/detail", "groups.snapshots:detail", since=14),
    Route("GET", GROUP_SNAPSHOT, "groups.snapshots:show", since=14),
    Route("DELETE", GROUP_SNAPSHOT, "groups.snapshots:delete", since=14),
    Route("POST", GROUP_SNAPSHOT + "/action", "groups.snapshots:act", schema="volume.action", since=19),
    Route("GET", BASE + "/group_types", "groups.types:index", since=11),
    Route("POST", BASE + "/group_types", "groups.types:create", schema="volume.create_group_type", since=11),
    Route("GET", GROUP_TYPE, "groups.types:show", since=11),
    Route("PUT", GROUP_TYPE, "groups.types:update", schema="volume.update_group_type", since=11),
    Route("DELETE", GROUP_TYPE, "groups.types:delete", since=11),
    Route("GET", GROUP_TYPE + "/group_specs", "groups.types:list_specs", since=11),
    Route("POST", GROUP_TYPE + "/group_specs", "groups.types:set_specs", schema="volume.group_specs", since=11),
    Route("GET", GROUP_TYPE + "/group_specs/{key}", "groups.types:show_spec", since=11),
    Route("PUT", GROUP_TYPE + "/group_specs/{key}", "groups.types:update_spec", schema="volume.group_spec", since=11),
    Route("DELETE", GROUP_TYPE + "/group_specs/{key}", "groups.types:delete_spec", since=11),
]
for _path, _since in TRANSFERS:
    _transfer = f"{BASE}{_path}/{{transfer_id}}"
    ROUTES += [
        Route("GET", BASE + _path, "transfers:index", since=_since),
        Route("POST", BASE + _path, "transfers:create", schema="volume.create_transfer", since=_since),
        Route("GET", BASE + _path + "/detail", "transfers:detail", since=_since),
        Route("GET", _transfer, "transfers:show", since=_since),
        Route("DELETE", _transfer, "transfers:delete", since=_since),
        Route("POST", _transfer + "/accept", "transfers:accept", schema="volume.accept_transfer", since=_since),
    ]
for _path, _kind in KINDS.items():
    ROUTES.append(Route("GET", f"{BASE}/{_path}", "empty:index", since=_kind.since))
    if _kind.has_detail:
        ROUTES.append(Route("GET", f"{BASE}/{_path}/detail", "empty:index", since=_kind.since))
    for _method, _below in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/action")):
        if _path not in ("clusters", "default-types") or _method in ("GET", "DELETE"):
            ROUTES.append(Route(_method, f"{BASE}/{_path}/{{id}}{_below}", "empty:refuse", since=_kind.since))
for _path, (_, _since) in MANAGEABLE.items():
    ROUTES.append(Route("GET", f"{BASE}/{_path}", "empty:list_manageable", since=_since))
    ROUTES.append(Route("GET", f"{BASE}/{_path}/detail", "empty:list_manageable", since=_since))
ROUTES += [Route(method, BASE + path, NOT_SIMULATED, since=since) for method, path, since in REFUSED]
