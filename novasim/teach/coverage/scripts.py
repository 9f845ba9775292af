"""A suggestion as data, which is written as commands and as Python."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from novasim.lifecycle.actions import ACTIONS
from novasim.teach.coverage.items import Item
from novasim.teach.graph.edges import privileged_role

SERVER = "web1"
ID = f"$(novasim show {SERVER} -f value -c id)"
ADMIN, MEMBER = "admin", "member"  # the default caller is a member


class Request(NamedTuple):
    """
    A request for an action.

    Args:
        name: The action. end: the vm_state that it reaches.
        role: Of the caller in the project; "" for a member, or for the administrator if the action needs one.
    """

    name: str
    end: str
    role: str = ""

    @property
    def caller(self) -> str:
        """The user who sends it: "" for the default one. Other users are called as their role."""
        role = self.role or (ADMIN if privileged_role(ACTIONS[self.name]) else MEMBER)
        return "" if role == MEMBER else role

    @property
    def names_end(self) -> bool:
        """Whether it names the vm_state to reach."""
        return bool(ACTIONS[self.name].end_argument)


class Lines(NamedTuple):
    """The same as command lines and as lines of Python."""

    commands: tuple[str, ...] = ()
    python: tuple[str, ...] = ()

    def __add__(self, other: object) -> Lines:
        assert isinstance(other, Lines)
        return Lines(self.commands + other.commands, self.python + other.python)


class Script(NamedTuple):
    """
    A way to meet an item.

    Args:
        options: Options to set first. path: the requests from ACTIVE to where the item is met.
        last: The request that meets it; None if *request* does, or if the server has only to be created.
        refused: Whether the last request is refused.
        before_server: What comes before the server is created. preparation: what comes before the last request.
        blocker: A request whose task is running meanwhile, under a manual clock.
        request: The last request, if it is not one of *last*.
    """

    item: Item
    options: tuple[tuple[str, str], ...] = ()
    path: tuple[Request, ...] = ()
    last: Request | None = None
    refused: bool = False
    before_server: Lines = Lines()
    preparation: Lines = Lines()
    blocker: Request | None = None
    request: Lines = Lines()

    @property
    def is_prepared_first(self) -> bool:
        """Whether what the last request names is created in ACTIVE. A refused evacuation needs nothing."""
        return self.refused and not (self.last and ACTIONS[self.last.name].restores_host)


def send(
    method: str, path: str, body: Any = None, *, version: str = "", caller: str = "", service: str = "compute"
) -> Lines:
    """
    Any request of the API.

    Args:
        path: {id} stands for the ID of the server, {project} for that of the project.
        version: The microversion; "" for the newest. caller: "" for the default one.
    """
    options = [f" --as {caller}" if caller else "", f" --api-version {version}" if version else ""]
    words = [f"--service {service} " if service != "compute" else "", method]
    project = "$(novasim --as admin project list -f value -c id -c name | grep demo | cut -d' ' -f1)"
    shell_path = path.replace("{id}", ID).replace("{project}", project)
    content = "" if body is None else f" '{json.dumps(body)}'"
    command = f'novasim{"".join(options)} request {"".join(words)} "{shell_path}"{content}'
    more = [f', version="{version}"' if version else "", f', service="{service}"' if service != "compute" else ""]
    python_path = path.replace("{id}", "{server.id}").replace("{project}", "{cloud.caller.project_id}")
    prefix = "f" if "{" in path else ""
    arguments = f'"{method}", {prefix}"{python_path}"{"" if body is None else f", {body!r}"}{"".join(more)}'
    return Lines((command,), (f"{caller or 'cloud'}.request({arguments})",))
