"""What a client must be told to come here: the environment, or a clouds.yaml."""

from __future__ import annotations

import os
import shlex

from novasim.errors import UsageError
from novasim.simulation.default_world import PASSWORD

REGION = "RegionOne"
MARK = "# Written by novasim serve; it may be written again."


def environment_script(url: str, user: str, project: str) -> str:
    """Shell commands that set what OpenStack clients read."""
    values = {
        "OS_AUTH_TYPE": "password",
        "OS_AUTH_URL": f"{url}/identity/v3",
        "OS_USERNAME": user,
        "OS_PASSWORD": PASSWORD,
        "OS_PROJECT_NAME": project,
        "OS_USER_DOMAIN_NAME": "Default",
        "OS_PROJECT_DOMAIN_NAME": "Default",
        "OS_REGION_NAME": REGION,
        "OS_IDENTITY_API_VERSION": "3",
    }
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())


def clouds_yaml(url: str) -> str:
    """A clouds.yaml with the default users: `novasim` is demo, `novasim-admin` admin."""
    return f"{MARK}\nclouds:\n" + _cloud("novasim", url, "demo") + _cloud("novasim-admin", url, "admin")


def _cloud(name: str, url: str, user: str) -> str:
    return f"""\
  {name}:
    auth:
      auth_url: {url}/identity/v3
      username: {user}
      password: {PASSWORD}
      project_name: {user}
      user_domain_name: Default
      project_domain_name: Default
    region_name: {REGION}
    identity_api_version: 3
"""


def write_clouds_yaml(path: str, url: str) -> None:
    """
    Write a clouds.yaml, readable for its owner alone.

    Raises:
        UsageError: there is one that somebody else wrote, or it cannot be written.
    """
    try:
        if os.path.exists(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                if file.readline().strip() != MARK:
                    raise UsageError(f"{path} is not from novasim, and is left as it is; name another file.")
        with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(clouds_yaml(url))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
