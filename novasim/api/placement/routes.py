"""
The routes of the placement service.

Everything is read from the hosts and the compute service's allocations; requests that write are refused (501).
"""

from __future__ import annotations

from novasim.api.routes import Route

PROVIDER = "/resource_providers/{uuid}"
WRITING = (  # method, path, first microversion 1.N
    ("POST", "/resource_providers", 0),
    ("PUT", PROVIDER, 0),
    ("DELETE", PROVIDER, 0),
    ("POST", PROVIDER + "/inventories", 0),
    ("PUT", PROVIDER + "/inventories", 0),
    ("DELETE", PROVIDER + "/inventories", 5),
    ("PUT", PROVIDER + "/inventories/{name}", 0),
    ("DELETE", PROVIDER + "/inventories/{name}", 0),
    ("PUT", PROVIDER + "/aggregates", 1),
    ("PUT", PROVIDER + "/traits", 6),
    ("DELETE", PROVIDER + "/traits", 6),
    ("POST", "/resource_classes", 2),
    ("PUT", "/resource_classes/{name}", 2),
    ("DELETE", "/resource_classes/{name}", 2),
    ("PUT", "/traits/{name}", 6),
    ("DELETE", "/traits/{name}", 6),
    ("POST", "/allocations", 13),
    ("PUT", "/allocations/{consumer}", 0),
    ("DELETE", "/allocations/{consumer}", 0),
    ("POST", "/reshaper", 30),
)

ROUTES = [
    Route("GET", "/resource_providers", "providers:index"),
    Route("GET", PROVIDER, "providers:show"),
    Route("GET", PROVIDER + "/inventories", "providers:list_inventories"),
    Route("GET", PROVIDER + "/inventories/{name}", "providers:show_inventory"),
    Route("GET", PROVIDER + "/usages", "providers:show_usages"),
    Route("GET", PROVIDER + "/aggregates", "providers:list_aggregates", since=1),
    Route("GET", PROVIDER + "/traits", "providers:list_traits", since=6),
    Route("GET", PROVIDER + "/allocations", "allocations:list_by_provider"),
    Route("GET", "/allocations/{consumer}", "allocations:show_by_consumer"),
    Route("GET", "/allocation_candidates", "candidates:index", since=10),
    Route("GET", "/usages", "allocations:show_usages", since=9),
    Route("GET", "/resource_classes", "classes_and_traits:list_classes", since=2),
    Route("GET", "/resource_classes/{name}", "classes_and_traits:show_class", since=2),
    Route("GET", "/traits", "classes_and_traits:list_traits", since=6),
    Route("GET", "/traits/{name}", "classes_and_traits:check_trait", since=6),
    *(Route(method, path, "classes_and_traits:refuse_write", since=since) for method, path, since in WRITING),
]
