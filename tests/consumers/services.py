"""Programs that run as services while tests use them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

TIMEOUT = 120.0  # seconds to start or stop; a broker takes ten
TAIL = 4000  # characters of a log that a failure shows


def find_free_port() -> int:
    """A port of 127.0.0.1 that no program listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    """Whether a program accepts connections to a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(command: Sequence[str | Path], environment: Mapping[str, str], folder: Path) -> str:
    """Run a program until it ends. Returns its output. Raises AssertionError if it fails."""
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=3 * TIMEOUT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Service:
    """
    A program in a process group of its own, with its output in a file.

    Args:
        log: The file. It is extended. The program runs in its folder.
    """

    def __init__(self, command: Sequence[str | Path], log: Path, settings: Mapping[str, str]) -> None:
        self.log = log
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **settings}
        with open(log, "ab") as output:
            self._process = subprocess.Popen(
                command,
                env=environment,
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_for(self, port: int) -> None:
        """Wait until the program listens at a port. Raises AssertionError with its output if it ends or hangs."""
        deadline = time.monotonic() + TIMEOUT
        while not is_listening(port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(self.log.read_text("utf-8", "replace")[-TAIL:])
            time.sleep(0.1)

    def stop(self) -> None:
        """End the program and the processes that it has started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(TIMEOUT / 10)
