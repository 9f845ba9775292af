"""Arguments by which clients connect as a user of a cloud."""

from __future__ import annotations

from novasim.simulation.default_world import PASSWORD

URL = "http://novasim.test"  # of clouds in the same process


def auth_settings(user: str = "demo", password: str = PASSWORD, url: str = URL) -> dict[str, str]:
    """
    Arguments for keystoneauth1's `v3.Password` and, with a region, for openstacksdk's `connect`.

    Args:
        user: USER, whose project has the same name, or USER@PROJECT.
        url: Scheme, host and port of the server.
    """
    name, _, project = user.partition("@")
    return {
        "auth_url": f"{url}/identity/v3",
        "username": name,
        "password": password,
        "project_name": project or name,
        "user_domain_name": "Default",
        "project_domain_name": "Default",
    }
