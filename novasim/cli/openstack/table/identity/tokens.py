"""The commands for tokens, versions and implied roles, and those that show one service or region."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from novasim.cli.openstack.call import Call, CommandError, Item, find_message
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import get_document, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row
from novasim.cli.openstack.table.identity.catalog import format_endpoints
from novasim.cli.session import ENDPOINT
from novasim.render.output import print_message
from novasim.simulation.default_world import PASSWORD

REGION_NAME = "RegionOne"
VERSIONS = "Region Name, Service Type, Version, Status, Endpoint, Min Microversion, Max Microversion"
VERSION_DOCUMENTS = {
    "identity": "/identity",
    "compute": "/compute",
    "image": "/image/versions",
    "network": "/network",
    "block-storage": "/volume/v3",
    "placement": "/placement",
}
"""The path of the document with the versions, by service type."""
IMPLIED_ROLES = "Prior Role ID, Prior Role Name, Implied Role ID, Implied Role Name"


def issue_token(call: Call) -> Output:
    """
    Log in with the password in OS_PASSWORD, or the default one.

    Raises:
        CommandError: the password is wrong.
    """
    caller = call.session.caller
    user = {"id": caller.user_id, "password": os.environ.get("OS_PASSWORD") or PASSWORD}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": caller.project_id}}}}
    response = call.try_send("POST", "/v3/auth/tokens", body, service="identity")
    if response.fault:
        raise CommandError(f"{find_message(response.body)} (HTTP {response.code})")
    token = {
        "expires": f"{response.body['token']['expires_at'][:19]}+0000",
        "id": response.headers["X-Subject-Token"],
        "project_id": caller.project_id,
        "user_id": caller.user_id,
    }
    return show_item(token, "expires id project_id user_id")


def show_versions(call: Call) -> Output:
    """Show the versions of the services."""
    args = call.args
    rows = [row for type, path in VERSION_DOCUMENTS.items() for row in _list_versions(call, type, path)]
    wanted = [
        row
        for row in rows
        if args.service in (None, row["service_type"])
        and args.region_name in (None, REGION_NAME)
        and (args.status is None or row["status"] == args.status.upper())
    ]
    return show_items(wanted, VERSIONS)


def _list_versions(call: Call, type: str, path: str) -> Iterable[Item]:
    found = get_document(call, path, "versions")["versions"]
    versions = found["values"] if isinstance(found, dict) else found
    rows = [
        {
            "region_name": REGION_NAME,
            "service_type": type,
            "version": version["id"].removeprefix("v"),
            "status": "CURRENT" if version["status"] == "stable" else version["status"],
            "endpoint": _find_link(version) or f"{ENDPOINT}{path}/",
            "min_microversion": version.get("min_version") or None,
            "max_microversion": version.get("version") or version.get("max_version") or None,
        }
        for version in versions
    ]
    return sorted(rows, key=lambda row: [int(part) for part in row["version"].split(".")])


def _find_link(version: Item) -> Any:
    return next((link["href"] for link in version.get("links", ()) if link["rel"] == "self"), None)


def show_catalog_entry(call: Call) -> Output | None:
    """Show a service that the caller's token names. The real client reports an unknown one without failing."""
    name = call.args.service
    for service in get_document(call, "/v3/auth/catalog", "identity")["catalog"]:
        if name in (service["id"], service["name"], service["type"]):
            return show_item({**service, "endpoints": format_endpoints(service["endpoints"])}, "endpoints id name type")
    print_message(f"service {name} not found")
    call.write_line("")
    return None


def list_implied_roles(call: Call) -> Output:
    """List the roles that a role includes."""
    rows = [
        {
            "prior_role_id": each["prior_role"]["id"],
            "prior_role_name": each["prior_role"]["name"],
            "implied_role_id": implied["id"],
            "implied_role_name": implied["name"],
        }
        for each in get_document(call, "/v3/role_inferences", "identity")["role_inferences"]
        for implied in each["implies"]
    ]
    return show_items(rows, IMPLIED_ROLES)


ROWS = (
    Row("token issue", "", "Issue a token.", issue_token, OBJECT),
    Row(
        "versions show",
        "[--all-interfaces | --interface <interface>] [--region-name <region>] [--service <type>] [--status <status>]",
        "Show the versions of the services.",
        show_versions,
        LIST,
    ),
    Row("catalog show", "<service>", "Show a service in the catalog.", show_catalog_entry, OBJECT),
    Row("implied role list", "", "List the roles that roles imply.", list_implied_roles, LIST),
)
