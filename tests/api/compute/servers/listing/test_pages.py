"""Pages of a list of servers: what they contain while servers change, and what they cost."""

from __future__ import annotations

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.store import open_store
from tests.benchmarks.clouds import MINOR, create_cloud
from tests.cli.output.test_large_lists import count_calls
from tests.play import Play


@pytest.fixture
def names(play):
    """A function that returns the names on a page; there are four servers."""
    for name in ("a", "b", "c", "d"):
        play.create(name)

    def list_names(who: str = "demo", **query: str) -> list[str]:
        body = play.ask("GET", "/servers", who=who, **{"sort_key": "display_name", "sort_dir": "asc", **query}).body
        return [server["name"] for server in body["servers"]]

    return list_names


def id_of(play: Play, name: str) -> str:
    return play.ask("GET", "/servers", name=f"^{name}$").body["servers"][0]["id"]


def test_next_page_sees_what_has_changed_meanwhile(play, names):
    assert names(limit="2") == ["a", "b"]
    b, d = id_of(play, "b"), id_of(play, "d")
    assert play.ask("PUT", f"/servers/{d}", {"server": {"name": "bb"}}).code == 200
    assert names(marker=b) == ["bb", "c"]
    assert play.ask("DELETE", f"/servers/{d}").code == 204
    assert names(marker=b) == ["c"]


def test_callers_and_queries_have_pages_of_their_own(play, names):
    a, b = id_of(play, "a"), id_of(play, "b")
    play.create("e", who="other")
    assert names(marker=b) == ["c", "d"]
    assert names("other") == ["e"]
    assert names("other", marker=b) == ["e"]
    assert names("admin", all_tenants="1", marker=b) == ["c", "d", "e"]
    assert names(marker=b, sort_dir="desc") == ["a"]
    assert names(marker=b, name="a|d") == ["d"]  # the marker itself need not match
    assert names(marker=a, name="a|d", limit="1") == ["d"]


def test_page_sees_tasks_that_have_become_due_and_are_not_saved_yet():
    play, wall = Play("real"), 0.0
    first, second = play.create("a"), play.create("b")
    cloud = Cloud(play.store, wall=lambda: wall)
    query = (("status", "ACTIVE"), ("sort_key", "display_name"), ("sort_dir", "asc"), ("marker", first))
    request = Request(play.callers["demo"], "GET", "/servers", MINOR, query)
    assert handle(cloud, request).body["servers"] == []
    wall = 60.0
    assert [server["id"] for server in handle(cloud, request).body["servers"]] == [second]


def test_cost_of_a_page_does_not_depend_on_the_number_of_servers(tmp_path):
    counts = []
    for size in (100, 1000):
        caller, _, marker = create_cloud(tmp_path / f"{size}.json", size)
        cloud = Cloud(open_store(tmp_path / f"{size}.json"))

        def read_page(cloud=cloud, caller=caller, marker=marker):
            query = (("limit", "10"), ("marker", marker), ("sort_key", "display_name"))
            assert handle(cloud, Request(caller, "GET", "/servers", MINOR, query)).code == 200

        for _ in range(2):  # the second builds an index of the IDs
            read_page()
        counts.append(count_calls(read_page))
    assert counts[1] < 1.1 * counts[0], counts
