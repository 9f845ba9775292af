"""Console log, console addresses, diagnostics: what a host can tell of a guest."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.facts import facts
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import require
from novasim.records import Server

ENABLED_BY = {
    "novnc": "vnc_enabled",
    "spice-html5": "spice_enabled",
    "spice-direct": "spice_enabled",
    "serial": "serial_console_enabled",
    "webmks": "mks_enabled",
}
PROTOCOLS = {
    "vnc": ("novnc", "xvpvnc"),
    "spice": ("spice-html5", "spice-direct"),
    "serial": ("serial",),
    "rdp": ("rdp-html5",),
    "mks": ("webmks",),
}


def remote_console(ctx: Context, server_id: str) -> dict[str, Any]:
    """POST /servers/{id}/remote-consoles (from 2.6)."""
    action = ACTIONS["console-url"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    asked = ctx.body["remote_console"]
    require(action, server, ctx.caller, facts(ctx, server))
    if asked["type"] not in PROTOCOLS[asked["protocol"]]:
        raise BadRequest(reason=f"Invalid console type {asked['type']}")
    return {"remote_console": {**asked, "url": console_of(ctx, server, asked["type"])}}


def console_of(ctx: Context, server: Server, kind: str) -> str:
    """
    The address of a console of that type; its token follows from seed and request.

    Raises:
        BadRequest: the type is unknown or switched off in this cloud (400).
    """
    if kind == "xvpvnc":
        raise BadRequest(reason=f"Invalid console type {kind}")
    if kind == "rdp-html5":
        raise BadRequest(
            reason="The server could not comply with the request since it is either malformed or otherwise incorrect."
        )
    if not ctx.world.option(ENABLED_BY[kind]):
        raise BadRequest(reason=f"Unavailable console type {kind}.")
    token = ctx.world.ids.uuid()
    if kind == "serial":
        return f"ws://127.0.0.1:6083/?token={token}"
    return f"http://127.0.0.1:6080/vnc_auto.html?path=%3Ftoken%3D{token}"


def console_text(server: Server, length: int | None) -> str:
    """What the guest printed since it was launched; *length* keeps the last lines, -1 and None all."""
    lines = [
        f"[    0.000000] Linux version 6.1.0 (simulated), server {server.name}",
        f"[    0.000000] Command line: root=/dev/vda1 console=ttyS0 hostname={server.hostname}",
        f"[    0.412345] Memory: {server.flavor['ram']}M, {server.flavor['vcpus']} CPU(s)",
        "[    1.000000] Started login service.",
        f"{server.hostname} login: ",
    ]
    if length is not None and length >= 0:
        lines = lines[len(lines) - min(length, len(lines)) :]
    return "\n".join(lines)


def diagnostics(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{id}/diagnostics: counters of a running guest, in one standard form from 2.48."""
    action = ACTIONS["diagnostics"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    require(action, server, ctx.caller, facts(ctx, server))
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
    from novasim.api.compute.servers.address_actions import ports_of

    ports = ports_of(ctx, server)
    vcpus = server.flavor["vcpus"]
    return {
        "state": "running",
        "driver": "libvirt",
        "hypervisor": "kvm",
        "hypervisor_os": "linux",
        "uptime": max(0, int(ctx.world.now - _launched(ctx, server))),
        "config_drive": bool(server.config_drive),
        "num_cpus": vcpus,
        "num_nics": len(ports),
        "num_disks": 1,
        "cpu_details": [{"id": number, "time": 17300000000, "utilisation": 15} for number in range(vcpus)],
        "nic_details": [
            {
                "mac_address": port.mac_address,
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
            for port in ports
        ],
        "disk_details": [
            {
                "read_bytes": 262144,
                "read_requests": 112,
                "write_bytes": 5778432,
                "write_requests": 488,
                "errors_count": 1,
            }
        ],
        "memory_details": {"maximum": server.flavor["ram"], "used": server.flavor["ram"] // 4},
    }


def _launched(ctx: Context, server: Server) -> float:
    from novasim.simulation.time.clock import parse_time

    return parse_time(server.launched_at) if server.launched_at else ctx.world.now
