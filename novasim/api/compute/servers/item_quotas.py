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


def check_limit(ctx: Context, resource: str, count: int, message: str) -> None:
    """Refuse (403) more items than the caller's quota of *resource*; *message* may show the project's limit as {}."""
    project, user = ctx.caller.project_id, ctx.caller.user_id
    if not is_within_limit(get_smallest_limit(ctx.world, project, user, resource), count):
        raise Forbidden(reason=message.format(get_limit(ctx.world, project, resource)))


def check_metadata_quota(ctx: Context, metadata: Sized) -> None:
    """Refuse (403) more metadata items than the caller's quota."""
    check_limit(ctx, "metadata_items", len(metadata), "Maximum number of metadata items exceeds {}")


def check_injected_files(ctx: Context, files: Sequence[dict[str, Any]]) -> None:
    """Refuse (403) too many files, too long a path, or too large a content (as it was sent, in base64)."""
    check_limit(ctx, "injected_files", len(files), "Personality file limit exceeded")
    for resource, field, message in FILE_SIZES:
        check_limit(ctx, resource, max((len(file[field]) for file in files), default=0), message)
