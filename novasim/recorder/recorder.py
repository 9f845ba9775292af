"""The record of a cloud: its files, and the entries that wait to be written."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import count
from typing import Any

from novasim.errors import CloudFileError
from novasim.jsonutils import encode
from novasim.records.caller import Origin
from novasim.records.entry import to_line
from novasim.store.base import RecordLog
from novasim.store.files import RECORD
from novasim.store.record_log import FileRecord
from novasim.store.redaction import LEFT_OUT

Line = dict[str, Any]

_count = count()


class Recorder:
    """
    The record of a cloud.

    Args:
        logs: Where entries are written. Units of work within another one have none: their entries wait in `pending`.
        origin: As `Cloud.origin`.
        step: The step of all units of work of a command line; "" if each is a step of its own.
    """

    def __init__(self, logs: list[RecordLog], origin: Origin, step: str = "") -> None:
        self.origin, self.step = origin, step
        self.pending: list[Line] = []
        self.secrets: dict[str, Any] = {}
        self._logs = logs

    def add(self, lines: Iterable[Line]) -> None:
        """Write entries, or let them wait for the end of the outer unit of work."""
        self.pending += lines
        if self._logs:
            self.flush()

    def flush(self) -> None:
        """Append the entries that wait."""
        lines, self.pending = self.pending, []
        secrets, self.secrets = self.secrets, {}
        left_out = [encode({LEFT_OUT: mark, "value": value}) for mark, value in secrets.items()]
        encoded = [encode(to_line(line)) for line in lines]
        for log in self._logs if encoded or left_out else ():
            log.append(encoded, left_out)

    def nest(self) -> Recorder:
        """A recorder for units of work within one unit of work or batch."""
        return Recorder([], self.origin, self.step)

    def take_over(self, nested: Recorder, saved: bool = True) -> None:
        """Write what waits in a nested recorder; if nothing was *saved*, only its refusals."""
        lines, nested.pending = nested.pending, []
        self.secrets |= nested.secrets
        self.add(line for line in lines if saved or line["code"] >= 400)


def new_step(wall: float) -> str:
    """A name for a command line or a request that no other one has."""
    return f"{wall:.3f}-{os.getpid()}-{next(_count)}"


_names: dict[tuple[str, int], str] = {}  # by folder and process


def open_recorder(record: RecordLog | None, named: str, origin: Origin, step: str, wall: float) -> Recorder:
    """
    The recorder of a cloud.

    Args:
        record: The record of the cloud; None if that is not kept.
        named: NOVASIM_RECORD: a file, or a folder in which every process has a file; "" if it is not set.
        step: As for `Recorder`.
        wall: Real time in seconds since the epoch.

    Raises:
        CloudFileError: the record cannot be written.
    """
    logs: list[RecordLog] = [record] if record else []
    if named:
        logs.append(FileRecord(_name_file(named, wall), keeps_secrets=False))
    for log in logs:
        log.check()
    return Recorder(logs, origin, step)


def _name_file(named: str, wall: float) -> str:
    if not (named.endswith(os.sep) or os.path.isdir(named)):
        return named
    key = named, os.getpid()
    if key not in _names:
        try:
            os.makedirs(named, exist_ok=True)
        except OSError as error:
            raise CloudFileError(f"The folder {named!r} for records cannot be created: {error.strerror}.") from None
        _names[key] = os.path.join(named, f"{os.getpid()}-{round(wall * 1000)}{RECORD}")
    return _names[key]
