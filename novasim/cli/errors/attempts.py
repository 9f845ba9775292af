"""Several things in one command: all are tried, each failure is told, the first one is the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import click

from novasim.cli.errors.report import tell
from novasim.cli.session import Session
from novasim.errors import NovasimError
from novasim.lifecycle.action import Action


class Attempts:
    """What was tried in a command, and how that went."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._codes: list[int] = []

    def of(self, do: Callable[[], Any], server: str = "", action: Action | None = None) -> tuple[bool, Any]:
        """Whether *do* succeeded, and what it returned; a failure is told at once (of *action* on *server*)."""
        try:
            return True, do()
        except NovasimError as error:
            self.failed(error, server, action)
            return False, None

    def failed(self, error: NovasimError, server: str = "", action: Action | None = None) -> None:
        """Tell a failure and remember it."""
        tell(self._session, error, server, action)
        self._codes.append(error.exit_code)

    def finish(self) -> None:
        """End the command with the code of the first failure, if there was one."""
        if self._codes:
            click.get_current_context().exit(self._codes[0])


def try_each(session: Session, names: Iterable[str], do: Callable[[str], Any]) -> None:
    """Do something for each name, and end the command with the code of the first failure."""
    attempts = Attempts(session)
    for name in names:
        attempts.of(partial(do, name))
    attempts.finish()
