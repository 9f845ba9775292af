"""The routes of the image service."""

from __future__ import annotations

from novasim.api.routes import NOT_SIMULATED, Route

IMAGE = "/v2/images/{image_id}"
MEMBER = IMAGE + "/members/{project}"
NAMESPACES = "/v2/metadefs/namespaces"
NAMESPACE = NAMESPACES + "/{namespace}"

# Requests of the real service that are refused (501): methods, path.
REFUSED = (
    ("POST", "/v2/tasks"),
    ("POST", NAMESPACES),
    ("PUT DELETE", NAMESPACE),
    ("POST", NAMESPACE + "/resource_types"),
    ("DELETE", NAMESPACE + "/resource_types/{name}"),
    ("POST DELETE", NAMESPACE + "/properties"),
    ("PUT DELETE", NAMESPACE + "/properties/{name}"),
    ("POST DELETE", NAMESPACE + "/objects"),
    ("POST DELETE", NAMESPACE + "/tags"),
    ("POST", NAMESPACE + "/tags/{name}"),
    ("GET POST", IMAGE + "/locations"),
)

ROUTES = [
    Route("GET", "/v2/images", "images:index"),
    Route("POST", "/v2/images", "images:create", schema="image.create"),
    Route("GET", IMAGE, "images:show"),
    Route("PATCH", IMAGE, "patch:update", schema="image.patch"),
    Route("DELETE", IMAGE, "images:delete"),
    Route("POST", IMAGE + "/actions/deactivate", "images:deactivate"),
    Route("POST", IMAGE + "/actions/reactivate", "images:reactivate"),
    Route("PUT", IMAGE + "/file", "data:upload"),
    Route("GET", IMAGE + "/file", "data:download"),
    Route("PUT", IMAGE + "/stage", "data:stage"),
    Route("POST", IMAGE + "/import", "data:import_staged", schema="image.import"),
    Route("PUT", IMAGE + "/tags/{tag}", "images:set_tag"),
    Route("DELETE", IMAGE + "/tags/{tag}", "images:delete_tag"),
    Route("GET", IMAGE + "/tasks", "images:list_tasks"),
    Route("GET", IMAGE + "/members", "members:index"),
    Route("POST", IMAGE + "/members", "members:create", schema="image.create_member"),
    Route("GET", MEMBER, "members:show"),
    Route("PUT", MEMBER, "members:update", schema="image.update_member"),
    Route("DELETE", MEMBER, "members:delete"),
    Route("GET", "/v2/info/import", "data:show_import_info"),
    Route("GET", "/v2/info/stores", "tasks:refuse_stores"),
    Route("GET", "/v2/info/stores/detail", "tasks:refuse_stores"),
    Route("GET", "/v2/info/usage", "tasks:show_usage"),
    Route("DELETE", "/v2/stores/{store}/{image_id}", "tasks:refuse_stores"),
    Route("GET", "/v2/tasks", "tasks:index"),
    Route("GET", "/v2/tasks/{task_id}", "tasks:refuse"),
    Route("DELETE", "/v2/tasks/{task_id}", "tasks:refuse"),
    Route("GET", "/v2/cache", "tasks:refuse_cache"),
    Route("DELETE", "/v2/cache", "tasks:refuse_cache"),
    Route("PUT", "/v2/cache/{image_id}", "tasks:refuse_cache"),
    Route("DELETE", "/v2/cache/{image_id}", "tasks:refuse_cache"),
    Route("GET", "/v2/schemas/{name}", "schemas:show"),
    Route("GET", "/v2/schemas/metadefs/{name}", "schemas:show_metadef"),
    Route("GET", "/v2/metadefs/resource_types", "metadefs:list_resource_types"),
    Route("GET", NAMESPACES, "metadefs:index"),
    Route("GET", NAMESPACE, "metadefs:show"),
    Route("GET", NAMESPACE + "/resource_types", "metadefs:list_associations"),
    Route("GET", NAMESPACE + "/properties", "metadefs:list_properties"),
    Route("GET", NAMESPACE + "/properties/{name}", "metadefs:show_property"),
    Route("GET", NAMESPACE + "/objects", "metadefs:list_objects"),
    Route("GET", NAMESPACE + "/objects/{name}", "metadefs:refuse"),
    Route("GET", NAMESPACE + "/tags", "metadefs:list_tags"),
    Route("GET", NAMESPACE + "/tags/{name}", "metadefs:refuse"),
    *(Route(method, path, NOT_SIMULATED) for methods, path in REFUSED for method in methods.split()),
]
