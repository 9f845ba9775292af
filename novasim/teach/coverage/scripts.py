"""A suggestion as data, which is written as commands and as Python."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from novasim.lifecycle.actions import ACTIONS
from novasim.teach.coverage.items import Item
from novasim.teach.graph.edges import privileged_role

SERVER = "web1"
ID = f"$(novasim show {SERVER} -f value -c id)"
NAMES = re.compile(r"\{(id|project|admin|[a-z-]+:[^}]+)\}")  # of resources in requests
PROJECTS = {"project": "demo", "admin": "admin"}
QUOTED_NAMES = re.compile(rf"'{NAMES.pattern}'")
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
        path, body: "{id}" stands for the ID of the server, "{project}" for that of its project, "{admin}" for that of
            the administrator's, and "{volume:data}" for that of another resource.
        version: The microversion; "" for the newest. caller: "" for the default one.
    """
    options = [f" --as {caller}" if caller else "", f" --api-version {version}" if version else ""]
    of = f"--service {service} " if service != "compute" else ""
    command = f"novasim{''.join(options)} request {of}{method} {_quote(path)}{_quote_json(body)}"
    arguments = [repr(method), _write_path(path), *([_write_body(body)] if body is not None else [])]
    more = [f"version={version!r}"] if version else []
    more += [f"service={service!r}"] if of else []
    return Lines((command,), (f"{caller or 'cloud'}.request({', '.join([*arguments, *more])})",))


def _quote(text: str) -> str:
    """A word of a shell in which names of resources are replaced."""
    return f'"{NAMES.sub(_find_in_shell, text)}"' if NAMES.search(text) else text


def _quote_json(body: Any) -> str:
    if body is None:
        return ""
    text = json.dumps(body)
    escaped = text.replace('"', '\\"')
    return f" {_quote(escaped)}" if NAMES.search(text) else f" '{text}'"


def _find_in_shell(match: re.Match[str]) -> str:
    noun, _, name = match[1].partition(":")
    if noun == "id":
        return ID
    if noun in PROJECTS:
        return f"$(novasim --as admin project show {PROJECTS[noun]} -f value -c id)"
    return f"$(novasim {'show' if noun == 'server' else f'{noun} show'} {name} -f value -c id)"


def _find_in_python(match: re.Match[str]) -> str:
    noun, _, name = match[1].partition(":")
    own = {"id": "server.id", "project": "cloud.caller.project_id", "admin": "admin.caller.project_id"}
    return own.get(noun, f"cloud.id_of('{noun}', '{name}')")


def _write_path(path: str) -> str:
    text = NAMES.sub(lambda match: f"{{{_find_in_python(match)}}}", path)
    return f'{"f" if text != path else ""}"{text}"'


def _write_body(body: Any) -> str:
    return QUOTED_NAMES.sub(_find_in_python, repr(body))
