"""Restores backups of a cloud file, and exports and imports copies."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from novasim.cloud import find_recorder
from novasim.control.databases.states import UNCHANGED, read_content, replace_content, restore_state
from novasim.errors import CloudFileError, UsageError
from novasim.fileutils import UNFINISHED
from novasim.records.caller import PYTHON, Origin
from novasim.simulation.time import clock
from novasim.store import base, open_store
from novasim.store.addresses import is_database
from novasim.store.backup import create_backup
from novasim.store.documents import Tables, check_records
from novasim.store.errors import damaged, missing, no_backup, unreadable
from novasim.store.files import BACKUP, SAVED, read_file, replace_file, version_of, writer_lock
from novasim.store.migrate import load

PathLike = str | os.PathLike[str]


BACKUP_NAME = re.compile(re.escape(BACKUP) + r"(\.\d+|-format\d+)?")


class KeptState(NamedTuple):
    """
    A file that holds a state of the cloud.

    Args:
        name: The name of the backup's file, or the name under which a state was saved.
        time: Of its last change, in seconds since the epoch (wall time).
    """

    name: str
    path: Path
    time: float
    is_backup: bool


S = TypeVar("S", KeptState, base.KeptState)


class RestoreResult(NamedTuple):
    """
    The effects of a restore.

    Args:
        backup: The restored backup.
        kept: The backup that the replaced file became.
        backups: All backups as they were before, the newest first.
        damaged: The problems of those that could not be used, by name.
    """

    backup: KeptState
    kept: Path | None
    backups: list[KeptState]
    damaged: dict[str, str]


def list_states(path: PathLike) -> list[KeptState]:
    """
    The backups of the cloud file and the saved states, the newest first.

    Raises:
        CloudFileError: the folder or the database cannot be read.
    """
    if (states := open_store(os.fspath(path)).kept) is not None:
        return [_describe(state) for state in states.list_states()]
    real = Path(os.path.realpath(path))
    found = [*_list_files(real, lambda end: bool(BACKUP_NAME.fullmatch(end)), is_backup=True)]
    found += _list_files(real, lambda end: end.startswith(SAVED), is_backup=False)
    return sorted(found, key=lambda state: (-state.time, state.name))


def saved_path(path: str, name: str) -> str:
    """The path of a saved state of a cloud file, or what a database calls it."""
    return f"{path}{SAVED}{name}"


def _list_files(real: Path, matches: Callable[[str], bool], is_backup: bool) -> Iterator[KeptState]:
    try:
        names = sorted(os.listdir(f"{real.parent}/."))  # fails for a folder that may be listed, but not entered
    except FileNotFoundError:  # that of a cloud which does not exist yet
        return
    except OSError as error:
        raise unreadable(str(real), error) from None
    for name in names:
        end = name.removeprefix(real.name)
        if end == name or not matches(end) or UNFINISHED in end:
            continue
        file = real.with_name(name)
        with suppress(OSError):  # a link to nothing
            shown = name if is_backup else end.removeprefix(SAVED)
            yield KeptState(shown, file, file.stat().st_mtime, is_backup)


def find_problem(state: KeptState) -> str:
    """Why the state in a file cannot be brought back; "" if it can."""
    if not state.path.is_absolute():  # it is in a database, which checks it when it is brought back
        return ""
    try:
        _read_sound(str(state.path))
    except CloudFileError as error:
        return error.problem
    return ""


def restore(path: PathLike, name: str = "", timeout: float = 10.0, origin: Origin = PYTHON) -> RestoreResult:
    """
    Put a backup without damage in place of the file, which becomes a backup itself.

    Args:
        name: The name of the backup's file, or its number; by default it is the newest without damage.
        origin: For the record, as `Cloud.origin`.

    Raises:
        UsageError: there is no backup of that name.
        CloudFileError: no backup can be used, the file is locked for longer than *timeout* seconds, or it cannot
            be replaced.
    """
    if is_database(os.fspath(path)):
        return _restore_in_database(os.fspath(path), name, origin)
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        backups = [state for state in list_states(real) if state.is_backup]
        wanted = _select(backups, name)
        problems: dict[str, str] = {}
        for backup in wanted:
            try:
                content = _read_sound(str(backup.path))
            except CloudFileError as error:
                problems[backup.name] = error.problem
                continue
            return RestoreResult(backup, _replace(real, content, origin), backups, problems)
        raise CloudFileError(problems[wanted[0].name], UNCHANGED) if name else no_backup(real)


def _restore_in_database(address: str, name: str, origin: Origin) -> RestoreResult:
    store = open_store(address)
    backups = [state for state in store.kept.list_states() if state.is_backup] if store.kept else []
    wanted = _select(backups, name)
    if not wanted:
        raise no_backup(store.path)
    kept = restore_state(store, wanted[0], origin)
    states = [_describe(state) for state in backups]
    return RestoreResult(_describe(wanted[0]), Path(kept) if kept else None, states, {})


def _select(backups: list[S], name: str) -> list[S]:
    """The backups that a name or a number means; all for "". Raises UsageError if there is no such backup."""
    wanted = [state for state in backups if name in ("", state.name, state.name.rpartition(".")[2])]
    if name and not wanted:
        raise UsageError(f"There is no backup {name!r}. To list them: novasim cloud saves")
    return wanted


def _describe(state: base.KeptState) -> KeptState:
    """A state in a database, whose name takes the place of a path."""
    return KeptState(state.name, Path(state.name), state.time, state.is_backup)


def read_state(path: PathLike) -> bytes:
    """
    The content of an undamaged cloud, as a cloud file holds it.

    Raises:
        CloudFileError: there is no cloud, or it is damaged.
    """
    if is_database(os.fspath(path)):
        return read_content(open_store(path))
    real = os.path.realpath(path)
    if version_of(real) is None:
        raise missing(real)
    return _read_sound(real)


def import_file(
    source: PathLike,
    path: PathLike,
    timeout: float = 10.0,
    complete: Callable[[bytes], bytes] = bytes,
    origin: Origin = PYTHON,
) -> Path | None:
    """
    Replace the cloud with an undamaged copy. Return the backup of the replaced file, if there was one.

    Args:
        complete: Adds to the content of the copy what an export leaves out.
        origin: For the record, as `Cloud.origin`.

    Raises:
        CloudFileError: the copy is missing or damaged (then nothing changes), or the file cannot be replaced.
    """
    if is_database(os.fspath(path)):
        return _replace_in_database(path, complete(_read_copy(source)), origin)
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        return _replace(real, complete(_read_copy(source)), origin)


def replace_state(
    path: PathLike, data: bytes, timeout: float = 10.0, origin: Origin = PYTHON, must_be_new: bool = False
) -> Path | None:
    """
    Replace the cloud with another state. Return the backup of the replaced file, if there was one.

    Args:
        origin: For the record, as `Cloud.origin`.

    Raises:
        FileExistsError: there is a cloud, and it *must_be_new*. CloudFileError: the file cannot be replaced.
    """
    if is_database(os.fspath(path)):
        return _replace_in_database(path, data, origin, must_be_new)
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        if must_be_new and os.path.lexists(real):
            raise FileExistsError(real)
        return _replace(real, data, origin)


def _read_copy(source: PathLike) -> bytes:
    """The content of an undamaged copy, which is to be imported."""
    try:
        return _read_sound(os.path.realpath(source))
    except CloudFileError as error:
        raise CloudFileError(error.problem, UNCHANGED) from None


def _replace_in_database(address: PathLike, data: bytes, origin: Origin, must_be_new: bool = False) -> Path | None:
    store = open_store(address)
    kept = replace_content(store, load(data, store.path)[0], origin, must_be_new)
    return Path(kept) if kept else None


def _replace(path: str, data: bytes, origin: Origin) -> Path | None:
    kept, wall = list[str | None](), clock.wall()
    recorder = find_recorder(open_store(path), origin, wall)
    old = _try_load(path) if recorder else None
    replace_file(path, [data], lambda: kept.append(create_backup(path, wall)))
    if recorder:
        from novasim.recorder.replacement import record_replacement

        record_replacement(recorder, old, load(data, path)[0], wall)
    return Path(kept[0]) if kept[0] else None


def _try_load(path: str) -> Tables | None:
    """The documents of a file by table; None if it is damaged."""
    with suppress(CloudFileError):
        found = read_file(path)
        return load(found[0], path)[0] if found else None
    return None


def _read_sound(path: str) -> bytes:
    found = read_file(path)
    if found is None:
        raise damaged(path, "it does not exist")
    check_records(load(found[0], path)[0], path)
    return found[0]
