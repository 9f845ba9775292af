"""The commands `availability zone` and `extension`."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.render.output import print_message

ZONES = "Zone Name||str, Zone Status||str"
ZONES_LONG = f"{ZONES}, Zone Resource||text, Host Name||text, Service Name||text, Service Status||text"
ENABLED = {True: "enabled", False: "disabled"}
AVAILABLE = {True: ":-)", False: "XXX"}
EXTENSIONS = "Name, Alias, Description"
EXTENSIONS_LONG = f"{EXTENSIONS}, Namespace, Updated At|updated, Links"
EXTENSION = "alias description name updated_at|updated"


def list_zones(call: Call) -> Output:
    """List availability zones of the services."""
    args = call.args
    all = not (args.compute or args.network or args.volume or args.share)
    zones: list[Item] = []
    if args.compute or all:
        zones += _compute_zones(call)
    if args.network or all:
        zones += _network_zones(call)
    if args.volume or all:
        body = call.send("GET", f"/v3/{call.project_id}/os-availability-zone", service="volume").body
        zones += [_zone(each) for each in body["availabilityZoneInfo"]]
    return show_items(zones, ZONES_LONG if args.long else ZONES)


def _zone(info: Item) -> Item:
    status = "available" if info["zoneState"]["available"] else "not available"
    return {"zone_name": info["zoneName"], "zone_status": status}


def _compute_zones(call: Call) -> Iterator[Item]:
    response = call.try_send("GET", "/os-availability-zone/detail")
    body = call.send("GET", "/os-availability-zone").body if response.fault else response.body
    for info in body["availabilityZoneInfo"]:
        hosts = (info.get("hosts") or {}) if call.args.long else {}
        if not hosts:
            yield _zone(info)
        for host, services in hosts.items():
            for name, state in services.items():
                status = f"{ENABLED[state['active']]} {AVAILABLE[state['available']]} {state['updated_at']}"
                yield {**_zone(info), "host_name": host, "service_name": name, "service_status": status}


def _network_zones(call: Call) -> Iterator[Item]:
    for zone in call.send("GET", "/v2.0/availability_zones", service="network").body["availability_zones"]:
        status = "not available" if zone["state"] == "unavailable" else zone["state"]
        yield {"zone_name": zone["name"], "zone_status": status, "zone_resource": zone["resource"]}


def list_extensions(call: Call) -> Output:
    """List the extensions of the services' APIs."""
    args = call.args
    all = not (args.compute or args.identity or args.network or args.volume)
    paths = []
    if args.compute or all:
        paths.append(("/extensions", "compute"))
    if args.volume or all:
        paths.append((f"/v3/{call.project_id}/extensions", "volume"))
    if args.network or all:
        paths.append(("/v2.0/extensions", "network"))
    found: list[Item] = []
    for path, service in paths:
        response = call.try_send("GET", path, service=service)
        if response.fault:
            print_message(f"Extensions list not supported by {service} API")
        else:
            found += response.body["extensions"]
    return show_items(found, EXTENSIONS_LONG if args.long else EXTENSIONS)


def show_extension(call: Call) -> Output:
    """Show an extension of the network API."""
    name = call.args.extension
    return show_item(call.find("extension", name), EXTENSION)


SERVICES = "[--compute] [--network] [--volume]"
ROWS = (
    Row("availability zone list", f"{SERVICES} [--share] [--long]", "List availability zones.", list_zones, LIST),
    Row("extension list", f"{SERVICES} [--identity] [--long]", "List extensions of the API.", list_extensions, LIST),
    Row("extension show", "<extension>", "Show an extension of the network API.", show_extension, OBJECT),
)
