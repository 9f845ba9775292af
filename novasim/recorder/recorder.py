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
from novasim.store.files import RECORD
from novasim.store.record_file import SECRETS, RecordFile
from novasim.store.redaction import LEFT_OUT

Line = dict[str, Any]

_count = count()


class Recorder:
    """
    The record of a cloud.

    Args:
        files: The files of the record. Units of work within another one have none: their entries wait in `pending`.
        secrets_file: Keeps for `undo` what the record leaves out; None for a record that is not beside the cloud.
        origin: As `Cloud.origin`.
        step: The step of all units of work of a command line; "" if each is a step of its own.
    """

    def __init__(
        self, files: list[RecordFile], secrets_file: RecordFile | None, origin: Origin, step: str = ""
    ) -> None:
        self.origin, self.step = origin, step
        self.pending: list[Line] = []
        self.secrets: dict[str, Any] = {}
        self._files, self._secrets_file = files, secrets_file

    def add(self, lines: Iterable[Line]) -> None:
        """Write entries, or let them wait for the end of the outer unit of work."""
        self.pending += lines
        if self._files:
            self.flush()

    def flush(self) -> None:
        """Append the entries that wait."""
        lines, self.pending = self.pending, []
        secrets, self.secrets = self.secrets, {}
        if secrets and self._secrets_file:
            self._secrets_file.append([encode({LEFT_OUT: mark, "value": value}) for mark, value in secrets.items()])
        encoded = [encode(to_line(line)) for line in lines]
        for file in self._files if encoded else ():
            file.append(encoded)

    def nest(self) -> Recorder:
        """A recorder for units of work within one unit of work or batch."""
        return Recorder([], None, self.origin, self.step)

    def take_over(self, nested: Recorder, saved: bool = True) -> None:
        """Write what waits in a nested recorder; if nothing was *saved*, only its refusals."""
        lines, nested.pending = nested.pending, []
        self.secrets |= nested.secrets
        self.add(line for line in lines if saved or line["code"] >= 400)


def new_step(wall: float) -> str:
    """A name for a command line or a request that no other one has."""
    return f"{wall:.3f}-{os.getpid()}-{next(_count)}"


_names: dict[tuple[str, int], str] = {}  # by folder and process


def open_recorder(beside: str, cloud_path: str, named: str, origin: Origin, step: str, wall: float) -> Recorder:
    """
    The recorder of a cloud.

    Args:
        beside: The record beside the cloud file; "" if none is kept there.
        named: NOVASIM_RECORD: a file, or a folder in which every process has a file; "" if it is not set.
        step: As for `Recorder`.
        wall: Real time in seconds since the epoch.

    Raises:
        CloudFileError: the record cannot be written.
    """
    files = [RecordFile(beside, like=cloud_path)] if beside else []
    secrets = RecordFile(beside + SECRETS, like=cloud_path) if beside else None
    if named:
        files.append(RecordFile(_name_file(named, wall)))
    for file in [*files, *([secrets] if secrets else [])]:
        file.check()
    return Recorder(files, secrets, origin, step)


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
