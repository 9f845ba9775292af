"""GET /servers/{server_id}/diagnostics: counters of a running guest. The figures are invented and constant."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import get_server, list_ports, target_of
from novasim.api.context import Context
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import raise_first_refusal
from novasim.records import Server
from novasim.simulation.time.clock import parse_time
from novasim.simulation.time.tasks import start_task

NIC_COUNTERS = {
    "rx_octets": 2070139,
    "rx_errors": 0,
    "rx_drop": 0,
    "rx_packets": 26701,
    "rx_rate": 300,
    "tx_octets": 140208,
    "tx_errors": 0,
    "tx_drop": 0,
    "tx_packets": 662,
    "tx_rate": 500,
}
DISK_COUNTERS = {
    "read_bytes": 262144,
    "read_requests": 112,
    "write_bytes": 5778432,
    "write_requests": 488,
    "errors_count": 1,
}


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/diagnostics: counters of the guest, in a standard form from 2.48. 403, 404, 409."""
    action = ACTIONS["diagnostics"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    raise_first_refusal(action, server, ctx.caller, read_facts(ctx, server))
    start_task(ctx.world, action, server, ctx.caller, {})
    return _standard_diagnostics(ctx, server) if ctx.minor >= 48 else _plain_diagnostics(server)


def _plain_diagnostics(server: Server) -> dict[str, Any]:
    cpus = {f"cpu{number}_time": 17300000000 for number in range(server.flavor["vcpus"])}
    return {
        **cpus,
        "memory": server.flavor["ram"] * 1024,
        "vda_errors": -1,
        "vda_read": 262144,
        "vda_read_req": 112,
        "vda_write": 5778432,
        "vda_write_req": 488,
        "vnet1_rx": 2070139,
        "vnet1_rx_drop": 0,
        "vnet1_rx_errors": 0,
        "vnet1_rx_packets": 26701,
        "vnet1_tx": 140208,
        "vnet1_tx_drop": 0,
        "vnet1_tx_errors": 0,
        "vnet1_tx_packets": 662,
    }


def _standard_diagnostics(ctx: Context, server: Server) -> dict[str, Any]:
    nics = [{"mac_address": port.mac_address, **NIC_COUNTERS} for port in list_ports(ctx, server)]
    vcpus, ram = server.flavor["vcpus"], server.flavor["ram"]
    return {
        "state": "running",
        "driver": "libvirt",
        "hypervisor": "kvm",
        "hypervisor_os": "linux",
        "uptime": max(0, int(ctx.world.now - _launch_time(ctx, server))),
        "config_drive": bool(server.config_drive),
        "num_cpus": vcpus,
        "num_nics": len(nics),
        "num_disks": 1,
        "cpu_details": [{"id": number, "time": 17300000000, "utilisation": 15} for number in range(vcpus)],
        "nic_details": nics,
        "disk_details": [DISK_COUNTERS],
        "memory_details": {"maximum": ram, "used": ram // 4},
    }


def _launch_time(ctx: Context, server: Server) -> float:
    return parse_time(server.launched_at) if server.launched_at else ctx.world.now
