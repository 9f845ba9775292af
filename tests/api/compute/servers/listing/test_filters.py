"""Filters by name: what the store can look up, and what it must not."""

from __future__ import annotations

import re

import pytest

from novasim.api.compute.servers.listing.filters import find_exact_name
from tests import each_case
from tests.play import Play

NAMES = ["web1", "a.b", "a-b c", "x\\y", "日本", "^$", "a$", "(a)", "[a]"]
PATTERNS = ["", "web1", "^web1", "web1$", "^web.$", "^web1|x$", "^$", "^a\\d$", "^(a)$", "^a\\\\$x", "^\\"]


@each_case("name", NAMES)
def test_a_whole_name_is_recognized(name):
    assert find_exact_name(f"^{re.escape(name)}$") == name


@each_case("pattern", PATTERNS)
def test_any_other_pattern_is_not_a_name(pattern):
    assert find_exact_name(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("^web$", ["web", "web"]), ("^we.$", ["web", "web"]), ("^w", ["web", "web", "wobble"]), (r"^a\.b$", ["a.b"])],
)
def test_servers_by_name(pattern, names):
    play = Play("instant")
    for name in ("web", "wobble", "a.b", "web", "axb"):
        play.create(name)
    found = play.ask("GET", "/servers", name=pattern).body["servers"]
    assert sorted(server["name"] for server in found) == names


@pytest.mark.parametrize("query", [{"name": "^(a+)+$"}, {"ip": "^(.*)*x"}, {"name": "(a|a)*b"}])
def test_a_pattern_with_many_choices_is_searched_at_once(query):
    play = Play("instant")
    play.create("a" * 60 + "!")
    answer = play.ask("GET", "/servers", **query)
    assert (answer.code, answer.body["servers"]) == (200, [])


@pytest.mark.parametrize("name", ["name", "ip", "ip6"])
def test_a_pattern_too_complex_is_refused(name):
    answer = Play("instant").ask("GET", "/servers", **{name: r"(a+)+\1"})
    assert answer.code == 400
    assert answer.body["badRequest"]["message"].endswith(r"'(a+)+\1' is too complex a regular expression")
