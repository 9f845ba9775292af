"""
Messages of PostgreSQL about clouds that have changed, from all processes to all that listen.

They are sent after a commit, as sending within the transaction makes all commits of a database wait for each other, and
may be lost with a connection. So who listens also looks at the revision from time to time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock, Thread

import psycopg

from novasim.errors import CloudFileError
from novasim.simulation.time import clock
from novasim.store.sql.pool import Raw, open_connection

CHANNEL = "novasim"
PAUSE = 1.0  # seconds before a listener connects again, and at most before it ends when it has nothing to do

OnChange = Callable[[], object]


def announce(raw: Raw, cloud: str) -> None:
    """Tell all listeners that a cloud has changed. Nobody waits for the disk: a lost message does no harm."""
    raw.execute(f"BEGIN; SET LOCAL synchronous_commit = off; NOTIFY {CHANNEL}, '{cloud}'; COMMIT".encode())


class Listener:
    """
    Calls functions when a cloud of a database has changed. Its thread and its connection exist while there are any.

    Args:
        location: The URL of the database. shown: The same without the password.
    """

    def __init__(self, location: str, shown: str) -> None:
        self._location, self._shown = location, shown
        self._functions: list[tuple[str, OnChange]] = []
        self._lock = Lock()
        self._thread: Thread | None = None

    def add(self, cloud: str, on_change: OnChange) -> Callable[[], None]:
        """Call a function, in another thread, after each change of a cloud. Returns a function that ends this."""
        entry = cloud, on_change
        with self._lock:
            self._functions.append(entry)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="novasim-listener", daemon=True)
                self._thread.start()

        def remove() -> None:
            with self._lock:
                self._functions.remove(entry)

        return remove

    def _run(self) -> None:
        while self._is_needed():
            try:
                with open_connection(self._location, self._shown, PAUSE) as raw:
                    self._listen(raw)
            except (psycopg.Error, CloudFileError):
                clock.sleep(PAUSE)

    def _listen(self, raw: Raw) -> None:
        raw.execute(f"LISTEN {CHANNEL}".encode())
        for _, function in list(self._functions):  # something may have changed before
            function()
        while self._is_needed():
            for message in raw.notifies(timeout=PAUSE):
                for cloud, function in list(self._functions):
                    if cloud == message.payload:
                        function()

    def _is_needed(self) -> bool:
        """Whether there is a function to call. If not, the thread ends, and the next function needs another one."""
        with self._lock:
            if not self._functions:
                self._thread = None
            return self._thread is not None


_listeners: dict[tuple[int, str], Listener] = {}
_lock = Lock()


def find_listener(location: str, shown: str) -> Listener:
    """The listener of this process for a database."""
    with _lock:
        return _listeners.setdefault((os.getpid(), location), Listener(location, shown))
