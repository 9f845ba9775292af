"""Settings for OpenStack clients: environment variables, and clouds.yaml files."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

from novasim.errors import UsageError
from novasim.fileutils import write_file
from novasim.remote.clients import REGION, client_variables, format_auth
from novasim.simulation.default_world import PASSWORD

if TYPE_CHECKING:
    from novasim.cloud import Cloud

SERVICE_PATHS = {
    "compute": "/compute/v2.1",
    "identity": "/identity",
    "image": "/image",
    "network": "/network",
    "volume": "/volume",
    "placement": "/placement",
}
"""Where the paths of the services begin."""
MARK = "# Written by novasim serve"
HEADER = f"{MARK}, which may overwrite this file."


def split_user(who: str) -> tuple[str, str]:
    """User and project of USER or USER@PROJECT. Without a project, it has the name of the user."""
    user, _, project = who.rpartition("@") if "@" in who else (who, "", "")
    return user, project or user


def request_variables(url: str, token: str = "") -> dict[str, str]:
    """
    The variables in the curl commands of `--show-request`. *token* is that of the user, or "" without one.

    The token is not in OS_TOKEN, because clients refuse a token beside a password.
    """
    addresses = {f"OS_{service.upper()}_URL": f"{url}{path}" for service, path in SERVICE_PATHS.items()}
    return addresses | ({"TOKEN": token} if token else {})


def all_variables(url: str, who: str, cloud: Cloud | None = None) -> dict[str, str]:
    """
    The variables of clients, and those of the commands that `--show-request` prints.

    Args:
        who: USER or USER@PROJECT. cloud: The cloud at the URL, which issues a token; None without a token.
    """
    user, project = split_user(who)
    token = issue_token(cloud, user, project) if cloud else ""
    return client_variables(url, user, project) | request_variables(url, token)


def environment_script(url: str, who: str, cloud: Cloud | None = None) -> str:
    """Shell commands that export all variables. Arguments as for `all_variables`."""
    values = all_variables(url, who, cloud)
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())


def issue_token(cloud: Cloud, user: str, project: str) -> str:
    """A token of a user with the default password; "" if the user has another one."""
    from novasim.api.dispatch import handle
    from novasim.api.request import Request
    from novasim.serve.wire.callers import ANONYMOUS

    domain = {"name": "Default"}
    password = {"user": {"name": user, "domain": domain, "password": PASSWORD}}
    scope = {"project": {"name": project, "domain": domain}}
    body = {"auth": {"identity": {"methods": ["password"], "password": password}, "scope": scope}}
    response = handle(cloud, Request(ANONYMOUS, "POST", "/v3/auth/tokens", body=body, service="identity"))
    return response.headers.get("X-Subject-Token", "")


def clouds_yaml(url: str) -> str:
    """The content of a clouds.yaml with the default users: cloud `novasim` is demo, `novasim-admin` is admin."""
    entries = _cloud_entry("novasim", url, "demo", "demo") + _cloud_entry("novasim-admin", url, "admin", "admin")
    return f"{HEADER}\nclouds:\n{entries}"


def _cloud_entry(name: str, url: str, user: str, project: str) -> str:
    return f"""\
  {name}:
    auth:
{format_auth(url, user, project)}    region_name: {REGION}
    identity_api_version: 3
    volume_api_version: 3
"""


def many_clouds_yaml(url: str, names: Iterable[str], user: str, project: str) -> str:
    """The content of a clouds.yaml with an entry for each cloud of a server, for one user."""
    entries = (_cloud_entry(name, f"{url}/{name}", user, project) for name in names)
    return f"{HEADER}\nclouds:\n" + ("".join(entries) or "  {}\n")


def write_clouds_yaml(path: str, content: str) -> None:
    """
    Write a clouds.yaml that only its owner can read.

    Raises:
        UsageError: the file exists and novasim did not write it, or it cannot be written.
    """
    try:
        is_ours = os.path.isfile(path) and _read_first_line(path).startswith(MARK)
        write_file(path, content.encode(), replace=is_ours)
    except FileExistsError:
        raise UsageError(f"{path} exists and was not written by novasim. Choose another file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def _read_first_line(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline(len(MARK))
