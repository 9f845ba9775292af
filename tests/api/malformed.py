"""Strategies of requests for a route: bodies and queries that follow its schema, and others with one damaged value."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from novasim.api import schemas
from novasim.api.openapi import PAGE_PARAMETERS, SCHEMAS_BY_KEY
from novasim.api.routes import Route

JUNK = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1.5, 2**70, "", " ", "x", "x" * 300, "é", "\ud800", "\0", "../..", "{0}", "%s"),
        *([], {}, [[]], [None], [{}], {"": None}, {"a": {"b": []}}, ["x"] * 3, "9" * 400, "2001:db8::1", "192.0.2.1"),
        *("1", "-1", "NaN", "true", "null", "00000000-0000-0000-0000-000000000000"),
    ]
)
WORDS = st.sampled_from(["a", "b1", "host1", "nova", "default", "active", "error", "daily", "192.0.2.9", "/dev/vdb"])
FORMATS = {
    "ipv4": st.just("192.0.2.7"),
    "ipv6": st.just("2001:db8::7"),
    "date-time": st.just("2030-01-01T00:00:00Z"),
    "base64": st.just("YQ=="),
}


def values(schema: Any, ids: list[str]) -> st.SearchStrategy[Any]:
    """Values that mostly follow a JSON Schema. A text is often one of the ids."""
    if not isinstance(schema, dict) or not schema:
        return JUNK
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema and "type" not in schema:
            return st.one_of([values(each, ids) for each in schema[keyword]])
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    return st.one_of([_of_type(kind, schema, ids) for kind in ([kinds] if isinstance(kinds, str) else kinds)])


def _of_type(kind: str, schema: Any, ids: list[str]) -> st.SearchStrategy[Any]:
    if kind == "object":
        return _objects(schema, ids)
    if kind == "array":
        return st.lists(values(schema.get("items"), ids), min_size=schema.get("minItems", 0), max_size=2)
    if kind != "string":
        return {"boolean": st.booleans(), "null": st.none()}.get(kind, st.sampled_from([schema.get("minimum", 0), 1]))
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    return st.sampled_from(ids) if schema.get("format") == "uuid" else st.one_of(st.sampled_from(ids), WORDS)


def _objects(schema: Any, ids: list[str]) -> st.SearchStrategy[Any]:
    fields = {name: values(each, ids) for name, each in schema.get("properties", {}).items()}
    required = {name: fields[name] for name in schema.get("required", ()) if name in fields}
    optional = {name: each for name, each in fields.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def damaged(draw: st.DrawFn, template: st.SearchStrategy[Any]) -> Any:
    """A value with junk somewhere inside, or junk instead of it."""
    value = draw(template)
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 5)) == 0:
        return draw(JUNK)
    copy = value.copy()
    key = draw(st.sampled_from(sorted(copy) if isinstance(copy, dict) else range(len(copy))))
    copy[key] = draw(damaged(st.just(copy[key])))
    return copy


def bodies(route: Route, ids: list[str]) -> st.SearchStrategy[Any]:
    """Bodies for a route: whole or damaged, or junk where no schema says what it takes."""
    if route.method not in ("POST", "PUT", "PATCH"):
        return st.none()
    names = SCHEMAS_BY_KEY.get(route.handler, (route.schema,) if route.schema else ())
    if not names:
        return JUNK
    return st.sampled_from(names).flatmap(lambda name: _bodies(name, route, ids))


def _bodies(name: str, route: Route, ids: list[str]) -> st.SearchStrategy[Any]:
    whole = values(schemas.body_schema(name, max(1, min(route.until, 104))), ids)
    return st.one_of(whole, damaged(whole))


def queries(route: Route, ids: list[str]) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Queries with known names and with others."""
    schema = schemas.query_schema(route.schema, max(1, min(route.until, 104))) if route.schema else None
    names = sorted({*(schema or {}).get("properties", {}), *PAGE_PARAMETERS, "x", "all_tenants", "force", "cascade"})
    texts = st.one_of(JUNK.map(str), WORDS, st.sampled_from(ids))
    return st.lists(st.tuples(st.sampled_from(names), texts), max_size=2).map(tuple)


def paths(route: Route, ids_by_parameter: dict[str, list[str]], ids: list[str]) -> st.SearchStrategy[str]:
    """Paths of a route, mostly of things that exist."""
    parts: list[st.SearchStrategy[str]] = []
    for segment in route.path.split("/"):
        if not segment.startswith("{"):
            parts.append(st.just(segment))
            continue
        known = ids_by_parameter.get(segment[1:-1], ids)
        odd = st.sampled_from(["-1", "0", "x", "é", "\0", "..", "9" * 400, "a b", "%00", "default"])
        parts.append(st.one_of(*3 * [st.sampled_from(known)], odd))
    return st.tuples(*parts).map("/".join).filter(lambda path: not re.search("//", path))
