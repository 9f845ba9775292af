"""Servers, flavors, images, hosts and callers for the tests of the lifecycle."""

from __future__ import annotations

from novasim.records import Caller, Flavor, Host, Image, Server

OWNER = Caller("u", "p", ("reader", "member"))
ADMIN = Caller("a", "q", ("reader", "member", "admin"))
GIB = 1024**3
SMALL = {"id": "1", "vcpus": 1, "ram": 512, "disk": 5, "ephemeral": 0, "swap": 0}


def server(**fields: object) -> Server:
    """A server that has run, idle, of OWNER's project and the flavor SMALL, on host h."""
    usual = {
        "vm_state": "active",
        "task_state": None,
        "host": "h",
        "power_state": 1,
        "flavor": dict(SMALL),
        "image": {"min_ram": 64},
        "launched_at": "2026-01-01T00:00:00.000000Z",
    }
    return Server(id="s", name="s", project_id="p", user_id="u", created_at="", updated_at="", **{**usual, **fields})


def flavor(**fields: object) -> Flavor:
    return Flavor(**{"id": "2", "name": "big", "vcpus": 2, "ram": 1024, "disk": 10, **fields})


def image(**fields: object) -> Image:
    usual = {"id": "i", "name": "i", "status": "active", "size": GIB, "min_ram": 0, "min_disk": 0}
    return Image(
        **{**usual, "disk_format": "raw", "owner": "p", "created_at": "", "updated_at": "", **fields},
    )


def host(name: str = "h", **fields: object) -> Host:
    return Host(**{"id": name, "name": name, "number": 1, "service_id": "x", "created_at": "", **fields})
