"""The version documents, and the answer to every path that leads to no service. Paths begin at the server's root."""

from __future__ import annotations

from novasim.api.routes import ANY_PATH, Route

DOCUMENTS = {
    "/": "documents:root",
    "/identity": "documents:identity_versions",
    "/identity/v3": "documents:identity_version",
    "/compute": "documents:compute_versions",
    "/compute/v2": "documents:compute_legacy_version",
    "/compute/v2.1": "documents:compute_version",
    "/image": "documents:image_versions",
    "/image/versions": "documents:image_versions_found",
    "/network": "documents:network_versions",
    "/network/v2.0": "documents:network_resources",
    "/volume": "documents:volume_versions",
    "/volume/v3": "documents:volume_versions_found",
    "/placement": "documents:placement_versions",
    "/openapi.json": "documents:openapi",
}

ROUTES = [
    *(Route("GET", path, handler) for path, handler in DOCUMENTS.items()),
    *(Route(method, ANY_PATH, "documents:choices") for method in ("GET", "POST", "PUT", "PATCH", "DELETE")),
]
