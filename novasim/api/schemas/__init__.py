"""
Request schemas: the bodies and queries that each operation accepts at each microversion, and Nova's messages.

An operation is named "subject.verb"; a server action is named "action.KEY" after its key in the body. Each subject has
a module with the tables BODIES and QUERIES, which is imported on first use.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from novasim.api.schemas.validator import ValidationError, first_error, unknown_names
from novasim.api.schemas.versioned import Schema, schema_at
from novasim.errors import BadRequest

Query = tuple[tuple[str, str], ...]

SUBJECTS = {
    "actions": "action",
    "control": "control",
    "flavors": "flavors flavor_access flavor_extra_specs",
    "history": "instance_actions instance_usage_audit_log migrations usage",
    "hosts": "aggregates availability_zones external_events hypervisors services",
    "projects": "keypairs limits quota_class_sets quota_sets server_groups",
    "identity": "identity",
    "image": "image",
    "network": "network",
    "proxies": "extensions floating_ips image_metadata images os_hosts security_group_rules"
    " security_groups snapshots volumes",
    "server_parts": "assisted_volume_snapshots console_auth_tokens interfaces ips remote_consoles server_diagnostics"
    " server_metadata server_migrations server_password server_security_groups server_shares server_tags"
    " server_topology volume_attachments",
    "servers": "servers",
    "volume": "volume",
}
MODULES = {subject: module for module, subjects in SUBJECTS.items() for subject in subjects.split()}


def check(name: str, minor: int, query: Query, body: Any, method: str) -> None:
    """
    Validate a request against the schemas of the operation *name* at the microversion 2.*minor*.

    Raises:
        BadRequest: the first error, as Nova words it (400).
        KeyError: the method has a body, but the operation has no schema for it: a programming error.
    """
    if method in ("POST", "PUT", "PATCH"):
        check_body(name, minor, body)
    check_query(name, minor, query)


def check_body(name: str, minor: int, body: Any) -> None:
    """
    Validate a decoded body against the schema of the operation *name*.

    Raises:
        BadRequest: the first error, as Nova words it (400).
        KeyError: there is no such operation.
    """
    _raise_error("field/attribute", _validate(body_schema(name, minor), body), innermost=True)


def check_query(name: str, minor: int, query: Query) -> None:
    """
    Validate a query against the schema of the operation *name*; without a schema, any query is accepted.

    Raises:
        BadRequest: the first error, as Nova words it (400).
    """
    if (schema := query_schema(name, minor)) is not None:
        _raise_error("query parameters", _validate(schema, _group_by_name(query)), innermost=False)


def drop_unknown_parameters(name: str, minor: int, query: Query) -> Query:
    """Return the query without unknown parameters; up to some microversion (mostly 2.74), Nova ignores them."""
    if (schema := query_schema(name, minor)) is None:
        return query
    unknown = unknown_names(schema, _group_by_name(query))
    return tuple(pair for pair in query if pair[0] not in unknown)


@cache
def body_schema(name: str, minor: int) -> Schema:
    """The JSON Schema of an operation's body; *minor* 0 means 1. Raises KeyError if the operation has none."""
    schema: Schema = schema_at(_table(name, "BODIES")[name], max(minor, 1))
    return schema


@cache
def query_schema(name: str, minor: int) -> Schema | None:
    """The JSON Schema of an operation's query, as an object of lists; None if any query is accepted."""
    if name.partition(".")[0] not in MODULES:
        return None
    schema = _table(name, "QUERIES").get(name)
    return None if schema is None else schema_at(schema, minor)


def _table(name: str, table_name: str) -> dict[str, Any]:
    module = import_module(f"novasim.api.schemas.{MODULES[name.partition('.')[0]]}")
    table: dict[str, Any] = getattr(module, table_name, {})
    return table


def _group_by_name(query: Query) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in query:
        values.setdefault(name, []).append(value)
    return values


def _validate(schema: Schema, value: Any) -> ValidationError | None:
    try:
        return first_error(schema, value)
    except RecursionError:
        return ValidationError((), None, "The request is nested too deeply.", is_whole_message=True)


def _raise_error(location: str, error: ValidationError | None, *, innermost: bool) -> None:
    """Raise BadRequest for an error: Nova names the innermost key of a body, but the parameter of a query."""
    if error is None:
        return
    message = error.message
    if error.path and not error.is_whole_message:
        key = error.path[-1] if innermost else error.path[0]
        message = f"Invalid input for {location} {key}. Value: {error.value}. {message}"
    raise BadRequest(reason=message)
