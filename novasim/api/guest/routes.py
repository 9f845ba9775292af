"""The routes of the metadata service as guests ask it: all paths."""

from __future__ import annotations

from novasim.api.routes import ANY_PATH, Route

ROUTES = [Route("GET", ANY_PATH, "handlers:show"), Route("POST", ANY_PATH, "handlers:post_password")]
