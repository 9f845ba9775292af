"""Records and worlds for the tests of the store, made without the store."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from novasim.control.file_check import check
from novasim.records import InstanceAction, Port, Record, Server, Settings
from novasim.records.cloud import FORMAT

NOW = "2026-01-01T00:00:00.000000Z"


def settings(**fields: Any) -> Settings:
    return Settings(**{"id": "cloud", "format": FORMAT, "seed": 0, **fields})


def id_number(number: int, purpose: str = "server") -> str:
    """The same UUID for the same number."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/{purpose}/{number}"))


def find_problems(path: Path) -> list[str]:
    """The problems of a cloud, but for references to what these worlds leave out."""
    return [problem for problem in check(str(path)) if "which is not in the table of" not in problem]


def server(number: int, **fields: Any) -> Server:
    """A server of about 1 KB, as an active one has it."""
    values: dict[str, Any] = {
        "id": id_number(number),
        "name": f"web{number}",
        "project_id": "6f70656e737461636b20697320612064",
        "user_id": "d5a4bcd8d0e94b1f9c1e2d3c4b5a6978",
        "created_at": NOW,
        "updated_at": NOW,
        "vm_state": "active",
        "task_state": None,
        "power_state": 1,
        "flavor": {"id": "1", "name": "m1.tiny", "vcpus": 1, "ram": 512, "disk": 1, "extra_specs": {"hw:a": "b"}},
        "image_id": id_number(0, "image"),
        "host": f"host{number % 3}",
        "metadata": {"purpose": "a test of the store", "owner": "demo@example.com"},
        "description": "Größe 日本",
    }
    return Server(**{**values, **fields})


def port(number: int, **fields: Any) -> Port:
    values: dict[str, Any] = {
        "id": id_number(number, "port"),
        "network_id": id_number(0, "network"),
        "project_id": "6f70656e737461636b20697320612064",
        "mac_address": "fa:16:3e:00:00:00",
        "device_id": id_number(number),
        "fixed_ips": [{"subnet_id": id_number(0, "subnet"), "ip_address": "192.0.2.7"}],
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Port(**{**values, **fields})


def log_entry(number: int) -> InstanceAction:
    events = [
        {"event": "compute__do_build_and_run_instance", "start_time": NOW, "finish_time": NOW, "result": "Success"}
    ]
    return InstanceAction(
        id=id_number(number, "action"),
        server_id=id_number(number),
        request_id="req-" + id_number(number, "request"),
        action="create",
        user_id="demo",
        project_id="demo",
        start_time=NOW,
        updated_at=NOW,
        events=events,
    )


def world_of(servers: int) -> list[Record]:
    """So many servers, each with a port and a log entry, and settings."""
    numbers = range(servers)
    return [settings(), *map(server, numbers), *map(port, numbers), *map(log_entry, numbers)]


def write_plain(path: Path, records: list[Record]) -> None:
    """The file as TinyDB itself would write it: all in one line."""
    tables: dict[str, dict[str, Any]] = {}
    for record in records:
        table = tables.setdefault(record.table, {})
        table[str(len(table) + 1)] = vars(record)
    path.write_text(json.dumps(tables))
