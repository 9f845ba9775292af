"""Ways to meet refusals by the checks of the action table, which need special arguments or circumstances."""

from __future__ import annotations

from typing import NamedTuple

from novasim.lifecycle.states import ACTIVE, SHELVED, SHELVED_OFFLOADED, SOFT_DELETED, STOPPED
from novasim.teach.coverage.requests import (
    ATTACHED,
    ATTACHMENTS,
    COPY,
    DATA,
    FEW_DISKS,
    FROM_VOLUME,
    HOST,
    HOST_DOWN,
    ITEMS,
    NO_ITEMS,
    NUMA,
    OTHER_ZONE,
    SECOND_GROUP,
    SERVERS,
    SMALL_NETWORK,
    SWAP_BEGUN,
    UNKNOWN,
    WEB2,
    WITHOUT_HOST,
    WITHOUT_PORTS,
    act,
    attach,
    attach_port,
    create_flavor,
    create_image,
    create_network,
    create_port,
    create_volume,
    reset_volume,
    set_property,
    set_quota,
    swap,
)
from novasim.teach.coverage.scripts import ADMIN, ID, Lines, send


class Recipe(NamedTuple):
    """
    How to meet a check.

    Args:
        request: The request that is refused. preparation: what comes before it.
        vm_state: Where the server is then. before_server: what comes before the server is created.
    """

    request: Lines
    preparation: Lines = Lines()
    vm_state: str = ACTIVE
    before_server: Lines = Lines()


