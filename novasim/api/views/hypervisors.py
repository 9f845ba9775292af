"""Representations of hosts as hypervisors."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.views.server_parts import instance_name
from novasim.records import Host, Server
from novasim.simulation.scheduling.placement import is_service_up
from novasim.simulation.seeded import Generator
from novasim.simulation.time.clock import parse_time

CPU = {"arch": "x86_64", "model": "Nehalem", "vendor": "Intel", "features": ["pge", "clflush"]}


def hypervisor_id(ctx: Context, host: Host) -> int | str:
    """The id of a hypervisor: a number, or from 2.53 a UUID, which is not that of the service."""
    if ctx.minor < 53:
        return host.number
    return Generator(ctx.world.settings.seed, f"hypervisor of service {host.service_id}").uuid()


def hypervisor_view(
    ctx: Context, host: Host, servers: list[Server], *, detail: bool, with_servers: bool = False
) -> dict[str, Any]:
    """A hypervisor, with its servers on request (before 2.75 only if it has some)."""
    view: dict[str, Any] = {
        "id": hypervisor_id(ctx, host),
        "hypervisor_hostname": host.name,
        "state": "up" if is_service_up(host) else "down",
        "status": "disabled" if host.disabled else "enabled",
    }
    if detail:
        view |= _detail(ctx, host, servers)
    if with_servers and (servers or ctx.minor >= 75):
        template = ctx.world.option("instance_name_template")
        view["servers"] = [{"name": instance_name(template, server), "uuid": server.id} for server in servers]
    return view


def _detail(ctx: Context, host: Host, servers: list[Server]) -> dict[str, Any]:
    view: dict[str, Any] = {
        "hypervisor_type": host.hypervisor_type,
        "hypervisor_version": host.hypervisor_version,
        "host_ip": host.host_ip,
        "service": {
            "id": host.service_id if ctx.minor >= 53 else host.number,
            "host": host.name,
            "disabled_reason": host.disabled_reason,
        },
    }
    if ctx.minor >= 88:
        return view | {"uptime": format_uptime(ctx, host)}
    return view | resource_figures(host, servers) | {"cpu_info": _cpu_info(ctx, host)}


def resource_figures(host: Host, servers: list[Server]) -> dict[str, int]:
    """Resources and their use: RAM in MiB, disk in GiB. Resources reserved for the host are in use."""
    ram_used, disk_used = host.used_ram_mb + host.reserved_ram_mb, host.used_disk_gb + host.reserved_disk_gb
    return {
        "vcpus": host.vcpus,
        "vcpus_used": host.used_vcpus,
        "memory_mb": host.ram_mb,
        "memory_mb_used": ram_used,
        "free_ram_mb": host.ram_mb - ram_used,
        "local_gb": host.disk_gb,
        "local_gb_used": disk_used,
        "free_disk_gb": host.disk_gb - disk_used,
        "disk_available_least": host.disk_gb - disk_used,
        "running_vms": len(servers),
        "current_workload": sum(server.task_state is not None for server in servers),
    }


def format_uptime(ctx: Context, host: Host) -> str | None:
    """The output of the command `uptime` on the host; None if the host is down."""
    if not is_service_up(host):
        return None
    minutes = int(ctx.world.now - parse_time(host.created_at)) // 60
    days, hours = divmod(minutes // 60, 24)
    load = 0.05 * host.used_vcpus
    up = f"{days} days, {hours:2}:{minutes % 60:02}"
    return f" {ctx.world.time[11:19]} up {up},  1 user,  load average: {load:.2f}, {load:.2f}, {load:.2f}"


def _cpu_info(ctx: Context, host: Host) -> dict[str, Any] | str:
    from json import dumps

    info = {**CPU, "topology": {"cores": host.vcpus, "threads": 1, "sockets": 1}}
    return info if ctx.minor >= 28 else dumps(info)
