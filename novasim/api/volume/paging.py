"""Sorted pages of volumes, snapshots, backups and groups, with Cinder's defaults."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import collection_view, cut_page, matches_fields, select_fields, sort_value
from novasim.api.context import Context
from novasim.api.volume.lookup import HANDLED_FILTERS
from novasim.errors import BadRequest, NotFound

View = dict[str, Any]
ATTRIBUTES = {"display_name": "name", "display_description": "description"}  # of columns of Cinder's tables
KEYS = frozenset(
    "attach_status availability_zone bootable consistencygroup_id created_at deleted_at description "
    "display_description display_name encryption_key_id group_id group_snapshot_id host id launched_at "
    "migration_status multiattach name progress project_id replication_status scheduled_at size snapshot_id "
    "source_volid status terminated_at updated_at user_id volume_id volume_size volume_type_id".split()
)
MIXED = "The 'sort_key' and 'sort_dir' parameters are deprecated and cannot be used with the 'sort' parameter."


def list_page(ctx: Context, noun: str, views: list[View], handled: frozenset[str] = HANDLED_FILTERS) -> list[View]:
    """
    Filter, sort and cut a list by the query.

    Without a direction, keys are descending.

    Args:
        noun: Cinder's word for one of them, such as "Snapshot". handled: Query keys that *views* already match.

    Raises:
        BadRequest: a key or a direction does not exist, or limit or offset is not a number (400).
        NotFound: the marker is unknown (404).

    Source: cinder/api/common.py, get_sort_params; cinder/db/sqlalchemy/api.py, process_sort_params.
    """
    marker = ctx.query("marker")
    if marker and marker not in (view["id"] for view in views):
        raise NotFound(reason=f"{noun} {marker} could not be found.")
    matching = [view for view in views if matches_fields(ctx, view, handled)]
    return [select_fields(ctx, view) for view in cut_page(ctx, _sort(ctx, matching)[_read_offset(ctx) :])]


def page_view(ctx: Context, key: str, noun: str, views: list[View], *, is_short: bool) -> View:
    """
    A list with links: of IDs and names only, or of all attributes. The views are in the order of creation.

    Errors as for `list_page`.
    """
    page = list_page(ctx, noun, views[::-1])
    return collection_view(ctx, key, [{"id": each["id"], "name": each["name"]} for each in page] if is_short else page)


def _sort(ctx: Context, views: list[View]) -> list[View]:
    for key, direction in reversed(_read_sort(ctx)):
        if key not in KEYS:
            raise BadRequest(reason="Invalid input received: Invalid sort key")
        if direction not in ("asc", "desc"):
            raise BadRequest(reason="Invalid input received: Unknown sort direction, must be 'desc' or 'asc'.")
        name = ATTRIBUTES.get(key, key)
        views = sorted(views, key=lambda view: sort_value(view.get(name)), reverse=direction == "desc")
    return views


def _read_sort(ctx: Context) -> list[tuple[str, str]]:
    """The keys and directions of `sort`, or of the older `sort_key` and `sort_dir`."""
    sort, key, direction = ctx.query("sort"), ctx.query("sort_key"), ctx.query("sort_dir")
    if sort is None:
        return [(key.strip(), (direction or "desc").strip())] if key else []
    if key is not None or direction is not None:
        raise BadRequest(reason=MIXED)
    parts = (part.partition(":") for part in sort.split(","))
    return [(name.strip(), direction.strip() or "desc") for name, _, direction in parts]


def _read_offset(ctx: Context) -> int:
    text = ctx.query("offset") or "0"
    if not (text.isascii() and text.isdigit()):
        raise BadRequest(reason="offset param must be an integer")
    return int(text)
