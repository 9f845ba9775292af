"""Viewers: the callers who ask for an explanation, and command lines for them."""

from __future__ import annotations

import shlex
from typing import NamedTuple

from novasim.records import Caller

ADMINISTRATOR = "admin"  # the administrator of the default world


class Viewer(NamedTuple):
    """
    Who asks for an explanation.

    Args:
        who: The value of --as. caller: the caller that it names.
        minor: The pinned microversion 2.N, as N; None if none is pinned.
        is_default: Whether commands without --as have this caller.
        global_options: Further options that a command needs to reach the same cloud.
    """

    who: str
    caller: Caller
    minor: int | None = None
    is_default: bool = True
    global_options: tuple[str, ...] = ()

    def command_line(self, *words: str) -> str:
        """A command line for a shell that runs a command as this caller."""
        caller = () if self.is_default else ("--as", self.who)
        return shlex.join(["novasim", *self.global_options, *caller, *words])
