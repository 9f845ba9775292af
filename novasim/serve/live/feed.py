"""What has happened in a cloud, read from the end of its record: requests, refusals, and the ends of tasks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from novasim.lifecycle.actions import ACTIONS
from novasim.recorder.changes import describe_state
from novasim.records import Caller, Server
from novasim.records.entry import Entry
from novasim.serve.live.snapshot import View
from novasim.simulation.world import World
from novasim.store.record_file import parse_entry
from novasim.teach.reasons import list_reasons
from novasim.teach.situation import Situation
from novasim.teach.viewer import Viewer

Item = dict[str, Any]
TAIL = 65_536  # bytes of an existing record that a new page shows
EVENTS = ("end", "failure", "host-crash", "fault")
MAX_TEXT = 300  # letters of a message


class RecordTail:
    """
    The entries that are added to a record.

    Args:
        path: The file; it need not exist. "" for a cloud without a record.

    Attributes:
        offset: How many bytes of it were read or skipped.
    """

    def __init__(self, path: str) -> None:
        self._path, self._file, self._rest = path, 0, b""
        self.offset = max(0, self._size() - TAIL)
        self._skips_first = self.offset > 0  # it is the end of a line

    def read(self) -> list[Entry]:
        """The entries since the last call. A damaged line is left out."""
        size = self._size()
        if size < self.offset:
            self.offset, self._rest = 0, b""
        if size == self.offset:
            return []
        try:
            with open(self._path, "rb") as file:
                file.seek(self.offset)
                data = file.read(size - self.offset)
        except OSError:
            return []
        self.offset += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        if self._skips_first and lines:
            del lines[0]
            self._skips_first = False
        return list(_parse(lines))

    def _size(self) -> int:
        """The size of the file. A new file in its place counts as empty, so that it is read from its beginning."""
        try:
            found = os.stat(self._path) if self._path else None
        except OSError:
            found = None
        if found is None:
            return 0
        if self._file not in (0, found.st_ino):
            self.offset, self._rest = 0, b""
        self._file = found.st_ino
        return found.st_size


def _parse(lines: list[bytes]) -> Iterator[Entry]:
    for line in lines:
        with suppress(ValueError):
            yield parse_entry(line)


def describe_entry(world: World, entry: Entry) -> Item | None:
    """The item of an entry about a server, or of a control command; None for what the page does not show."""
    is_event = entry.kind == "event" and entry.event in EVENTS
    is_request = entry.kind == "request" and bool(entry.server) and (bool(entry.action) or entry.is_refusal)
    is_control = entry.kind in ("control", "undo", "redo", "replaced") and bool(entry.action)
    if not (is_event or is_request or is_control):
        return None
    server = world.tx.get(Server, entry.server) if entry.server else None
    user = entry.user or {}
    item = {
        "kind": entry.event if is_event else "control" if is_control else "request",
        "project": server.project_id if server else user.get("project_id", ""),
        "time": entry.time[11:19],
        "user": "" if is_event else user.get("user", ""),
        "action": entry.action,
        "server": entry.server,
        "name": entry.name,
        "code": entry.code,
        "from": (entry.before or {}).get("status", ""),
        "to": (entry.after or {}).get("status", ""),
        "text": (_explain_refusal(world, entry, server) if entry.is_refusal else entry.message)[:MAX_TEXT],
    }
    return {name: value for name, value in item.items() if value not in ("", 0)}


def _explain_refusal(world: World, entry: Entry, server: Server | None) -> str:
    """The sentence that `why` prints about a refusal; the text of the error if the server has changed since."""
    action, user = ACTIONS.get(entry.action), entry.user
    if server is None or action is None or not user or entry.after != describe_state(server):
        return entry.message
    caller = Caller(
        user["user_id"], user["project_id"], tuple(user["roles"]), user.get("user", ""), user.get("project", "")
    )
    situation = Situation(world, server, Viewer(caller.user_name, caller), entry.name)
    reasons = list_reasons(situation, action)
    return next((reason.means for reason in reasons if reason.means and reason.fault.http == entry.code), entry.message)


def is_visible(item: Item, view: View) -> bool:
    """Whether a watcher may see an item: that of its own project, or every item if it sees all projects."""
    return view.project_id is None or (item.get("project") == view.project_id and item["kind"] != "control")
