"""
/v2/metadefs: definitions of metadata that dashboards offer for images, flavors, aggregates, volumes and servers.

A few of the namespaces that the image service is delivered with, read-only. Source: glance/etc/metadefs.
"""

from __future__ import annotations

from typing import Any

from novasim.api.collections import apply_query
from novasim.api.context import Context
from novasim.errors import NotFound

View = dict[str, Any]

IMAGE, VOLUME, FLAVOR = "OS::Glance::Image", "OS::Cinder::Volume", "OS::Nova::Flavor"
AGGREGATE, SERVER = "OS::Nova::Aggregate", "OS::Nova::Server"
RESOURCE_TYPES = (VOLUME, IMAGE, AGGREGATE, FLAVOR, SERVER)
CREATED_AT = "2014-08-28T17:13:06Z"
HARDWARE: View = {IMAGE: {"prefix": "hw_"}, VOLUME: {"prefix": "hw_", "properties_target": "image"}}


def _number(title: str, least: int = 1) -> View:
    return {"title": title, "description": f"{title}.", "type": "integer", "minimum": least}


def _choice(title: str, *values: str) -> View:
    return {"title": title, "description": f"{title}.", "type": "string", "enum": list(values)}


def _text(title: str) -> View:
    return {"title": title, "description": f"{title}.", "type": "string"}


NAMESPACES: dict[str, View] = {
    "OS::Compute::VirtCPUTopology": {
        "display_name": "Virtual CPU Topology",
        "description": "The topology of the virtual CPUs that the guest sees.",
        "types": HARDWARE | {FLAVOR: {"prefix": "hw:"}},
        "properties": {
            "cpu_sockets": _number("vCPU sockets"),
            "cpu_cores": _number("vCPU cores"),
            "cpu_threads": _number("vCPU threads"),
        },
    },
    "OS::Compute::CPUPinning": {
        "display_name": "CPU Pinning",
        "description": "Whether virtual CPUs are bound to CPUs of the host.",
        "types": HARDWARE | {FLAVOR: {"prefix": "hw:"}},
        "properties": {
            "cpu_policy": _choice("CPU pinning policy", "shared", "dedicated", "mixed"),
            "cpu_thread_policy": _choice("CPU thread pinning policy", "isolate", "prefer", "require"),
        },
    },
    "OS::Compute::AggregateNumInstancesFilter": {
        "display_name": "Instances per Host",
        "description": "A limit of the number of servers on each host of an aggregate.",
        "types": {AGGREGATE: {}},
        "properties": {"max_instances_per_host": _number("Max instances per host", 0)},
    },
    "OS::OperatingSystem": {
        "display_name": "Common Operating System Properties",
        "description": "The operating system of an image.",
        "types": {IMAGE: {}, VOLUME: {"properties_target": "image"}},
        "properties": {
            "os_distro": _text("OS distribution"),
            "os_version": _text("OS version"),
            "os_admin_user": _text("OS administrator"),
        },
    },
    "OS::Software::Runtimes": {
        "display_name": "Runtime Environment",
        "description": "Runtime environments of programming languages.",
        "types": {IMAGE: {}, VOLUME: {"properties_target": "image"}, SERVER: {}},
        "properties": {"sw_runtime_python_version": _text("Python version")},
    },
}


def index(ctx: Context) -> View:
    """GET /v2/metadefs/namespaces: the namespaces; filters resource_types and visibility."""
    resource_types = {name for text in ctx.queries("resource_types") for name in text.split(",")}
    names = [name for name, each in NAMESPACES.items() if not resource_types or resource_types & each["types"].keys()]
    views = [_view(name) | {"id": name} for name in names if ctx.query("visibility") in (None, "public")]
    page = apply_query(ctx, views, frozenset({"resource_types", "visibility"}))
    return {
        "namespaces": [{key: value for key, value in view.items() if key != "id"} for view in page],
        "first": "/v2/metadefs/namespaces",
        "schema": "/v2/schemas/metadefs/namespaces",
    }


def show(ctx: Context, namespace: str) -> View:
    """GET /v2/metadefs/namespaces/{namespace}: one with its properties; resource_type adds its prefix to them. 404."""
    found = _get(namespace)
    prefix = found["types"].get(ctx.query("resource_type"), {}).get("prefix", "")
    properties = {prefix + name: value for name, value in found["properties"].items()}
    return _view(namespace) | {"properties": properties, "objects": [], "tags": []}


def _get(namespace: str) -> View:
    if namespace not in NAMESPACES:
        raise NotFound(reason=f"Metadata definition namespace={namespace} was not found.")
    return NAMESPACES[namespace]


def _view(name: str) -> View:
    namespace = NAMESPACES[name]
    return {
        "namespace": name,
        "display_name": namespace["display_name"],
        "description": namespace["description"],
        "visibility": "public",
        "protected": True,
        "owner": "admin",
        "created_at": CREATED_AT,
        "updated_at": CREATED_AT,
        "self": f"/v2/metadefs/namespaces/{name}",
        "schema": "/v2/schemas/metadefs/namespace",
        "resource_type_associations": _association_views(name),
    }


def _association_views(name: str) -> list[View]:
    return [
        {"name": kind, "created_at": CREATED_AT, "updated_at": CREATED_AT, **more}
        for kind, more in NAMESPACES[name]["types"].items()
    ]


def list_resource_types(ctx: Context) -> View:
    """GET /v2/metadefs/resource_types: the kinds of resources for which there are definitions."""
    return {"resource_types": [{"name": n, "created_at": CREATED_AT, "updated_at": CREATED_AT} for n in RESOURCE_TYPES]}


def list_associations(ctx: Context, namespace: str) -> View:
    """GET .../resource_types: the kinds of resources that a namespace is for. 404."""
    _get(namespace)
    return {"resource_type_associations": _association_views(namespace)}


def list_properties(ctx: Context, namespace: str) -> View:
    """GET .../properties: the properties that a namespace defines. 404."""
    return {"properties": _get(namespace)["properties"]}


def show_property(ctx: Context, namespace: str, name: str) -> View:
    """GET .../properties/{name}: one property. 404."""
    properties = _get(namespace)["properties"]
    if name not in properties:
        raise NotFound(reason=f"Metadata definition property with name={name} was not found in namespace={namespace}.")
    return {"name": name, **properties[name]}


def list_objects(ctx: Context, namespace: str) -> View:
    """GET .../objects: an empty list. 404."""
    _get(namespace)
    path = f"/v2/metadefs/namespaces/{namespace}/objects"
    return {"objects": [], "first": path, "schema": "/v2/schemas/metadefs/objects"}


def list_tags(ctx: Context, namespace: str) -> View:
    """GET .../tags: an empty list. 404."""
    _get(namespace)
    path = f"/v2/metadefs/namespaces/{namespace}/tags"
    return {"tags": [], "first": path, "schema": "/v2/schemas/metadefs/tags"}


def refuse(ctx: Context, namespace: str, name: str) -> None:
    """GET .../objects/{name} and .../tags/{name}: there are none. 404."""
    _get(namespace)
    kind = ctx.request.path.split("/")[-2].removesuffix("s")
    raise NotFound(reason=f"Metadata definition {kind} with name={name} was not found in namespace={namespace}.")
