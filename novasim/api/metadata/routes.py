"""The routes of the metadata service for those who name the server. The tree "ec2" need not be named."""

from __future__ import annotations

from novasim.api.routes import Route

DRIVE = "/{server_id}/config-drive"
EC2 = (
    "/{version}",
    "/{version}/user-data",
    "/{version}/meta-data",
    *(f"/{{version}}/meta-data{below}" for below in ("/{item}", "/{item}/{key}", "/{item}/{key}/{subkey}")),
)

ROUTES = [
    Route("GET", "/{server_id}", "handlers:show"),
    Route("GET", DRIVE, "handlers:list_drive"),
    Route("GET", DRIVE + "/{tree}/{version}/{file}", "handlers:show_drive_file"),
    Route("GET", "/{server_id}/openstack", "handlers:show"),
    Route("GET", "/{server_id}/openstack/{version}", "handlers:show"),
    Route("GET", "/{server_id}/openstack/{version}/{document}", "handlers:show"),
    Route("POST", "/{server_id}/openstack/{version}/password", "handlers:post_password"),
    Route("GET", "/{server_id}/ec2", "handlers:show"),
    *(Route("GET", "/{server_id}/ec2" + path, "handlers:show") for path in EC2),
    *(Route("GET", "/{server_id}" + path, "handlers:show") for path in EC2),
]
