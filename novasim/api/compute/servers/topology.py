"""GET /servers/{server_id}/topology (from 2.78): the NUMA nodes of a guest."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.records import Server

RULE = "compute:server:topology:"
PAGE_SIZES = {  # in KiB
    "small": 4,
    "large": 2048,
    "any": 4,
}


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    GET /servers/{server_id}/topology: the NUMA nodes that the flavor's extra specs request. 403, 404.

    The extra specs are hw:numa_nodes, hw:cpu_policy and hw:mem_page_size. Only administrators see the host's nodes.

    Source: api-samples os-server-topology; the extra specs as Nova's user guide describes them.
    """
    server = get_server(ctx, server_id)
    ctx.can(RULE + "index", target_of(server))
    with_host = ctx.is_allowed(RULE + "host:index", target_of(server))
    specs = server.flavor.get("extra_specs", {})
    return {"nodes": list(_list_nodes(server, specs, with_host)), "pagesize_kb": _read_page_size(specs)}


def _list_nodes(server: Server, specs: dict[str, str], with_host: bool) -> list[dict[str, Any]]:
    dedicated = specs.get("hw:cpu_policy") == "dedicated"
    count = _parse_number(specs.get("hw:numa_nodes")) or int(dedicated or "hw:mem_page_size" in specs)
    nodes = []
    for number in range(count):
        cpus = [cpu for cpu in range(server.flavor["vcpus"]) if cpu * count // server.flavor["vcpus"] == number]
        node: dict[str, Any] = {"memory_mb": server.flavor["ram"] // count, "vcpu_set": cpus, "siblings": []}
        if with_host:
            node["host_node"] = number
            node["cpu_pinning"] = {str(cpu): cpu for cpu in cpus} if dedicated else {}
        nodes.append(node)
    return nodes


def _read_page_size(specs: dict[str, str]) -> int | None:
    size = specs.get("hw:mem_page_size")
    return PAGE_SIZES.get(size, _parse_number(size)) if size else None


def _parse_number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
