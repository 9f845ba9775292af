"""Ways to meet a refusal because of a lock, a running task, a role or a microversion."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import is_blocked_by
from novasim.lifecycle.states import ACTIVE, ERROR, SHELVED_OFFLOADED
from novasim.teach.coverage.check_recipes import RECIPES
from novasim.teach.coverage.items import Item
from novasim.teach.coverage.paths import find_path_to
from novasim.teach.coverage.requests import UNKNOWN
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
NEEDS_LAUNCH = ("evacuate", "metadata-delete-item", "detach-volume", "swap-volume")
"""The actions of which another check refuses a server that has never run."""


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


def find_checked(item: Item, row: Action) -> Script | None:
    """The circumstances in which a check refuses; None if they are not known."""
    if item.detail == "no_host":
        return find_path_to(item, row, SHELVED_OFFLOADED)
    if item.detail == "never_launched":
        return _find_never_launched(item, row)
    recipe = RECIPES.get((item.detail, item.action))
    script = recipe and find_path_to(item, row, recipe.vm_state)
    if not recipe or not script:
        return None
    return script._replace(
        last=None, before_server=recipe.before_server, preparation=recipe.preparation, request=recipe.request
    )


def _find_never_launched(item: Item, row: Action) -> Script | None:
    """The build has failed; an administrator makes the server ACTIVE if the action is not for a server in ERROR."""
    fault = Lines(("novasim --as admin fault add spawn",), ('cloud.faults.add("spawn")',))
    path = () if ERROR in (row.vm_states or ()) else (Request("reset-state", ACTIVE),)
    if row.needs_host or row.name in NEEDS_LAUNCH or not {ERROR, ACTIVE} & set(row.vm_states or ()):
        return None
    request = send("DELETE", f"/servers/{{id}}/os-interface/{UNKNOWN}") if row.name == "detach-port" else Lines()
    last = None if request.commands else Request(row.name, ACTIVE)
    return Script(item, path=path, last=last, refused=True, before_server=fault, request=request)


def find_unversioned(item: Item, row: Action) -> Script | None:
    """The request has the microversion next to those that have the action."""
    word, _, bound = item.detail.rpartition(" 2.")
    minor = int(bound) - 1 if word == "before" else int(bound) + 1
    method, path, body = REQUESTS[row.name]
    return Script(item, refused=True, request=send(method, f"/servers/{{id}}/{path}", body, version=f"2.{minor}"))


def find_busy(item: Item, row: Action) -> Script | None:
    """Under a manual clock, the task of another request has begun."""
    for vm_state in sorted(row.vm_states or (ACTIVE,), key=lambda vm_state: vm_state != ACTIVE):
        blocking = [other for other in (row, *ACTIONS.values()) if is_blocked_by(row, other, vm_state)]
        if blocking and (found := find_path_to(item, row, vm_state)):
            return found._replace(blocker=Request(blocking[0].name, vm_state))
    return None
