"""The manual page of what of each service is simulated: novasim-api(7)."""

from __future__ import annotations

from novasim.api.coverage import MOUNTS, simulated
from novasim.devtools import mdoc
from novasim.devtools.command_pages import DATE
from novasim.lifecycle.actions import ACTIONS

ABOUT = (
    "Behind 'novasim serve' and its commands stand the services that a server's life needs. This page lists the "
    "requests that they answer, read from the tables by which they answer them. A request of a neighbouring service "
    "that is not listed is answered with 501 and the nearest one that is; an unknown one of the compute service with "
    "404, as by Nova. The server describes the same in OpenAPI at /openapi.json."
)


def render_api_page() -> dict[str, str]:
    """File name and content."""
    parts = [("DESCRIPTION", mdoc.text(ABOUT)), ("ACTIONS ON A SERVER", mdoc.text(_actions()))]
    parts += [(f"THE {service.upper()} SERVICE", _requests(service)) for service in MOUNTS]
    parts.append(("SEE ALSO", ".Xr novasim-serve 1 ,\n.Xr novasim-lifecycle 7"))
    return {"novasim-api.7": mdoc.page("novasim-api", 7, DATE, "what of OpenStack's services is simulated", parts)}


def _actions() -> str:
    names = sorted({action.api for action in ACTIONS.values() if action.api})
    return f"POST /servers/{{server_id}}/action takes {', '.join(names)}."


def _requests(service: str) -> str:
    rows = ((f"Pa {mdoc.quote(path)}", f"{', '.join(methods)}.") for path, methods in simulated(service))
    return mdoc.text(f"Below {MOUNTS[service]} of the server's address:") + "\n" + mdoc.tag_list(rows)
