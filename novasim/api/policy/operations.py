"""
The requests that policy rules guard, and the deprecated names of rules. Only policy files and listings need these.

Rules such as context_is_admin, to which other rules refer, guard no request. Source: the recorded policies of Nova.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

# Check string of deprecated rules -> lines: the deprecated name, then its replacements ("+x": that name and ":x").
_DEPRECATED = {
    "rule:admin_api": """
        os_compute_api:os-used-limits os_compute_api:limits:other_project
        os_compute_api:os-hypervisors +list +list-detail +search +servers +show +statistics +uptime
        os_compute_api:os-services +delete +list +update
    """,
    "rule:admin_or_owner": """
        os_compute_api:os-attach-interfaces +create +delete +list +show
        os_compute_api:os-deferred-delete +force +restore
        os_compute_api:os-floating-ips +add +remove
        os_compute_api:os-instance-actions +list +show
        os_compute_api:os-multinic +add +remove
        os_compute_api:os-security-groups +add +create +delete +get +list +remove +show +update
        os_compute_api:os-server-password +clear +show
        os_compute_api:os-rescue os_compute_api:os-unrescue
        os_compute_api:os-volumes +create +delete +detail +list +show
        os_compute_api:os-flavor-extra-specs:index os_compute_api:servers:show:flavor-extra-specs
    """,
    "rule:context_is_admin": """
        os_compute_api:os-migrate-server:migrate_live +host
        os_compute_api:os-migrations:index +all_projects +host
        os_compute_api:servers:migrations:index +host
    """,
}

# Each line is a rule (without a leading "os_compute_api") and a request: method, path, (the key of the action).
_OPERATIONS = """
    compute:aggregates:images POST /os-aggregates/{aggregate_id}/images
    compute:server:topology:host:index GET /servers/{server_id}/topology
    compute:server:topology:index GET /servers/{server_id}/topology
    compute:servers:create:requested_destination POST /servers
    compute:servers:resize:cross_cell POST /servers/{server_id}/action (resize)
    network:attach_external_network POST /servers
    network:attach_external_network POST /servers/{server_id}/os-interface
    :ips:index GET /servers/{server_id}/ips
    :ips:show GET /servers/{server_id}/ips/{network_label}
    :limits GET /limits
    :limits:other_project GET /limits
    :os-admin-actions:inject_network_info POST /servers/{server_id}/action (injectNetworkInfo)
    :os-admin-actions:reset_state POST /servers/{server_id}/action (os-resetState)
    :os-admin-password POST /servers/{server_id}/action (changePassword)
    :os-aggregates:add_host POST /os-aggregates/{aggregate_id}/action (add_host)
    :os-aggregates:create POST /os-aggregates
    :os-aggregates:delete DELETE /os-aggregates/{aggregate_id}
    :os-aggregates:index GET /os-aggregates
    :os-aggregates:remove_host POST /os-aggregates/{aggregate_id}/action (remove_host)
    :os-aggregates:set_metadata POST /os-aggregates/{aggregate_id}/action (set_metadata)
    :os-aggregates:show GET /os-aggregates/{aggregate_id}
    :os-aggregates:update PUT /os-aggregates/{aggregate_id}
    :os-attach-interfaces:create POST /servers/{server_id}/os-interface
    :os-attach-interfaces:delete DELETE /servers/{server_id}/os-interface/{port_id}
    :os-attach-interfaces:list GET /servers/{server_id}/os-interface
    :os-attach-interfaces:show GET /servers/{server_id}/os-interface/{port_id}
    :os-availability-zone:detail GET /os-availability-zone/detail
    :os-availability-zone:list GET /os-availability-zone
    :os-console-auth-tokens GET /os-console-auth-tokens/{console_token}
    :os-console-output POST /servers/{server_id}/action (os-getConsoleOutput)
    :os-create-backup POST /servers/{server_id}/action (createBackup)
    :os-deferred-delete:force POST /servers/{server_id}/action (forceDelete)
    :os-deferred-delete:restore POST /servers/{server_id}/action (restore)
    :os-evacuate POST /servers/{server_id}/action (evacuate)
    :os-extended-server-attributes GET /servers/{id}
    :os-extended-server-attributes GET /servers/detail
    :os-extended-server-attributes PUT /servers/{server_id}
    :os-extended-server-attributes POST /servers/{server_id}/action (rebuild)
    :os-flavor-access GET /flavors/{flavor_id}/os-flavor-access
    :os-flavor-access:add_tenant_access POST /flavors/{flavor_id}/action (addTenantAccess)
    :os-flavor-access:remove_tenant_access POST /flavors/{flavor_id}/action (removeTenantAccess)
    :os-flavor-extra-specs:create POST /flavors/{flavor_id}/os-extra_specs/
    :os-flavor-extra-specs:delete DELETE /flavors/{flavor_id}/os-extra_specs/{flavor_extra_spec_key}
    :os-flavor-extra-specs:index GET /flavors/{flavor_id}/os-extra_specs/
    :os-flavor-extra-specs:index POST /flavors
    :os-flavor-extra-specs:index GET /flavors/detail
    :os-flavor-extra-specs:index GET /flavors/{flavor_id}
    :os-flavor-extra-specs:index PUT /flavors/{flavor_id}
    :os-flavor-extra-specs:show GET /flavors/{flavor_id}/os-extra_specs/{flavor_extra_spec_key}
    :os-flavor-extra-specs:update PUT /flavors/{flavor_id}/os-extra_specs/{flavor_extra_spec_key}
    :os-flavor-manage:create POST /flavors
    :os-flavor-manage:delete DELETE /flavors/{flavor_id}
    :os-flavor-manage:update PUT /flavors/{flavor_id}
    :os-floating-ips:add POST /servers/{server_id}/action (addFloatingIp)
    :os-floating-ips:remove POST /servers/{server_id}/action (removeFloatingIp)
    :os-hypervisors:list GET /os-hypervisors
    :os-hypervisors:list-detail GET /os-hypervisors/details
    :os-hypervisors:search GET /os-hypervisors/{hypervisor_hostname_pattern}/search
    :os-hypervisors:servers GET /os-hypervisors/{hypervisor_hostname_pattern}/servers
    :os-hypervisors:show GET /os-hypervisors/{hypervisor_id}
    :os-hypervisors:statistics GET /os-hypervisors/statistics
    :os-hypervisors:uptime GET /os-hypervisors/{hypervisor_id}/uptime
    :os-instance-actions:events GET /servers/{server_id}/os-instance-actions/{request_id}
    :os-instance-actions:events:details GET /servers/{server_id}/os-instance-actions/{request_id}
    :os-instance-actions:list GET /servers/{server_id}/os-instance-actions
    :os-instance-actions:show GET /servers/{server_id}/os-instance-actions/{request_id}
    :os-keypairs:create POST /os-keypairs
    :os-keypairs:delete DELETE /os-keypairs/{keypair_name}
    :os-keypairs:index GET /os-keypairs
    :os-keypairs:show GET /os-keypairs/{keypair_name}
    :os-lock-server:lock POST /servers/{server_id}/action (lock)
    :os-lock-server:unlock POST /servers/{server_id}/action (unlock)
    :os-lock-server:unlock:unlock_override POST /servers/{server_id}/action (unlock)
    :os-migrate-server:migrate POST /servers/{server_id}/action (migrate)
    :os-migrate-server:migrate:host POST /servers/{server_id}/action (migrate)
    :os-migrate-server:migrate_live POST /servers/{server_id}/action (os-migrateLive)
    :os-migrate-server:migrate_live:host POST /servers/{server_id}/action (os-migrateLive)
    :os-migrations:index GET /os-migrations
    :os-migrations:index:all_projects GET /os-migrations
    :os-migrations:index:host GET /os-migrations
    :os-multinic:add POST /servers/{server_id}/action (addFixedIp)
    :os-multinic:remove POST /servers/{server_id}/action (removeFixedIp)
    :os-pause-server:pause POST /servers/{server_id}/action (pause)
    :os-pause-server:unpause POST /servers/{server_id}/action (unpause)
    :os-quota-sets:defaults GET /os-quota-sets/{tenant_id}/defaults
    :os-quota-sets:delete DELETE /os-quota-sets/{tenant_id}
    :os-quota-sets:detail GET /os-quota-sets/{tenant_id}/detail
    :os-quota-sets:show GET /os-quota-sets/{tenant_id}
    :os-quota-sets:update PUT /os-quota-sets/{tenant_id}
    :os-remote-consoles POST /servers/{server_id}/action (os-getSerialConsole)
    :os-remote-consoles POST /servers/{server_id}/action (os-getSPICEConsole)
    :os-remote-consoles POST /servers/{server_id}/action (os-getVNCConsole)
    :os-remote-consoles POST /servers/{server_id}/remote-consoles
    :os-rescue POST /servers/{server_id}/action (rescue)
    :os-security-groups:add POST /servers/{server_id}/action (addSecurityGroup)
    :os-security-groups:create POST /os-security-groups
    :os-security-groups:delete DELETE /os-security-groups/{security_group_id}
    :os-security-groups:get GET /os-security-groups
    :os-security-groups:list GET /servers/{server_id}/os-security-groups
    :os-security-groups:remove POST /servers/{server_id}/action (removeSecurityGroup)
    :os-security-groups:show GET /os-security-groups/{security_group_id}
    :os-security-groups:update PUT /os-security-groups/{security_group_id}
    :os-server-diagnostics GET /servers/{server_id}/diagnostics
    :os-server-external-events:create POST /os-server-external-events
    :os-server-groups:create POST /os-server-groups
    :os-server-groups:delete DELETE /os-server-groups/{server_group_id}
    :os-server-groups:index GET /os-server-groups
    :os-server-groups:index:all_projects GET /os-server-groups
    :os-server-groups:show GET /os-server-groups/{server_group_id}
    :os-server-password:clear DELETE /servers/{server_id}/os-server-password
    :os-server-password:show GET /servers/{server_id}/os-server-password
    :os-server-shares:create POST /servers/{server_id}/shares
    :os-server-shares:delete DELETE /servers/{server_id}/shares/{share_id}
    :os-server-shares:index GET /servers/{server_id}/shares
    :os-server-shares:show GET /servers/{server_id}/shares/{share_id}
    :os-server-tags:delete DELETE /servers/{server_id}/tags/{tag}
    :os-server-tags:delete_all DELETE /servers/{server_id}/tags
    :os-server-tags:index GET /servers/{server_id}/tags
    :os-server-tags:show GET /servers/{server_id}/tags/{tag}
    :os-server-tags:update PUT /servers/{server_id}/tags/{tag}
    :os-server-tags:update_all PUT /servers/{server_id}/tags
    :os-services:delete DELETE /os-services/{service_id}
    :os-services:list GET /os-services
    :os-services:update PUT /os-services/{service_id}
    :os-shelve:shelve POST /servers/{server_id}/action (shelve)
    :os-shelve:shelve_offload POST /servers/{server_id}/action (shelveOffload)
    :os-shelve:unshelve POST /servers/{server_id}/action (unshelve)
    :os-shelve:unshelve_to_host POST /servers/{server_id}/action (unshelve)
    :os-suspend-server:resume POST /servers/{server_id}/action (resume)
    :os-suspend-server:suspend POST /servers/{server_id}/action (suspend)
    :os-unrescue POST /servers/{server_id}/action (unrescue)
    :os-volumes-attachments:create POST /servers/{server_id}/os-volume_attachments
    :os-volumes-attachments:delete DELETE /servers/{server_id}/os-volume_attachments/{volume_id}
    :os-volumes-attachments:index GET /servers/{server_id}/os-volume_attachments
    :os-volumes-attachments:show GET /servers/{server_id}/os-volume_attachments/{volume_id}
    :os-volumes-attachments:swap PUT /servers/{server_id}/os-volume_attachments/{volume_id}
    :os-volumes-attachments:update PUT /servers/{server_id}/os-volume_attachments/{volume_id}
    :os-volumes:create POST /os-volumes
    :os-volumes:delete DELETE /os-volumes/{volume_id}
    :os-volumes:detail GET /os-volumes/detail
    :os-volumes:list GET /os-volumes
    :os-volumes:show GET /os-volumes/{volume_id}
    :server-metadata:create POST /servers/{server_id}/metadata
    :server-metadata:delete DELETE /servers/{server_id}/metadata/{key}
    :server-metadata:index GET /servers/{server_id}/metadata
    :server-metadata:show GET /servers/{server_id}/metadata/{key}
    :server-metadata:update PUT /servers/{server_id}/metadata/{key}
    :server-metadata:update_all PUT /servers/{server_id}/metadata
    :servers:allow_all_filters GET /servers
    :servers:allow_all_filters GET /servers/detail
    :servers:confirm_resize POST /servers/{server_id}/action (confirmResize)
    :servers:create POST /servers
    :servers:create:attach_network POST /servers
    :servers:create:attach_volume POST /servers
    :servers:create:forced_host POST /servers
    :servers:create:trusted_certs POST /servers
    :servers:create:zero_disk_flavor POST /servers
    :servers:create_image POST /servers/{server_id}/action (createImage)
    :servers:create_image:allow_volume_backed POST /servers/{server_id}/action (createImage)
    :servers:delete DELETE /servers/{server_id}
    :servers:detail GET /servers/detail
    :servers:detail:get_all_tenants GET /servers/detail
    :servers:index GET /servers
    :servers:index:get_all_tenants GET /servers
    :servers:migrations:delete DELETE /servers/{server_id}/migrations/{migration_id}
    :servers:migrations:force_complete POST /servers/{server_id}/migrations/{migration_id}/action (force_complete)
    :servers:migrations:index GET /servers/{server_id}/migrations
    :servers:migrations:index:host GET /servers/{server_id}/migrations
    :servers:migrations:show GET /servers/{server_id}/migrations/{migration_id}
    :servers:reboot POST /servers/{server_id}/action (reboot)
    :servers:rebuild POST /servers/{server_id}/action (rebuild)
    :servers:rebuild:trusted_certs POST /servers/{server_id}/action (rebuild)
    :servers:resize POST /servers/{server_id}/action (resize)
    :servers:revert_resize POST /servers/{server_id}/action (revertResize)
    :servers:show GET /servers/{server_id}
    :servers:show:flavor-extra-specs GET /servers/detail
    :servers:show:flavor-extra-specs GET /servers/{server_id}
    :servers:show:flavor-extra-specs PUT /servers/{server_id}
    :servers:show:flavor-extra-specs POST /servers/{server_id}/action (rebuild)
    :servers:show:host_status GET /servers/{server_id}
    :servers:show:host_status GET /servers/detail
    :servers:show:host_status PUT /servers/{server_id}
    :servers:show:host_status POST /servers/{server_id}/action (rebuild)
    :servers:show:host_status:unknown-only GET /servers/{server_id}
    :servers:show:host_status:unknown-only GET /servers/detail
    :servers:show:host_status:unknown-only PUT /servers/{server_id}
    :servers:show:host_status:unknown-only POST /servers/{server_id}/action (rebuild)
    :servers:start POST /servers/{server_id}/action (os-start)
    :servers:stop POST /servers/{server_id}/action (os-stop)
    :servers:trigger_crash_dump POST /servers/{server_id}/action (trigger_crash_dump)
    :servers:update PUT /servers/{server_id}
"""


class DeprecatedRule(NamedTuple):
    """A rule that has been replaced: its name and its check string."""

    name: str
    check_str: str


def _iter_deprecated_rules() -> Iterator[tuple[str, DeprecatedRule]]:
    for check_str, table in _DEPRECATED.items():
        for old_name, *rules in map(str.split, table.strip().splitlines()):
            yield from ((rule.replace("+", f"{old_name}:"), DeprecatedRule(old_name, check_str)) for rule in rules)


DEPRECATED_RULES: dict[str, DeprecatedRule] = dict(_iter_deprecated_rules())


def list_operations() -> dict[str, list[str]]:
    """Return the requests that each rule guards, such as "POST /servers/{server_id}/action (resize)"."""
    operations: dict[str, list[str]] = {}
    for line in _OPERATIONS.strip().splitlines():
        rule, _, request = line.strip().partition(" ")
        operations.setdefault(f"os_compute_api{rule}" if rule[0] == ":" else rule, []).append(request)
    return operations
