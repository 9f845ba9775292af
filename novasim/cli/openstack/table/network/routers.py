"""The commands `router`."""

from __future__ import annotations

import json
from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import CELLS, Cell
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import OMIT, build, delete, flag, opt, show_item, show_items, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row, Run
from novasim.cli.openstack.table.network.common import (
    ADMIN_STATE,
    OWNER,
    PAGE,
    PROJECT,
    TAG,
    TAG_FILTERS,
    TAGS,
    UNTAG,
    create_tagged,
    parse_route,
    read_fixed_ips,
    select_items,
    set_tags,
    unset_tags,
)

CELLS |= {"json": lambda value: Cell(value, json.dumps(value))}
COLUMNS = "ID, Name, Status, State|admin_state_up|admin, Project|project_id"
FOR_ADMINISTRATORS = {"distributed": "Distributed", "ha": "HA"}
"""By attribute that only administrators see: the title of its column."""
LONG = (
    "Routes||routes, External gateway info|external_gateway_info|json,"
    " Availability zones|availability_zones|list, Tags||list"
)
FIELDS = """
    admin_state_up||admin availability_zone_hints||list availability_zones||list created_at description distributed
    enable_ndp_proxy external_gateway_info||json flavor_id ha id name project_id revision_number routes||routes status
    tags||list updated_at
"""
SHOWN = FIELDS.replace("ha id name", "ha id interfaces_info||json name")
OPTIONS = (
    "[--description <description>] [--enable | --disable] [--distributed | --centralized] [--ha | --no-ha]"
    " [--external-gateway <network>] [--fixed-ip <subnet=subnet,ip-address=ip-address>]..."
    " [--enable-snat | --disable-snat]"
)


def _gateway(call: Call) -> Any:
    """The external gateway of the options."""
    args = call.args
    if not args.external_gateway:
        if args.fixed_ip or args.enable_snat or args.disable_snat:
            raise CommandError("You must specify '--external-gateway' in order to specify SNAT or fixed-ip values")
        return OMIT
    info: Item = {"network_id": call.find_id("network", args.external_gateway)}
    if args.enable_snat or args.disable_snat:
        info["enable_snat"] = args.enable_snat
    return info | ({"external_fixed_ips": read_fixed_ips(call)} if args.fixed_ip else {})


ATTRIBUTES = {
    "name": opt("name"),
    "description": opt("description"),
    "admin_state_up": ADMIN_STATE,
    "distributed": switch("distributed", "centralized"),
    "ha": switch("ha", "no_ha"),
    "external_gateway_info": _gateway,
}


def list_routers(call: Call) -> Output:
    """List routers, by a column more for each attribute that one of them has."""
    query = {"name": opt("name"), "admin_state_up": ADMIN_STATE, "project_id": OWNER}
    routers = select_items(call, "router", query)
    known = [title for name, title in FOR_ADMINISTRATORS.items() if any(name in router for router in routers)]
    return show_items(routers, ", ".join([COLUMNS, *known, *([LONG] if call.args.long else [])]))


def _show(router: Item, fields: str) -> Output:
    hidden = [name for name in FOR_ADMINISTRATORS if name not in router]
    return show_item(router, " ".join(field for field in fields.split() if field not in hidden))


def create_router(call: Call) -> Output:
    """Create a router with its tags, and show it."""
    attributes = {
        **ATTRIBUTES,
        "admin_state_up": flag("disable", False, True),
        "project_id": OWNER,
        "availability_zone_hints": opt("availability_zone_hint"),
    }
    return _show(create_tagged(call, "router", attributes), FIELDS)


def show_router(call: Call) -> Output:
    """Show a router with its interfaces."""
    router = call.find("router", call.args.router)
    interfaces = [
        {"port_id": port["id"], "ip_address": address["ip_address"], "subnet_id": address["subnet_id"]}
        for port in call.list("port", [("device_id", router["id"])])
        if port["device_owner"] != "network:router_gateway"
        for address in port["fixed_ips"]
    ]
    return _show({**router, "interfaces_info": interfaces}, SHOWN)


def _routes(call: Call) -> list[Item]:
    return [*map(parse_route, call.args.route or ())]


def set_router(call: Call) -> None:
    """Change a router."""
    router = call.find("router", call.args.router)
    body = build(call, ATTRIBUTES)
    if call.args.route or call.args.no_route:
        body["routes"] = [*_routes(call), *([] if call.args.no_route else router["routes"])]
    if body:
        call.update("router", router["id"], body)
    set_tags(call, "router", router)


def unset_router(call: Call) -> None:
    """Remove the gateway, routes or tags of a router."""
    router = call.find("router", call.args.router)
    body: Item = {"external_gateway_info": {}} if call.args.external_gateway else {}
    if call.args.route:
        removed = _routes(call)
        if any(each not in router["routes"] for each in removed):
            raise CommandError("Router does not contain route " + str(removed[0]))
        body["routes"] = [each for each in router["routes"] if each not in removed]
    if body:
        call.update("router", router["id"], body)
    unset_tags(call, "router", router)


def change_interface(action: str, kind: str) -> Run:
    """Add an interface to a router, or remove it."""

    def run(call: Call) -> None:
        member = call.find_id(kind, getattr(call.args, kind))
        router = call.find_id("router", call.args.router)
        path = f"/v2.0/routers/{router}/{action}_router_interface"
        call.send("PUT", path, {f"{kind}_id": member}, service="network")

    return run


def change_routes(action: str) -> Run:
    """Add routes to a router, or remove them, and show it."""

    def run(call: Call) -> Output:
        router = call.find_id("router", call.args.router)
        path, body = f"/v2.0/routers/{router}/{action}_extraroutes", {"router": {"routes": _routes(call)}}
        return _show(call.send("PUT", path, body, service="network").body["router"], FIELDS)

    return run


ROUTE = "[--route <destination=subnet,gateway=ip-address>]..."
ROWS = (
    Row(
        "router list",
        f"[--name <name>] [--enable | --disable] [--long] {PROJECT} {TAG_FILTERS} {PAGE}",
        "List routers.",
        list_routers,
        LIST,
    ),
    Row("router show", "<router>", "Show a router.", show_router, OBJECT),
    Row(
        "router create",
        f"<name> {OPTIONS} {PROJECT} [--availability-zone-hint <zone>]... {TAG}",
        "Create a router.",
        create_router,
        OBJECT,
    ),
    Row(
        "router set", f"<router> [--name <name>] {OPTIONS} {ROUTE} [--no-route] {TAGS}", "Change a router.", set_router
    ),
    Row("router unset", f"<router> {ROUTE} [--external-gateway] {UNTAG}", "Remove entries.", unset_router),
    Row("router delete", "<router>...", "Delete routers.", delete("router", "router")),
    Row("router add subnet", "<router> <subnet>", "Connect a subnet.", change_interface("add", "subnet")),
    Row("router add port", "<router> <port>", "Connect a port.", change_interface("add", "port")),
    Row("router remove subnet", "<router> <subnet>", "Disconnect a subnet.", change_interface("remove", "subnet")),
    Row("router remove port", "<router> <port>", "Disconnect a port.", change_interface("remove", "port")),
    Row("router add route", f"<router> {ROUTE}", "Add routes.", change_routes("add"), OBJECT),
    Row("router remove route", f"<router> {ROUTE}", "Remove routes.", change_routes("remove"), OBJECT),
)
