"""Processes with a fixed share of a processor, as if each had a small machine of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

CONTROLLER = Path("/sys/fs/cgroup/cpu")  # of version 1; that of version 2 has other files
PERIOD = 10_000  # microseconds in which a process can use its share
TICKS = os.sysconf("SC_CLK_TCK")


def find_obstacle() -> str:
    """Why the share of a process cannot be limited here; "" if it can."""
    if not (CONTROLLER / "cpu.cfs_quota_us").is_file():
        return f"needs the cpu controller of cgroup version 1 in {CONTROLLER}"
    return "" if os.access(CONTROLLER, os.W_OK) else f"needs the right to create groups in {CONTROLLER}"


class SmallMachine:
    """
    A group of the kernel with one process, which gets at most a share of a processor.

    Args:
        pid: The process. Its threads are in the group, too.
        share: The share, such as 0.1.
    """

    def __init__(self, pid: int, share: float) -> None:
        self._pid, self._folder = pid, CONTROLLER / f"novasim-{pid}"
        self._folder.mkdir()
        (self._folder / "cpu.cfs_period_us").write_text(str(PERIOD))
        (self._folder / "cpu.cfs_quota_us").write_text(str(round(PERIOD * share)))
        (self._folder / "cgroup.procs").write_text(str(pid))

    def read_time(self) -> float:
        """Seconds of processor time that the process has used."""
        words = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / TICKS

    def remove(self) -> None:
        """Remove the group of a process that has ended."""
        with suppress(FileNotFoundError):
            self._folder.rmdir()


class Usage:
    """What machines, and this whole computer, have used of the processors since its creation."""

    def __init__(self, machines: Sequence[SmallMachine]) -> None:
        self._machines = machines
        self._start, self._idle, self._used = time.monotonic(), _read_idle_time(), self._read_times()

    def describe(self) -> str:
        """The shares of a processor that the machines have used, and the share of all processors that was idle."""
        seconds = time.monotonic() - self._start
        used = [after - before for before, after in zip(self._used, self._read_times(), strict=True)]
        idle = (_read_idle_time() - self._idle) / (os.cpu_count() or 1)
        shares = ", ".join(f"{each / seconds:.1%}" for each in used)
        return f"machines used {shares}; this computer was {idle / seconds:.0%} idle"

    def _read_times(self) -> list[float]:
        return [machine.read_time() for machine in self._machines]


def _read_idle_time() -> float:
    """Seconds for which the processors were idle or waited for a disk, in total."""
    words = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return (int(words[4]) + int(words[5])) / TICKS
