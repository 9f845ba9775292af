"""Sends requests for some addresses to a cloud in this process, whichever `requests.Session` they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import BaseAdapter

Finder = Callable[..., BaseAdapter]


class Interceptor:
    """Replaces `requests.Session.get_adapter` while there are addresses to intercept."""

    def __init__(self) -> None:
        self._adapters: dict[str, BaseAdapter] = {}
        self._original: Finder = requests.Session.get_adapter

    def add(self, url: str, adapter: BaseAdapter) -> None:
        if not self._adapters:
            self._original = requests.Session.get_adapter
            self._install(lambda session, url, *args: self._find(url) or self._original(session, url, *args))
        self._adapters[url] = adapter

    def remove(self, url: str) -> None:
        del self._adapters[url]
        if not self._adapters:
            self._install(self._original)

    def free_url(self, url: str) -> str:
        """*url*, or if that is intercepted already, the same with a port."""
        candidate, port = url, 8774
        while candidate in self._adapters:
            candidate, port = f"{url}:{port}", port + 1
        return candidate

    def _find(self, url: str) -> BaseAdapter | None:
        found = (adapter for prefix, adapter in self._adapters.items() if f"{url}/".startswith(f"{prefix}/"))
        return next(found, None)

    def _install(self, finder: Finder) -> None:
        session: Any = requests.Session
        session.get_adapter = finder


_INTERCEPTOR = Interceptor()


@contextmanager
def intercept(url: str, adapter: BaseAdapter) -> Iterator[str]:
    """
    Within the block *adapter* answers all requests to a URL and those below it, in all threads.

    Yields:
        The URL, which has a port if *url* is intercepted already.
    """
    free = _INTERCEPTOR.free_url(url)
    _INTERCEPTOR.add(free, adapter)
    try:
        yield free
    finally:
        _INTERCEPTOR.remove(free)
