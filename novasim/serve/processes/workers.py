"""`serve --workers`: processes that answer requests at one listening socket, and are restarted when they die."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import FrameType

from novasim.errors import NovasimError, UsageError
from novasim.render.output import print_message
from novasim.serve.deadline import EXIT_TIMEOUT
from novasim.simulation.time import clock

RESTART_PAUSE = 1.0  # seconds before a worker that has died is replaced, if it did not live longer than that

Serve = Callable[[int, Callable[[], None]], object]


def run_workers(count: int, serve: Serve, on_ready: Callable[[], None]) -> int:
    """
    Serve in this process, or in workers. Arguments as for `Workers`; the only process has number 0.

    Returns:
        The exit code.
    """
    if count == 1:
        serve(0, on_ready)
        return 0
    return Workers(count, serve).run(on_ready)


class Workers:
    """
    Worker processes, and the signals for them.

    A signal to this process ends all workers as it ends a single server. If this process is killed, the workers finish
    their pending requests and end.

    Args:
        count: The number of workers.
        serve: Runs in each worker until SIGTERM. Its arguments are the worker's number, from 1, and a function to call
            when it answers requests.
    """

    def __init__(self, count: int, serve: Serve) -> None:
        self._count, self._serve = count, serve
        self._pid = os.getpid()
        self._numbers: dict[int, int] = {}  # of workers, by process ID
        self._started: dict[int, float] = {}  # by number
        self._is_stopping = False
        self._code = 0
        self._lifeline = os.pipe()  # its end tells the workers that this process has died

    def run(self, on_ready: Callable[[], None]) -> int:
        """
        Run the workers until SIGTERM or SIGINT. The process has no other threads.

        Args:
            on_ready: Called when all workers answer requests.

        Returns:
            The exit code: 0 if all workers have ended in time after a signal.
        """
        import novasim.serve.app  # noqa: F401  now, so that all workers share it, and are of one version

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        if self._start_all():
            on_ready()
        else:
            self._code = 1
            self._stop(signal.SIGTERM)
        while self._numbers:
            self._replace(*os.wait())
        signal.setitimer(signal.ITIMER_REAL, 0)
        return self._code

    def _start_all(self) -> bool:
        """Start the workers, and wait until all of them are ready. Returns False if one of them has ended instead."""
        reader, writer = os.pipe()
        for number in range(1, self._count + 1):
            self._start(number, reader, writer)
        os.close(writer)
        count = 0
        while ready := os.read(reader, self._count):
            count += len(ready)
        os.close(reader)
        return count == self._count or self._is_stopping

    def _start(self, number: int, *ready: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self._started[number] = clock.wall()
        if not (pid := os.fork()):
            self._work(number, *ready)
        self._numbers[pid] = number
        if self._is_stopping:  # the signal came during the start
            os.kill(pid, signal.SIGTERM)

    def _work(self, number: int, *ready: int) -> None:
        """Be a worker, and end the process. A terminal's CTRL+C reaches only the first process, which passes it on."""
        code = 1
        try:
            os.setpgid(0, 0)
            os.close(self._lifeline[1])
            Thread(target=_watch_lifeline, args=(self._lifeline[0],), daemon=True).start()
            self._serve(number, lambda: _report_ready(*ready))
            code = 0
        except NovasimError as error:
            print_message(f"novasim: {error}")
            code = error.exit_code
        except BaseException:  # noqa: BLE001  the process ends here in any case
            traceback.print_exc()
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _replace(self, pid: int, status: int) -> None:
        """Note the end of a worker, and start another one in its place unless all of them are to end."""
        if pid not in self._numbers:  # another child of this process
            return
        number, code = self._numbers.pop(pid), os.waitstatus_to_exitcode(status)
        if not self._is_stopping:
            print_message(f"novasim: worker {number} (process {pid}) {_describe_end(code)}; starting another one.")
            if clock.wall() - self._started[number] < RESTART_PAUSE:
                clock.sleep(RESTART_PAUSE)
        if self._is_stopping:
            self._code = self._code or int(code != 0)
        else:
            self._start(number)

    def _stop(self, number: int, frame: FrameType | None = None) -> None:
        if os.getpid() != self._pid:  # a worker that has not installed its own handlers yet
            os._exit(0)
        if not self._is_stopping:
            self._is_stopping = True
            signal.setitimer(signal.ITIMER_REAL, EXIT_TIMEOUT + 1)
        self._send(number)

    def _kill(self, number: int, frame: FrameType | None = None) -> None:
        """End workers that have missed the time limit that they set themselves, as a suspended process does."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        for pid in list(self._numbers):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def check_workers(count: int) -> None:
    """Raise UsageError if this system cannot run several workers, or NOVASIM_CLOCK needs a single one."""
    if count > 1 and not hasattr(os, "fork"):
        raise UsageError("--workers needs a system with fork, such as Linux. Without it, start several servers.")
    if count > 1 and os.environ.get("NOVASIM_CLOCK") == clock.STEPPING:
        raise UsageError(
            "NOVASIM_CLOCK=stepping needs one worker, which keeps the time that it has reached in memory. "
            "Leave --workers out."
        )


def _watch_lifeline(reader: int) -> None:
    os.read(reader, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _report_ready(reader: int = -1, writer: int = -1) -> None:
    """Tell the first process that this worker is ready. A worker that replaces another one has no pipe for it."""
    if writer >= 0:
        os.write(writer, b".")
        os.close(writer)
        os.close(reader)


def _describe_end(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"has ended with exit code {code}"
