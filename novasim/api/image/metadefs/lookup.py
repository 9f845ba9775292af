"""Namespaces by name: the default ones, and those that are stored because an administrator created or changed them."""

from __future__ import annotations

from functools import cache
from typing import Any

from novasim.api.context import Context
from novasim.api.image.metadefs.defaults import list_defaults
from novasim.api.image.metadefs.defaults.definitions import Definition
from novasim.api.policy.roles import require_admin
from novasim.errors import Forbidden, NotFound
from novasim.records import MetadefNamespace
from novasim.records.base import copy_json
from novasim.strutils import without_fraction

CREATED_AT = "2014-08-28T17:13:06.000000Z"  # of the default namespaces
TIMES: dict[str, Any] = {"created_at": CREATED_AT, "updated_at": CREATED_AT}  # as records have them
SHOWN_TIMES = {name: without_fraction(time) for name, time in TIMES.items()}
NOT_FOUND, NOT_FOUND_BY_PART = "Metadata definition namespace={} was not found.", "Namespace {} not found"


def list_namespaces(ctx: Context) -> list[MetadefNamespace]:
    """The namespaces that the caller may see, the oldest first. The records are only for reading."""
    records = _default_records() | {record.id: record for record in ctx.world.tx.query(MetadefNamespace)}
    return [record for record in records.values() if _is_visible(ctx, record)]


def find_namespace(ctx: Context, name: str) -> MetadefNamespace | None:
    """A namespace, or None if it does not exist. The record is only for reading."""
    record = ctx.world.tx.get(MetadefNamespace, name) or _default_records().get(name)
    return None if record is None or record.is_deleted else record


def get_namespace(ctx: Context, name: str, message: str = NOT_FOUND_BY_PART) -> MetadefNamespace:
    """
    A namespace that the caller may see. The record is only for reading.

    Raises:
        NotFound: it does not exist, or is private to another project (404).
    """
    record = find_namespace(ctx, name)
    if record is None or not _is_visible(ctx, record):
        raise NotFound(reason=message.format(name))
    return record


def get_for_change(ctx: Context, name: str, action: str) -> MetadefNamespace:
    """
    A copy of a namespace that the caller may change.

    Args:
        action: The policy of the request, such as modify_metadef_namespace.

    Raises:
        NotFound: the caller may not see it (404). Forbidden: the caller is not an administrator (403).
    """
    record = get_namespace(ctx, name)
    require_admin(ctx, f"You are not authorized to complete {action} action.")
    return MetadefNamespace(**copy_json(vars(record)))


def check_unprotected(record: MetadefNamespace, what: str = "") -> None:
    """Refuse (403) to delete a protected namespace or a part of it."""
    if record.protected:
        raise Forbidden(
            reason=f"Metadata definition {what or f'namespace {record.id}'} is protected and cannot be deleted."
        )


def save(ctx: Context, record: MetadefNamespace) -> None:
    """Store a namespace that was created, or one whose parts were changed."""
    ctx.world.tx.put(record)


def remove(ctx: Context, record: MetadefNamespace) -> None:
    """Delete a namespace. Of a default one, the record remains as a mark that it is deleted."""
    stored = ctx.world.tx.get(MetadefNamespace, record.id)
    if record.id in list_defaults():
        ctx.world.tx.put(MetadefNamespace(id=record.id, is_deleted=True, **TIMES))
    elif stored is not None:
        ctx.world.tx.delete(stored)


def current_time(ctx: Context) -> str:
    """The simulated time in the form of the image service, which the parts of namespaces have."""
    return without_fraction(ctx.world.time)


def _is_visible(ctx: Context, record: MetadefNamespace) -> bool:
    is_own = record.owner == ctx.caller.project_id
    return not record.is_deleted and (record.visibility == "public" or is_own or ctx.caller.is_admin)


@cache
def _default_records() -> dict[str, MetadefNamespace]:
    """The default namespaces as records, by name."""
    return {name: _default_record(definition) for name, definition in list_defaults().items()}


def _default_record(definition: Definition) -> MetadefNamespace:
    return MetadefNamespace(
        id=definition.namespace,
        display_name=definition.display_name,
        description=definition.description,
        visibility="public",
        protected=True,
        owner="admin",
        properties=dict(definition.properties),
        objects=[{**each, **SHOWN_TIMES} for each in definition.objects],
        resource_types=[{**each, **SHOWN_TIMES} for each in definition.types],
        **TIMES,
    )
