"""Settings for OpenStack clients: environment variables, and clouds.yaml files."""

from __future__ import annotations

import os
import shlex

from novasim.errors import UsageError
from novasim.fileutils import write_file
from novasim.simulation.default_world import PASSWORD

REGION = "RegionOne"
MARK = "# Written by novasim serve"
HEADER = f"{MARK}, which may overwrite this file."


def client_variables(url: str, user: str, project: str) -> dict[str, str]:
    """The environment variables that OpenStack clients read."""
    return {
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


def environment_script(url: str, user: str, project: str) -> str:
    """Shell commands that export the variables OpenStack clients read."""
    values = client_variables(url, user, project)
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())


def clouds_yaml(url: str) -> str:
    """The content of a clouds.yaml with the default users: cloud `novasim` is demo, `novasim-admin` is admin."""
    return f"{HEADER}\nclouds:\n" + _cloud_entry("novasim", url, "demo") + _cloud_entry("novasim-admin", url, "admin")


def _cloud_entry(name: str, url: str, user: str) -> str:
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
    volume_api_version: 3
"""


def write_clouds_yaml(path: str, url: str) -> None:
    """
    Write a clouds.yaml that only its owner can read.

    Raises:
        UsageError: the file exists and novasim did not write it, or it cannot be written.
    """
    try:
        is_ours = os.path.isfile(path) and _read_first_line(path).startswith(MARK)
        write_file(path, clouds_yaml(url).encode(), replace=is_ours)
    except FileExistsError:
        raise UsageError(f"{path} exists and was not written by novasim. Choose another file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def _read_first_line(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline(len(MARK))
