"""The requests of the image service and the functions that answer them."""

from __future__ import annotations

from novasim.api.routes import Route

IMAGE = "/v2/images/{image_id}"

ROUTES = [
    Route("GET", "/v2/images", "images:index"),
    Route("POST", "/v2/images", "images:create"),
    Route("GET", IMAGE, "images:show"),
    Route("PATCH", IMAGE, "images:update"),
    Route("DELETE", IMAGE, "images:delete"),
    Route("PUT", IMAGE + "/file", "images:upload"),
    Route("GET", IMAGE + "/file", "images:download"),
    Route("PUT", IMAGE + "/tags/{tag}", "images:set_tag"),
    Route("DELETE", IMAGE + "/tags/{tag}", "images:delete_tag"),
    Route("GET", IMAGE + "/members", "images:members_index"),
    Route("POST", IMAGE + "/members", "images:members_create"),
    Route("PUT", IMAGE + "/members/{project}", "images:members_update"),
    Route("DELETE", IMAGE + "/members/{project}", "images:members_delete"),
]
