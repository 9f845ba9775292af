"""The states of a cloud by its address, for interfaces that do not open it: it may be damaged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from novasim.control import backups
from novasim.control.databases.states import find_saved, restore_state, save_state
from novasim.control.exports import add_secrets, remove_secrets
from novasim.control.file_check import check
from novasim.control.steps import Steps
from novasim.errors import UsageError
from novasim.fileutils import write_file
from novasim.records.caller import PYTHON, Origin
from novasim.simulation.time import clock
from novasim.store import open_store
from novasim.store.addresses import hide_passwords
from novasim.store.errors import unwritable_output

if TYPE_CHECKING:
    from novasim.control.backups import RestoreResult
    from novasim.control.differences import Difference
    from novasim.store.base import Store
    from novasim.store.documents import Tables


BACKUP, SAVED = "backup", "saved"  # kinds of states


class Imported(NamedTuple):
    """The name of the backup that the replaced state became, or "", and the users who have no password."""

    kept: str
    without_password: list[str]


class CloudStates:
    """
    The states of a cloud.

    Args:
        address: As for `novasim.store.open_store`.
        origin: For the record, as `Cloud.origin`.
        opens_files: Whether `compare` reads other cloud files.

    Raises (from any method):
        CloudFileError: the cloud or the state is damaged, or cannot be read or replaced.
    """

    def __init__(self, address: str, origin: Origin = PYTHON, opens_files: bool = True) -> None:
        self._address, self._origin, self._opens_files = address, origin, opens_files

    def check(self) -> list[str]:
        """All problems of the cloud, each in one line."""
        return check(self._address)

    def require_sound(self) -> None:
        """Raise CloudFileError if the cloud is damaged."""
        backups.read_state(self._address)

    def list_states(self) -> list[dict[str, Any]]:
        """The kept states, the newest first: name, kind (backup or saved), time and problem."""
        return [
            {
                "name": state.name,
                "kind": BACKUP if state.is_backup else SAVED,
                "time": clock.format_time(state.time),
                "problem": backups.find_problem(state),
            }
            for state in backups.list_states(self._address)
        ]

    def save(self, name: str, force: bool) -> str:
        """
        Save the present state under a name. Return where it is.

        Raises:
            UsageError: the name is invalid, or is that of a state and *force* is False.
        """
        check_state_name(name)
        store, path = open_store(self._address), backups.saved_path(self._address, name)
        try:
            if store.kept is not None:
                save_state(store, name, replaces=force)
                return name
            _write(path, backups.read_state(self._address), force, self._address)
            return path
        except FileExistsError:
            raise UsageError(
                f"The saved state {name!r} exists. Choose another name, or replace it with --force."
            ) from None

    def load(self, name: str) -> str:
        """
        Put a saved state in place of the present one. Return the name of the backup that this becomes, or "".

        Raises:
            UsageError: the name is invalid, or there is no state of that name.
        """
        store = open_store(self._address)
        if store.kept is None:
            check_state_name(name)
            path = backups.saved_path(self._address, name)
            if os.path.exists(path):
                return _name(backups.import_file(path, self._address, origin=self._origin))
        elif state := find_saved(store, name):
            return restore_state(store, state, self._origin) or ""
        saved = [state.name for state in backups.list_states(self._address) if not state.is_backup]
        raise UsageError(f"There is no saved state {name!r}. Saved states: {', '.join(sorted(saved)) or 'none'}.")

    def restore(self, backup: str) -> RestoreResult:
        """Put a backup in place of the present state. Errors as for `backups.restore`."""
        return backups.restore(self._address, backup, origin=self._origin)

    def export(self, with_secrets: bool) -> bytes:
        """The content of the cloud, as a cloud file holds it."""
        content = backups.read_state(self._address)
        return content if with_secrets else remove_secrets(content)

    def import_file(self, file: str) -> Imported:
        """Put the content of a cloud file in place of the present state, with new secrets if it has none."""
        names: list[str] = []

        def complete(data: bytes) -> bytes:
            data, without = add_secrets(data)
            names.extend(without)
            return data

        kept = backups.import_file(file, self._address, complete=complete, origin=self._origin)
        return Imported(_name(kept), names)

    def compare(self, store: Store, before: str | None, after: str | None) -> list[Difference]:
        """
        The differences of two states, as `past.read_tables` names them. Without *before*, it is the last step.

        Args:
            store: That of the cloud. after: None for the present state.

        Raises:
            UsageError: there is no such state. Other errors as for `past.open_past`.
        """
        from novasim.control.differences import compare_states
        from novasim.control.past import exclude_writers

        if before is None:
            with exclude_writers(store):
                return self._compare_last_step(store)
        old = self._read(store, before)
        return [*compare_states(old, store.tables() if after is None else self._read(store, after))]

    def _compare_last_step(self, store: Store) -> list[Difference]:
        from novasim.control.differences import compare_states
        from novasim.control.past import find_past, read_own_entries

        steps = Steps(read_own_entries(store)).done
        if not steps:
            raise UsageError("The record has no step. Name the states to compare.")
        return [*compare_states(find_past(store, steps[-1].first - 1)[0].tables(), store.tables())]

    def _read(self, store: Store, text: str) -> Tables:
        from novasim.control.past import read_tables

        saved = [state["name"] for state in self.list_states() if state["kind"] == SAVED]
        if not (self._opens_files or text.isdecimal() or text in saved):
            raise UsageError(f"{hide_passwords(text)!r} is neither the number of an entry nor a saved state.")
        return read_tables(store, text, backups.saved_path(self._address, text))

    def replace(self, content: bytes) -> str:
        """Put the content of a new cloud in place of the present state. Return the name of the backup, or ""."""
        return _name(backups.replace_state(self._address, content, origin=self._origin))


def _name(kept: Path | None) -> str:
    return kept.name if kept else ""


def check_state_name(name: str) -> None:
    """Raise UsageError for a name that cannot be that of a saved state."""
    if not name.replace("-", "").replace("_", "").replace(".", "").isalnum() or name.startswith("."):
        raise UsageError(f"{name!r} is not a valid name; use letters, digits, hyphens, underscores and dots.")


def _write(path: str, data: bytes, force: bool, like: str) -> None:
    """Write a file. Raises UsageError, and FileExistsError if it exists and is not replaced with *force*."""
    try:
        write_file(path, data, replace=force, like=like)
    except FileExistsError:
        raise
    except OSError as error:
        raise unwritable_output(path, error) from None
