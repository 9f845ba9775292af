"""Credentials for a cloud behind a server: from its address, the variables OS_*, or a file that `join` has written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from novasim.errors import CloudFileError
from novasim.filelock import LockTimeout, create_folders, lock_file
from novasim.fileutils import write_file
from novasim.jsonutils import decode, encode
from novasim.remote.address import Address, parse_address
from novasim.simulation.time.clock import sleep

JOINED = "joined.json"  # in the folder of the default cloud
DOMAIN = "Default"
LOCK_TIMEOUT = 10.0  # seconds


class Credentials(NamedTuple):
    """
    A token, or a user with a password and a project; all of them are empty if nothing is known.

    Without a project, the token is for the user's default project.
    """

    token: str = ""
    user: str = ""
    password: str = ""
    project: str = ""
    user_domain: str = DOMAIN
    project_domain: str = DOMAIN

    def to_auth(self) -> dict[str, Any]:
        """The body of a request for a token."""
        user = {"name": self.user, "password": self.password, "domain": {"name": self.user_domain}}
        project = {"name": self.project, "domain": {"name": self.project_domain}}
        scope = {"scope": {"project": project}} if self.project else {}
        return {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, **scope}}


def find_credentials(address: Address, folder: str, environ: Mapping[str, str] = os.environ) -> Credentials:
    """
    The credentials for a cloud: those in its address, of the file that `join` has written, or of the variables OS_*.

    The variables are left out if OS_AUTH_URL names another server: their password is for that one.

    Args:
        folder: Where the file is.

    Raises:
        CloudFileError: the file cannot be read.
    """
    if address.password:
        return Credentials(user=address.user, password=address.password)
    if joined := read_joined(folder).get(address.url):
        return Credentials(**{name: str(joined[name]) for name in Credentials._fields if name in joined})
    if not _is_for(address, environ.get("OS_AUTH_URL", "")):
        return Credentials()
    return Credentials(
        environ.get("OS_TOKEN", ""),
        environ.get("OS_USERNAME", ""),
        environ.get("OS_PASSWORD", ""),
        environ.get("OS_PROJECT_NAME", ""),
        environ.get("OS_USER_DOMAIN_NAME", DOMAIN),
        environ.get("OS_PROJECT_DOMAIN_NAME", DOMAIN),
    )


def _is_for(address: Address, auth_url: str) -> bool:
    """Whether OS_AUTH_URL, if it is set, is that of the cloud."""
    if not auth_url:
        return True
    try:
        return parse_address(auth_url).url in (f"{address.url}/identity/v3", f"{address.url}/identity")
    except Exception:  # noqa: BLE001  it is an address of something else
        return False


def read_joined(folder: str) -> dict[str, dict[str, Any]]:
    """The credentials of all clouds that were joined, by address. Raises CloudFileError."""
    path = os.path.join(folder, JOINED)
    try:
        with open(path, "rb") as file:
            found = decode(file.read())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CloudFileError(f"The file {path} with your credentials cannot be read: {error}.") from None
    return found if isinstance(found, dict) else {}


def save_joined(folder: str, url: str, credentials: Credentials) -> str:
    """
    Save the credentials for a cloud in a file that only its owner can read. Returns the path of the file.

    Raises:
        CloudFileError: the file cannot be read or written.
    """
    path = os.path.join(folder, JOINED)
    with _lock_joined(folder):
        write_private(path, read_joined(folder) | {parse_address(url).url: credentials._asdict()})
    return path


def remove_joined(folder: str, url: str) -> None:
    """Remove the credentials for a cloud. Raises CloudFileError: the file cannot be read or written."""
    with _lock_joined(folder):
        known = read_joined(folder)
        known.pop(url, None)
        write_private(os.path.join(folder, JOINED), known)


def check_joined(folder: str) -> None:
    """Raise CloudFileError if credentials cannot be saved, before a join word is used up for them."""
    read_joined(folder)
    path = found = os.path.join(folder, JOINED)
    while not os.path.exists(found):
        found = os.path.dirname(found) or "."
    if not os.access(found, os.W_OK):
        raise _unwritable(path, os.strerror(errno.EACCES))


@contextmanager
def _lock_joined(folder: str) -> Iterator[None]:
    """Exclude other commands that change the file with credentials. Raises CloudFileError."""
    path = os.path.join(folder, JOINED)
    try:
        with lock_file(path + ".lock", LOCK_TIMEOUT, sleep):
            yield
    except LockTimeout as error:
        raise CloudFileError(f"The file {path} is locked by process {error.holder}.", "Try again.") from None
    except OSError as error:
        raise _unwritable(path, error.strerror) from None


def write_private(path: str, fields: Mapping[str, Any]) -> None:
    """
    Write JSON into a file that only its owner can read. A missing folder is created.

    Raises:
        CloudFileError: the file cannot be written.
    """
    try:
        create_folders(os.path.dirname(path))
        write_file(path, encode(fields) + b"\n", replace=True)
    except OSError as error:
        raise _unwritable(path, error.strerror) from None


def _unwritable(path: str, reason: str | None) -> CloudFileError:
    return CloudFileError(f"The file {path} cannot be written: {reason}.")
