"""The settings of Horizon: a Python module in a private folder."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from novasim.fileutils import write_file


class Configuration(NamedTuple):
    """
    What Horizon has to know. Its values can be written as JSON.

    Args:
        clouds: URL and name of each cloud. With several clouds, users choose one when they log in.
        live_url: The page that the user menu links to.
        hosts: The names in the Host header that Horizon answers to; "*" for every name.
    """

    clouds: list[tuple[str, str]]
    live_url: str
    hosts: list[str]


def write_settings(folder: str, configuration: Configuration, secret_key: str) -> None:
    """
    Write the module local.local_settings, which Horizon reads if *folder* is in Python's search path.

    Args:
        secret_key: Signs the cookies of sessions.
    """
    package = os.path.join(folder, "local")
    os.makedirs(package, mode=0o700)
    lines = [f"{name} = {value!r}\n" for name, value in _list_values(folder, configuration, secret_key).items()]
    write_file(os.path.join(package, "__init__.py"), b"")
    write_file(os.path.join(package, "local_settings.py"), "".join(lines).encode())


def _list_values(folder: str, configuration: Configuration, secret_key: str) -> dict[str, Any]:
    """
    The settings that differ from Horizon's defaults.

    Source: https://docs.openstack.org/horizon/latest/configuration/settings.html
    """
    regions = [(f"{url}/identity/v3", name) for url, name in configuration.clouds]
    sessions = os.path.join(folder, "sessions")
    os.makedirs(sessions, mode=0o700)
    return {
        "ALLOWED_HOSTS": configuration.hosts,
        "AVAILABLE_REGIONS": regions if len(regions) > 1 else [],
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        "COMPRESS_OFFLINE": True,
        "LOCAL_PATH": os.path.join(folder, "local"),
        "LOGGING": _LOGGING,
        "OPENSTACK_KEYSTONE_URL": regions[0][0],
        "SECRET_KEY": secret_key,
        "SESSION_ENGINE": "django.contrib.sessions.backends.file",
        "SESSION_FILE_PATH": sessions,
        "STATIC_ROOT": os.path.join(folder, "static"),
        "USER_MENU_LINKS": [*_CLIENT_LINKS, {"name": "novasim", "url": configuration.live_url, "external": True}],
    }


_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
_CLIENT_LINKS = [
    {"name": "OpenStack RC File", "icon_classes": ["fa-download"], "url": "horizon:project:api_access:openrc"},
    {
        "name": "OpenStack clouds.yaml File",
        "icon_classes": ["fa-download"],
        "url": "horizon:project:api_access:clouds.yaml",
    },
]
