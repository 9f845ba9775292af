"""The commands of the plugin for placement, osc-placement, that only read."""

from __future__ import annotations

from typing import Any

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

MINOR = 29
PROVIDERS = "uuid, name, generation, root_provider_uuid, parent_provider_uuid"
PROVIDER = "uuid name generation root_provider_uuid parent_provider_uuid"
INVENTORY = "allocation_ratio min_unit max_unit reserved step_size total used"
ALLOCATIONS = "resource_provider, generation, resources, project_id, user_id"
USAGES = ("resource_class", "usage")
CANDIDATES = ("#", "allocation", "resource provider", "inventory used/capacity", "traits")


def _get(call: Call, path: str, query: list[tuple[str, Any]] | None = None) -> Item:
    body: Item = call.send("GET", path, query=query or [], service="placement", minor=MINOR).body
    return body


def _provider(call: Call, rest: str = "") -> Item:
    return _get(call, f"/resource_providers/{call.args.uuid}{rest}")


def list_providers(call: Call) -> Output:
    """List resource providers."""
    args = call.args
    query = [("name", args.name), ("uuid", args.uuid), ("resources", ",".join(args.resource or ()) or None)]
    return show_items(_get(call, "/resource_providers", query)["resource_providers"], PROVIDERS)


def show_provider(call: Call) -> Output:
    """Show a resource provider."""
    provider = _provider(call)
    if not call.args.allocations:
        return show_item(provider, PROVIDER)
    return show_item(
        {**provider, "allocations": _provider(call, "/allocations")["allocations"]}, f"{PROVIDER} allocations"
    )


def list_inventories(call: Call) -> Output:
    """List the inventories of a resource provider."""
    used = _provider(call, "/usages")["usages"]
    rows = [
        {"resource_class": name, **inventory, "used": used.get(name)}
        for name, inventory in _provider(call, "/inventories")["inventories"].items()
    ]
    return show_items(rows, ", ".join(["resource_class", *INVENTORY.split()]))


def show_inventory(call: Call) -> Output:
    """Show one inventory of a resource provider."""
    name = call.args.resource_class
    inventory = _provider(call, f"/inventories/{name}")
    return show_item({**inventory, "used": _provider(call, "/usages")["usages"].get(name)}, INVENTORY)


def show_usages(call: Call) -> Output:
    """Show the usage of a resource provider."""
    return Output(USAGES, [[name, usage] for name, usage in _provider(call, "/usages")["usages"].items()])


def show_project_usages(call: Call) -> Output:
    """Show the usage of a project."""
    query = [("project_id", call.args.project_uuid), ("user_id", call.args.user_uuid)]
    return Output(USAGES, [[name, usage] for name, usage in _get(call, "/usages", query)["usages"].items()])


def list_provider_traits(call: Call) -> Output:
    """List the traits of a resource provider."""
    return Output(["name"], [[name] for name in _provider(call, "/traits")["traits"]])


def list_provider_aggregates(call: Call) -> Output:
    """List the aggregates of a resource provider."""
    return Output(["uuid"], [[id] for id in _provider(call, "/aggregates")["aggregates"]])


def show_allocations(call: Call) -> Output:
    """Show the allocations of a server."""
    body = _get(call, f"/allocations/{call.args.uuid}")
    owner = {key: body.get(key) for key in ("project_id", "user_id")}
    rows = [{"resource_provider": id, **each, **owner} for id, each in body["allocations"].items()]
    return show_items(rows, ALLOCATIONS)


def list_classes(call: Call) -> Output:
    """List resource classes."""
    return show_items(_get(call, "/resource_classes")["resource_classes"], "name,")


def list_traits(call: Call) -> Output:
    """List traits."""
    return Output(["name"], [[name] for name in _get(call, "/traits")["traits"]])


def list_candidates(call: Call) -> Output:
    """List where resources could be allocated."""
    wanted = ",".join(call.args.resource).replace("=", ":")
    body = _get(call, "/allocation_candidates", [("resources", wanted), ("limit", call.args.limit)])
    rows = []
    for number, request in enumerate(body["allocation_requests"], 1):
        for id, allocation in request["allocations"].items():
            summary = body["provider_summaries"][id]
            inventory = [f"{name}={each['used']}/{each['capacity']}" for name, each in summary["resources"].items()]
            parts = (_join(allocation["resources"]), id, ",".join(inventory), ",".join(summary["traits"]))
            rows.append([number, *parts])
    return Output(CANDIDATES, rows)


def _join(resources: Item) -> str:
    return ",".join(f"{name}={amount}" for name, amount in resources.items())


ROWS = (
    Row(
        "resource provider list",
        "[--uuid <uuid>] [--name <name>] [--resource <class=amount>]...",
        "List resource providers.",
        list_providers,
        LIST,
    ),
    Row("resource provider show", "<uuid> [--allocations]", "Show a resource provider.", show_provider, OBJECT),
    Row("resource provider inventory list", "<uuid>", "List inventories.", list_inventories, LIST),
    Row("resource provider inventory show", "<uuid> <resource-class>", "Show an inventory.", show_inventory, OBJECT),
    Row("resource provider usage show", "<uuid>", "Show the usage of a provider.", show_usages, LIST),
    Row("resource provider trait list", "<uuid>", "List the traits of a provider.", list_provider_traits, LIST),
    Row("resource provider aggregate list", "<uuid>", "List its aggregates.", list_provider_aggregates, LIST),
    Row("resource provider allocation show", "<uuid>", "Show the allocations of a server.", show_allocations, LIST),
    Row(
        "resource usage show",
        "<project-uuid> [--user-uuid <uuid>]",
        "Show the usage of a project.",
        show_project_usages,
        LIST,
    ),
    Row("resource class list", "", "List resource classes.", list_classes, LIST),
    Row("trait list", "", "List traits.", list_traits, LIST),
    Row(
        "allocation candidate list",
        "--resource <class=amount>... [--limit <#count>]",
        "List where resources could be allocated.",
        list_candidates,
        LIST,
    ),
)
