"""The commands `ip availability`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import find_id_or_keep, get_by_id, get_document, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

PATH = "/v2.0/network-ip-availabilities"
DETAILS = "ip_availability_details"
COLUMNS = f"""
    Network ID, Network Name, Total IPs|total_ips, Used IPs|used_ips,
    Total IPs in Subnet|{DETAILS}/total_ips_in_subnet|text,
    Total IPs in Allocation Pool|{DETAILS}/total_ips_in_allocation_pool|text,
    Used IPs in Subnet|{DETAILS}/used_ips_in_subnet|text,
    Used IPs in Allocation Pool|{DETAILS}/used_ips_in_allocation_pool|text
"""
FIELDS = f"{DETAILS}||dict network_id network_name project_id subnet_ip_availability||dicts total_ips used_ips"


def list_networks(call: Call) -> Output:
    """List how many addresses of each network are used."""
    args = call.args
    query = [("ip_version", args.ip_version or 4), ("limit", args.limit), ("marker", args.marker)]
    query += [("project_id", find_id_or_keep(call, "project", args.project))] if args.project else []
    items = get_document(call, PATH, "network", query=query)["network_ip_availabilities"]
    return show_items(items[: args.max_items], COLUMNS)


def show_network(call: Call) -> Output:
    """Show how many addresses of a network are used."""
    id = call.find_id("network", call.args.network)
    body = get_by_id(call, "NetworkIPAvailability", id, PATH + "/{}", "network")
    return show_item(body["network_ip_availability"], FIELDS)


ROWS = (
    Row(
        "ip availability list",
        "[--ip-version <#ip-version>] [--project <project>] [--project-domain <project-domain>] [--limit <#count>]"
        " [--marker <network>] [--max-items <#count>]",
        "List used addresses of networks.",
        list_networks,
        LIST,
    ),
    Row("ip availability show", "<network>", "Show used addresses of a network.", show_network, OBJECT),
)
