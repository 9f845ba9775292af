"""Results that are computed from the stored documents, kept in memory, and kept up to date with each change."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple, Protocol, TypeVar

from novasim.store.documents import Change, Unsaved

MAX_VIEWS = 8  # of one store
MAX_PENDING = 5000  # changes that wait for the next reader


class MaterializedView(Protocol):
    """Something that is computed from the documents of a store and can follow their changes."""

    def apply(self, changes: Sequence[Change]) -> None:
        """Follow the changes of one transaction."""


V = TypeVar("V", bound=MaterializedView)


class _Commit(NamedTuple):
    """What leads from one revision of a store to the next."""

    before: object
    after: object
    changes: Sequence[Change]


class MaterializedViews:
    """
    The materialized views of a store, which all belong to one revision of it.

    Writers announce their changes, and readers bring the views to the revision that they read. If that is impossible
    because another process has changed the world, the views are dropped. Any small objects can be revisions.
    """

    def __init__(self) -> None:
        self._lock, self._queue_lock = Lock(), Lock()
        self._views: dict[Hashable, MaterializedView] = {}
        self._revision: object = None
        self._pending: deque[_Commit] = deque()
        self._pending_changes = 0

    def announce(self, before: object, after: object, unsaved: Unsaved) -> None:
        """Announce changes that are about to be saved, so that no reader can be earlier."""
        if not self._views:
            return
        changes = list(_list_changes(unsaved))
        with self._queue_lock:
            self._pending.append(_Commit(before, after, changes))
            self._pending_changes += len(changes)
        if self._pending_changes > MAX_PENDING and self._lock.acquire(blocking=False):
            try:
                while commit := self._next_commit():
                    self._follow(commit)
            finally:
                self._lock.release()

    @contextmanager
    def at(self, revision: object) -> Iterator[MaterializedViews | None]:
        """The views at a revision, for one thread; None if another thread uses them."""
        if not self._lock.acquire(blocking=False):
            yield None
            return
        try:
            self._catch_up(revision)
            yield self
        finally:
            self._lock.release()

    def get(self, key: Hashable, create: Callable[[], V]) -> V:
        """The view of that key. A new one begins without any result."""
        view = self._views.get(key)
        if view is None:
            if len(self._views) >= MAX_VIEWS:
                self._views.clear()
            view = self._views[key] = create()
        return view  # type: ignore[return-value]  # a key always has views of the same class

    def has(self, key: Hashable) -> bool:
        """Whether there is a view of that key, which has followed all changes since it was created."""
        return key in self._views

    def _catch_up(self, revision: object) -> None:
        while self._revision != revision and (commit := self._next_commit()):
            self._follow(commit)
        if self._revision != revision:
            self._views.clear()
            self._revision = revision

    def _next_commit(self) -> _Commit | None:
        with self._queue_lock:
            if not self._pending:
                return None
            self._pending_changes -= len(self._pending[0].changes)
            return self._pending.popleft()

    def _follow(self, commit: _Commit) -> None:
        if commit.before != self._revision:
            self._views.clear()
        for view in self._views.values():
            view.apply(commit.changes)
        self._revision = commit.after


def _list_changes(unsaved: Unsaved) -> Iterator[Change]:
    while unsaved:
        unsaved, changes = unsaved
        yield from changes
