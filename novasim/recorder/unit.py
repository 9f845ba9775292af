"""
The entries of one unit of work.

A unit of work has one main entry, for the request or command, and one for each task or timer that it applies.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import urlencode

from novasim.errors import NovaFault, NovasimError
from novasim.lifecycle.microversions import RANGES
from novasim.lifecycle.recorded import SentRequest, failed_check, find_refused_action, phase_name
from novasim.recorder.changes import describe_caller, describe_state, shorten
from novasim.recorder.recorder import Line, Recorder, new_step
from novasim.records import Caller, Server, Settings, Task
from novasim.records.entry import State
from novasim.simulation.time.clock import format_time
from novasim.simulation.world import World
from novasim.store.redaction import (
    MASK,
    describe_body,
    find_secret_values,
    is_secret_name,
    mask_query,
    mask_words,
)

SETTINGS = Settings.table


class ApiRequest(SentRequest, Protocol):
    """The part of a request to the API that an entry tells."""

    @property
    def caller(self) -> Caller: ...
    @property
    def minor(self) -> int: ...
    @property
    def query(self) -> Sequence[tuple[str, str]]: ...


class Unit:
    """
    One unit of work. It is a `simulation.world.TransitionRecorder`, too, for the tasks that are applied meanwhile.

    Args:
        request: The request to the API, or None.
        what: The control command, or what happens by itself; the latter is no step.
        wall: Real time in seconds since the epoch.
    """

    def __init__(self, recorder: Recorder, request: ApiRequest | None, what: str, is_event: bool, wall: float) -> None:
        self._recorder, self._request, self._wall = recorder, request, wall
        self._step = recorder.step or new_step(wall)
        self._lines: list[Line] = []
        self._main = self._describe(what, is_event)
        self._first_event = 0  # of those after the beginning of the request
        self._has_begun = False
        self._settings: Line | None = None

    def _describe(self, what: str, is_event: bool) -> Line:
        """The main entry as far as it is known before the request is handled."""
        request = self._request
        line: Line = {"kind": "event" if is_event else "control", "step": "" if is_event else self._step}
        line |= {"wall": self._wall, "event" if is_event else "action": what, "code": 0, "changes": []}
        if is_event:
            return line
        line |= describe_origin(self._recorder, with_user=request is None)
        if request is None:
            return line
        line |= {"kind": "request", "user": describe_caller(request.caller), "service": request.service}
        line |= {"method": request.method, "path": request.path, "query": _write_query(request)}
        return line | {"body": describe_body(request.body), "microversion": _microversion(request)}

    def begin(self, world: World) -> None:
        """The tasks that were due have been applied; now the request begins."""
        self._take(world)
        self._has_begun, self._first_event = True, len(self._lines)
        self._lines.append(self._main)
        server = self._find_server(world)
        self._main |= {"time": world.time, "before": describe_state(server)}
        if server:
            self._main |= {"server": server.id, "name": server.name}

    def _find_server(self, world: World) -> Server | None:
        if self._request is None or self._request.service != "compute":
            return None
        parts = self._request.path.split("/")
        return world.tx.get(Server, parts[2]) if parts[1:2] == ["servers"] and len(parts) > 2 else None

    def accept(self, world: World) -> None:
        """The request has been accepted; tasks that are due now are applied after it."""
        self._take(world)
        self._name_action(world)
        self._main |= {"time": world.time, "code": world.code}

    def _name_action(self, world: World) -> None:
        if world.started:
            action, server_id = world.started[0]
            self._main["action"] = self._main["action"] or action
            if server := world.tx.get(Server, self._main.get("server") or server_id):
                self._main |= {"server": server.id, "name": server.name}
        if id := self._main.get("server"):
            self._main["after"] = describe_state(world.tx.get(Server, id))

    def asks_for_action(self) -> bool:
        """Whether the request asks for an action of the action table."""
        return self._request is not None and bool(find_refused_action(self._request))

    def refuse(self, world: World | None, fault: NovaFault) -> None:
        """The request has been refused: write an entry that changes nothing."""
        if world and not self._has_begun:
            self.begin(world)
        main = self._main
        if self._request is not None:
            main["action"] = fault.facts.get("row") or find_refused_action(self._request)
        main |= {
            "code": fault.http,
            "fault": fault.fault,
            "message": self._mask(str(fault)),
            "check": failed_check(fault),
        }
        main |= {"after": main.get("before"), "changes": []}
        main["time"] = main.get("time", "")
        self._recorder.add([main])

    def note(self, world: World) -> None:
        """Write an entry for a request that only reads, and has been answered."""
        self.begin(world)
        self.accept(world)
        self._main["changes"] = []
        self._recorder.add([self._main])

    def _mask(self, message: str) -> str:
        """A message without the secrets of the request, which Nova repeats if they are invalid."""
        for secret in _find_secrets(self._request) if self._request else ():
            message = message.replace(secret, MASK)
        return message

    def finish(self, world: World) -> None:
        """The unit of work is about to be saved: complete the entries, which `save` writes."""
        if not self._main.get("after"):
            self._name_action(world)
        changes = world.tx.take_changes()  # type: ignore[attr-defined]
        self._keep(changes, self._lines[-1])
        self._main.setdefault("before", None)
        if self._main["before"] is None and self._main.get("server"):
            self._main["before"] = find_earlier_state(self._main["server"], self._main["changes"])
        if self._settings:
            self._find_owner_of_settings()["changes"].append(self._settings)
        if self._request is None and not self._main["changes"]:
            self._lines.remove(self._main)
        key = world.settings.token_key
        for line in self._lines:
            line["changes"] = [shorten(change, key, self._recorder.secrets) for change in line["changes"]]

    def _find_owner_of_settings(self) -> Line:
        """The entry that has changed the settings: the main one, or the last event if only events happened."""
        events = [line for line in self._lines if line is not self._main]
        return events[-1] if self._main["kind"] == "event" and events and not self._main["changes"] else self._main

    def save(self) -> None:
        """Write the entries. The unit of work has been saved, and other writers are still excluded."""
        self._recorder.add(self._lines)

    def find_state(self, world: World, task: Task) -> tuple[State | None, str]:
        """The state of a task's server before the task is applied, and the phase that ends."""
        self._take(world)
        return describe_state(world.tx.get(Server, task.server_id)), phase_name(task)

    def record(self, world: World, moment: float, task: Task, before: tuple[State | None, str]) -> None:
        """Add an entry for a task or timer that was applied."""
        server = world.tx.get(Server, task.server_id)
        following = world.tx.get(Task, task.id)
        line: Line = {"kind": "event", "step": self._step if self._has_begun else "", "wall": self._wall}
        line |= {"time": format_time(moment), "action": task.action, "server": task.server_id, "code": 0}
        line |= {"name": server.name if server else "", "before": before[0], "after": describe_state(server)}
        line |= {"event": _name_event(task, following), "phase": before[1], "changes": []}
        line["message"] = str(task.args.get("failed", "")) if line["event"] == "failure" else ""
        self._lines.append(line)
        self._take(world)

    def _take(self, world: World) -> None:
        """Attribute what has changed since the last time to the last entry."""
        self._keep(world.tx.take_changes(complete=False), self._lines[-1] if self._lines else self._main)  # type: ignore[attr-defined]

    def _keep(self, changes: Iterable[Any], line: Line) -> None:
        for change in changes:
            if change.table == SETTINGS:  # all changes of the settings belong to the main entry
                before = self._settings["before"] if self._settings else change.before
                self._settings = change._asdict() | {"before": before}
            else:
                line["changes"].append(change._asdict())
            if change.table == "hosts" and line.get("event") == "phase" and _has_crashed(change):
                line["event"] = "host-crash"


