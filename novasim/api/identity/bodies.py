"""Bodies of requests: their fields, what they may change, and attributes that are only kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from novasim.api.context import Context
from novasim.api.identity.resources import get_domain_or_404
from novasim.errors import BadRequest
from novasim.records import CatalogService, Credential, Domain, Endpoint, Group, Project, Region, Role, Trust, User
from novasim.strutils import parse_iso_time

Extensible = Credential | User | Group | Domain | Project | Role | Trust | CatalogService | Endpoint | Region

MALFORMED = (
    "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is "
    "assumed to be in error."
)


def read_body(ctx: Context, key: str, text_fields: Iterable[str], required: Iterable[str] = ()) -> dict[str, Any]:
    """
    Return the object under *key* in the body.

    Raises:
        BadRequest: it is missing, a required field is missing, or a field has the wrong type (400).
        NotFound: it names a domain that does not exist (404).
    """
    body = ctx.body.get(key) if isinstance(ctx.body, dict) else None
    if not isinstance(body, dict):
        raise BadRequest(reason=f"Invalid input: an object {key!r} is required.")
    for name in required:
        if not body.get(name):
            raise BadRequest(reason=f"Invalid input for field '{name}': it is required.")
    for name in text_fields:
        if body.get(name) is not None and not isinstance(body[name], str):
            raise BadRequest(reason=f"Invalid input for field '{name}': {body[name]!r} is not of type 'string'")
    if not isinstance(body.get("enabled", True), bool):
        raise BadRequest(reason=f"Invalid input for field 'enabled': {body['enabled']!r} is not of type 'boolean'")
    if body.get("domain_id") is not None:
        get_domain_or_404(ctx, body["domain_id"])
    return body


def keep_extra(record: Extensible, body: dict[str, Any], known: Iterable[str]) -> None:
    """Keep the attributes of a body that are not *known*, in a record that the caller stores."""
    record.extra = {**record.extra, **{name: value for name, value in body.items() if name not in known}}


def parse_expiry(ctx: Context, body: dict[str, Any]) -> float | None:
    """
    Return the field expires_at of a body in seconds since the epoch, or None.

    Raises:
        BadRequest: it is not a time in UTC, or it is in the past (400).

    Source: keystone/common/utils.py parse_expiration_date.
    """
    text = body.get("expires_at")
    if text is None:
        return None
    try:
        if (expires := parse_iso_time(text.removesuffix("Z") + "Z")) >= ctx.world.wall_time:
            return expires
    except (ValueError, OverflowError):
        raise BadRequest(reason=f"Timestamp not in expected format. {MALFORMED}") from None
    raise BadRequest(reason=f"The 'expires_at' must not be before now. {MALFORMED}")


def check_update(body: dict[str, Any], id: str) -> None:
    """
    Check the body of an update.

    Raises:
        BadRequest: it is empty, or has another id than the URL (400).

    Source: keystone/server/flask/common.py _require_matching_id, and the schemas with minProperties.
    """
    if not body:
        raise BadRequest(reason="Invalid input: {} does not have enough properties")
    if body.get("id", id) != id:
        raise BadRequest(reason="Cannot change ID")
