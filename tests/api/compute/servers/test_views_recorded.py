"""Servers are shown as recorded at each microversion."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from novasim.api.context import Context
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.api.views import servers as views
from novasim.cloud import Cloud
from novasim.records import Server
from tests.api.compute.servers.recorded_worlds import CALLERS, get, view_world

PATHS = {
    "show": "/servers/{s1}",
    "show (status ERROR)": "/servers/{s_err}",
    "show (status SHELVED_OFFLOADED, locked)": "/servers/{s_off}",
    "show (never scheduled)": "/servers/{s_nohost}",
    "detail": "/servers/detail",
    "list": "/servers",
}


MARKED = {
    "created": "{timestamp}",
    "updated": "{timestamp}",
    "OS-SRV-USG:launched_at": "{timestamp}",
    "hostId": "{host_id}",
    "details": "{traceback}",
    "adminPass": "{password}",
    "OS-EXT-SRV-ATTR:instance_name": "{instance_name}",
    "OS-EXT-SRV-ATTR:reservation_id": "{reservation_id}",
}


def test_servers_are_shown_as_recorded(shared: Path):
    recorded = json.loads((shared / "nova-facts/views.json").read_text())
    cloud = view_world()
    differences = []
    for name, entries in recorded["views"].items():
        kind, caller = name.split(" | ")
        for entry in entries:
            minor = int(entry["since"].partition(".")[2])
            shown = mark_symbols(show_view(cloud, kind, caller, minor))
            if shown != mark_symbols(recorded["samples"][entry["sample"]]) or sorted(shown) != sorted(entry["keys"]):
                differences.append((name, minor, shown))
    assert differences == []


def test_views_change_only_at_recorded_microversions(shared: Path):
    recorded = json.loads((shared / "nova-facts/views.json").read_text())
    cloud = view_world()
    for name, entries in recorded["views"].items():
        kind, caller = name.split(" | ")
        for entry, later in zip(entries, [*entries[1:], {"since": "2.105"}], strict=True):
            last = int(later["since"].partition(".")[2]) - 1
            assert sorted(show_view(cloud, kind, caller, last)) == sorted(entry["keys"]), (name, last)


def show_view(cloud: Cloud, kind: str, caller: str, minor: int) -> dict[str, Any]:
    if kind in ("rebuild", "create"):
        return create_view(cloud, kind, caller, minor)
    if kind == "update":
        request = Request(
            CALLERS[caller], "PUT", "/servers/{s1}", minor, body={"server": {}}, endpoint="http://{endpoint}"
        )
        return handle(cloud, request).body["server"]
    query = (("all_tenants", "1"), ("name", "s1")) if caller == "admin" else (("name", "s1"),)
    listed = kind in ("detail", "list")
    body = handle(cloud, get(caller, minor, PATHS[kind], query if listed else ())).body
    return body["servers"][0] if listed else body["server"]


def create_view(cloud: Cloud, kind: str, caller: str, minor: int) -> dict[str, Any]:
    """The answers of actions that are made elsewhere: here only how they show the server."""
    request = Request(CALLERS[caller], "POST", "", minor, body={"server": {}}, endpoint="http://{endpoint}")
    with cloud.reading() as world:
        server = world.tx.get(Server, "{s1}")
        assert server
        if kind == "create":
            return views.created_view(Context(request, world), server, "secret")
        server.task_state = "rebuilding"
        return views.rebuilt_view(Context(request, world), server, "secret")


def mark_symbols(value: Any, key: str = "") -> Any:
    """The value with the markers that the samples have in place of what differs every time."""
    if isinstance(value, dict):
        return {name: mark_symbols(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [mark_symbols(inner) for inner in value]
    if value and key in MARKED:
        return MARKED[key]
    return re.sub(r"\{s_new\}|920daf08-efab-496f-8070-fb91ef9340c1", "{s1}", value) if isinstance(value, str) else value
