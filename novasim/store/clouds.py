"""Collections of clouds: a folder with a cloud file for each of them, or a database."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from novasim.errors import CloudFileError, UsageError
from novasim.store import open_store
from novasim.store.addresses import DEFAULT_NAME, parse_address
from novasim.store.cloud_names import check_cloud_name, is_cloud_name

if TYPE_CHECKING:
    from novasim.store.base import Store

SUFFIX = ".json"


class Clouds(Protocol):
    """
    Clouds with names. Its methods can be called in several threads at once. Every method raises CloudFileError if the
    collection cannot be read.

    Attributes:
        address: The name of the collection in messages.
    """

    address: str

    def names(self) -> list[str]:
        """The names of the clouds that exist, in alphabetical order."""

    def exists(self, name: str) -> bool:
        """Whether there is a cloud of that name. An invalid name is that of no cloud."""

    def open(self, name: str) -> Store:
        """
        The store of a cloud, for a process that keeps it in memory. It need not exist yet.

        Raises:
            UsageError: a cloud cannot have that name.
        """

    def claim_due(self, wall: float) -> list[str]:
        """
        Clouds in which a task may be due at a wall time. They are left to this process for a second.

        A folder does not know them: tasks in a cloud file are saved by the next request or command.
        """

    def postpone(self, name: str, revision: object, wall: float) -> None:
        """Note that in a cloud, if it still has that revision, nothing is due before a wall time."""

    def close(self) -> None:
        """Close what is open and not in use."""


class FolderClouds:
    """
    A folder in which the file NAME.json is a cloud.

    Other files are not clouds, nor are symbolic links: two names could then change one file. A folder that does not
    exist has no clouds, and is created with the first one.
    """

    def __init__(self, folder: str) -> None:
        self.address = os.path.realpath(folder)

    def names(self) -> list[str]:
        try:
            files = os.listdir(self.address)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unusable("read", error) from None
        return sorted(name for file in files if file.endswith(SUFFIX) and self.exists(name := file[: -len(SUFFIX)]))

    def exists(self, name: str) -> bool:
        if is_cloud_name(name):
            with suppress(OSError):
                return stat.S_ISREG(os.lstat(self._path(name)).st_mode)
        return False

    def open(self, name: str) -> Store:
        check_cloud_name(name)
        path = self._path(name)
        if os.path.islink(path):
            raise UsageError(f"{path} is a symbolic link, which cannot be a cloud of the folder.")
        try:
            os.makedirs(self.address, mode=0o700, exist_ok=True)
        except OSError as error:
            raise self._unusable("created", error) from None
        return open_store(path, resident=True)

    def claim_due(self, wall: float) -> list[str]:
        return []

    def postpone(self, name: str, revision: object, wall: float) -> None:
        pass

    def close(self) -> None:
        pass

    def _path(self, name: str) -> str:
        return os.path.join(self.address, name + SUFFIX)

    def _unusable(self, verb: str, error: OSError) -> CloudFileError:
        problem = f"The folder of clouds {self.address} cannot be {verb}: {error.strerror}."
        return CloudFileError(problem, "Fix that, or name another folder with --clouds.")


def open_clouds(address: str, creates: bool = False) -> Clouds:
    """
    The collection at an address: a folder, or a database.

    Args:
        address: A path, sqlite:PATH or postgresql://...
        creates: Whether the collection need not exist.

    Raises:
        UsageError: it is no collection, or does not exist. CloudFileError: the address is mistyped.
    """
    if found := parse_address(address):
        if found.cloud != DEFAULT_NAME:
            raise UsageError(f"{found} is one cloud. --clouds needs the database, without ?cloud={found.cloud}.")
        from novasim.store.sql.clouds import DatabaseClouds

        return DatabaseClouds(found)
    if os.path.isfile(address):
        raise UsageError(f"{address} is a file. --clouds needs a folder; --cloud serves one file.")
    if not creates and not os.path.isdir(address):
        raise UsageError(f"There is no folder {address}. --create NAME creates it with a cloud.")
    return FolderClouds(address)
