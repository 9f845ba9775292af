"""Ways to meet a refusal because of a lock, a running task, a role or a microversion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import ACTIVE
from novasim.teach.coverage.items import Item
from novasim.teach.coverage.paths import find_path_to
from novasim.teach.coverage.scripts import ADMIN, MEMBER, SERVER, Lines, Request, Script, send
from novasim.teach.graph.edges import privileged_role
from novasim.teach.rights import ROLES, lowest_role

REQUESTS: dict[str, tuple[str, str, Any]] = {  # method, path below the server, body
    "crash-dump": ("POST", "action", {"trigger_crash_dump": None}),
    "console-url": ("POST", "remote-consoles", {"remote_console": {"protocol": "vnc", "type": "novnc"}}),
    "console-url-vnc": ("POST", "action", {"os-getVNCConsole": {"type": "novnc"}}),
    "console-url-spice": ("POST", "action", {"os-getSPICEConsole": {"type": "spice-html5"}}),
    "console-url-rdp": ("POST", "action", {"os-getRDPConsole": {"type": "rdp-html5"}}),
    "console-url-serial": ("POST", "action", {"os-getSerialConsole": {"type": "serial"}}),
    "add-floating-ip": ("POST", "action", {"addFloatingIp": {"address": "203.0.113.9"}}),
    "remove-floating-ip": ("POST", "action", {"removeFloatingIp": {"address": "203.0.113.9"}}),
    "add-fixed-ip": ("POST", "action", {"addFixedIp": {"networkId": "private"}}),
    "remove-fixed-ip": ("POST", "action", {"removeFixedIp": {"address": "10.0.0.2"}}),
    "tag-add": ("PUT", "tags/web", None),
    "tag-replace": ("PUT", "tags", {"tags": ["db"]}),
    "tag-delete": ("DELETE", "tags/web", None),
    "tag-delete-all": ("DELETE", "tags", None),
}
"""The requests for the actions that some microversions do not have."""


def create_user(role: str) -> Lines:
    """A user with a role in the project of the server, who is called as that role."""
    return Lines(
        (f"novasim --as admin user create {role} --project demo --role {role}",), (f'{role} = as_role("{role}")',)
    )


def find_locked(item: Item, row: Action) -> Script | None:
    """The owner locks the server. An administrator is exempt from locks, so the caller has a lower role."""
    role = privileged_role(row)
    if role == ADMIN or not lowest_role(row):
        return None
    users = create_user(role) if role else Lines()
    lock = Lines((f"novasim lock {SERVER}",), ("server.lock()",))
    return Script(item, (), (), Request(row.name, ACTIVE, role), True, users, lock)


def find_forbidden(item: Item, row: Action) -> Script | None:
    """The caller has the highest role that is not enough."""
    role = ROLES[ROLES.index(lowest_role(row)) - 1]
    users = create_user(role) if role != MEMBER else Lines()
    if row.acts_on_server:
        return Script(item, (), (), Request(row.name, ACTIVE, role), True, users)
    request = Lines(
        (f"novasim --as {role} create other --flavor m1.tiny --image cirros",),
        (f'{role}.servers.create("other", "m1.tiny", "cirros")',),
    )
    return Script(item, refused=True, before_server=users, request=request)


def find_unversioned(item: Item, row: Action) -> Script | None:
    """The request has the microversion next to those that have the action."""
    word, _, bound = item.detail.rpartition(" 2.")
    minor = int(bound) - 1 if word == "before" else int(bound) + 1
    method, path, body = REQUESTS[row.name]
    return Script(item, refused=True, request=send(method, f"/servers/{{id}}/{path}", body, version=f"2.{minor}"))


def find_busy(item: Item, row: Action) -> Script | None:
    """Under a manual clock, the task of another request has begun."""
    for vm_state in sorted(row.vm_states or (ACTIVE,), key=lambda vm_state: vm_state != ACTIVE):
        for other in _list_blocking(row, vm_state):
            if found := find_path_to(item, row, vm_state):
                return found._replace(blocker=Request(other.name, vm_state))
    return None


def _list_blocking(row: Action, vm_state: str) -> Iterator[Action]:
    """The actions whose task begins in a vm_state and blocks an action."""
    for other in (row, *ACTIONS.values()):
        first = next(iter(other.phases), None)
        begins = first and first.seconds and vm_state in (other.vm_states or ())
        if first and begins and not row.accepts("task_state", first.task_state):
            yield other
