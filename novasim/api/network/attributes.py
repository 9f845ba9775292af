"""What a network resource's attributes are, who sets and sees them, and where they are kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.schemas.types import BOOLEAN
from novasim.errors import Forbidden, NotSimulated
from novasim.strutils import bool_from_string


class Attribute(NamedTuple):
    """
    One attribute of a resource, as the network service's API reference describes it.

    Args:
        schema: JSON Schema of the values that requests may give.
        default: What a new record has if the request does not say.
        field: The record's field; "" keeps the value beside the fields, for it is shown and has no effect.
        post, put: Whether a create, an update may name it.
        admin: Only administrators set it. private: only they see it.
        special: The resource's own code stores and shows it.
        outside: What it asks for is not simulated; only null is taken.
    """

    name: str
    schema: Any
    default: Any = None
    field: str = ""
    post: bool = True
    put: bool = True
    admin: bool = False
    private: bool = False
    special: bool = False
    outside: bool = False


Table = tuple[Attribute, ...]


def outside(*names: str) -> Table:
    """Attributes that are shown as null, and refused (501) if they are asked for."""
    return tuple(Attribute(name, {}, outside=True) for name in names)


def new_fields(ctx: Context, table: Table, asked: dict[str, Any], kind: str) -> dict[str, Any]:
    """
    The fields of a new record.

    Raises:
        Forbidden: an attribute that only administrators set (403). NotSimulated: one without effect here (501).
    """
    given = dict(_settable(ctx, table, asked, f"create_{kind}"))
    fields: dict[str, Any] = {"more": {}}
    for attribute in table:
        if attribute.field:
            fields[attribute.field] = _value(attribute, given.get(attribute.name, attribute.default))
        elif attribute.name in given:
            fields["more"][attribute.name] = _value(attribute, given[attribute.name])
    return fields


def assign(ctx: Context, table: Table, record: Any, asked: dict[str, Any], kind: str) -> None:
    """Give a record the attributes that an update names; refusals as for new_fields."""
    known = {attribute.name: attribute for attribute in table}
    for name, value in _settable(ctx, table, asked, f"update_{kind}"):
        attribute = known[name]
        if attribute.field:
            setattr(record, attribute.field, _value(attribute, value))
        else:
            record.more[name] = _value(attribute, value)


def _settable(ctx: Context, table: Table, asked: dict[str, Any], rule: str) -> Iterable[tuple[str, Any]]:
    known = {attribute.name: attribute for attribute in table}
    for name, value in asked.items():
        attribute = known[name]
        if attribute.outside and value is not None:
            raise NotSimulated(reason=f"The attribute {name} is not simulated; leave it out.")
        if attribute.admin and value != attribute.default and not ctx.caller.is_admin:
            raise Forbidden(reason=f"(rule:{rule} and rule:{rule}:{name}) is disallowed by policy")
        if not attribute.special and not attribute.outside:
            yield name, value


def _value(attribute: Attribute, value: Any) -> Any:
    if attribute.schema is BOOLEAN:
        return bool_from_string(value)
    return attribute.default if value is None and isinstance(attribute.default, (str, list, dict)) else value


def shown(ctx: Context, table: Table, record: Any) -> dict[str, Any]:
    """The attributes of a record that the caller may see, but for those that the resource's own code shows."""
    return {
        attribute.name: getattr(record, attribute.field) if attribute.field else _kept(attribute, record)
        for attribute in table
        if not attribute.special and (ctx.caller.is_admin or not attribute.private)
    }


def _kept(attribute: Attribute, record: Any) -> Any:
    default = attribute.default
    return record.more.get(attribute.name, list(default) if isinstance(default, list) else default)


def common(record: Any) -> dict[str, Any]:
    """What all resources show."""
    return {
        "id": record.id,
        "tenant_id": record.project_id,
        "project_id": record.project_id,
        "tags": record.tags,
        "revision_number": record.revision,
        "created_at": record.created_at[:19] + "Z",
        "updated_at": record.updated_at[:19] + "Z",
    }


def project_of(ctx: Context, asked: dict[str, Any]) -> str:
    """The project that a new thing belongs to; only administrators may name another than their own."""
    project = asked.get("project_id") or asked.get("tenant_id") or ctx.caller.project_id
    if project != ctx.caller.project_id and not ctx.caller.is_admin:
        raise Forbidden(reason="Specifying 'project_id' other than the authenticated project requires admin rights.")
    return str(project)
