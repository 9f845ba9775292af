"""How OpenStack clients authenticate at a cloud behind a server: arguments, and environment variables."""

from __future__ import annotations

from novasim.simulation.default_world import PASSWORD

REGION = "RegionOne"


def auth_settings(url: str, user: str, project: str, password: str = PASSWORD) -> dict[str, str]:
    """How a client authenticates at the server with this URL: arguments of keystoneauth1, the part auth of a cloud."""
    return {
        "auth_url": f"{url}/identity/v3",
        "username": user,
        "password": password,
        "project_name": project,
        "user_domain_name": "Default",
        "project_domain_name": "Default",
    }


def client_variables(url: str, user: str, project: str, password: str = PASSWORD) -> dict[str, str]:
    """The environment variables that OpenStack clients read."""
    auth = {f"OS_{name.upper()}": value for name, value in auth_settings(url, user, project, password).items()}
    return {"OS_AUTH_TYPE": "password", **auth, "OS_REGION_NAME": REGION, "OS_IDENTITY_API_VERSION": "3"}


def format_auth(url: str, user: str, project: str, password: str = PASSWORD) -> str:
    """The lines of the part auth of a cloud in clouds.yaml."""
    return "".join(f"      {key}: {value}\n" for key, value in auth_settings(url, user, project, password).items())
