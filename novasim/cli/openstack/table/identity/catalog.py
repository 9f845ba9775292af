"""The commands that list services, endpoints, regions and groups, and those for application credentials."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, CommandError, Item
from novasim.cli.openstack.cells import CELLS, Cell
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

SERVICES = "ID, Name, Type"
SERVICES_LONG = f"{SERVICES}, Description, Enabled"
ENDPOINTS = "ID, Region, Service Name, Service Type, Enabled, Interface, URL"
REGIONS = "Region|id, Parent Region|parent_region_id, Description"
GROUPS = "ID, Name"
CREDENTIALS = "ID, Name, Description||text, Project ID, Roles||roles, Unrestricted, Access Rules, Expires At"
CREDENTIAL = f"{CREDENTIALS}, Secret"
CELLS |= {"roles": lambda value: Cell(value, ", ".join(sorted(role["name"] for role in value or [])))}


def _get(call: Call, path: str) -> Item:
    body: Item = call.send("GET", path, service="identity").body
    return body


def list_services(call: Call) -> Output:
    """List the services of the catalog."""
    return show_items(_get(call, "/v3/services")["services"], SERVICES_LONG if call.args.long else SERVICES)


def list_endpoints(call: Call) -> Output:
    """
    List the endpoints of the catalog.

    Raises:
        CommandError: there is no such service.
    """
    args = call.args
    services = {service["id"]: service for service in _get(call, "/v3/services")["services"]}
    if args.service and not any(_is_named(service, args.service) for service in services.values()):
        raise CommandError(f"No service with a type, name or ID of '{args.service}' exists.")
    found = []
    for endpoint in _get(call, "/v3/endpoints")["endpoints"]:
        service = services[endpoint["service_id"]]
        if (args.service is None or _is_named(service, args.service)) and args.interface in (
            None,
            endpoint["interface"],
        ):
            named = {"service_name": service["name"], "service_type": service["type"]}
            found.append({**endpoint, **named})
    return show_items(found, ENDPOINTS)


def _is_named(service: Item, text: str) -> bool:
    """Whether a text is the ID, name or type of a service."""
    return text in (service["id"], service["name"], service["type"])


def list_regions(call: Call) -> Output:
    """List regions."""
    return show_items(_get(call, "/v3/regions")["regions"], REGIONS)


def list_groups(call: Call) -> Output:
    """List groups of users."""
    return show_items(_get(call, "/v3/groups")["groups"], GROUPS)


def create_group(call: Call) -> Output:
    """Create a group of users."""
    response = call.send("POST", "/v3/groups", {"group": {"name": call.args.group_name}}, service="identity")
    return show_item(response.body["group"], "description domain_id id name")


def show_catalog(call: Call) -> Output:
    """List the services that the caller's token names."""
    services = _get(call, "/v3/auth/catalog")["catalog"]
    rows = [[service["name"], service["type"], format_endpoints(service["endpoints"])] for service in services]
    return Output(["Name", "Type", "Endpoints"], rows)


def format_endpoints(endpoints: list[Item]) -> Cell:
    """The cell with the addresses of a service."""
    text = "".join(f"{each.get('region') or '<none>'}\n  {each['interface']}: {each['url']}\n" for each in endpoints)
    return Cell(endpoints, text)


def _credentials(call: Call, rest: str = "") -> str:
    return f"/v3/users/{call.session.caller.user_id}/application_credentials{rest}"


def list_credentials(call: Call) -> Output:
    """List the caller's application credentials."""
    return show_items(_get(call, _credentials(call))["application_credentials"], CREDENTIALS)


def create_credential(call: Call) -> Output:
    """Create an application credential."""
    args = call.args
    roles = [{"id": call.find_id("role", name)} for name in args.role or ()]
    body = {
        "name": args.name,
        "secret": args.secret,
        "description": args.description,
        "expires_at": args.expiration,
        "unrestricted": args.unrestricted,
        "access_rules": [],
        "roles": roles,
    }
    data = {"application_credential": body}
    credential = call.send("POST", _credentials(call), data, service="identity").body["application_credential"]
    return show_item({**credential, "access_rules": credential.get("access_rules") or []}, CREDENTIAL)


def delete_credentials(call: Call) -> None:
    """Delete application credentials."""
    known = _get(call, _credentials(call))["application_credentials"]
    for name in call.args.application_credential:
        ids = [each["id"] for each in known if name in (each["id"], each["name"])]
        if not ids:
            words = f"No ApplicationCredential found for {name}"
            call.fail(f"Failed to delete application credential with name or ID '{name}': {words}")
        for id in ids:
            call.send("DELETE", _credentials(call, f"/{id}"), service="identity")
    call.check_failures(len(call.args.application_credential), "application credentials failed to delete")


ROWS = (
    Row("service list", "[--long]", "List services.", list_services, LIST),
    Row(
        "endpoint list",
        "[--service <service>] [--interface {admin,public,internal}]",
        "List endpoints.",
        list_endpoints,
        LIST,
    ),
    Row("region list", "", "List regions.", list_regions, LIST),
    Row("group list", "", "List groups of users.", list_groups, LIST),
    Row("group create", "<group-name>", "Create a group of users.", create_group, OBJECT),
    Row("catalog list", "", "List the services in the catalog.", show_catalog, LIST),
    Row("application credential list", "", "List application credentials.", list_credentials, LIST),
    Row(
        "application credential create",
        "<name> [--secret <secret>] [--role <role>]... [--expiration <time>] [--description <description>]"
        " [--unrestricted | --restricted]",
        "Create an application credential.",
        create_credential,
        OBJECT,
    ),
    Row(
        "application credential delete",
        "<application-credential>...",
        "Delete application credentials.",
        delete_credentials,
    ),
)
