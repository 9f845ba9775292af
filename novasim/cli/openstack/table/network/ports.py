"""The commands `port`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import OMIT, build, delete, flag, opt, ref, show, show_items, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.cli.openstack.table.network.common import (
    ADMIN_STATE,
    FILTERS,
    OWNER,
    PAGE,
    PROJECT,
    TAG,
    TAG_FILTERS,
    TAGS,
    UNTAG,
    create_item,
    read_fixed_ips,
    remove_all,
    set_tags,
    unset_tags,
)
from novasim.cli.openstack.usage import parse_pairs

COLUMNS = "ID, Name, MAC Address, Fixed IP Addresses|fixed_ips|dicts, Status"
LONG = f"{COLUMNS}, Security Groups||list, Device Owner, Tags||list, Trunk subports|trunk_details/sub_ports|dicts"
FIELDS = """
    admin_state_up||admin allowed_address_pairs||dicts binding_host_id|binding:host_id
    binding_profile|binding:profile|dict binding_vif_details|binding:vif_details|dict binding_vif_type|binding:vif_type
    binding_vnic_type|binding:vnic_type created_at data_plane_status description device_id device_owner device_profile
    dns_assignment||dicts dns_domain dns_name extra_dhcp_opts||dicts fixed_ips||dicts hardware_offload_type hints||text
    id ip_allocation mac_address name network_id numa_affinity_policy port_security_enabled project_id
    propagate_uplink_status pvlan_type pvlan_community resource_request revision_number qos_network_policy_id
    qos_policy_id security_group_ids|security_groups|list status tags||list trunk_details trusted updated_at
