"""The records that commands of `coverage` read."""

from __future__ import annotations

import os
from collections.abc import Iterable

from novasim.cli.record.log import read_own_record
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.records.entry import Entry
from novasim.store.files import RECORD


def find_records(session: Session, paths: Iterable[str]) -> list[list[Entry]]:
    """
    The entries of each record in files and folders; of the record beside the cloud file if no path is given.

    Raises:
        UsageError: a folder has no records. CloudFileError: there is no record, or it is damaged.
    """
    from novasim.store.record_file import read_entries

    files = [file for path in paths for file in list_files(path)]
    return [read_entries(file) for file in files] if files else [read_own_record(session)]


def list_files(path: str) -> list[str]:
    """The files with records at a path, which may be a folder. Raises UsageError: it has no records."""
    if not os.path.isdir(path):
        return [path]
    files = sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith(RECORD))
    if not files:
        raise UsageError(f"The folder {path} has no records (*{RECORD}). To write some: NOVASIM_RECORD={path} COMMAND")
    return files
