"""A small client over `requests`, as code under test would have it."""

from __future__ import annotations

import os
from typing import Any

import requests


def log_in(auth_url: str, user: str = "demo", session: requests.Session | None = None) -> requests.Session:
    """A session with the token of a user in the project of the same name."""
    session = session or requests.Session()
    identity = {"name": user, "password": "secret", "domain": {"id": "default"}}
    body: Any = {"auth": {"identity": {"methods": ["password"], "password": {"user": identity}}}}
    response = session.post(f"{auth_url}/auth/tokens", json=body)
    assert response.status_code == 201, response.text
    session.headers["X-Auth-Token"] = response.headers["X-Subject-Token"]
    return session


def list_names(auth_url: str | None = None) -> list[str]:
    """The names of the servers of the user in OS_USERNAME, in the cloud of OS_AUTH_URL."""
    auth_url = auth_url or os.environ["OS_AUTH_URL"]
    with log_in(auth_url, os.environ.get("OS_USERNAME", "demo")) as session:
        found = session.get(auth_url.replace("/identity/v3", "/compute/v2.1/servers")).json()
    return [server["name"] for server in found["servers"]]
