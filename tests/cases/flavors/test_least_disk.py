"""The least disk that a server can be resized to: that of its image, or of its flavor at creation or rebuild."""

from __future__ import annotations

import pytest

from tests.play import Play


@pytest.fixture
def play():
    return Play()


def resize(play, server, flavor):
    answer = play.act(server, "resize", {"flavorRef": flavor})
    if answer.code == 202:
        assert play.act(server, "confirmResize").code == 204
    return answer.code


def test_a_server_returns_to_the_flavor_of_its_creation(play):
    server = play.create()
    assert [resize(play, server, flavor) for flavor in ("2", "1")] == [202, 202]


def test_a_first_resize_to_a_smaller_disk_is_refused(play):
    assert resize(play, play.create(flavor="2"), "1") == 400


def test_a_rebuild_takes_the_present_flavor(play):
    server = play.create()
    assert resize(play, server, "2") == 202
    assert play.act(server, "rebuild", {"imageRef": play.image}).code == 202
    assert resize(play, server, "1") == 400


def test_an_image_of_the_server_needs_the_least_disk_of_the_server(play):
    server = play.create()
    assert resize(play, server, "2") == 202
    assert play.act(server, "createImage", {"name": "snap"}).code == 202
    images = play.ask("GET", "/v2/images", service="image", name="snap").body["images"]
    assert [image["min_disk"] for image in images] == [1]
