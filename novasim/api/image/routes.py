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
    Route("GET", "/v2/metadefs/resource_types", "metadefs.resource_types:index"),
    Route("GET", NAMESPACES, "metadefs.namespaces:index"),
    Route("POST", NAMESPACES, "metadefs.namespaces:create", schema="image.namespace"),
    Route("GET", NAMESPACE, "metadefs.namespaces:show"),
    Route("PUT", NAMESPACE, "metadefs.namespaces:update", schema="image.namespace"),
    Route("DELETE", NAMESPACE, "metadefs.namespaces:delete"),
    Route("GET", NAMESPACE + "/resource_types", "metadefs.resource_types:list_associations"),
    Route("POST", NAMESPACE + "/resource_types", "metadefs.resource_types:create", schema="image.association"),
    Route("DELETE", NAMESPACE + "/resource_types/{name}", "metadefs.resource_types:delete"),
    Route("GET", NAMESPACE + "/properties", "metadefs.properties:index"),
    Route("POST", NAMESPACE + "/properties", "metadefs.properties:create", schema="image.property"),
    Route("DELETE", NAMESPACE + "/properties", "metadefs.namespaces:delete_properties"),
    Route("GET", NAMESPACE + "/objects", "metadefs.objects:index"),
    Route("POST", NAMESPACE + "/objects", "metadefs.objects:create", schema="image.object"),
    Route("DELETE", NAMESPACE + "/objects", "metadefs.namespaces:delete_objects"),
    Route("GET", NAMESPACE + "/tags", "metadefs.tags:index"),
    Route("POST", NAMESPACE + "/tags", "metadefs.tags:create_all", schema="image.tags"),
    Route("DELETE", NAMESPACE + "/tags", "metadefs.namespaces:delete_tags"),
    Route("POST", NAMESPACE + "/tags/{name}", "metadefs.tags:create"),
    *(
        Route(method, f"{NAMESPACE}/{parts}/{{name}}", f"metadefs.{parts}:{verb}", schema=schema)
        for parts, body in (("properties", "property"), ("objects", "object"), ("tags", "tag"))
        for method, verb, schema in (("GET", "show", ""), ("PUT", "update", f"image.{body}"), ("DELETE", "delete", ""))
    ),
    *(Route(method, path, NOT_SIMULATED) for methods, path in REFUSED for method in methods.split()),
]
