"""The commands `catalog list` and `application credential`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.cells import CELLS, Cell
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

CREDENTIALS = "ID, Name, Description||text, Project ID, Roles||roles, Unrestricted, Access Rules, Expires At"
CREDENTIAL = f"{CREDENTIALS}, Secret"
CELLS |= {"roles": lambda value: Cell(value, ", ".join(sorted(role["name"] for role in value or [])))}


def _get(call: Call, path: str) -> Item:
    body: Item = call.send("GET", path, service="identity").body
    return body


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
