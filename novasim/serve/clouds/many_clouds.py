"""What `serve --clouds` does with a collection of clouds: opens it, creates clouds, writes settings for clients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from novasim.errors import UsageError
from novasim.render.output import print_message, report_new_cloud
from novasim.serve import client_settings
from novasim.store.addresses import hide_passwords
from novasim.store.cloud_names import check_cloud_name
from novasim.store.clouds import Clouds, open_clouds

if TYPE_CHECKING:
    from novasim.cloud import Cloud
    from novasim.serve.one_cloud import Access, Served


class ManyClouds:
    """
    The clouds of a collection.

    Args:
        address: Of the collection.
        names: Clouds that are created if they do not exist.
        creates_on_use: Whether the first request for a cloud creates it.

    Raises:
        UsageError: there is no collection at the address, or a cloud cannot have one of the names.
    """

    def __init__(self, address: str, names: Iterable[str], creates_on_use: bool) -> None:
        self._names, self._creates_on_use = list(names), creates_on_use
        for name in self._names:
            check_cloud_name(name)
        self._shown = hide_passwords(address)
        self._clouds = open_clouds(address, creates=bool(self._names) or creates_on_use)

    def create(self, access: Access) -> None:
        from novasim.control.worlds import create_default_world
        from novasim.simulation.time.clock import read_seed_from_environment

        clouds = self._clouds
        for name in self._names:
            if not clouds.exists(name) and create_default_world(clouds.open(name), read_seed_from_environment()):
                report_new_cloud(clouds.open(name).path)
        if not self._creates_on_use and not clouds.names():
            print_message(f"novasim: {self._shown} has no clouds yet. --create NAME creates one.")

    def close(self) -> None:
        self._clouds.close()

    def open(self, access: Access, worker: int) -> Served:
        from novasim.serve.clouds.opener import CloudOpener
        from novasim.serve.clouds.pool import CloudPool
        from novasim.serve.clouds.router import CloudRouter

        opener = CloudOpener(self._clouds, access, self._creates_on_use, worker)
        return CloudRouter(self._clouds, CloudPool(opener), worker)

    def describe(self, url: str) -> str:
        return f"Serving the clouds in {self._shown} at {url} (clients: OS_AUTH_URL={url}/NAME/identity/v3)"

    def list_urls(self, url: str) -> list[tuple[str, str]]:
        return [(f"{url}/{name}", name) for name in self._clouds.names()]

    def list_public_users(self) -> str:
        return "the password of demo and admin in a new cloud is public"

    def describe_logins(self) -> str:
        return "Choose a cloud as region, and log in as demo or admin; in a new cloud, the password is secret."

    def write_environment(self, url: str, who: str) -> str:
        names = self._names or self._clouds.names()
        if len(names) != 1:
            raise UsageError(
                f"--print-env is for one cloud, and {self._shown} has {len(names)}. Use --write-clouds-yaml, and the "
                "name of a cloud in OS_CLOUD."
            )
        cloud = _open_existing(self._clouds, names[0])
        return client_settings.environment_script(f"{url}/{names[0]}", who, cloud)

    def write_clouds_yaml(self, path: str, url: str, who: str) -> None:
        names = sorted({*self._names, *self._clouds.names()})
        user, project = client_settings.split_user(who)
        client_settings.write_clouds_yaml(path, client_settings.many_clouds_yaml(url, names, user, project))
        count = f"{len(names)} clouds" if len(names) != 1 else "1 cloud"
        print_message(f"Wrote {path}: {count} at {url}, for the user {user}.")


def _open_existing(clouds: Clouds, name: str) -> Cloud | None:
    """A cloud, to sign a token; None if it does not exist yet."""
    from novasim.cloud import Cloud

    if not clouds.exists(name):
        return None
    cloud = Cloud(clouds.open(name))
    cloud.name = name
    return cloud
