"""Quotas on the number of items in one request: metadata, injected files."""

from __future__ import annotations

from collections.abc import Sized

from novasim.api.context import Context
from novasim.errors import Forbidden
from novasim.simulation import quotas


def check_limit(ctx: Context, project_id: str, resource: str, count: int, message: str) -> None:
    """Refuse (403) more items than the project's quota of *resource*; *message* may show the limit as {}."""
    limit = quotas.get_limit(ctx.world, project_id, resource)
    if limit != quotas.UNLIMITED and count > limit:
        raise Forbidden(reason=message.format(limit))


def check_metadata_quota(ctx: Context, project_id: str, metadata: Sized) -> None:
    """Refuse (403) more metadata items than the project's quota."""
    check_limit(ctx, project_id, "metadata_items", len(metadata), "Maximum number of metadata items exceeds {}")