RECIPES: dict[tuple[str, str], Recipe] = {
    ("within_quota", "resize"): Recipe(act("resize", {"flavorRef": "2"}), set_quota(ram=512)),
    ("within_quota", "restore"): Recipe(act("restore", None), set_quota(instances=0), SOFT_DELETED),
    ("may_unlock", "unlock"): Recipe(act("unlock", None), act("lock", None, caller=ADMIN)),
    ("is_on_host", "resize"): Recipe(act("resize", {"flavorRef": "2"}), WITHOUT_HOST, SHELVED_OFFLOADED),
    ("is_on_host", "migrate"): Recipe(act("migrate", None, caller=ADMIN), WITHOUT_HOST, SHELVED_OFFLOADED),
    ("source_is_up", "resize"): Recipe(act("resize", {"flavorRef": "2"}), HOST_DOWN),
    ("source_is_up", "migrate"): Recipe(act("migrate", None, caller=ADMIN), HOST_DOWN),
    ("source_is_up", "detach-volume"): Recipe(send("DELETE", f"{ATTACHMENTS}/{{volume:data}}"), ATTACHED + HOST_DOWN),
    ("flavor_exists", "resize"): Recipe(act("resize", {"flavorRef": "nothing"})),
    ("flavor_differs", "resize"): Recipe(act("resize", {"flavorRef": "1"})),
    ("flavor_keeps_disk", "resize"): Recipe(act("resize", {"flavorRef": "other"}), create_flavor(disk=0)),
    ("flavor_fits_disk", "resize"): Recipe(act("resize", {"flavorRef": "other"}), create_flavor(ram=1)),
    ("flavor_fits_cpus", "resize"): Recipe(
        act("resize", {"flavorRef": "other"}),
        create_flavor() + send("POST", "/flavors/other/os-extra_specs", NUMA, caller=ADMIN),
    ),
    ("key_exists", "rebuild"): Recipe(act("rebuild", {"imageRef": "{image:cirros}", "key_name": "nothing"})),
    ("image_exists", "rebuild"): Recipe(act("rebuild", {"imageRef": UNKNOWN})),
    ("image_fits", "rebuild"): Recipe(act("rebuild", {"imageRef": "{image:ubuntu-24.04}"})),
    ("image_architecture_known", "rebuild"): Recipe(
        act("rebuild", {"imageRef": "{image:other}"}), create_image("other", hw_architecture="nothing")
    ),
    ("certificates_can_be_checked", "rebuild"): Recipe(
        act("rebuild", {"imageRef": "{image:cirros}", "trusted_image_certificates": ["a"]}, server=WEB2), FROM_VOLUME
    ),
    ("keeps_boot_image", "rebuild"): Recipe(
        act("rebuild", {"imageRef": "{image:debian-12}"}, "2.92", server=WEB2), FROM_VOLUME
    ),
    ("image_fits_volume", "rebuild"): Recipe(
        act("rebuild", {"imageRef": "{image:debian-12}"}, server=WEB2), FROM_VOLUME
    ),
    ("volumes_are_in_use", "rebuild"): Recipe(
        act("rebuild", {"imageRef": "{image:cirros}"}), ATTACHED + reset_volume("data", status="error")
    ),
    ("volumes_are_in_use", "rescue"): Recipe(act("rescue", None), ATTACHED + reset_volume("data", status="error")),
    ("rescue_image_exists", "rescue"): Recipe(act("rescue", {"rescue_image_ref": UNKNOWN})),
    ("volume_can_be_rescued", "rescue"): Recipe(act("rescue", None, "2.86", server=WEB2), FROM_VOLUME),
    ("within_item_quota", "rebuild"): Recipe(
        act("rebuild", {"imageRef": "{image:cirros}", "metadata": ITEMS}), NO_ITEMS
    ),
    ("within_item_quota", "metadata-create"): Recipe(
        send("POST", f"{SERVERS}/metadata", {"metadata": ITEMS}), NO_ITEMS
    ),
    ("within_item_quota", "metadata-replace"): Recipe(
        send("PUT", f"{SERVERS}/metadata", {"metadata": ITEMS}), NO_ITEMS
    ),
    ("within_item_quota", "metadata-set-item"): Recipe(send("PUT", f"{SERVERS}/metadata/a", {"meta": ITEMS}), NO_ITEMS),
    ("is_offloaded_if_placed", "unshelve"): Recipe(act("unshelve", {"availability_zone": "nova"}), vm_state=SHELVED),
    ("zone_exists", "unshelve"): Recipe(act("unshelve", {"availability_zone": "nowhere"}), vm_state=SHELVED_OFFLOADED),
    ("may_name_host", "unshelve"): Recipe(act("unshelve", {"host": "host1"}), vm_state=SHELVED_OFFLOADED),
    ("host_exists", "unshelve"): Recipe(act("unshelve", {"host": "no"}, caller=ADMIN), vm_state=SHELVED_OFFLOADED),
    ("host_exists", "migrate"): Recipe(act("migrate", {"host": "nowhere"}, caller=ADMIN)),
    ("host_exists", "live-migrate"): Recipe(
        act("os-migrateLive", {"host": "nowhere", "block_migration": "auto"}, caller=ADMIN)
    ),
    ("guest_is_running", "diagnostics"): Recipe(send("GET", f"{SERVERS}/diagnostics", caller=ADMIN), vm_state=STOPPED),
    ("within_snapshot_quota", "create-image"): Recipe(
        act("createImage", {"name": "a"}, server=WEB2),
        FROM_VOLUME
        + send(
            "PUT",
            "/v3/{admin}/os-quota-sets/{project}",
            {"quota_set": {"snapshots": 0}},
            service="volume",
            caller=ADMIN,
        ),
    ),
    ("can_be_backed_up", "create-backup"): Recipe(
        act("createBackup", {"name": "a", "backup_type": "daily", "rotation": 1}, server=WEB2), FROM_VOLUME
    ),
    ("evacuation_host_exists", "evacuate"): Recipe(act("evacuate", {"host": "nowhere"}, caller=ADMIN), HOST_DOWN),
    ("source_is_down", "evacuate"): Recipe(act("evacuate", {}, caller=ADMIN)),
    ("has_fixed_ips", "add-floating-ip"): Recipe(
        act("addFloatingIp", {"address": "203.0.113.9"}, "2.43", server=WEB2), WITHOUT_PORTS
    ),
    ("floating_ip_exists", "add-floating-ip"): Recipe(act("addFloatingIp", {"address": "203.0.113.9"}, "2.43")),
    ("removed_floating_ip_exists", "remove-floating-ip"): Recipe(
        act("removeFloatingIp", {"address": "203.0.113.9"}, "2.43")
    ),
    ("group_is_named", "add-security-group"): Recipe(act("addSecurityGroup", {"name": " "})),
    ("group_is_named", "remove-security-group"): Recipe(act("removeSecurityGroup", {"name": " "})),
    ("group_is_unambiguous", "add-security-group"): Recipe(
        act("addSecurityGroup", {"name": "web"}), SECOND_GROUP + SECOND_GROUP
    ),
    ("group_is_unambiguous", "remove-security-group"): Recipe(
        act("removeSecurityGroup", {"name": "web"}), SECOND_GROUP + SECOND_GROUP
    ),
    ("group_exists", "add-security-group"): Recipe(act("addSecurityGroup", {"name": "nothing"})),
    ("group_exists", "remove-security-group"): Recipe(act("removeSecurityGroup", {"name": "nothing"})),
    ("has_ports", "add-security-group"): Recipe(
        act("addSecurityGroup", {"name": "default"}, server=WEB2), WITHOUT_PORTS
    ),
    ("has_ports", "remove-security-group"): Recipe(
        act("removeSecurityGroup", {"name": "default"}, server=WEB2), WITHOUT_PORTS
    ),
    ("is_in_group", "remove-security-group"): Recipe(act("removeSecurityGroup", {"name": "web"}), SECOND_GROUP),
    ("has_metadata_item", "metadata-delete-item"): Recipe(send("DELETE", f"{SERVERS}/metadata/nothing")),
    ("tag_is_valid", "tag-add"): Recipe(send("PUT", f"{SERVERS}/tags/a,b")),
    ("within_tag_limit", "tag-add"): Recipe(
        send("PUT", f"{SERVERS}/tags/more"), send("PUT", f"{SERVERS}/tags", {"tags": [f"t{n}" for n in range(50)]})
    ),
    ("has_tag", "tag-delete"): Recipe(send("DELETE", f"{SERVERS}/tags/nothing")),
    ("not_shelved_before_2_20", "attach-volume"): Recipe(attach("2.19"), DATA, SHELVED),
    ("not_shelved_before_2_20", "detach-volume"): Recipe(
        send("DELETE", f"{ATTACHMENTS}/{{volume:data}}", version="2.19"), DATA, SHELVED
    ),
    ("volume_exists", "attach-volume"): Recipe(send("POST", ATTACHMENTS, {"volumeAttachment": {"volumeId": UNKNOWN}})),
    ("volume_exists", "detach-volume"): Recipe(send("DELETE", f"{ATTACHMENTS}/{UNKNOWN}")),
    ("volume_is_unused", "attach-volume"): Recipe(attach(), ATTACHED),
    ("is_untagged_if_offloaded", "attach-volume"): Recipe(attach(tag="a"), DATA, SHELVED_OFFLOADED),
    ("device_is_free", "attach-volume"): Recipe(attach("2.60", device="/dev/vda"), DATA),
    ("volume_can_be_reserved", "attach-volume"): Recipe(attach("2.60"), DATA + reset_volume("data", status="error")),
    ("volume_is_attached", "detach-volume"): Recipe(send("DELETE", f"{ATTACHMENTS}/{{volume:data}}"), DATA),
    ("volume_is_not_root", "detach-volume"): Recipe(
        send("DELETE", f"{WEB2}/os-volume_attachments/{{volume:root}}"), FROM_VOLUME
    ),
    ("volume_is_in_use", "detach-volume"): Recipe(
        send("DELETE", f"{ATTACHMENTS}/{{volume:data}}"), ATTACHED + reset_volume("data", status="available")
    ),
    ("not_multiattach_while_offloaded", "attach-volume"): Recipe(
        attach("2.60"), create_volume("data", multiattach=True), SHELVED_OFFLOADED
    ),
    ("within_disk_limit", "attach-volume"): Recipe(attach("2.60"), DATA + FEW_DISKS),
    ("volume_is_migrating", "swap-volume"): Recipe(swap("{volume:data}", "{volume:copy}"), ATTACHED + COPY),
    ("new_volume_exists", "swap-volume"): Recipe(swap("{volume:data}", UNKNOWN), SWAP_BEGUN),
    ("new_volume_is_large_enough", "swap-volume"): Recipe(
        swap("{volume:data}", "{volume:copy}"),
        create_volume("data", size=2) + attach() + COPY + reset_volume("data", migration_status="error"),
    ),
    ("volume_is_in_use", "swap-volume"): Recipe(
        swap("{volume:data}", "{volume:copy}"), SWAP_BEGUN + reset_volume("data", status="available")
    ),
    ("new_volume_can_be_reserved", "swap-volume"): Recipe(
        swap("{volume:data}", "{volume:copy}"), SWAP_BEGUN + reset_volume("copy", status="error")
    ),
    ("port_is_free", "attach-port"): Recipe(
        attach_port(port_id="{port:spare}"), create_port() + attach_port(port_id="{port:spare}")
    ),
    ("port_has_the_hostname", "attach-port"): Recipe(
        attach_port(port_id="{port:spare}"), create_port(dns_name="another")
    ),
    ("port_needs_no_pci_device", "attach-port"): Recipe(
        attach_port(port_id="{port:spare}"), create_port(**{"binding:vnic_type": "direct"})
    ),
    ("network_has_address", "attach-port"): Recipe(
        attach_port(net_id="{network:other}"), SMALL_NETWORK + attach_port(net_id="{network:other}")
    ),
    ("ports_take_groups", "add-security-group"): Recipe(
        act("addSecurityGroup", {"name": "web"}),
        SECOND_GROUP
        + create_port(port_security_enabled=False, security_groups=[])
        + attach_port(port_id="{port:spare}"),
    ),
    ("keeps_pinned_zone", "set"): Recipe(
        send("PUT", SERVERS, {"server": {"pinned_availability_zone": "zone2"}}),
        OTHER_ZONE + send("PUT", SERVERS, {"server": {"pinned_availability_zone": "nova"}}),
    ),
    ("pins_present_zone", "set"): Recipe(
        send("PUT", SERVERS, {"server": {"pinned_availability_zone": "zone2"}}), OTHER_ZONE
    ),
    ("is_in_zone", "add-floating-ip"): Recipe(
        act("addFloatingIp", {"address": "203.0.113.9"}, "2.43"), vm_state=SHELVED_OFFLOADED
    ),
    ("fixed_ip_is_own", "add-floating-ip"): Recipe(
        act("addFloatingIp", {"address": "203.0.113.9", "fixed_address": "10.0.0.99"}, "2.43")
    ),
    ("disk_config_allowed", "resize"): Recipe(
        act("resize", {"flavorRef": "2", "OS-DCF:diskConfig": "AUTO"}),
        before_server=set_property("auto_disk_config", "Disabled"),
    ),
    ("disk_config_allowed", "rebuild"): Recipe(
        act("rebuild", {"imageRef": "{image:cirros}", "OS-DCF:diskConfig": "AUTO"}),
        set_property("auto_disk_config", "Disabled"),
    ),
    ("image_fits_cpus", "rebuild"): Recipe(
        act("rebuild", {"imageRef": "{image:cirros}"}), set_property("hw_numa_nodes", "2")
    ),
    ("guest_can_be_quiesced", "create-image"): Recipe(
        act("createImage", {"name": "a"}, server=WEB2), set_property("os_require_quiesce", "yes") + FROM_VOLUME
    ),
    ("rescue_image_valid", "rescue"): Recipe(
        act("rescue", {"rescue_image_ref": "{image:cirros}"}), set_property("hw_rescue_bus", "nothing")
    ),
    ("other_host", "migrate"): Recipe(
        Lines(
            (
                f'novasim --as admin request POST "/servers/{ID}/action" '
                f'"{{\\"migrate\\": {{\\"host\\": \\"{HOST}\\"}}}}"',
            ),
            ("Server(admin, server.id).migrate(host=server.host)",),
        )
    ),
    ("port_exists", "attach-port"): Recipe(attach_port(port_id=UNKNOWN)),
    ("network_exists", "attach-port"): Recipe(attach_port(net_id=UNKNOWN)),
    ("network_is_permitted", "attach-port"): Recipe(attach_port(net_id="{network:public}")),
    ("network_takes_groups", "attach-port"): Recipe(attach_port(net_id="{network:other}"), create_network("other")),
    ("network_is_unambiguous", "attach-port"): Recipe(attach_port(), create_network("other")),
    ("within_port_quota", "attach-port"): Recipe(
        attach_port(net_id="{network:private}"),
        send("PUT", "/v2.0/quotas/{project}", {"quota": {"port": 1}}, service="network", caller=ADMIN),
    ),
    ("fixed_ip_is_on_network", "attach-port"): Recipe(
        attach_port(net_id="{network:private}", fixed_ips=[{"ip_address": "192.0.2.77"}])
    ),
    ("fixed_ip_is_free", "attach-port"): Recipe(
        attach_port(net_id="{network:private}", fixed_ips=[{"ip_address": "10.0.0.2"}])
    ),
}
"""By check and action."""
