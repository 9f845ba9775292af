"""What `serve` does with one cloud: opens it, and writes settings for its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from novasim.render.output import print_message, report_new_cloud
from novasim.serve import client_settings
from novasim.serve.requests import Receive, Scope
from novasim.serve.responses import Send

if TYPE_CHECKING:
    from novasim.cloud import Cloud

DEFAULT_USERS = ("demo", "admin")


class Access(NamedTuple):
    """
    What needs no token in a cloud.

    Args:
        has_open_control, has_open_live_page: As for `App`.
    """

    has_open_control: bool = False
    has_open_live_page: bool = False


class Served(Protocol):
    """The application that the server runs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def close_streams(self) -> None:
        """End streams that would not end by themselves."""


class Target(Protocol):
    """What is served: a cloud, or many."""

    def create(self, access: Access) -> None:
        """Create what does not exist yet. Raises UsageError, CloudFileError."""

    def close(self) -> None:
        """Close what is open, before worker processes begin."""

    def open(self, access: Access, worker: int) -> Served:
        """The application, for a process: a worker with a number, or 0 for the only one. Raises CloudFileError."""

    def describe(self, url: str) -> str:
        """The line that says what is served at a URL."""

    def list_urls(self, url: str) -> list[tuple[str, str]]:
        """The URL of each cloud at the URL of the server, and its name."""

    def list_public_users(self) -> str:
        """The users whose password everyone knows, as words of a sentence; "" if there are none."""

    def describe_logins(self) -> str:
        """A sentence about the users who can log in, and their passwords."""

    def write_environment(self, url: str, who: str) -> str:
        """
        Shell commands with the settings of a client.

        Args:
            who: USER or USER@PROJECT.
        """

    def write_clouds_yaml(self, path: str, url: str, who: str) -> None:
        """Write a clouds.yaml. Arguments as for `write_environment`. Raises UsageError."""


class OneCloud:
    """The cloud in a file, or at another address of a store."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._cloud: Cloud | None = None

    def create(self, access: Access) -> None:
        from novasim.control.worlds import open_cloud

        self._cloud = open_cloud(self._path, resident=True, owns_process=True, report=report_new_cloud)

    def close(self) -> None:
        if self._cloud:
            self._cloud.store.close()

    def open(self, access: Access, worker: int) -> Served:
        from novasim.control.worlds import open_cloud
        from novasim.serve.app import App
        from novasim.store.addresses import parse_address

        if worker or not self._cloud:
            self._cloud = open_cloud(self._path, resident=True, owns_process=True)
        saves_due = parse_address(self._path) is not None
        return App(self._cloud, access.has_open_control, access.has_open_live_page, worker, saves_due)

    def describe(self, url: str) -> str:
        from novasim.store.addresses import hide_passwords

        return f"Serving {hide_passwords(self._path)} at {url} (clients: OS_AUTH_URL={url}/identity/v3)"

    def list_urls(self, url: str) -> list[tuple[str, str]]:
        return [(url, "")]

    def list_public_users(self) -> str:
        names = _list_users_with_default_password(self._cloud) if self._cloud else []
        return f"the password of {' and '.join(names)} is public" if names else ""

    def describe_logins(self) -> str:
        from novasim.simulation.default_world import PASSWORD

        names = _list_users_with_default_password(self._cloud) if self._cloud else []
        if names:
            return f"Log in as {' or '.join(names)}; the password is {PASSWORD}."
        return "Log in as a user of the cloud; the passwords of demo and admin have been changed."

    def write_environment(self, url: str, who: str) -> str:
        return client_settings.environment_script(url, who, self._cloud or self._open_existing())

    def write_clouds_yaml(self, path: str, url: str, who: str) -> None:
        client_settings.write_clouds_yaml(path, client_settings.clouds_yaml(url))
        print_message(f"Wrote {path}: the clouds novasim and novasim-admin at {url}.")

    def _open_existing(self) -> Cloud | None:
        """The cloud, to sign a token; None if it does not exist yet."""
        from novasim.control.worlds import open_cloud
        from novasim.store import open_store

        return open_cloud(self._path) if open_store(self._path).exists() else None


def _list_users_with_default_password(cloud: Cloud) -> list[str]:
    """The default users that have the default password; all of them if the cloud cannot be read."""
    from novasim.errors import CloudFileError
    from novasim.records import User
    from novasim.simulation.default_world import PASSWORD
    from novasim.simulation.keys.passwords import verify_password

    try:
        with cloud.reading() as world:
            users = [user for name in DEFAULT_USERS for user in world.tx.query(User, {"name": name})]
    except CloudFileError:
        return list(DEFAULT_USERS)
    return [user.name for user in users if user.enabled and verify_password(PASSWORD, user.password_hash)]