"""
VNIC_TYPES = (
    "{accelerator-direct,accelerator-direct-physical,direct,direct-physical,macvtap,normal,baremetal,"
    "virtio-forwarder,smart-nic,vdpa,remote-managed}"
)
OPTIONS = (
    "[--description <description>] [--device <device-id>] [--mac-address <mac-address>] [--device-owner <owner>]"
    f" [--vnic-type {VNIC_TYPES}] [--host <host>] [--dns-domain <domain>] [--dns-name <name>] [--enable | --disable]"
    " [--binding-profile <key=value>]... [--enable-port-security | --disable-port-security]"
    " [--allowed-address <ip-address=ip-address,mac-address=mac-address>]..."
)
SIMPLE = {
    "name": opt("name"),
    "description": opt("description"),
    "device_id": opt("device"),
    "mac_address": opt("mac_address"),
    "device_owner": opt("device_owner"),
    "binding:vnic_type": opt("vnic_type"),
    "binding:host_id": opt("host"),
    "dns_domain": opt("dns_domain"),
    "dns_name": opt("dns_name"),
    "admin_state_up": ADMIN_STATE,
    "port_security_enabled": switch("enable_port_security", "disable_port_security"),
}


def _address_pairs(call: Call) -> list[Item]:
    return [
        {key.replace("-", "_"): value for key, value in parse_pairs(text).items()}
        for text in call.args.allowed_address or ()
    ]


def _security_groups(call: Call) -> list[str]:
    return [call.find_id("security group", name) for name in call.args.security_group or ()]


LISTS: Mapping[str, Callable[[Call], list[Any]]] = {
    "fixed_ips": read_fixed_ips,
    "security_groups": _security_groups,
    "allowed_address_pairs": _address_pairs,
}
"""How the entries of each list are read from the options."""
CLEARING = {
    "fixed_ips": "no_fixed_ip",
    "security_groups": "no_security_group",
    "allowed_address_pairs": "no_allowed_address",
}
"""The option that empties a list."""


def _list_or_none(key: str) -> Any:
    def value(call: Call) -> Any:
        return [] if getattr(call.args, CLEARING[key], False) else LISTS[key](call) or OMIT

    return value


def list_ports(call: Call) -> Output:
    """List ports."""
    query = build(call, QUERY | dict(FILTERS))
    query |= {"device_id": call.find_id("router", call.args.router)} if call.args.router else {}
    query |= {"device_id": call.find_id("server", call.args.server)} if call.args.server else {}
    pairs = [*query.items(), *_address_filters(call)]
    return show_items(call.list("port", pairs)[: call.args.max_items], LONG if call.args.long else COLUMNS)


def _address_filters(call: Call) -> list[tuple[str, str]]:
    found = []
    for text in call.args.fixed_ip or ():
        for key, word in parse_pairs(text).items():
            value = call.find_id("subnet", word) if key == "subnet" else word
            name = {"subnet": "subnet_id", "ip-address": "ip_address", "ip-substring": "ip_address_substr"}[key]
            found.append(("fixed_ips", f"{name}={value}"))
    return found


QUERY = {
    "device_owner": opt("device_owner"),
    "device_id": opt("device_id"),
    "binding:host_id": opt("host"),
    "network_id": ref("network"),
    "mac_address": opt("mac_address"),
    "status": opt("status"),
    "project_id": OWNER,
    "name": opt("name"),
}


def set_port(call: Call) -> None:
    """Change a port. Entries are added to those it has."""
    port = call.find("port", call.args.port)
    body = build(call, SIMPLE)
    for key, read in LISTS.items():
        clears, new = getattr(call.args, CLEARING[key]), read(call)
        if clears or new:
            body[key] = [*([] if clears else port[key]), *new]
    if call.args.binding_profile or call.args.no_binding_profile:
        old = {} if call.args.no_binding_profile else port.get("binding:profile") or {}
        body["binding:profile"] = {**old, **(call.args.binding_profile or {})}
    if call.args.data_plane_status:
        body["data_plane_status"] = call.args.data_plane_status
    if body:
        call.update("port", port["id"], body)
    set_tags(call, "port", port)


def unset_port(call: Call) -> None:
    """Remove entries of a port."""
    port = call.find("port", call.args.port)
    body: Item = build(
        call,
        {
            "binding:host_id": flag("host", None),
            "device_id": flag("device", ""),
            "device_owner": flag("device_owner", ""),
            "data_plane_status": flag("data_plane_status", None),
        },
    )
    words = {"fixed_ips": "fixed-ip", "security_groups": "security group"}
    for key, read in LISTS.items():
        if removed := read(call):
            word = words.get(key, "allowed-address-pair")
            body[key] = remove_all(port[key], removed, f"Port does not contain {word}")
    if body:
        call.update("port", port["id"], body)
    unset_tags(call, "port", port)


FIXED_IP = "<subnet=subnet,ip-address=ip-address>"
ROWS = (
    Row(
        "port list",
        "[--device-owner <owner>] [--host <host>] [--network <network>]"
        " [--router <router> | --server <server> | --device-id <device-id>] [--mac-address <mac-address>] [--long]"
        f" {PROJECT} [--name <name>] [--security-group <group>]... [--status {{ACTIVE,BUILD,DOWN,ERROR}}]"
        f" [--fixed-ip {FIXED_IP}]... {TAG_FILTERS} {PAGE}",
        "List ports.",
        list_ports,
        LIST,
    ),
    Row("port show", "<port>", "Show a port.", show("port", FIELDS), OBJECT),
    Row(
        "port create",
        f"<name> --network <network> {OPTIONS} [--fixed-ip {FIXED_IP}... | --no-fixed-ip] {PROJECT}"
        f" [--security-group <group>... | --no-security-group] {TAG}",
        "Create a port.",
        create_item(
            "port",
            {
                "network_id": ref("network"),
                **SIMPLE,
                "admin_state_up": flag("disable", False, True),
                "project_id": OWNER,
                "binding:profile": opt("binding_profile"),
                **{key: _list_or_none(key) for key in LISTS},
            },
            FIELDS,
        ),
        OBJECT,
    ),
    Row(
        "port set",
        f"<port> [--name <name>] {OPTIONS} [--fixed-ip {FIXED_IP}]... [--no-fixed-ip] [--no-binding-profile]"
        " [--security-group <group>]... [--no-security-group] [--no-allowed-address]"
        f" [--data-plane-status {{ACTIVE,DOWN}}] {TAGS}",
        "Change a port.",
        set_port,
    ),
    Row(
        "port unset",
        f"<port> [--fixed-ip {FIXED_IP}]... [--security-group <group>]..."
        " [--allowed-address <ip-address=ip-address,mac-address=mac-address>]... [--data-plane-status] [--host]"
        f" [--device] [--device-owner] {UNTAG}",
        "Remove entries of a port.",
        unset_port,
    ),
    Row("port delete", "<port>...", "Delete ports.", delete("port", "port")),
)
