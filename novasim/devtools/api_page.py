"""The manual page novasim-api(7): the requests that each service answers."""

from __future__ import annotations

from novasim.api.coverage import list_simulated_paths
from novasim.api.routes import CONTROL_MOUNT, METADATA_MOUNT, MOUNTS
from novasim.devtools import mdoc
from novasim.devtools.command_pages import DATE
from novasim.lifecycle.actions import ACTIONS

ABOUT = (
    "novasim simulates the services that the life of a server needs. This page lists the requests that they answer. It "
    "is generated from their route tables. Requests of the real services that are not simulated are answered with 501 "
    "and the name of the most similar request that is; 'novasim manual exact' lists them. Any other path is answered "
    "with 404, as the real services do. 'novasim serve' describes all requests in OpenAPI at /openapi.json."
)
CONTROL = (
    "Tests in any language control the simulation with these requests. They need the token of an administrator, or "
    "none if the server was started with --control open."
)
METADATA = (
    "The guest of a server reads its metadata at 169.254.169.254. These requests read the same. They need the token of "
    "a member of the server's project or of an administrator, or none with --control open. At the root of the server, "
    "/openstack and /latest answer as Nova's own service does behind Neutron's proxy: the headers X-Instance-ID, "
    "X-Tenant-ID and X-Instance-ID-Signature name the guest, if the option metadata_proxy_shared_secret is set."
)


def render_api_page() -> dict[str, str]:
    """Return the page's file name and content."""
    parts = [("DESCRIPTION", mdoc.text(ABOUT)), ("ACTIONS ON A SERVER", mdoc.text(_actions()))]
    parts += [(f"THE {service.upper()} SERVICE", _requests(service, mount)) for service, mount in MOUNTS.items()]
    parts.append(("CONTROL OF THE SIMULATION", mdoc.text(CONTROL) + "\n" + _requests("control", CONTROL_MOUNT)))
    guest = mdoc.text(METADATA) + "\n" + _requests("metadata", METADATA_MOUNT)
    parts.append(("THE METADATA SERVICE OF A GUEST", guest))
    parts.append(("SEE ALSO", ".Xr novasim-serve 1 ,\n.Xr novasim-lifecycle 7"))
    return {"novasim-api.7": mdoc.page("novasim-api", 7, DATE, "the simulated part of OpenStack's APIs", parts)}


def _actions() -> str:
    names = sorted({action.api_key for action in ACTIONS.values() if action.api_key})
    return f"POST /servers/{{server_id}}/action takes {', '.join(names)}."


def _requests(service: str, mount: str) -> str:
    rows = ((f"Pa {mdoc.quote(path)}", f"{', '.join(methods)}.") for path, methods in list_simulated_paths(service))
    return mdoc.text(f"Paths below {mount}:") + "\n" + mdoc.tag_list(rows)
