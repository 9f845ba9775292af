"""The commands `service`, `endpoint` and `region`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import build, get_by_id, opt, show_item, show_items, switch
from novasim.cli.openstack.rows import LIST, OBJECT, Row

SERVICES = "ID, Name, Type"
SERVICES_LONG = f"{SERVICES}, Description, Enabled"
ENDPOINTS = "ID, Region|region_id, Service Name, Service Type, Enabled, Interface, URL"
REGIONS = "Region|id, Parent Region|parent_region_id, Description"
SERVICE = "id name type enabled description"
ENDPOINT = "enabled id interface region|region_id region_id service_id url service_name service_type"
REGION = "region|id description parent_region|parent_region_id"
STATE = "[--enable | --disable]"


def find_service(call: Call, text: str) -> Item:
    """
    A service by ID, name or type.

    Raises:
        CommandError: there is no such service, or more than one.
    """
    services = call.list("service")
    for key in ("id", "name", "type"):
        if found := [service for service in services if service[key] == text]:
            if len(found) > 1:
                raise CommandError(f"Multiple service matches found for '{text}', use an ID to be more specific.")
            return found[0]
    raise CommandError(f"No service with a type, name or ID of '{text}' exists.")


def list_services(call: Call) -> Output:
    """List the services of the catalog."""
    return show_items(call.list("service"), SERVICES_LONG if call.args.long else SERVICES)


def create_service(call: Call) -> Output:
    """Create a service."""
    args = call.args
    body = {"name": args.name, "type": args.type, "description": args.description, "enabled": not args.disable}
    return show_item(call.create("service", body), SERVICE)


def set_service(call: Call) -> None:
    """Change a service."""
    id = find_service(call, call.args.service)["id"]
    attributes = {"type": opt("type"), "name": opt("name"), "description": opt("description")}
    if changes := build(call, {**attributes, "enabled": switch("enable", "disable")}):
        call.update("service", id, changes, "PATCH")


def delete_services(call: Call) -> None:
    """Delete services. The real client calls them consumers when that fails."""
    for name in call.args.service:
        with call.attempt(f"Failed to delete consumer with type, name or ID '{name}'"):
            call.delete("service", find_service(call, name)["id"])
    call.check_failures(len(call.args.service), "services failed to delete")


def list_endpoints(call: Call) -> Output:
    """List the endpoints of the catalog."""
    args = call.args
    query = [("service_id", find_service(call, args.service)["id"])] if args.service else []
    query += [("interface", args.interface)] if args.interface else []
    query += [("region_id", call.get("region", args.region)["id"])] if args.region else []
    services = {service["id"]: service for service in call.list("service")}
    return show_items(
        [_add_service(each, services[each["service_id"]]) for each in call.list("endpoint", query)], ENDPOINTS
    )


def _add_service(endpoint: Item, service: Item) -> Item:
    return {**endpoint, "service_name": service.get("name", ""), "service_type": service["type"]}


def show_endpoint(call: Call) -> Output:
    """Show an endpoint."""
    return _show(call, call.find("endpoint", call.args.endpoint))


def _show(call: Call, endpoint: Item) -> Output:
    return show_item(_add_service(endpoint, call.get("service", endpoint["service_id"])), ENDPOINT)


def create_endpoint(call: Call) -> Output:
    """Create an endpoint."""
    args = call.args
    body: Item = {"service_id": find_service(call, args.service)["id"], "url": args.url, "interface": args.interface}
    body |= {"region_id": call.get("region", args.region)["id"]} if args.region else {}
    return _show(call, call.create("endpoint", {**body, "enabled": not args.disable}))


def set_endpoint(call: Call) -> None:
    """Change an endpoint."""
    args, id = call.args, call.find_id("endpoint", call.args.endpoint_id)
    changes = build(call, {"url": opt("url"), "interface": opt("interface"), "region_id": opt("region")})
    changes |= {"service_id": find_service(call, args.service)["id"]} if args.service else {}
    changes |= build(call, {"enabled": switch("enable", "disable")})
    if changes:
        call.update("endpoint", id, changes, "PATCH")


def delete_endpoints(call: Call) -> None:
    """Delete endpoints."""
    for id in call.args.endpoint_id:
        with call.attempt(f"Failed to delete endpoint with ID '{id}'"):
            call.delete("endpoint", call.find_id("endpoint", id))
    call.check_failures(len(call.args.endpoint_id), "endpoints failed to delete")


def list_regions(call: Call) -> Output:
    """List regions."""
    return show_items(call.list("region", [("parent_region_id", call.args.parent_region)]), REGIONS)


def show_region(call: Call) -> Output:
    """Show a region."""
    region = get_by_id(call, "Region", call.args.region_id, "/v3/regions/{}", "identity")["region"]
    return show_item(region, REGION)


def create_region(call: Call) -> Output:
    """Create a region."""
    args = call.args
    body = {"id": args.region_id, "parent_region_id": args.parent_region, "description": args.description}
    return show_item(call.create("region", body), REGION)


def set_region(call: Call) -> None:
    """Change a region."""
    if changes := build(call, {"description": opt("description"), "parent_region_id": opt("parent_region")}):
        call.update("region", call.args.region_id, changes, "PATCH")


def delete_regions(call: Call) -> None:
    """Delete regions. The real client ignores those that do not exist."""
    for id in call.args.region_id:
        with call.attempt(f"Failed to delete region with ID '{id}'"):
            call.delete_if_found(f"/v3/regions/{id}", "identity")
    call.check_failures(len(call.args.region_id), "regions failed to delete")


REGION_OPTIONS = "[--parent-region <region-id>] [--description <description>]"
INTERFACE = "{admin,public,internal}"
ROWS = (
    Row("service list", "[--long]", "List services.", list_services, LIST),
    Row(
        "service show",
        "<service>",
        "Show a service.",
        lambda call: show_item(find_service(call, call.args.service), SERVICE),
        OBJECT,
    ),
    Row(
        "service create",
        f"<type> [--name <name>] [--description <description>] {STATE}",
        "Create a service.",
        create_service,
        OBJECT,
    ),
    Row(
        "service set",
        f"<service> [--type <type>] [--name <name>] [--description <description>] {STATE}",
        "Change a service.",
        set_service,
    ),
    Row("service delete", "<service>...", "Delete services.", delete_services),
    Row(
        "endpoint list",
        f"[--service <service>] [--interface {INTERFACE}] [--region <region-id>]",
        "List endpoints.",
        list_endpoints,
        LIST,
    ),
    Row("endpoint show", "<endpoint>", "Show an endpoint.", show_endpoint, OBJECT),
    Row(
        "endpoint create",
        f"<service> <interface={INTERFACE}> <url> [--region <region-id>] {STATE}",
        "Create an endpoint.",
        create_endpoint,
        OBJECT,
    ),
    Row(
        "endpoint set",
        f"<endpoint-id> [--region <region-id>] [--interface {INTERFACE}] [--url <url>] [--service <service>] {STATE}",
        "Change an endpoint.",
        set_endpoint,
    ),
    Row("endpoint delete", "<endpoint-id>...", "Delete endpoints.", delete_endpoints),
    Row("region list", "[--parent-region <region-id>]", "List regions.", list_regions, LIST),
    Row("region show", "<region-id>", "Show a region.", show_region, OBJECT),
    Row("region create", f"<region-id> {REGION_OPTIONS}", "Create a region.", create_region, OBJECT),
    Row(
        "region set",
        f"<region-id> {REGION_OPTIONS}",
        "Change a region.",
        set_region,
    ),
    Row("region delete", "<region-id>...", "Delete regions.", delete_regions),
)
