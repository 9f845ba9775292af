"""Our JSON Schema validator beside the jsonschema library, whose messages Nova shows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novasim.api.schemas.validator import first_error
from tests import each_case

WORDS = st.sampled_from(["", "a", "b", "ab", "1", "x" * 4])


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.0, 1.0, 1.5]), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)


TYPE = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])


SIZE = st.integers(0, 3)


LEAVES = {
    "type": st.one_of(TYPE, st.lists(TYPE, min_size=1, max_size=3, unique=True)),
    "enum": st.lists(st.one_of(WORDS, st.booleans(), st.integers(0, 1)), min_size=1, max_size=3),
    "pattern": st.sampled_from(["^a", "b$", "^[0-9]*$"]),
    "exclusiveMinimum": SIZE,
    "required": st.lists(WORDS, max_size=2, unique=True),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), SIZE),
}


def schema_of(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    parts = {
        "properties": st.dictionaries(WORDS, inner, max_size=3),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), inner, min_size=1, max_size=1),
        "additionalProperties": st.booleans(),
        "items": inner,
        "allOf": st.lists(inner, min_size=1, max_size=2),
        "anyOf": st.lists(inner, min_size=1, max_size=2),
    }
    return in_any_order({**LEAVES, **parts})


def in_any_order(parts: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas with some of these keywords: their order decides which mistake comes first."""
    keys = st.lists(st.sampled_from(sorted(parts)), max_size=4, unique=True)
    return keys.flatmap(lambda names: st.fixed_dictionaries({name: parts[name] for name in names}))


SCHEMAS = st.recursive(in_any_order(LEAVES), schema_of, max_leaves=5)


@given(schema=SCHEMAS, value=VALUES)
def test_the_first_error_is_that_of_jsonschema(schema, value):
    jsonschema = pytest.importorskip("jsonschema")
    theirs = next(jsonschema.Draft202012Validator(schema).iter_errors(value), None)
    ours = first_error(schema, value)
    found = ours and (ours.path, ours.value, ours.message)
    assert found == (theirs and (tuple(theirs.absolute_path), theirs.instance, theirs.message))


@each_case(
    ("schema", "value", "path", "message"),
    [
        ({"type": "integer"}, True, (), "True is not of type 'integer'"),
        ({"enum": [1]}, True, (), "True is not one of [1]"),
        ({"items": {"items": {"minimum": 1}}}, [[1, "0"]], (0, 1), "0 is less than the minimum of 1"),
        ({"minimum": 1, "type": "object"}, "x", (), "'x' is not of type 'object'"),
        ({"maximum": 1}, "1e999", (), "inf is greater than the maximum of 1"),
        ({"prefixItems": [{"type": "null"}]}, [1, 2], (0,), "1 is not of type 'null'"),
        ({"maxItems": 0}, [1], (), "[1] is expected to be empty"),
        ({"minItems": 2}, [1], (), "[1] is too short"),
        ({"oneOf": [{"type": "null"}, {"maxLength": 1}]}, "ab", (), "'ab' is not valid under any of the given schemas"),
    ],
)
def test_the_first_error_has_path_and_message(schema, value, path, message):
    found = first_error(schema, value)
    assert found is not None
    assert (found.path, found.message) == (path, message)


@each_case(
    ("schema", "value"),
    [
        ({}, object()),
        ({"type": "integer"}, 1.0),
        ({"minimum": 1}, [0]),
        ({"minimum": 1}, "nan"),
        ({"minLength": 2, "pattern": "x", "format": "uuid"}, 1),
        ({"minItems": 1, "items": {"type": "null"}}, "a"),
        ({"uniqueItems": True}, [1, True, "1", [1], [True]]),
        ({"uniqueItems": False}, [1, 1]),
        ({"additionalProperties": False, "patternProperties": {"^_": {}}, "properties": {"a": {}}}, {"a": 1, "_b": 2}),
    ],
)
def test_valid_values_have_no_error(schema, value):
    assert first_error(schema, value) is None


def test_an_unknown_keyword_raises_key_error():
    with pytest.raises(KeyError, match="maxLenght"):
        first_error({"maxLenght": 3}, "long")
