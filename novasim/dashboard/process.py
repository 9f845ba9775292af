"""The process in which Horizon runs, seen from the process that starts it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess  # nosec B404 # it runs novasim itself
import sys
from importlib.util import find_spec
from tempfile import TemporaryFile
from threading import Thread
from types import TracebackType

from novasim.dashboard.settings import Configuration
from novasim.errors import NovasimError, UsageError
from novasim.extras import install_command
from novasim.render.output import print_message

MODULE = "novasim.dashboard.horizon"
END_TIMEOUT = 8  # seconds until a process that does not end is killed


class DashboardError(NovasimError):
    """Horizon has ended by itself."""

    exit_code = 1


def require_horizon() -> None:
    """Raise UsageError if Horizon and its HTTP server, which are an extra, are not installed."""
    if not (find_spec("openstack_dashboard") and find_spec("waitress")):
        raise UsageError(f"'novasim dashboard' needs Horizon: {install_command('dashboard')}")


class Horizon:
    """
    Horizon in a process of its own, from the beginning of a `with` block until its end.

    If it ends by itself, this process gets SIGTERM.

    Args:
        sock: The listening socket of the dashboard.

    Raises:
        DashboardError: Horizon does not start.
    """

    def __init__(self, sock: socket.socket, configuration: Configuration) -> None:
        self._sock, self._configuration = sock, configuration
        self._errors = TemporaryFile()  # noqa: SIM115  closed with this object
        self._is_ending = False
        self.has_failed = False

    def __enter__(self) -> Horizon:
        number = self._sock.fileno()
        self._process = subprocess.Popen(  # nosec B603 # novasim itself
            [sys.executable, "-W", "ignore", "-m", MODULE, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            pass_fds=[number],
            start_new_session=True,  # CTRL+C is for this process
        )
        try:
            self._wait_until_ready()
        except BaseException:
            self._end()
            raise
        Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def _wait_until_ready(self) -> None:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(self._configuration._asdict()) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        if not self._process.stdout.readline():
            raise DashboardError(f"Horizon cannot start: {self._read_last_error()}")

    def wait(self) -> None:
        """Wait until the process ends."""
        self._process.wait()

    def end_soon(self) -> None:
        """Let the process end, and do not wait for it. The second call kills it."""
        if self._is_ending:
            self._process.kill()
        self._is_ending = True
        if self._process.stdin:
            self._process.stdin.close()

    def _end(self) -> None:
        if not self._is_ending:
            self.end_soon()
        try:
            self._process.wait(END_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        self._process.wait()
        if not self._is_ending:
            self.has_failed = True
            print_message(f"novasim: Horizon has ended: {self._read_last_error()}")
            os.kill(os.getpid(), signal.SIGTERM)

    def _read_last_error(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it gave no reason").strip()
