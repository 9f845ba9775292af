"""What has happened in a cloud, read from the end of its record: requests, refusals, and the ends of tasks."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.actions import ACTIONS
from novasim.recorder.changes import describe_state
from novasim.records import Caller, Server
from novasim.records.entry import Entry
from novasim.serve.live.snapshot import View
from novasim.simulation.world import World
from novasim.teach.reasons import list_reasons
from novasim.teach.situation import Situation
from novasim.teach.viewer import Viewer

Item = dict[str, Any]
EVENTS = ("end", "failure", "host-crash", "fault")
MAX_TEXT = 300  # letters of a message


class NoTail:
    """The end of the record of a cloud that can have none."""

    offset = 0

    def read(self) -> list[Entry]:
        return []


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
