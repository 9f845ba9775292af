"""The attributes of network resources: schema, default, who may set and see them, and where they are stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.schemas.types import BOOLEAN
from novasim.errors import Forbidden, NotSimulated
from novasim.strutils import bool_from_string, without_fraction


class Attribute(NamedTuple):
    """
    An attribute of a resource, as in the network service's API reference.

    Args:
        schema: JSON Schema of its values in requests.
        default: The value of a new record if the request has none.
        field: The record's field; "" stores it in `more`: the value is shown and has no effect.
        post, put: Whether a create or an update may contain it.
        set_by_admin: Only administrators may set it. shown_to_admin: only they see it.
        custom: The resource has code of its own that stores and shows it.
        not_simulated: Only null is accepted.
    """

    name: str
    schema: Any
    default: Any = None
    field: str = ""
    post: bool = True
    put: bool = True
    set_by_admin: bool = False
    shown_to_admin: bool = False
    custom: bool = False
    not_simulated: bool = False


Table = tuple[Attribute, ...]


def not_simulated(*names: str) -> Table:
    """Attributes that are shown as null; requests that set them are refused (501)."""
    return tuple(Attribute(name, {}, not_simulated=True) for name in names)


def build_fields(ctx: Context, table: Table, body: dict[str, Any], kind: str) -> dict[str, Any]:
    """
    Return the fields of a new record.

    Raises:
        Forbidden: only administrators may set an attribute (403). NotSimulated: an attribute is not simulated (501).
    """
    settable = dict(_iter_settable(ctx, table, body, f"create_{kind}"))
    fields: dict[str, Any] = {"more": {}}
    for attribute in table:
        if attribute.field:
            fields[attribute.field] = _value(attribute, settable.get(attribute.name, attribute.default))
        elif attribute.name in settable:
            fields["more"][attribute.name] = _value(attribute, settable[attribute.name])
    return fields


def assign_attributes(ctx: Context, table: Table, record: Any, body: dict[str, Any], kind: str) -> None:
    """
    Update the attributes of a record.

    Raises:
        Forbidden, NotSimulated: as `build_fields`.
    """
    known = {attribute.name: attribute for attribute in table}
    for name, value in _iter_settable(ctx, table, body, f"update_{kind}"):
        attribute = known[name]
        if attribute.field:
            setattr(record, attribute.field, _value(attribute, value))
        else:
            record.more[name] = _value(attribute, value)


def _iter_settable(ctx: Context, table: Table, body: dict[str, Any], rule: str) -> Iterable[tuple[str, Any]]:
    known = {attribute.name: attribute for attribute in table}
    for name, value in body.items():
        attribute = known[name]
        if attribute.not_simulated and value is not None:
            raise NotSimulated(reason=f"The attribute {name} is not simulated. Remove it from the request.")
        if attribute.set_by_admin and value != attribute.default and not ctx.caller.is_admin:
            raise Forbidden(reason=f"(rule:{rule} and rule:{rule}:{name}) is disallowed by policy")
        if not attribute.custom and not attribute.not_simulated:
            yield name, value


def _value(attribute: Attribute, value: Any) -> Any:
    if attribute.schema is BOOLEAN:
        return bool_from_string(value)
    return attribute.default if value is None and isinstance(attribute.default, (str, list, dict)) else value


def attribute_view(ctx: Context, table: Table, record: Any) -> dict[str, Any]:
    """The attributes of a record that the caller may see, without those that the resource's own code shows."""
    return {
        attribute.name: getattr(record, attribute.field) if attribute.field else _extra_value(attribute, record)
        for attribute in table
        if not attribute.custom and (ctx.caller.is_admin or not attribute.shown_to_admin)
    }


def _extra_value(attribute: Attribute, record: Any) -> Any:
    default = attribute.default
    return record.more.get(attribute.name, list(default) if isinstance(default, list) else default)


def common_view(record: Any) -> dict[str, Any]:
    """The attributes that all resources show."""
    return {
        "id": record.id,
        "tenant_id": record.project_id,
        "project_id": record.project_id,
        "tags": record.tags,
        "revision_number": record.revision,
        "created_at": without_fraction(record.created_at),
        "updated_at": without_fraction(record.updated_at),
    }


def read_project_id(ctx: Context, body: dict[str, Any]) -> str:
    """
    Return the id of the project that will own a new record.

    Raises:
        Forbidden: the body names another project, and the caller is not an administrator (403).
    """
    project = body.get("project_id") or body.get("tenant_id") or ctx.caller.project_id
    if project != ctx.caller.project_id and not ctx.caller.is_admin:
        raise Forbidden(reason="Specifying 'project_id' other than the authenticated project requires admin rights.")
    return str(project)
