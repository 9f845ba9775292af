"""Errors in queries, in Nova's words, and the parameters that Nova ignores."""

from __future__ import annotations

import pytest

from novasim.api import schemas
from tests import each_case
from tests.api.schemas.cases import error_of_query, query_error


@each_case(
    ("name", "minor", "query", "message"),
    [
        ("servers.list", 96, [("limit", "-1")], query_error("limit", "-1", "'-1' does not match '^[0-9]*$'")),
        ("servers.list", 1, [("limit", "-1")], query_error("limit", "-1", "'-1' does not match '^[0-9]*$'")),
        (
            "servers.list",
            96,
            [("limit", "5"), ("limit", "x")],
            query_error("limit", "x", "'x' does not match '^[0-9]*$'"),
        ),
        ("servers.detail", 96, [("name", "(")], query_error("name", "(", "'(' is not a 'regex'")),
        ("servers.list", 96, [("name", "")], query_error("name", "", "'' is not a 'regex'")),
        (
            "servers.list",
            96,
            [("changes-since", "bad")],
            query_error("changes-since", "bad", "'bad' is not a 'date-time'"),
        ),
        ("servers.list", 75, [("x", "1")], "'x' does not match any of the regexes: '^_'"),
        ("servers.list", 75, [("x", "1"), ("a", "1")], "'a', 'x' do not match any of the regexes: '^_'"),
        ("servers.list", 74, [("x", "1")], ""),
        ("servers.list", 96, [("_x", "1")], ""),
        ("servers.list", 25, [("tags", "")], ""),
        ("servers.list", 26, [("tags", "")], query_error("tags", "", "'' is not a 'regex'")),
        ("servers.list", 74, [("sort_key", "vcpus")], ""),
        ("servers.list", 96, [("sort_key", "locked"), ("sort_key", "uuid")], ""),
        ("servers.show", 101, [("x", "1")], ""),
        ("servers.show", 102, [("x", "1")], "Additional properties are not allowed ('x' was unexpected)"),
        ("flavors.list", 96, [("sort_dir", "up")], query_error("sort_dir", "up", "'up' is not one of ['asc', 'desc']")),
        ("flavors.list", 101, [("name", "m1")], "Additional properties are not allowed ('name' was unexpected)"),
        ("flavors.list", 102, [("name", "m1")], ""),
        ("keypairs.list", 9, [("limit", "x")], ""),
        ("keypairs.list", 35, [("limit", "x")], query_error("limit", "x", "'x' does not match '^[0-9]*$'")),
        (
            "hypervisors.list",
            53,
            [("with_servers", "maybe")],
            query_error(
                "with_servers",
                "maybe",
                "'maybe' is not one of [True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', "
                "False, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no']",
            ),
        ),
        (
            "migrations.list",
            59,
            [("limit", "1"), ("limit", "2")],
            query_error("limit", "['1', '2']", "['1', '2'] is too long"),
        ),
        ("migrations.list", 58, [("limit", "1"), ("limit", "2")], ""),
        ("instance_actions.list", 58, [("x", "")], "Additional properties are not allowed ('x' was unexpected)"),
        ("volume_attachments.list", 75, [("x", "")], "Additional properties are not allowed ('x' was unexpected)"),
        ("nothing.of_the_kind", 96, [("x", "")], ""),
        ("servers.delete", 96, [("x", "")], ""),
    ],
)
def test_queries_are_checked_at_their_microversion(name, minor, query, message):
    assert error_of_query(name, minor, *query) == message


@pytest.mark.parametrize("value", ["vcpus", "name", ""])
def test_an_invalid_sort_key_is_refused_with_the_valid_keys(value):
    message = error_of_query("servers.list", 75, ("sort_key", value))
    assert message.startswith(query_error("sort_key", value, f"{value!r} is not one of ['access_ip_v4', "))
    assert "'locked'" in message


def test_unknown_parameters_are_dropped():
    query = (("tags", "a"), ("name", "n"), ("_x", "1"), ("other", "1"), ("name", "m"))
    assert schemas.drop_unknown_parameters("servers.list", 25, query) == (("name", "n"), ("_x", "1"), ("name", "m"))
    assert schemas.drop_unknown_parameters("servers.list", 26, query) == query[:3] + query[4:]
    assert schemas.drop_unknown_parameters("servers.delete", 26, query) == query
