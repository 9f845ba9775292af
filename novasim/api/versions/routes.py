"""The routes of the version documents and of unknown paths. Paths begin at the server's root."""

from __future__ import annotations

from novasim.api.routes import ANY_PATH, Route

DOCUMENTS = {
    "/": "documents:list_services",
    "/identity": "documents:list_identity_versions",
    "/identity/v3": "documents:show_identity_version",
    "/compute": "documents:list_compute_versions",
    "/compute/v2": "documents:show_legacy_compute_version",
    "/compute/v2.1": "documents:show_compute_version",
    "/image": "documents:choose_image_version",
    "/image/versions": "documents:list_image_versions",
    "/network": "documents:list_network_versions",
    "/network/v2.0": "documents:list_network_collections",
    "/volume": "documents:choose_volume_version",
    "/volume/v3": "documents:list_volume_versions",
    "/placement": "documents:list_placement_versions",
    "/openapi.json": "documents:show_openapi",
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

ROUTES = [
    *(Route("GET", path, handler) for path, handler in DOCUMENTS.items()),
    *(Route(method, "/image", "documents:choose_image_version") for method in METHODS if method != "GET"),
    *(Route(method, ANY_PATH, "documents:choose_compute_version") for method in METHODS),
]
