"""The routes of the image service."""

from __future__ import annotations

from novasim.api.routes import Route

IMAGE = "/v2/images/{image_id}"
MEMBER = IMAGE + "/members/{project}"

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
    Route("GET", "/v2/schemas/{name}", "schemas:show"),
]
