"""Arguments by which clients connect as a user of a cloud."""

from __future__ import annotations

from novasim.remote import clients
from novasim.serve.client_settings import split_user
from novasim.simulation.default_world import PASSWORD

URL = "http://novasim.test"  # of clouds in the same process


def auth_settings(user: str = "demo", password: str = PASSWORD, url: str = URL) -> dict[str, str]:
    """
    Arguments for keystoneauth1's `v3.Password` and, with a region, for openstacksdk's `connect`.

    Args:
        user: USER, whose project has the same name, or USER@PROJECT.
        url: Scheme, host and port of the server.
    """
    name, project = split_user(user)
    return clients.auth_settings(url, name, project, password)
