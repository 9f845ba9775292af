"""Pages of users, groups and projects. Source: keystone/server/flask/common.py, and the SQL drivers of Keystone."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.play import Play


@pytest.fixture(scope="module")
def play():
    play = Play()
    for kind in ("user", "group", "project"):
        for number in range(3):
            assert ask(play, "POST", f"{kind}s", {kind: {"name": f"new{number}"}}).code == 201
    return play


def ask(play, method, path, body=None, **query):
    return play.ask(method, f"/v3/{path}", body, "admin", service="identity", **query)


@pytest.mark.parametrize("key", ["users", "groups", "projects"])
@pytest.mark.parametrize("limit", ["1", "2", "3", "1000000000000"])
def test_the_links_lead_through_all_pages(play, key, limit):
    found, query = [], {"limit": limit, "name__startswith": "new"}
    while query:
        page = ask(play, "GET", key, **query).body
        assert len(page[key]) <= int(limit)
        found += [each["id"] for each in page[key]]
        following = page["links"]["next"]
        assert page.get("truncated", False) == (following is not None)
        query = dict(parse_qsl(urlsplit(following).query)) if following else {}
    everything = ask(play, "GET", key, name__startswith="new").body[key]
    assert found == sorted(each["id"] for each in everything)


def test_a_marker_alone_starts_after_it(play):
    ids = sorted(each["id"] for each in ask(play, "GET", "projects").body["projects"])
    assert [each["id"] for each in ask(play, "GET", "projects", marker=ids[1]).body["projects"]] == ids[2:]


@pytest.mark.parametrize(
    ("query", "code"),
    [({"marker": "nowhere"}, 404), ({"limit": "x"}, 400), ({"limit": "-1"}, 400), ({"limit": "²"}, 400)],
)
def test_invalid_pages_are_refused(play, query, code):
    assert ask(play, "GET", "users", **query).code == code


def test_a_limit_of_zero_gives_an_empty_page(play):
    page = ask(play, "GET", "users", limit="0").body
    assert (page["users"], page["links"]["next"]) == ([], None)
