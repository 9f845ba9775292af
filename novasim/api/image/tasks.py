"""/v2/tasks and /v2/info: tasks, stores and usage of the image service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import Forbidden, NotFound


def index(ctx: Context) -> dict[str, Any]:
    """GET /v2/tasks: an empty list, because all tasks end at once. 403."""
    _require_admin(ctx, "tasks_api_access")
    return {"tasks": [], "first": "/v2/tasks", "schema": "/v2/schemas/tasks"}


def refuse(ctx: Context, task_id: str) -> None:
    """GET and DELETE /v2/tasks/{id}. 403, 404."""
    _require_admin(ctx, "tasks_api_access")
    raise NotFound(reason=f"No task found with ID {task_id}")


def refuse_stores(ctx: Context, **_: str) -> None:
    """GET /v2/info/stores, DELETE /v2/stores/{store}/{image_id}: there is only one store. 404."""
    raise NotFound(reason="Multi backend is not supported at this site.")


def show_usage(ctx: Context) -> dict[str, Any]:
    """GET /v2/info/usage: no usage, because quotas of images are not enabled."""
    return {"usage": {}}


def refuse_cache(ctx: Context, **_: str) -> None:
    """The requests below /v2/cache: images are not cached. 404."""
    raise NotFound(reason="Caching via API is not supported at this site.")


def _require_admin(ctx: Context, action: str) -> None:
    if not ctx.caller.is_admin:
        raise Forbidden(reason=f"You are not authorized to complete {action} action.")
