"""/servers/{id}/topology: the NUMA nodes that a guest sees (from 2.78)."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.records import Server

RULE = "compute:server:topology:"
PAGE_SIZES = {"small": 4, "large": 2048, "any": 4}


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    The nodes that the flavor asks for (hw:numa_nodes, hw:cpu_policy, hw:mem_page_size); none without.

    What they are on the host is shown to administrators only. Source: api-samples os-server-topology; the extra
    specs as Nova's user guide describes them.
    """
    server = get_server(ctx, server_id)
    ctx.can(RULE + "index", target_of(server))
    with_host = ctx.is_allowed(RULE + "host:index", target_of(server))
    specs = server.flavor.get("extra_specs", {})
    return {"nodes": list(_nodes(server, specs, with_host)), "pagesize_kb": _page_size(specs)}


def _nodes(server: Server, specs: dict[str, str], with_host: bool) -> list[dict[str, Any]]:
    dedicated = specs.get("hw:cpu_policy") == "dedicated"
    count = _number(specs.get("hw:numa_nodes")) or int(dedicated or "hw:mem_page_size" in specs)
    nodes = []
    for number in range(count):
        cpus = [cpu for cpu in range(server.flavor["vcpus"]) if cpu * count // server.flavor["vcpus"] == number]
        node: dict[str, Any] = {"memory_mb": server.flavor["ram"] // count, "vcpu_set": cpus, "siblings": []}
        if with_host:
            node["host_node"] = number
            node["cpu_pinning"] = {str(cpu): cpu for cpu in cpus} if dedicated else {}
        nodes.append(node)
    return nodes


def _page_size(specs: dict[str, str]) -> int | None:
    asked = specs.get("hw:mem_page_size")
    return PAGE_SIZES.get(asked, _number(asked)) if asked else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