def describe_origin(recorder: Recorder, with_user: bool = True) -> Line:
    """The interface and the command line; and the caller, if the command has one."""
    interface, words, find_caller = recorder.origin
    user = None
    if with_user and find_caller:
        with suppress(NovasimError):  # a control command needs no caller
            user = describe_caller(find_caller())
    return {"interface": interface, "command": shlex.join(mask_words(words)), "user": user}


def _write_query(request: ApiRequest) -> str:
    return mask_query(urlencode(request.query, errors="replace"))


def _find_secrets(request: ApiRequest) -> Iterator[str]:
    """The secrets in the body and the query of a request, as text."""
    yield from find_secret_values(request.body)
    yield from (value for name, value in request.query if value and is_secret_name(name))


def find_earlier_state(server_id: str, changes: Iterable[Line]) -> State | None:
    """The state of a server before changes with whole documents; None if they do not have it, or create it."""
    for change in changes:
        if change["table"] == Server.table and (before := change["before"]) and before["id"] == server_id:
            return describe_state(Server.from_document(before))
    return None


def _name_event(task: Task, following: Task | None) -> str:
    if task.timer:
        return "timer"
    if "failed" in task.args:
        return "failure"
    return "phase" if following is not None and following.request_id == task.request_id else "end"


def _has_crashed(change: Any) -> bool:
    return bool(change.before and change.after and change.before.get("up", True) and not change.after.get("up", True))


def _microversion(request: ApiRequest) -> str:
    if request.service not in RANGES:
        return ""
    major, _, newest = RANGES[request.service]
    return f"{major}.{request.minor if major == 2 else min(request.minor, newest)}"
