"""
Request schemas: what a body and a query may hold at each microversion, and Nova's words for what they may not.

Operations are named "subject.verb", and server actions "action.KEY" by their key in the body. Each subject stands in a
module with its tables BODIES and QUERIES, which is imported when first asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from novasim.api.schemas.form import Schema, at
from novasim.api.schemas.validator import Mistake, first_mistake, unknown_names
from novasim.errors import BadRequest

Query = tuple[tuple[str, str], ...]

SUBJECTS = {
    "actions": "action",
    "flavors": "flavors flavor_access flavor_extra_specs",
    "history": "instance_actions instance_usage_audit_log migrations usage",
    "hosts": "aggregates availability_zones external_events hypervisors services",
    "projects": "keypairs limits quota_class_sets quota_sets server_groups",
    "image": "image",
    "network": "network",
    "proxies": "extensions floating_ips image_metadata images os_hosts security_group_rules"
    " security_groups snapshots volumes",
    "server_parts": "console_auth_tokens interfaces ips remote_consoles server_diagnostics server_metadata"
    " server_migrations server_password server_security_groups server_shares server_tags server_topology"
    " volume_attachments",
    "servers": "servers",
    "volume": "volume",
}
MODULES = {subject: module for module, subjects in SUBJECTS.items() for subject in subjects.split()}


def check(name: str, minor: int, query: Query, body: Any, method: str) -> None:
    """
    Refuse a request that breaks the schema of the operation *name* at the microversion 2.*minor*.

    Raises:
        BadRequest: the first mistake, in Nova's words (400).
        KeyError: the method carries a body and no schema is known for it, which is a mistake of the programmer.
    """
    if method in ("POST", "PUT", "PATCH"):
        check_body(name, minor, body)
    check_query(name, minor, query)


def check_body(name: str, minor: int, body: Any) -> None:
    """
    Refuse a decoded body that breaks the schema of the operation *name*.

    Raises:
        BadRequest: the first mistake, in Nova's words (400).
        KeyError: no such operation.
    """
    _refuse("field/attribute", _first_mistake(body_schema(name, minor), body), innermost=True)


def check_query(name: str, minor: int, query: Query) -> None:
    """
    Refuse a query that breaks the schema of the operation *name*; an operation without one takes any query.

    Raises:
        BadRequest: the first mistake, in Nova's words (400).
    """
    if (schema := query_schema(name, minor)) is not None:
        _refuse("query parameters", _first_mistake(schema, _as_lists(query)), innermost=False)


def known_query(name: str, minor: int, query: Query) -> Query:
    """The pairs that the operation looks at in this microversion; until some time (mostly 2.75) Nova drops others."""
    if (schema := query_schema(name, minor)) is None:
        return query
    unknown = unknown_names(schema, _as_lists(query))
    return tuple(pair for pair in query if pair[0] not in unknown)


@cache
def body_schema(name: str, minor: int) -> Schema:
    """The JSON Schema of an operation's body (for N = 0 that of 1). Raises KeyError where there is none."""
    schema: Schema = at(_table(name, "BODIES")[name], max(minor, 1))
    return schema


@cache
def query_schema(name: str, minor: int) -> Schema | None:
    """The JSON Schema of an operation's query, as an object of lists; None where any query will do."""
    if name.partition(".")[0] not in MODULES:
        return None
    form = _table(name, "QUERIES").get(name)
    return None if form is None else at(form, minor)


def _table(name: str, which: str) -> dict[str, Any]:
    module = import_module(f"novasim.api.schemas.{MODULES[name.partition('.')[0]]}")
    table: dict[str, Any] = getattr(module, which, {})
    return table


def _as_lists(query: Query) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for key, value in query:
        lists.setdefault(key, []).append(value)
    return lists


def _first_mistake(schema: Schema, value: Any) -> Mistake | None:
    try:
        return first_mistake(schema, value)
    except RecursionError:
        return Mistake((), None, "The request is nested too deeply.", alone=True)


def _refuse(where: str, mistake: Mistake | None, *, innermost: bool) -> None:
    """Nova names the innermost key of a body, but the parameter of a query."""
    if mistake is None:
        return
    message = mistake.message
    if mistake.path and not mistake.alone:
        key = mistake.path[-1] if innermost else mistake.path[0]
        message = f"Invalid input for {where} {key}. Value: {mistake.value}. {message}"
    raise BadRequest(reason=message)
