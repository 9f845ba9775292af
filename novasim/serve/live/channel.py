"""What the watchers with the same view have been told, and the messages with which a cut stream resumes."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

from novasim.serve.live.snapshot import Values, View
from novasim.simulation.time.settle import Horizon
from novasim.store.sql.source import Revision
from novasim.store.transaction import Snapshot

MAX_PENDING = 32  # messages for a slow watcher, which then gets a new full state instead
MAX_KEPT = 100  # messages for streams that resume


def event_id(horizon: Horizon, offset: int) -> str:
    """
    Names what readers of a cloud see: its revision, the time reached since, and how much of its record was read.

    A cloud in memory has no names for its revisions, and returns "".
    """
    version = horizon.revision.version if isinstance(horizon.revision, Snapshot | Revision) else None
    if version is None:
        return ""
    moment = f"{horizon.until:.3f}" if horizon.unsaved else f"{horizon.step:.3f}" if horizon.step else "0"
    return ".".join(("-".join(f"{number:x}" for number in version), moment.replace(".", "_"), str(offset)))


class Message(NamedTuple):
    """A message, and the ID of its event."""

    id: str
    content: bytes


class Watcher:
    """
    One open page. Its messages wait in `pending`.

    Args:
        pending: What it has missed if it resumes; None if it needs the full state.
    """

    def __init__(self, view: View, pending: list[bytes] | None = None) -> None:
        self.view = view
        self.pending: list[bytes] = pending or []
        self.needs_state = pending is None
        self.is_closed = False
        self.wakes = asyncio.Event()

    def push(self, message: bytes) -> None:
        """Add a message. A watcher that is too slow gets a full state instead of all its messages."""
        if not self.needs_state:
            self.pending.append(message)
        if len(self.pending) > MAX_PENDING:
            self.pending, self.needs_state = [], True
        self.wakes.set()

    def close(self) -> None:
        """End the stream."""
        self.is_closed = True
        self.wakes.set()


class Channel:
    """
    The watchers with one view.

    Attributes:
        told: What they know; None before the first one knows anything.
        unused: Number of poll intervals since it last had a watcher.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.told: Values | None = None
        self.watchers: set[Watcher] = set()
        self.unused = 0.0
        self._kept: deque[Message] = deque(maxlen=MAX_KEPT)

    def note(self, id: str) -> None:
        """Note that a watcher was sent the full state with this ID, from which it can resume."""
        if not self._kept or self._kept[-1].id != id:
            self._kept.append(Message(id, b""))

    def send(self, message: Message) -> None:
        """Send a message to all watchers, and keep it for those that resume."""
        self._kept.append(message)
        for watcher in self.watchers:
            watcher.push(message.content)

    def find_missed(self, last_id: str) -> list[bytes] | None:
        """The messages after the first one with an ID; None if it is not known."""
        kept = list(self._kept)
        place = next((number for number, message in enumerate(kept) if last_id and message.id == last_id), None)
        return None if place is None else [message.content for message in kept[place + 1 :] if message.content]
