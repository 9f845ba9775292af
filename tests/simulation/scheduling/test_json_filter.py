"""Queries of the hint "query", as Nova's JsonFilter evaluates them."""

from __future__ import annotations

import json

import pytest

from novasim.records import Host
from novasim.simulation.scheduling.scheduler_hints import CHECKS
from tests import each_case

HOST = Host(
    id="host1",
    name="host1",
    number=1,
    service_id="s",
    created_at="",
    vcpus=16,
    ram_mb=4096,
    disk_gb=100,
    reserved_ram_mb=512,
    reserved_disk_gb=10,
    used_ram_mb=1024,
    used_disk_gb=20,
    used_vcpus=3,
)


def matches(query: object) -> bool:
    _, check = CHECKS["JsonFilter"]
    return check(None, HOST, None, query)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("free_ram_mb", 2560),
        ("total_usable_ram_mb", 4096),
        ("free_disk_mb", 70 * 1024),
        ("total_usable_disk_gb", 100),
        ("vcpus_total", 16),
        ("vcpus_used", 3),
        ("hypervisor_hostname", "host1"),
        ("host", "host1"),
    ],
)
def test_values_of_a_host(name, value):
    assert matches(["=", f"${name}", value])
    assert matches(json.dumps(["=", f"${name}", value]))
    assert not matches(["=", f"${name}", [value]])


@each_case(
    ("query", "expected"),
    [
        (["<", 1, 2], True),
        (["<", 2, 2], False),
        ([">", 2, 1], True),
        ([">", 2, 2], False),
        (["<=", 2, 2], True),
        (["<=", 3, 2], False),
        ([">=", 2, 2], True),
        ([">=", 1, 2], False),
        (["=", 1, 2], False),
        (["in", "$host", "host2", "host1"], True),
        (["in", "$host", "host2"], False),
        (["not", ["=", 1, 1]], False),
        (["not", ["=", 1, 2]], True),
        (["and", ["=", 1, 1], ["=", 2, 2]], True),
        (["and", ["=", 1, 1], ["=", 1, 2]], False),
        (["or", ["=", 1, 1], ["=", 1, 2]], True),
        (["or", ["=", 1, 3], ["=", 1, 2]], False),
        (["and"], True),
        (["or"], False),
        (["and", ["or", [">", "$vcpus_total", 20], ["<", "$vcpus_used", 4]], ["not", ["=", "$host", "x"]]], True),
    ],
)
def test_operators(query, expected):
    assert matches(query) is expected


@pytest.mark.parametrize("query", ["[", ["=", "$nosuch", 1], ["nosuch", 1, 2], ["<", 1, "a"], ["="], ["not"], [], ""])
def test_what_cannot_be_evaluated_matches_no_host(query):
    assert matches(query) is False
