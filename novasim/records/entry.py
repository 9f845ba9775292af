"""An entry of the record: a request, another change of the cloud, or what happened by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

State = dict[str, Any]  # vm_state, task_state, status, locked


class Entry(NamedTuple):
    """
    One entry of the record. Fields without a meaning for it have their defaults, and are not stored.

    Args:
        number: Its place in the record; the first is 1. It is counted, not stored.
        kind: "request" (to the API), "control" (clock, config, fault, guest, host, policy and the like), "event" (what
            happens by itself), "replaced" (another state of the cloud: load, import, restore, reset, init), "undo",
            "redo", "start" and "stop" (of the record).
        step: Names the command line or HTTP request that it belongs to, with all that this caused in the same unit of
            work; "" for what happened by itself.
        time: Simulated time (ISO 8601). wall: real time, in seconds since the epoch.
        user: The caller: user_id, user, project_id, project, roles.
        interface: "cli", "http" or "python"; of "stop", "page" if the last live page was closed. command: the command
            line, without "novasim" and global options.
        service, method, path, query: The request to the API. microversion: of compute, placement and volume, such as
            "2.96". body: Its JSON document, with *** in place of secrets; {"left_out": TEXT} in place of other or large
            data.
        action: The row of the action table, or the control command, such as "clock advance".
        server: The ID of the server that it is about; name: its name.
        before, after: The states of that server, immediately before and after.
        code: The HTTP code of the response. From 400 on, the request was refused, and nothing has changed.
        fault: The key of the error body, such as "conflictingRequest". message: its text, or why a task failed.
        check: What failed: "vm_state", "task_state", "lock", "never_launched", "no_host", "policy", "quota",
            "microversion", "injected", the name of a check of the action table, or "" if it was another condition.
        event: What happened by itself: "phase" (a phase ended, and the next one began), "end" (a task ended), "failure"
            (a task failed), "timer", "host-crash" (a phase ended with the crash of its host), "fault" (an injected
            fault was triggered), "purge".
        phase: The task_state of the phase that ended.
        changes: The changed documents, each with `table`, `number`, `place` (in the order of insertion) and `id`,
            `before` and `after`: a whole document, or null if there is no such document. If the document existed before
            and after, only the fields that differ, unless `whole` is true.
        undone: The steps that an undo or redo moved over.
        digest: Of the whole cloud, at the start and the end of the record.
        cloud: Tells clouds apart: at the start of the record, and where another cloud may have taken the place of one
            ("replaced", "undo", "redo").

    In `changes`, {"left_out": TEXT} is in place of a secret: a hash of a password, a key, or user data.
    """

    number: int = 0
    kind: str = "request"
    step: str = ""
    time: str = ""
    wall: float = 0.0
    user: dict[str, Any] | None = None
    interface: str = ""
    command: str = ""
    service: str = ""
    method: str = ""
    path: str = ""
    query: str = ""
    body: Any = None
    microversion: str = ""
    action: str = ""
    server: str = ""
    name: str = ""
    before: State | None = None
    code: int = 0
    fault: str = ""
    check: str = ""
    message: str = ""
    after: State | None = None
    event: str = ""
    phase: str = ""
    changes: list[dict[str, Any]] = []
    undone: list[str] = []
    digest: str = ""
    cloud: str = ""

    @property
    def is_refusal(self) -> bool:
        """Whether it is a request that was refused."""
        return self.code >= 400

    @property
    def begins_record(self) -> bool:
        """Whether the record begins here, or begins again, because the state before is not known."""
        return self.kind == "start" or (self.kind == "replaced" and bool(self.digest))

    @property
    def leaves_task(self) -> bool:
        """Whether a task of the server is running afterwards."""
        return bool(self.after and self.after["task_state"])

    @property
    def starts_task(self) -> bool:
        """Whether a request has begun a task, whose end is another entry."""
        tasks = [change["after"] for change in self.changes if change["table"] == "tasks" and change["after"]]
        return any(not task.get("timer") for task in tasks)


DEFAULTS = Entry()._asdict()


def find_undone(entries: Iterable[Entry]) -> set[str]:
    """The steps that were undone, and not done again."""
    undone = set[str]()
    for entry in entries:
        if entry.kind == "undo":
            undone.update(entry.undone)
        elif entry.kind == "redo":
            undone.difference_update(entry.undone)
    return undone


def drop_earlier_clouds(entries: Iterable[Entry]) -> list[Entry]:
    """The entries since a new cloud began the record again that an earlier cloud at the same path had left."""
    entries, first, cloud = list(entries), 0, ""
    for place, entry in enumerate(entries):
        if entry.kind == "start" and cloud not in ("", entry.cloud):
            first = place
        cloud = entry.cloud or cloud
    return entries[first:]


def to_line(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an entry that are stored: those that differ from their defaults, and the kind."""
    return {
        name: value
        for name, value in fields.items()
        if name == "kind" or (name != "number" and value != DEFAULTS[name])
    }
