"""Observes requests to a cloud in memory, and notes those about servers as entries. The record itself is slower."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.lifecycle.recorded import failed_check, find_refused_action
from novasim.recorder.changes import describe_state
from novasim.records import Server
from novasim.teach.lessons.entries import Entry


def handle_and_note(cloud: Cloud, request: Request, entries: list[Entry]) -> Response:
    """Answer a request, and note it if it asks for an action of the action table."""
    action = find_refused_action(request)
    if not action:
        return handle(cloud, request)
    parts = request.path.split("/")
    server_id = parts[2] if len(parts) > 2 else ""  # "" for a create
    before = _describe_server(cloud, server_id)
    response = handle(cloud, request)
    entries.append(_entry(action, server_id, before, request, response))
    return response


def _describe_server(cloud: Cloud, server_id: str) -> dict[str, Any]:
    """What an entry says about a server before the request."""
    with cloud.reading() as world:
        server = world.tx.get(Server, server_id) if server_id else None
        if server is None:
            return {}
        state = describe_state(server) or {}
        return {"name": server.name, "status": state["status"], "task": state["task_state"] or ""}


def _entry(action: str, server_id: str, before: dict[str, Any], request: Request, response: Response) -> Entry:
    if not server_id:
        server_id, before["name"] = _describe_create(request, response)
    fault = response.fault
    check = failed_check(fault) if fault else ""
    entry = Entry(action, server=server_id, code=response.code, request_id=response.request_id, check=check)
    return entry._replace(**before)


def _describe_create(request: Request, response: Response) -> tuple[str, str]:
    """The id of a new server ("" without one), and the requested name."""
    wanted = request.body.get("server") if isinstance(request.body, Mapping) else None
    created = response.body.get("server") if isinstance(response.body, Mapping) else None
    id = str(created.get("id", "")) if isinstance(created, Mapping) and response.fault is None else ""
    return id, str(wanted.get("name", "")) if isinstance(wanted, Mapping) else ""
