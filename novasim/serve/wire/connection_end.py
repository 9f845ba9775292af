"""The end of a client's connection, for what ends with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable

KEY = "novasim.connection_end"  # in the scope of a request, if the server can tell


class ConnectionEnd:
    """
    Calls functions when a connection has ended.

    Attributes:
        is_over: Whether it has ended.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._functions: dict[Hashable, Callable[[], object]] = {}

    def add(self, key: Hashable, function: Callable[[], object]) -> None:
        """Call a function at the end, in place of an earlier one with this key; at once if the end is over."""
        if self.is_over:
            function()
        else:
            self._functions[key] = function

    def remove(self, key: Hashable) -> None:
        """Forget the function with a key."""
        self._functions.pop(key, None)

    def finish(self) -> None:
        """Note that the connection has ended, and call the functions."""
        self.is_over = True
        while self._functions:
            self._functions.popitem()[1]()
