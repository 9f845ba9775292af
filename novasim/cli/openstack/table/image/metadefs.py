"""The commands `image import info`, `image task list`, and those for metadata definitions that only read."""

from __future__ import annotations

from collections.abc import Callable

from novasim.cli.openstack.call import Call, Item
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import get_by_id, get_document, list_path, show_item, show_items
from novasim.cli.openstack.rows import LIST, OBJECT, Row

NAMESPACES = "/v2/metadefs/namespaces"
MOST = 1000  # the largest page of the image service
NAMESPACE = """
    created_at description display_name namespace owner protected resource_type_associations tags updated_at visibility
"""


def show_import_info(call: Call) -> Output:
    """Show the methods of importing an image."""
    methods = get_document(call, "/v2/info/import", "image")["import-methods"]["value"]
    return Output(["import-methods"], [[", ".join(methods)]], is_list=False)


def show_namespace(call: Call) -> Output:
    """Show a namespace of metadata definitions."""
    item = get_by_id(call, "MetadefNamespace", call.args.namespace, f"{NAMESPACES}/{{}}", "image")
    associations = [each["name"] for each in item.get("resource_type_associations") or []]
    tags = [tag["name"] for tag in item.get("tags") or []]
    return show_item({**item, "resource_type_associations": associations, "tags": tags}, NAMESPACE)


def list_in_namespace(rest: str, items: Callable[[Item], list[Item]], columns: str) -> Callable[[Call], Output]:
    """List what a namespace contains."""

    def run(call: Call) -> Output:
        return show_items(items(get_document(call, f"{NAMESPACES}/{call.args.namespace}/{rest}", "image")), columns)

    return run


def _properties(body: Item) -> list[Item]:
    return [{**item, "name": name} for name, item in body["properties"].items()]


def show_property(call: Call) -> Output:
    """Show a property of a namespace."""
    path = f"{NAMESPACES}/{call.args.namespace}/properties/{call.args.property}"
    item = get_document(call, path, "image")
    return show_item(item, " ".join(sorted(item)))


ROWS = (
    Row("image import info", "", "Show the methods of importing an image.", show_import_info, OBJECT),
    Row(
        "image task list",
        "[--type <type>] [--status <status>]",
        "List tasks.",
        list_path("image", "/v2/tasks", "tasks", "ID, Type, Status, Owner"),
        LIST,
    ),
    Row(
        "image metadef namespace list",
        "",
        "List the namespaces of metadata definitions.",
        list_path("image", NAMESPACES, "namespaces", "namespace", query=[("limit", MOST)]),
        LIST,
    ),
    Row("image metadef namespace show", "<namespace>", "Show a namespace.", show_namespace, OBJECT),
    Row(
        "image metadef property list",
        "<namespace>",
        "List the properties of a namespace.",
        list_in_namespace("properties", _properties, "name, title, type"),
        LIST,
    ),
    Row("image metadef property show", "<namespace> <property>", "Show a property.", show_property, OBJECT),
    Row(
        "image metadef object list",
        "<namespace>",
        "List the objects of a namespace.",
        list_in_namespace("objects", lambda body: body["objects"], "name, description"),
        LIST,
    ),
    Row(
        "image metadef resource type list",
        "",
        "List the types of resources that metadata describe.",
        list_path("image", "/v2/metadefs/resource_types", "resource_types", "Name"),
        LIST,
    ),
    Row(
        "image metadef resource type association list",
        "<namespace>",
        "List the types of resources of a namespace.",
        list_in_namespace("resource_types", lambda body: body["resource_type_associations"], "Name"),
        LIST,
    ),
)
