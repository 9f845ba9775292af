"""Several requests in one command: every failure is reported, and the first one decides the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import click

from novasim.cli.errors.report import report_error
from novasim.cli.session import Session
from novasim.errors import NovasimError


class Attempts:
    """
    Independent requests: a failure does not stop the others.

    At the end of its `with` block the command exits with the code of the first failure, if there was one.

    Args:
        action: The name of the requested action, for the advice below an error.
    """

    def __init__(self, session: Session, action: str = "") -> None:
        self.session = session
        self._action = action
        self._exit_codes: list[int] = []

    def __enter__(self) -> Attempts:
        self.session.check_moment()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        if kind is None and self._exit_codes:
            click.get_current_context().exit(self._exit_codes[0])

    @contextmanager
    def attempt(self, server: str = "") -> Iterator[None]:
        """Report an error raised in the block, and continue after it. *server* is the name or ID that the user gave."""
        try:
            yield
        except NovasimError as error:
            self.fail(error, server)

    def fail(self, error: NovasimError, server: str = "") -> None:
        """Report an error and remember its exit code."""
        report_error(self.session, error, server, self._action)
        self._exit_codes.append(error.exit_code)
