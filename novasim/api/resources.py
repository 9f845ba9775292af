"""
The table of resources: path and body keys of each list in the API, one row per noun.

Commands, the look-up of names, completion and the library read this table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from novasim.records import Caller

Item = dict[str, Any]
Query = Sequence[tuple[str, str]]
VOLUME_ROOT = "/v3/{project_id}"


class Client(Protocol):
    """A caller of the API."""

    @property
    def caller(self) -> Caller:
        """User, project and roles."""

    def get(self, path: str, query: Query = (), service: str = "compute") -> Any:
        """The body of a GET."""


class Resource(NamedTuple):
    """
    One kind of resource.

    Args:
        service, path: Where the list is. {project_id} in the path stands for the caller's project.
        one, many: The keys of bodies: around one resource ("" if it has none) and around the list.
        detail: What to add to *path* for a list with all attributes.
        name_key, id_key: The attributes by which users know it and by which the API knows it.
        item_key: The key around each item of the list, if there is one.
        has_filters: Whether the list can be filtered by *id_key* and *name_key*.
        admin_query: What administrators add to see the resources of every project.
        word: The word for a resource in messages, if it is not the noun.
    """

    service: str
    path: str
    one: str
    many: str
    detail: str = ""
    name_key: str = "name"
    id_key: str = "id"
    item_key: str = ""
    has_filters: bool = False
    admin_query: Query = ()
    word: str = ""

    def list_path(self, caller: Caller, detail: bool = False) -> str:
        """The path of the list."""
        return self.path.format(project_id=caller.project_id) + (self.detail if detail else "")


RESOURCES = {
    "aggregate": Resource("compute", "/os-aggregates", "aggregate", "aggregates"),
    "availability-zone": Resource(
        "compute", "/os-availability-zone", "", "availabilityZoneInfo", name_key="zoneName", id_key="zoneName"
    ),
    "flavor": Resource(
        "compute", "/flavors", "flavor", "flavors", detail="/detail", admin_query=(("is_public", "None"),)
    ),
    "floating-ip": Resource(
        "network",
        "/v2.0/floatingips",
        "floatingip",
        "floatingips",
        name_key="floating_ip_address",
        has_filters=True,
        word="floating IP",
    ),
    "host": Resource(
        "compute", "/os-hypervisors", "hypervisor", "hypervisors", detail="/detail", name_key="hypervisor_hostname"
    ),
    "image": Resource("image", "/v2/images", "", "images", has_filters=True),
    "keypair": Resource(
        "compute", "/os-keypairs", "keypair", "keypairs", id_key="name", item_key="keypair", word="key pair"
    ),
    "network": Resource("network", "/v2.0/networks", "network", "networks", has_filters=True),
    "port": Resource("network", "/v2.0/ports", "port", "ports", has_filters=True),
    "project": Resource("identity", "/v3/projects", "project", "projects", has_filters=True),
    "role": Resource("identity", "/v3/roles", "role", "roles", has_filters=True),
    "router": Resource("network", "/v2.0/routers", "router", "routers", has_filters=True),
    "security-group": Resource(
        "network", "/v2.0/security-groups", "security_group", "security_groups", has_filters=True
    ),
    "security-group-rule": Resource(
        "network", "/v2.0/security-group-rules", "security_group_rule", "security_group_rules", name_key="id"
    ),
    "server": Resource(
        "compute", "/servers", "server", "servers", detail="/detail", admin_query=(("all_tenants", "1"),)
    ),
    "server-group": Resource("compute", "/os-server-groups", "server_group", "server_groups"),
    "subnet": Resource("network", "/v2.0/subnets", "subnet", "subnets", has_filters=True),
    "user": Resource("identity", "/v3/users", "user", "users", has_filters=True),
    "volume": Resource(
        "volume",
        VOLUME_ROOT + "/volumes",
        "volume",
        "volumes",
        detail="/detail",
        has_filters=True,
        admin_query=(("all_tenants", "1"),),
    ),
    "volume-snapshot": Resource(
        "volume",
        VOLUME_ROOT + "/snapshots",
        "snapshot",
        "snapshots",
        has_filters=True,
        admin_query=(("all_tenants", "1"),),
    ),
}


def display_name(noun: str) -> str:
    """The word for a resource in messages, such as "key pair"."""
    return RESOURCES[noun].word or noun.replace("-", " ")


def list_items(client: Client, resource: Resource, query: Query = (), detail: bool = False) -> list[Item]:
    """
    The resources that the client's caller may see.

    Raises:
        NovaFault: the list is refused.
    """
    path = resource.list_path(client.caller, detail)
    body = client.get(path, query, resource.service)
    items: list[Item] = body[resource.many]
    while "next" in body:  # the image service has pages also without a limit
        body = client.get(path, parse_page_query(body["next"]), resource.service)
        items += body[resource.many]
    return [item[resource.item_key] for item in items] if resource.item_key else items


def parse_page_query(link: str) -> Query:
    """The query of the link to the next page."""
    from urllib.parse import parse_qsl

    return parse_qsl(link.partition("?")[2])


def find_items(client: Client, resource: Resource, text: str) -> list[Item]:
    """
    The resource with that id, or all with that name.

    Raises:
        NovaFault: the list is refused.
    """
    everyone = resource.admin_query if client.caller.is_admin else ()
    items = [] if resource.has_filters else list_items(client, resource, everyone)
    for key in (resource.id_key, resource.name_key):
        if resource.has_filters:
            items = list_items(client, resource, [(key, _filter_value(resource, text)), *everyone])
        if found := [item for item in items if item[key] is not None and str(item[key]) == text]:
            return found
    return []


def _filter_value(resource: Resource, text: str) -> str:
    """A value to filter by: the image service treats text before a colon as an operator."""
    return f"eq:{text}" if resource.service == "image" and ":" in text else text
