"""The commands `floating ip`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.operations import OMIT, Value, build, delete, flag, opt, ref, show
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.cli.openstack.table.network.common import (
    OWNER,
    PAGE,
    PROJECT,
    TAG,
    TAG_FILTERS,
    TAGS,
    UNTAG,
    change_item,
    create_item,
    list_items,
    unset_tags,
)

COLUMNS = (
    "ID, Floating IP Address, Fixed IP Address, Port|port_id, Floating Network|floating_network_id, Project|project_id"
)
LONG = f"{COLUMNS}, Router|router_id, Status, Description, Tags, DNS Name, DNS Domain"
FIELDS = """
    created_at description dns_domain dns_name fixed_ip_address floating_ip_address floating_network_id id
    name|floating_ip_address port_details||dict port_forwardings port_id project_id qos_policy_id revision_number
    router_id status subnet_id tags updated_at
"""


def _ids(kind: str, key: str) -> Value:
    """The IDs of the resources of a repeated option, of which the API filters by one."""
    return lambda call: call.find_id(kind, getattr(call.args, key)[0]) if getattr(call.args, key) else OMIT


ATTRIBUTES = {
    "floating_network_id": ref("network"),
    "subnet_id": ref("subnet"),
    "port_id": ref("port"),
    "floating_ip_address": opt("floating_ip_address"),
    "fixed_ip_address": opt("fixed_ip_address"),
    "description": opt("description"),
    "dns_domain": opt("dns_domain"),
    "dns_name": opt("dns_name"),
    "project_id": OWNER,
}
QUERY = {
    "floating_network_id": _ids("network", "network"),
    "port_id": _ids("port", "port"),
    "router_id": _ids("router", "router"),
    "fixed_ip_address": opt("fixed_ip_address"),
    "floating_ip_address": opt("floating_ip_address"),
    "status": opt("status"),
    "project_id": OWNER,
}


def unset_address(call: Call) -> None:
    """Disassociate a floating IP, or remove its tags."""
    item: Item = call.find("floating ip", call.args.floating_ip)
    if body := build(call, {"port_id": flag("port", None)}):
        call.update("floating ip", item["id"], body)
    unset_tags(call, "floating ip", item)


ROWS = (
    Row(
        "floating ip list",
        "[--network <network>]... [--port <port>]... [--fixed-ip-address <ip-address>]"
        f" [--floating-ip-address <ip-address>] [--status {{ACTIVE,DOWN}}] {PROJECT} [--router <router>]..."
        f" {TAG_FILTERS} [--long] {PAGE}",
        "List floating IPs.",
        list_items("floating ip", COLUMNS, LONG, QUERY),
        LIST,
    ),
    Row("floating ip show", "<floating-ip>", "Show a floating IP.", show("floating ip", FIELDS), OBJECT),
    Row(
        "floating ip create",
        "<network> [--subnet <subnet>] [--port <port>] [--floating-ip-address <ip-address>]"
        f" [--fixed-ip-address <ip-address>] [--description <description>] {PROJECT} [--dns-domain <domain>]"
        f" [--dns-name <name>] {TAG}",
        "Create a floating IP.",
        create_item("floating ip", ATTRIBUTES, FIELDS),
        OBJECT,
    ),
    Row(
        "floating ip set",
        f"<floating-ip> [--port <port>] [--fixed-ip-address <ip-address>] [--description <description>] {TAGS}",
        "Associate a floating IP with a port.",
        change_item(
            "floating ip",
            {
                "port_id": ref("port"),
                "fixed_ip_address": opt("fixed_ip_address"),
                "description": opt("description"),
            },
        ),
    ),
    Row("floating ip unset", f"<floating-ip> [--port] {UNTAG}", "Disassociate a floating IP.", unset_address),
    Row(
        "floating ip delete",
        "<floating-ip>...",
        "Delete floating IPs.",
        delete("floating ip", "floating_ip", plural="floating_ips"),
    ),
)
