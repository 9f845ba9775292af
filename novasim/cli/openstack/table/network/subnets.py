"""The commands `subnet`."""

from __future__ import annotations

from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import CELLS, Cell
from novasim.cli.openstack.operations import OMIT, Value, build, delete, opt, ref, show, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.cli.openstack.table.network.common import (
    OWNER,
    PAGE,
    PROJECT,
    TAG,
    TAG_FILTERS,
    TAGS,
    UNTAG,
    create_item,
    list_items,
    parse_route,
    remove_all,
    set_tags,
    unset_tags,
)
from novasim.cli.openstack.usage import parse_pairs


def _pools_cell(value: Any) -> Cell:
    return Cell(value, ",".join(f"{pool.get('start', '')}-{pool.get('end', '')}" for pool in value))


CELLS |= {
    "pools": _pools_cell,
    "words": lambda value: Cell(value, ", ".join(value or [])),
}
COLUMNS = "ID, Name, Network|network_id, Subnet|cidr"
LONG = f"""
    {COLUMNS}, Project|project_id, DHCP|enable_dhcp, Name Servers|dns_nameservers|words,
    Allocation Pools||pools, Host Routes||routes, IP Version, Gateway|gateway_ip, Service Types||list, Tags||list
"""
FIELDS = """
    allocation_pools||pools cidr created_at description dns_nameservers||words dns_publish_fixed_ip
    enable_dhcp gateway_ip host_routes||routes id ip_version ipv6_address_mode ipv6_ra_mode name network_id
    project_id revision_number
    segment_id service_types||list subnetpool_id tags||list updated_at
"""
MODES = "{dhcpv6-stateful,dhcpv6-stateless,slaac}"
LISTS = (
    "[--allocation-pool <start=ip-address,end=ip-address>]... [--dns-nameserver <ip-address>]..."
    " [--host-route <destination=subnet,gateway=ip-address>]... [--service-type <type>]..."
)
DHCP = "[--dhcp | --no-dhcp] [--dns-publish-fixed-ip | --no-dns-publish-fixed-ip] [--gateway <gateway>]"


def _gateway(call: Call) -> Any:
    gateway = (call.args.gateway or "auto").lower()
    return {"auto": OMIT, "none": None}.get(gateway, gateway)


def _many(key: str, parse: Any) -> Value:
    return lambda call: [parse(text) for text in getattr(call.args, key)] if getattr(call.args, key) else OMIT


ENTRIES = {
    "allocation_pools": _many("allocation_pool", parse_pairs),
    "dns_nameservers": _many("dns_nameserver", str),
    "host_routes": _many("host_route", parse_route),
    "service_types": _many("service_type", str),
}
CHANGES = {
    "name": opt("name"),
    "description": opt("description"),
    "enable_dhcp": switch("dhcp", "no_dhcp"),
    "dns_publish_fixed_ip": switch("dns_publish_fixed_ip", "no_dns_publish_fixed_ip"),
    "gateway_ip": _gateway,
}
ATTRIBUTES = {
    **CHANGES,
    **ENTRIES,
    "network_id": ref("network"),
    "project_id": OWNER,
    "prefixlen": opt("prefix_length"),
    "cidr": opt("subnet_range"),
    "ip_version": lambda call: int(call.args.ip_version or 4),
    "ipv6_ra_mode": opt("ipv6_ra_mode"),
    "ipv6_address_mode": opt("ipv6_address_mode"),
}
QUERY = {
    "ip_version": opt("ip_version"),
    "enable_dhcp": switch("dhcp", "no_dhcp"),
    "project_id": OWNER,
    "network_id": ref("network"),
    "gateway_ip": opt("gateway"),
    "name": opt("name"),
    "cidr": opt("subnet_range"),
}
CLEARING = {
    "allocation_pools": "no_allocation_pool",
    "dns_nameservers": "no_dns_nameservers",
    "host_routes": "no_host_route",
}
"""The option of `subnet set` that removes the entries of an attribute."""


def set_subnet(call: Call) -> None:
    """Change a subnet. Entries are added to those it has."""
    subnet = call.find("subnet", call.args.subnet)
    if (call.args.gateway or "").lower() == "auto":
        raise CommandError("Auto option is not available for Subnet Set. Valid options are <ip-address> or none")
    body = build(call, CHANGES)
    new = build(call, ENTRIES)
    for key in ENTRIES:
        clears = getattr(call.args, CLEARING.get(key, ""), False)
        if clears or key in new:
            body[key] = [*new.get(key, []), *([] if clears else subnet[key])]
    if body:
        call.update("subnet", subnet["id"], body)
    set_tags(call, "subnet", subnet)


def unset_subnet(call: Call) -> None:
    """Remove entries of a subnet."""
    subnet = call.find("subnet", call.args.subnet)
    body: Item = {"gateway_ip": None} if call.args.gateway else {}
    for key, entries in build(call, ENTRIES).items():
        word = key.removesuffix("s").replace("_", "-")
        body[key] = remove_all(subnet[key], entries, f"Subnet does not contain {word}")
    if body:
        call.update("subnet", subnet["id"], body)
    unset_tags(call, "subnet", subnet)


ROWS = (
    Row(
        "subnet list",
        "[--long] [--ip-version {4,6}] [--dhcp | --no-dhcp] [--service-type <type>]..."
        f" {PROJECT} [--network <network>] [--gateway <gateway>] [--name <name>] [--subnet-range <cidr>]"
        f" {TAG_FILTERS} {PAGE}",
        "List subnets.",
        list_items("subnet", COLUMNS, LONG, QUERY),
        LIST,
    ),
    Row("subnet show", "<subnet>", "Show a subnet.", show("subnet", FIELDS), OBJECT),
    Row(
        "subnet create",
        f"<name> --network <network> [--subnet-range <cidr>] [--prefix-length <#bits>] {PROJECT} {DHCP}"
        f" [--ip-version {{4,6}}] [--ipv6-ra-mode {MODES}] [--ipv6-address-mode {MODES}]"
        f" [--description <description>] {LISTS} {TAG}",
        "Create a subnet.",
        create_item("subnet", ATTRIBUTES, FIELDS),
        OBJECT,
    ),
    Row(
        "subnet set",
        f"<subnet> [--name <name>] {DHCP} [--description <description>] {LISTS} [--no-allocation-pool]"
        f" [--no-dns-nameservers] [--no-host-route] {TAGS}",
        "Change a subnet.",
        set_subnet,
    ),
    Row("subnet unset", f"<subnet> {LISTS} [--gateway] {UNTAG}", "Remove entries of a subnet.", unset_subnet),
    Row("subnet delete", "<subnet>...", "Delete subnets.", delete("subnet", "subnet")),
)
