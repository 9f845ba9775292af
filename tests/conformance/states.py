"""Servers in each settled state, reached as the recorder reached them: by requests, and a few in the database."""

from __future__ import annotations

from typing import Any

from novasim.records import Host
from tests.conformance.stage import Stage

OWNER, NEWEST = "member", "2.96"
SERVER = {"name": "s1", "flavorRef": "f1", "imageRef": "{img_a}", "networks": [{"uuid": "{net}"}]}

# By which action of the owner a state is reached, and under which options.
BY_ACTION: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "active": ({}, {}),
    "stopped": ({"os-stop": None}, {}),
    "paused": ({"pause": None}, {}),
    "suspended": ({"suspend": None}, {}),
    "rescued": ({"rescue": None}, {}),
    "resized": ({"resize": {"flavorRef": "f4"}}, {}),
    "shelved": ({"shelve": None}, {"shelved_offload_time": -1}),
    "shelved_offloaded": ({"shelve": None}, {"shelved_offload_time": 0}),
}
BY_DELETE: dict[str, dict[str, Any]] = {
    "soft-delete": {"reclaim_instance_interval": 3600},
    "deleted": {},
}
BY_DATABASE: dict[str, dict[str, Any]] = {
    "error": {"vm_state": "error"},
    "building": {"vm_state": "building", "task_state": "spawning", "launched_at": None, "power_state": 0},
}


def reach(base: Stage, state: str, *, volume: str = "", flavor: str = "f1") -> Stage:
    """
    A stage whose server {s1} is in *state*.

    Args:
        volume: The name of a volume to attach beforehand, where the server can take one.
        flavor: The flavor that it is made with; error_nohost takes the first that fits on no host.
    """
    stage = base.fork()
    if state == "error_nohost":
        create(stage, flavorRef=too_large(stage))
        return stage
    create(stage, flavorRef=flavor)
    if volume:
        body = {"volumeAttachment": {"volumeId": f"{{{volume}}}"}}
        stage.send(OWNER, NEWEST, "POST", "/servers/{s1}/os-volume_attachments", body)
    if state in BY_DELETE:
        stage.set_options(**BY_DELETE[state])
        stage.send(OWNER, NEWEST, "DELETE", "/servers/{s1}")
    elif state in BY_DATABASE:
        stage.set_server("s1", **BY_DATABASE[state])
    else:
        action, options = BY_ACTION[state]
        stage.set_options(**options)
        if action:
            stage.send(OWNER, NEWEST, "POST", "/servers/{s1}/action", action)
    return stage


def create(stage: Stage, caller: str = OWNER, **fields: Any) -> str:
    """Make a server and return its name, such as s1 ("" if it was refused)."""
    stage.send(caller, NEWEST, "POST", "/servers", {"server": SERVER | fields})
    return stage.made[0] if stage.made else ""


def force_down(stage: Stage, host_name: str | None) -> None:
    """Mark a compute service as down."""
    with stage.edit() as tx:
        if host_name and (host := tx.get(Host, host_name)):
            host.forced_down = True
            tx.put(host)


def too_large(stage: Stage) -> str:
    """A flavor that fits on no host."""
    return max(stage.fixture["flavors"], key=lambda flavor: flavor["ram"])["id"]
