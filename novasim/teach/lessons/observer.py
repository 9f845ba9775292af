"""Observes requests to a cloud in memory, and notes those about servers as entries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS, BY_API, find_action
from novasim.lifecycle.status import status_of
from novasim.records import Server
from novasim.teach.lessons.entries import Entry

ACTION_PATH = re.compile(r"/servers/([^/]+)/action")


def handle_and_note(cloud: Cloud, request: Request, entries: list[Entry]) -> Response:
    """Answer a request, and note it if it is one of the action table."""
    found = find_request(request)
    if found is None:
        return handle(cloud, request)
    action, server_id = found
    before = _describe_server(cloud, server_id)
    response = handle(cloud, request)
    entries.append(_entry(action, server_id, before, request, response))
    return response


def find_request(request: Request) -> tuple[Action, str] | None:
    """The action that a request asks for, if any, and the id of the server in its path ("" for create)."""
    if request.service != "compute":
        return None
    if match := ACTION_PATH.fullmatch(request.path):
        key = next(iter(request.body), "") if isinstance(request.body, Mapping) else ""
        return (find_action(key, request.body[key]), match[1]) if key in BY_API else None
    for method, pattern, name in _own_paths():
        if request.method == method and (match := pattern.fullmatch(request.path)):
            return ACTIONS[name], match.groupdict().get("server_id") or ""
    return None


@lru_cache
def _own_paths() -> list[tuple[str, re.Pattern[str], str]]:
    """The rows of the action table that have a path of their own."""
    rows = [action for action in ACTIONS.values() if not action.api_key]
    return [(row.method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", row.path)), row.name) for row in rows]


def _describe_server(cloud: Cloud, server_id: str) -> dict[str, Any]:
    with cloud.reading() as world:
        server = world.tx.get(Server, server_id) if server_id else None
        if server is None:
            return {"at": world.now}
        status = status_of(server.vm_state, server.task_state)
        locked = server.locked_by is not None
        return {
            "at": world.now,
            "name": server.name,
            "status": status,
            "task": server.task_state or "",
            "locked": locked,
        }


def _entry(action: Action, server_id: str, before: dict[str, Any], request: Request, response: Response) -> Entry:
    fault = response.fault
    body = request.body if isinstance(request.body, Mapping) else {}
    if not server_id:  # a create
        wanted, created = body.get("server"), (response.body or {}).get("server")
        before["name"] = str(wanted.get("name", "")) if isinstance(wanted, Mapping) else ""
        server_id = created.get("id", "") if isinstance(created, Mapping) and fault is None else ""
    return Entry(
        action=action.name,
        server=server_id,
        code=response.code,
        request_id=response.request_id,
        kind=type(fault).__name__ if fault else "",
        minor=request.minor,
        **{"name": "", **before},
    )
