"""Helpers for the tests of hosts."""

from __future__ import annotations

from novasim.control import hosts as data_center
from novasim.records import Allocation, Host
from tests.play import Play


def host_of(play: Play, server: str) -> str:
    return play.server(server).host


def usage(play: Play) -> dict[str, tuple[int, int, int]]:
    """What is claimed on each host, by the allocations."""
    sums = {host.name: (0, 0, 0) for host in play.all(Host)}
    for held in play.all(Allocation):
        vcpus, ram, disk = sums[held.host]
        sums[held.host] = (vcpus + held.vcpus, ram + held.ram_mb, disk + held.disk_gb)
    return sums


def assert_usage_is_exact(play: Play) -> None:
    told = {host.name: (host.used_vcpus, host.used_ram_mb, host.used_disk_gb) for host in play.all(Host)}
    assert told == usage(play)


def dies(play: Play, server: str) -> str:
    host = host_of(play, server)
    data_center.change_host(play.cloud, host, up=False)
    return host
