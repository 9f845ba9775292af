"""The requests of the volume service and the functions that answer them."""

from __future__ import annotations

from novasim.api.routes import Route

BASE = "/v3/{project}"

ROUTES = [
    Route("GET", BASE + "/volumes", "volumes:index"),
    Route("POST", BASE + "/volumes", "volumes:create"),
    Route("GET", BASE + "/volumes/detail", "volumes:detail"),
    Route("GET", BASE + "/volumes/{volume_id}", "volumes:show"),
    Route("PUT", BASE + "/volumes/{volume_id}", "volumes:update"),
    Route("DELETE", BASE + "/volumes/{volume_id}", "volumes:delete"),
    Route("POST", BASE + "/volumes/{volume_id}/action", "volumes:act"),
    Route("GET", BASE + "/snapshots", "snapshots:index"),
    Route("POST", BASE + "/snapshots", "snapshots:create"),
    Route("GET", BASE + "/snapshots/detail", "snapshots:index"),
    Route("GET", BASE + "/snapshots/{snapshot_id}", "snapshots:show"),
    Route("PUT", BASE + "/snapshots/{snapshot_id}", "snapshots:update"),
    Route("DELETE", BASE + "/snapshots/{snapshot_id}", "snapshots:delete"),
    Route("GET", BASE + "/types", "snapshots:types_index"),
    Route("GET", BASE + "/types/{type_id}", "snapshots:types_show"),
    Route("GET", BASE + "/limits", "snapshots:limits"),
    Route("GET", BASE + "/os-availability-zone", "snapshots:zones"),
]
