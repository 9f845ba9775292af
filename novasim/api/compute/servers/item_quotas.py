"""
Quotas on the number and size of items in one request: metadata and injected files.

The limits are those of the caller, in the caller's project.

Source: nova/compute/api.py, _check_metadata_properties_quota and _check_injected_file_quota.
"""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any

from novasim.api.context import Context
from novasim.errors import Forbidden
from novasim.simulation.quotas import get_limit, get_smallest_limit, is_within_limit

FILE_SIZES = (  # the longer path is reported before the larger content
    ("injected_file_path_bytes", "path", "Personality file path exceeds maximum {}"),
    ("injected_file_content_bytes", "contents", "Personality file content exceeds maximum {}"),
)


def find_excess(ctx: Context, resource: str, count: int, message: str) -> Forbidden | None:
    """
    The refusal (403) of more items than the caller's quota of *resource*; None if it is not exceeded.

    *message* may show the project's limit as {}. No limit is below 0, so no item at all is always within it.
    """
    if not count:
        return None
    project, user = ctx.caller.project_id, ctx.caller.user_id
    if is_within_limit(get_smallest_limit(ctx.world, project, user, resource), count):
        return None
    return Forbidden(reason=message.format(get_limit(ctx.world, project, resource)))


def find_metadata_excess(ctx: Context, metadata: Sized) -> Forbidden | None:
    """The refusal (403) of more metadata items than the caller's quota; None if it is not exceeded."""
    return find_excess(ctx, "metadata_items", len(metadata), "Maximum number of metadata items exceeds {}")


def find_file_excess(ctx: Context, files: Sequence[dict[str, Any]]) -> Forbidden | None:
    """The refusal (403) of too many files, too long a path, or too large a content (as it was sent, in base64)."""
    if refusal := find_excess(ctx, "injected_files", len(files), "Personality file limit exceeded"):
        return refusal
    sizes = (
        (max((len(file[field]) for file in files), default=0), resource, text) for resource, field, text in FILE_SIZES
    )
    return next(
        (refusal for size, resource, text in sizes if (refusal := find_excess(ctx, resource, size, text))), None
    )


def find_item_excess(ctx: Context, body: dict[str, Any]) -> Forbidden | None:
    """The refusal (403) of the metadata or files of a create or rebuild; None if no quota is exceeded."""
    return find_metadata_excess(ctx, body.get("metadata") or {}) or find_file_excess(ctx, body.get("personality") or [])
