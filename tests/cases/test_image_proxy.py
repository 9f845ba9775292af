"""Filters of Nova's old image list. Source: nova's images.py _get_filters, and glance.py."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    play = Play("manual")
    play.server_id = play.create()
    play.advance(60)
    play.act(play.server_id, "createImage", {"name": "snap"})
    play.advance(60)
    return play


def names(play: Play, minor: int = 35, **query: str) -> set[str]:
    answers = [play.ask("GET", f"/images{below}", minor=minor, **query) for below in ("", "/detail")]
    assert {answer.code for answer in answers} == {200}, answers
    short, detailed = ({image["name"] for image in answer.body["images"]} for answer in answers)
    assert short == detailed
    return short


ALL = {"cirros", "debian-12", "ubuntu-24.04", "snap"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ALL),
        ({"name": "snap"}, {"snap"}),
        ({"type": "snapshot"}, {"snap"}),
        ({"type": "base"}, set()),
        ({"status": "ACTIVE"}, ALL),
        ({"status": "active"}, ALL),
        ({"status": "SAVING"}, set()),
        ({"changes-since": "2099-01-01T00:00:00Z"}, set()),
        ({"changes-since": "1969-01-01T00:00:00Z"}, ALL),
        ({"minRam": "99999"}, set()),
        ({"minRam": "1024"}, {"ubuntu-24.04"}),
        ({"minDisk": "99999"}, set()),
        ({"minDisk": "4"}, {"debian-12"}),
        ({"property-image_type": "snapshot"}, {"snap"}),
        ({"property-image_type": "other"}, set()),
        ({"property-nonsense": "x"}, set()),
        ({"unknown": "x"}, ALL),
        ({"type": "snapshot", "name": "cirros"}, set()),
        ({"limit": "1", "name": "snap"}, {"snap"}),
    ],
)
def test_filters(play, query, expected):
    assert names(play, **query) == expected


@pytest.mark.parametrize("form", ["{}", "http://192.0.2.1:8774/v2.1/servers/{}", "/servers/{}"])
def test_a_server_is_named_by_id_or_url(play, form):
    assert names(play, server=form.format(play.server_id)) == {"snap"}
    assert names(play, server=form.format("0" * 8)) == set()
    assert names(play, **{"property-instance_uuid": form.format(play.server_id)}) == {"snap"}


def test_nova_removes_letters_of_some_properties(play):
    image = play.ask("GET", "/v2/images", service="image", name="snap").body["images"][0]["id"]
    patch = [{"op": "add", "path": "/os_distro", "value": "debian"}, {"op": "add", "path": "/arch", "value": "x"}]
    assert play.ask("PATCH", f"/v2/images/{image}", patch, service="image").code == 200
    assert names(play, **{"property-arch": "x"}) == {"snap"}
    assert names(play, **{"property-os_distro": "debian"}) == set()


def test_an_invalid_time_is_refused(play):
    assert play.ask("GET", "/images", minor=1, **{"changes-since": "yesterday"}).code == 400


def test_the_list_is_gone_from_2_36(play):
    assert play.ask("GET", "/images", minor=36, name="snap").code == 404
